package sluice.observe.explain;

import sluice.observe.capture.CapturedSegment;

/**
 * What one end sent again, and why: by what passed before it (duplicate acknowledgments, SACK, silence); and whether it
 * was needed: by D-SACK (RFC 2883), by the echoed timestamp (RFC 3522), by what had been acknowledged.
 */
public final class Retransmissions {
    private static final long LEAST_RTO_NS = 180_000_000L;
    private static final int KEPT = 64;

    /** Why something was sent again. */
    public enum Cause {
        /** A timeout, or what followed one. */
        TIMEOUT(Mark.TIMEOUT),
        /** Duplicate acknowledgments or SACK. */
        FAST(Mark.FAST),
        /** A tail loss probe. */
        PROBE(Mark.PROBE),
        /** Not told by the capture. */
        UNKNOWN(null);

        private final @org.jspecify.annotations.Nullable Mark mark;

        Cause(@org.jspecify.annotations.Nullable Mark mark) {
            this.mark = mark;
        }

        int bit() {
            return mark == null ? 0 : mark.bit();
        }
    }

    /** One of the last, until a verdict comes. */
    private static final class Again {
        long from;
        long to;
        long packet;
        int tsVal;
        boolean hasTimestamps;
        boolean judged;
    }

    private final PacketList all = new PacketList();
    private final PacketList spurious = new PacketList();
    private final PacketList dsacks = new PacketList();
    private final PacketList lostBefore = new PacketList();
    private final PacketList lostAfter = new PacketList();
    private final long[] byCause = new long[Cause.values().length];
    private final Again[] last = new Again[KEPT];
    private int next;
    private long recoverUntil = -1;
    private boolean afterTimeout;
    private boolean recovering;
    private long timeouts;
    private long episodes;
    private long episodeSegments;
    private long worstEpisode;
    private long worstPacket;
    private long episodePacket;
    private long bytes;
    private int backoffs;
    private int worstBackoffs;
    private int stuckCopies;
    private long stuckBytes;
    private long stuckLastBytes;
    private long stuckPacket;
    private long stuckSinceNs;
    private long stuckAgainNs;

    /** What was known of the flow when a segment passed again. */
    record Moment(long ack, long sentUpTo, boolean reported, long silentNs, long sinceLastSendNs, long rttNs,
            int copies, boolean seenBefore) {}

    /** None. */
    Retransmissions() {}

    /** A segment passes that carries what was sent before; the marks it earns. */
    int add(CapturedSegment s, long from, long to, long ns, long packet, Moment m) {
        all.add(packet);
        bytes += s.payload;
        Cause cause = cause(from, to, m);
        byCause[cause.ordinal()]++;
        if (!m.seenBefore) {
            lostBefore.add(packet);
        }
        episode(from, packet, cause, m);
        stuck(s, from, ns, packet, m);
        boolean needless = to <= m.ack;
        remember(s, from, to, packet, needless);
        if (needless) {
            spurious.add(packet);
        } else if (m.seenBefore && m.copies == 1) {
            lostAfter.add(packet);
        }
        return Mark.RETRANSMISSION.bit() | cause.bit() | (needless ? Mark.SPURIOUS.bit() : 0);
    }

    private Cause cause(long from, long to, Moment m) {
        long rto = Math.max(LEAST_RTO_NS, m.rttNs + m.rttNs / 4);
        if (recovering && afterTimeout && from < recoverUntil) {
            boolean another = from == m.ack && m.sinceLastSendNs >= rto && m.silentNs >= rto / 2;
            if (another) {
                timeouts++;
                backoffs++;
                worstBackoffs = Math.max(worstBackoffs, backoffs);
            }
            return Cause.TIMEOUT;
        }
        boolean quiet = m.silentNs >= rto && m.sinceLastSendNs >= rto;
        if (from <= m.ack && quiet && (!m.reported || m.copies > 1 || m.silentNs >= 2 * rto)) {
            afterTimeout = true;
            timeouts++;
            backoffs = 1;
            worstBackoffs = Math.max(worstBackoffs, backoffs);
            return Cause.TIMEOUT;
        }
        afterTimeout = false;
        if (m.reported) {
            return Cause.FAST;
        }
        if (to >= m.sentUpTo && m.rttNs > 0 && m.sinceLastSendNs >= m.rttNs) {
            return Cause.PROBE;
        }
        return Cause.UNKNOWN;
    }

