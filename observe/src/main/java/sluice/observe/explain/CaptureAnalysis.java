package sluice.observe.explain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.capture.ConnectionNumbers;
import sluice.wire.CaptureReader;
import sluice.wire.Icmpv4;
import sluice.wire.Icmpv6;

/**
 * A capture read once, packet by packet, with a bounded memory: 10,000 connections at most, and for each what {@link
 * ConnectionAnalysis} keeps. A file that is damaged is explained up to there. Not thread-safe.
 */
public final class CaptureAnalysis {
    /** Told of the marks of packets. */
    @FunctionalInterface
    public interface Marked {
        /**
         * A packet of a connection was read.
         *
         * @param packet its number in the file, from 1
         * @param connection its connection's number
         * @param marks bits of {@link Mark}
         */
        void packet(long packet, int connection, int marks);
    }

    private final SentRanges.Budget budget = new SentRanges.Budget();
    private final ConnectionNumbers numbers = new ConnectionNumbers();
    private final CapturedSegment segment = new CapturedSegment();
    private final Marked listener;
    private @Nullable ConnectionAnalysis[] byNumber = new ConnectionAnalysis[16];
    private final List<Finding> ofFile = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private long packets;
    private long wireBytes;
    private long tcpPackets;
    private long fragments;
    private long cut;
    private long passedOver;
    private long firstNs;
    private long lastNs;
    private int unknownLink = -1;
    private long unknownLinkPackets;

    private CaptureAnalysis(Marked listener) {
        this.listener = listener;
    }

    /**
     * Reads a capture to its end, or to where it is damaged.
     *
     * @throws IOException when not even the first packet can be read
     */
    public static CaptureAnalysis read(CaptureReader reader) throws IOException {
        return read(reader, (_, _, _) -> {
        });
    }

    /**
     * The same, telling of each packet's marks.
     *
     * @throws IOException when not even the first packet can be read
     */
    public static CaptureAnalysis read(CaptureReader reader, Marked listener) throws IOException {
        CaptureAnalysis a = new CaptureAnalysis(listener);
        try {
            while (reader.next()) {
                a.packet(reader);
            }
        } catch (IOException e) {
            if (a.packets == 0) {
                throw e;
            }
            a.ofFile.add(new Finding.OfCapture(FindingKind.FILE_DAMAGED, Severity.NOTE, List.of(a.packets), 0,
                    "after packet " + a.packets + ": " + e.getMessage()));
        }
        a.end();
        return a;
    }

    /**
     * Reads up to a packet and shows it, with the reader standing at it, after its marks are known.
     *
     * @throws IOException when it cannot be read or is damaged before
     */
    public static void upTo(CaptureReader reader, long packet, Marked listener, Consumer<CaptureReader> shown)
            throws IOException {
        CaptureAnalysis a = new CaptureAnalysis(listener);
        while (a.packets < packet && reader.next()) {
            a.packet(reader);
        }
        if (a.packets == packet) {
            shown.accept(reader);
        }
    }

    private void packet(CaptureReader r) {
        packets++;
        wireBytes += r.wireLength();
        long ns = r.timestampNs();
        firstNs = packets == 1 ? ns : Math.min(firstNs, ns);
        lastNs = packets == 1 ? ns : Math.max(lastNs, ns);
        switch (segment.read(r)) {
            case TCP -> tcp(r, ns);
            case ICMP_ERROR -> icmp();
            case FRAGMENT -> fragments++;
            case CUT -> cut++;
            case OTHER -> {
                if (segment.linkBytes < 0) {
                    unknownLink = r.linkType();
                    unknownLinkPackets++;
                }
            }
        }
    }

    private void tcp(CaptureReader r, long ns) {
        tcpPackets++;
        int n = numbers.of(segment);
        if (n == 0) {
            passedOver++;
            return;
        }
        if (n >= byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, 2 * n);
        }
        ConnectionAnalysis c = byNumber[n];
        if (c == null) {
            c = new ConnectionAnalysis(n, r.interfaceName(), segment, budget);
            byNumber[n] = c;
        }
        listener.packet(packets, n, c.packet(segment, ns, packets, numbers.isForth()));
    }

    private void icmp() {
        int n = numbers.ofQuoted(segment);
        ConnectionAnalysis c = n == 0 ? null : byNumber[n];
        if (c != null) {
            boolean v4 = segment.source.isV4();
            boolean tooBig = v4 ? segment.icmpType == Icmpv4.DESTINATION_UNREACHABLE
                    && segment.icmpCode == Icmpv4.CODE_FRAGMENTATION_NEEDED
                    : segment.icmpType == Icmpv6.PACKET_TOO_BIG;
            c.icmp(segment, packets, numbers.isForth(), tooBig);
        }
    }

    private void end() {
        connections().forEach(ConnectionAnalysis::end);
        findings.addAll(ofFile);
        for (ConnectionAnalysis c : connections()) {
            findings.addAll(ConnectionFindings.of(c, lastNs));
        }
        findings.sort(Finding.WORST_FIRST);
    }

    /** The connections, in the order of their first packets. */
    public List<ConnectionAnalysis> connections() {
        return Arrays.stream(byNumber).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
    }

    /** A connection by its number; null when there is none. */
    public @Nullable ConnectionAnalysis connection(int number) {
        return number < 1 || number >= byNumber.length ? null : byNumber[number];
    }

    /** What was found out, of all connections and of the file, the worst first. */
    public List<Finding> findings() {
        return Collections.unmodifiableList(findings);
    }

    /** What was found out of one connection, the worst first. */
    public List<Finding> findings(int connection) {
        return findings.stream()
                .filter(f -> f instanceof Finding.OfConnection o && o.connection() == connection).toList();
    }

    /** Packets of the file. */
    public long packets() {
        return packets;
    }

    /** Bytes they had on the wire. */
    public long wireBytes() {
        return wireBytes;
    }

    /** Those that are whole TCP headers. */
    public long tcpPackets() {
        return tcpPackets;
    }

    /** Fragments of datagrams that stayed incomplete, and those before the last of the others. */
    public long fragments() {
        return fragments;
    }

    /** Packets cut off in their headers, or with headers that contradict themselves. */
    public long cut() {
        return cut;
    }

    /** Segments of connections beyond {@link ConnectionNumbers#MOST}, or seen twice by a router. */
    public long passedOver() {
        return passedOver;
    }

    /** The type of link that was not understood last; -1 when all were. */
    public int unknownLink() {
        return unknownLinkPackets == packets && packets > 0 ? unknownLink : -1;
    }

    /** When the first packet passed, nanoseconds. */
    public long firstNs() {
        return firstNs;
    }

    /** From the first packet to the last, nanoseconds. */
    public long durationNs() {
        return Math.max(0, lastNs - firstNs);
    }
}
