package sluice.link;

import java.util.List;

/** The queue in front of a line: what waits, what is dropped, what is marked. */
public sealed interface QueueSpec {
    /** Bytes a queue may hold when nothing limits them. */
    long NO_BYTE_LIMIT = Long.MAX_VALUE;
    /** Packets a queue may hold when nothing limits them. */
    int NO_PACKET_LIMIT = Integer.MAX_VALUE;

    /**
     * First in, first out; what does not fit is dropped.
     *
     * @param limitPackets packets that may wait
     * @param limitBytes bytes that may wait
     */
    record DropTail(int limitPackets, long limitBytes) implements QueueSpec {}

    /**
     * Drop-tail that marks what arrives while more than a threshold waits, as switches for DCTCP do (RFC 8257 section
     * 3.1).
     *
     * @param markPackets packets that may wait before arriving ones get the mark (K of the DCTCP paper)
     * @param limitPackets packets that may wait
     */
    record Threshold(int markPackets, int limitPackets) implements QueueSpec {}

    /**
     * Controlled delay (RFC 8289), with the defaults of Linux's {@code codel}.
     *
     * @param targetNs standing delay that is accepted, nanoseconds
     * @param intervalNs how long the delay must stand above it, nanoseconds: about the worst round trip
     * @param limitPackets packets that may wait
     * @param ecn mark instead of dropping where the sender allows it
     * @param ceThresholdNs mark whatever waited longer than this, nanoseconds; {@link Long#MAX_VALUE} for never
     */
    record Codel(long targetNs, long intervalNs, int limitPackets, boolean ecn, long ceThresholdNs)
            implements QueueSpec {}

    /**
     * Reads words in tc's manner.
     *
     * <pre>
     * pfifo [limit PACKETS]                       drop-tail by packets, 1000 unless told otherwise
     * bfifo [limit BYTES]                         drop-tail by bytes, 1500000
     * mark PACKETS [limit PACKETS]                drop-tail, ECN mark above PACKETS (a switch for DCTCP), 1000
     * codel [limit PACKETS] [target TIME] [interval TIME] [ce_threshold TIME] [ecn|noecn]
     *                                 RFC 8289; 1000, 5ms, 100ms, never, noecn
     * </pre>
     *
     * @throws IllegalArgumentException naming the word that is wrong and what may stand there
     */
    static QueueSpec parse(String text) {
        return new QueueParser(text).parse();
    }

    /** The kinds of queues, as users write them. */
    static List<String> kinds() {
        return List.of("pfifo", "bfifo", "mark", "codel");
    }
}
