package sluice.observe.explain;

import java.util.Comparator;
import java.util.List;

/** Something that was found out. */
public sealed interface Finding {
    /** Packet numbers that a finding names at most. */
    int MOST_PACKETS = 12;

    /** The worst first: by severity, then by the time it cost, then by the order of kinds. */
    Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparing(Comparator.comparingLong(Finding::costNs).reversed()).thenComparing(Finding::kind);

    /** What it is. */
    FindingKind kind();

    /** How bad it is. */
    Severity severity();

    /** Numbers of packets that show it, as in Wireshark counted from 1; the first {@link #MOST_PACKETS}. */
    List<Long> packets();

    /** The time it cost, nanoseconds; 0 when none or not known. */
    long costNs();

    /** What happened, in a sentence. */
    String words();

    /**
     * Of one connection.
     *
     * @param connection its number
     */
    record OfConnection(int connection, FindingKind kind, Severity severity, List<Long> packets, long costNs,
            String words) implements Finding {
        /** Takes a copy of the packet numbers. */
        public OfConnection {
            packets = List.copyOf(packets);
        }
    }

    /** Of the file. */
    record OfCapture(FindingKind kind, Severity severity, List<Long> packets, long costNs, String words)
            implements
            Finding {
        /** Takes a copy of the packet numbers. */
        public OfCapture {
            packets = List.copyOf(packets);
        }
    }
}
