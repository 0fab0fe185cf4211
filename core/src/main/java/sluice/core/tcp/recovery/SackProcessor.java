package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.SentSegments;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.segment.Segment;

/**
 * Marks on the scoreboard what a SACK option reports, and finds the D-SACK in it. Blocks that cannot be true are
 * ignored.
 */
@Rfc(value = 2018, section = "5")
@Rfc(value = 2883, section = "4")
final class SackProcessor {
    /** Who is told what is in the option. */
    interface Reports {
        /** A D-SACK, for so many segments. */
        void duplicate(int from, int to, int segments, long nowNs);

        /** A segment is reported for the first time. */
        void sacked(SentSegment s, long nowNs);
    }

    private final StateVariables t;
    private final Reports reports;
    private final int[] left = new int[Segment.MAX_SACK_BLOCKS];
    private final int[] right = new int[Segment.MAX_SACK_BLOCKS];
    /**
     * The blocks of the last option: everything wholly inside them is marked, so that a long one is not walked again
     * for each acknowledgment.
     */
    private final int[] knownLeft = new int[Segment.MAX_SACK_BLOCKS];
    private final int[] knownRight = new int[Segment.MAX_SACK_BLOCKS];
    private int known;

    SackProcessor(StateVariables t, Reports reports) {
        this.t = t;
        this.reports = reports;
    }

    /** Processes the option of {@code seg}, whose SEG.ACK is {@code ack}; a D-SACK shows in {@code report}. */
    void process(Segment seg, int ack, SackReport report, long nowNs) {
        int n = seg.sackBlocks;
        if (n == 0) {
            known = 0;
            return;
        }
        int first = 0;
        if (isDsack(seg, ack)) {
            first = 1;
            report.dsack = true;
            dsack(seg.sackLeft[0], seg.sackRight[0], ack, nowNs);
        }
        if (t.sent.isEmpty()) {
            known = 0;
            return;
        }
        int blocks = 0;
        for (int i = first; i < n; i++) {
            if (plausible(seg.sackLeft[i], seg.sackRight[i])) {
                insertSorted(blocks++, seg.sackLeft[i], seg.sackRight[i]);
            }
        }
        for (int i = 0; i < blocks; i++) {
            mark(left[i], right[i], nowNs);
        }
        System.arraycopy(left, 0, knownLeft, 0, blocks);
        System.arraycopy(right, 0, knownRight, 0, blocks);
        known = blocks;
    }

    /** The peer took its reports back. */
    void forget() {
        known = 0;
    }

    private static boolean isDsack(Segment seg, int ack) {
        if (Seq.lt(seg.sackLeft[0], ack)) {
            return Seq.leq(seg.sackRight[0], ack);
        }
        return seg.sackBlocks > 1 && Seq.leq(seg.sackRight[0], seg.sackRight[1])
                && Seq.geq(seg.sackLeft[0], seg.sackLeft[1]);
    }

    private void dsack(int from, int to, int ack, long nowNs) {
        boolean plausible = Seq.lt(from, to) && Seq.leq(to, t.snd.nxt)
                && Seq.gt(to, t.snd.una - Math.max(t.snd.maxWnd, 1) - 65_535);
        t.count(Seq.lt(from, ack) ? Counter.TcpExtTCPDSACKRecv : Counter.TcpExtTCPDSACKOfoRecv);
        if (!plausible) {
            t.count(Counter.TcpExtTCPDSACKIgnoredDubious);
            return;
        }
        int segments = Math.max(1, (to - from + t.sendMss - 1) / Math.max(1, t.sendMss));
        reports.duplicate(from, to, segments, nowNs);
    }

    private boolean plausible(int from, int to) {
        boolean ok = Seq.lt(from, to) && Seq.leq(to, t.snd.nxt) && Seq.gt(to, t.snd.una);
        if (!ok) {
            t.count(Seq.leq(to, t.snd.una) ? Counter.TcpExtTCPDSACKIgnoredOld : Counter.TcpExtTCPSACKDiscard);
        }
        return ok;
    }

    private void insertSorted(int count, int from, int to) {
        int i = count;
        while (i > 0 && Seq.gt(left[i - 1], from)) {
            left[i] = left[i - 1];
            right[i] = right[i - 1];
            i--;
        }
        left[i] = from;
        right[i] = to;
    }

    private void mark(int from, int to, long nowNs) {
        SentSegments sent = t.sent;
        for (int i = sent.indexOf(from); i < sent.size(); i++) {
            SentSegment s = sent.get(i);
            if (Seq.geq(s.seq, to)) {
                return;
            }
            if (s.sacked) {
                i = lastKnown(i, s, to);
                continue;
            }
            if (Seq.lt(s.seq, from)) {
                int at = roundUp(s, from);
                if (Seq.geq(at, s.end)) {
                    continue;
                }
                if (!mayCut()) {
                    return;
                }
                sent.split(i, at);
                continue;
            }
            if (Seq.gt(s.end, to)) {
                int at = s.seq + (to - s.seq) / Math.max(1, s.mss) * s.mss;
                if (at == s.seq || !mayCut()) {
                    return;
                }
                sent.split(i, at);
            }
            reports.sacked(s, nowNs);
        }
    }

    /** What is not cut is not marked either: the peer reports it again, with more. */
    private boolean mayCut() {
        if (t.sent.mayCut(t.sendBuffer.limitBytes())) {
            return true;
        }
        t.count(Counter.TcpExtTCPWqueueTooBig);
        return false;
    }

    /** The index before which all entries from {@code i} on are known to be marked. */
    private int lastKnown(int i, SentSegment s, int to) {
        for (int k = 0; k < known; k++) {
            if (Seq.geq(s.seq, knownLeft[k]) && Seq.lt(s.end, knownRight[k])) {
                return Math.max(i, t.sent.indexOf(Seq.min(knownRight[k], to) - 1) - 1);
            }
        }
        return i;
    }

    /**
     * The first boundary of a wire segment at or after {@code seq}: reports about parts of one say nothing about the
     * whole.
     */
    private static int roundUp(SentSegment s, int seq) {
        int mss = Math.max(1, s.mss);
        return s.seq + (seq - s.seq + mss - 1) / mss * mss;
    }
}
