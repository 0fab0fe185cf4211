package sluice.core.tcp.output;

import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SentSegment;

/**
 * How much new data may leave now: a question without side effects. Windows first, then cwnd, silly-window avoidance,
 * Nagle, the size of super-segments.
 */
@Rfc(value = 9293, section = "3.8.6.2.1", req = {"MUST-38"})
@Rfc(value = 9293, section = "3.7.4", req = {"SHLD-7", "MUST-17"})
public final class SendDecision {
    /** Nothing may leave now. */
    public static final int NOTHING = -1;
    private static final int SMALL_WINDOW = 536;
    private static final long MAX_WAIT_FOR_MORE_NS = 1_000_000;

    private SendDecision() {}

    /**
     * Payload bytes of the next new (super-)segment; 0 for a FIN alone; {@link #NOTHING}.
     *
     * @param maxBytes most payload the link takes in one packet
     */
    @Rfc(value = 9293, section = "3.8.6", req = {"SHLD-15", "MUST-34"})
    public static int newData(Tcb t, int maxBytes, long nowNs) {
        int available = t.unsentBytes();
        boolean fin = t.finDue();
        if (available == 0 && !fin) {
            return NOTHING;
        }
        int quota = t.congestion.cwndSegments() - t.sent.inFlight();
        if (quota <= 0) {
            return NOTHING;
        }
        int window = Seq.diff(t.snd.right(), t.snd.nxt);
        if (available == 0) {
            return window >= 1 ? 0 : NOTHING;
        }
        int record = t.firstPiece(available);
        boolean whole = record == available;
        available = record;
        int mss = boundToHalfWindow(t, t.sendMss);
        if (t.options.sillyWindows) {
            return window > 0 ? Math.min(window, Math.min(available, t.sendMss)) : NOTHING;
        }
        if (window < Math.min(available, mss)) {
            return NOTHING;
        }
        boolean last = whole && fin;
        boolean hold = !last && whole && !t.urgent.toSend();
        if (available <= mss) {
            return hold && available < mss && nagleHolds(t) ? NOTHING : available;
        }
        // in urgent mode each segment has a pointer of its own
        boolean single = mss < t.sendMss || maxBytes < 2 * mss || t.urgent.toSend();
        int goal = single ? 1 : Math.min(segmentsPerPacket(t, mss), maxBytes / mss);
        if ((hold || !whole) && !t.urgent.toSend() && defer(t, available, window, quota, goal, mss, nowNs)) {
            return NOTHING;
        }
        // at least two packets in flight
        int most = Math.min(Math.min(goal, quota), Math.max(1, t.congestion.cwndSegments() >> 1)) * mss;
        int n = Math.min(Math.min(available, window), most);
        int partial = n % mss;
        if (partial != 0 && (n < available || hold && nagleHolds(t))) {
            n -= partial;
        }
        return n;
    }

    /** A peer with a tiny buffer gets at most half of its largest window in a segment, so that two fit. */
    public static int boundToHalfWindow(Tcb t, int mss) {
        int cutoff = t.snd.maxWnd > SMALL_WINDOW ? t.snd.maxWnd >> 1 : t.snd.maxWnd;
        return cutoff > 0 && mss > cutoff ? Math.max(cutoff, 20) : mss;
    }

    /**
     * Nagle in Minshall's form: an incomplete segment waits while an earlier incomplete one is not acknowledged; cork
     * and MSG_MORE hold it back always.
     */
    public static boolean nagleHolds(Tcb t) {
        if (t.nagle.releasePosition == t.sendBuffer.end() && t.options.noDelay) {
            return false;
        }
        if (t.options.cork && !t.nagle.corkExpired || t.nagle.moreFollows) {
            return true;
        }
        if (t.options.noDelay) {
            return false;
        }
        return t.sent.packetsOut() > 0 && t.nagle.smallIsOutstanding(t.sendBuffer);
    }

    /** Segments in one packet: about a millisecond's worth at the pacing rate, as many as the link takes at most. */
    public static int segmentsPerPacket(Tcb t, int mss) {
        long rate = t.pacing.rate();
        long bytes = rate == 0 ? Long.MAX_VALUE : rate >> 10;
        if (rate != 0 && t.rtt.minRttUs() != Long.MAX_VALUE) {
            long shift = t.rtt.minRttUs() >> t.host.settings().get(Setting.TCP_TSO_RTT_LOG);
            if (shift < 31) {
                bytes += 65_536L >> shift;
            }
        }
        long segments = bytes / mss; // before the first round trip as many as the link takes
        return (int) Math.max(t.host.settings().get(Setting.TCP_MIN_TSO_SEGS), Math.min(segments, 65_535));
    }

    /** Whether to wait for the acknowledgment that is surely coming, to send a bigger piece then. */
    private static boolean defer(Tcb t, int available, int window, int quota, int goal, int mss, long nowNs) {
        SentSegment head = t.sent.first();
        if (head == null || t.recovery().state() == RecoveryState.RECOVERY
                || t.recovery().state() == RecoveryState.LOSS) {
            return false;
        }
        if (nowNs - t.lastDataSentNs > MAX_WAIT_FOR_MORE_NS) {
            return false;
        }
        long limit = Math.min(window, (long) quota * mss);
        if (limit >= (long) goal * mss || available <= limit) {
            return false;
        }
        long divisor = t.host.settings().get(Setting.TCP_TSO_WIN_DIVISOR);
        if (divisor > 0) {
            long chunk = Math.min(t.snd.wnd, (long) t.congestion.cwndSegments() * mss) / divisor;
            if (limit >= chunk) {
                return false;
            }
        } else if (limit > 3L * mss) {
            return false;
        }
        long srttNs = t.rtt.srttUs() * 1000;
        // else the next acknowledgment is too far away
        return head.sentNs + srttNs - nowNs <= Math.min(srttNs / 2, MAX_WAIT_FOR_MORE_NS);
    }

    /**
     * Whether the peer's window is what holds back data that waits: it takes less than a segment, or so little that
     * waiting for more is better.
     */
    public static boolean limitedByWindow(Tcb t) {
        int available = t.unsentBytes();
        int quota = t.congestion.cwndSegments() - t.sent.inFlight();
        if (available == 0 || quota <= 0) {
            return false;
        }
        int window = Seq.diff(t.snd.right(), t.snd.nxt);
        int piece = t.firstPiece(available);
        int mss = boundToHalfWindow(t, t.sendMss);
        return window < Math.min(piece, mss) || piece > mss && window <= piece && window <= (long) quota * mss;
    }

    /** Whether cwnd is used up: it is full, whether or not data waits, or what it leaves is not worth a packet yet. */
    public static boolean limitedByCwnd(Tcb t) {
        int quota = t.congestion.cwndSegments() - t.sent.inFlight();
        if (quota <= 0) {
            return true; // it was used, even if that was all there was to send
        }
        int available = t.unsentBytes();
        long room = (long) quota * boundToHalfWindow(t, t.sendMss);
        return available > 0 && room <= t.firstPiece(available) && room < Seq.diff(t.snd.right(), t.snd.nxt);
    }
}