    private void episode(long from, long packet, Cause cause, Moment m) {
        if (!recovering || from >= recoverUntil) {
            episodes++;
            recovering = true;
            recoverUntil = Math.max(m.sentUpTo, from + 1);
            episodeSegments = 0;
            episodePacket = packet;
        }
        if (cause == Cause.TIMEOUT) {
            recoverUntil = Math.max(recoverUntil, m.sentUpTo);
        }
        if (m.copies <= 1) {
            episodeSegments++;
        }
        if (episodeSegments > worstEpisode) {
            worstEpisode = episodeSegments;
            worstPacket = episodePacket;
        }
    }

    private void stuck(CapturedSegment s, long from, long ns, long packet, Moment m) {
        if (from != m.ack || s.payload == 0) {
            return;
        }
        if (stuckCopies == 0) {
            stuckBytes = s.payload;
            stuckPacket = packet;
            stuckSinceNs = ns - Math.max(0, m.sinceLastSendNs);
            stuckAgainNs = ns;
        }
        stuckCopies++;
        stuckBytes = Math.max(stuckBytes, s.payload);
        stuckLastBytes = s.payload;
    }

    private void remember(CapturedSegment s, long from, long to, long packet, boolean judged) {
        Again a = last[next];
        if (a == null) {
            a = new Again();
            last[next] = a;
        }
        next = (next + 1) % KEPT;
        a.from = from;
        a.to = to;
        a.packet = packet;
        a.tsVal = s.tsVal;
        a.hasTimestamps = s.hasTimestamps;
        a.judged = judged;
    }

    /** A block of SACK says that bytes arrived twice. */
    void dsack(long from, long to, long packet) {
        dsacks.add(packet);
        for (Again a : last) {
            if (a != null && !a.judged && from < a.to && to > a.from) {
                a.judged = true;
                spurious.add(a.packet);
                return;
            }
        }
    }

    /** The acknowledgment moves from {@code before} to {@code ack}. */
    void acknowledged(CapturedSegment s, long before, long ack) {
        for (Again a : last) {
            if (a != null && !a.judged && a.from == before && a.to <= ack && a.hasTimestamps && s.hasTimestamps
                    && s.tsEcr - a.tsVal < 0) {
                a.judged = true; // it answers the original
                spurious.add(a.packet);
            }
        }
        stuckCopies = 0;
        backoffs = 0;
        if (recovering && ack >= recoverUntil) {
            recovering = false;
            afterTimeout = false;
        }
    }

    /** Whether what was lost is not yet acknowledged. */
    boolean isRecovering() {
        return recovering;
    }

    /** Segments sent again. */
    public PacketList all() {
        return all;
    }

    /** Bytes of them. */
    public long bytes() {
        return bytes;
    }

    /** How many for this cause. */
    public long count(Cause cause) {
        return byCause[cause.ordinal()];
    }

    /** Timeouts. */
    public long timeouts() {
        return timeouts;
    }

    /** Those that were not needed. */
    public PacketList spurious() {
        return spurious;
    }

    /** Reports of bytes that arrived twice. */
    public PacketList dsacks() {
        return dsacks;
    }

    /** Those whose original never came to the point of capture. */
    public PacketList lostBefore() {
        return lostBefore;
    }

    /** Those whose original passed the point of capture. */
    public PacketList lostAfter() {
        return lostAfter;
    }

    /** Segments that were lost, as far as the capture tells. */
    public long lost() {
        return Math.max(0, lostBefore.count() + lostAfter.count() - spurious.count());
    }

    /** Phases of recovery. */
    public long episodes() {
        return episodes;
    }

    /** Segments sent again in the worst of them. */
    public long worstEpisode() {
        return worstEpisode;
    }

    /** The first retransmission of that. */
    long worstPacket() {
        return worstPacket;
    }

    /** Timeouts in a row, the most. */
    public int worstBackoffs() {
        return worstBackoffs;
    }

    /** How often the first unacknowledged segment has been sent again, without an answer so far. */
    int stuckCopies() {
        return stuckCopies;
    }

    /** Payload of the largest segment there. */
    long stuckBytes() {
        return stuckBytes;
    }

    /** Payload of the last segment there. */
    long stuckLastBytes() {
        return stuckLastBytes;
    }

    /** The first retransmission there. */
    long stuckPacket() {
        return stuckPacket;
    }

    /** When it was sent first, nanoseconds. */
    long stuckSinceNs() {
        return stuckSinceNs;
    }

    /** When it was first sent again. */
    long stuckAgainNs() {
        return stuckAgainNs;
    }
}
