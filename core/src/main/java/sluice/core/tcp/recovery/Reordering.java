package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;

/**
 * How far segments overtake each other on this path, learned from originals that arrived below the highest report (RFC
 * 8985 section 6.2 step 3, and the degree in segments that Linux calls {@code tp->reordering}).
 */
@Rfc(value = 8985, section = "6.2")
final class Reordering {
    private final StateVariables t;
    private int degree;
    private int timesSeen;
    /** End of what was reported highest. */
    private int fack;
    private int priorFack;

    Reordering(StateVariables t) {
        this.t = t;
        degree = start();
    }

    private int start() {
        return (int) t.host.settings().get(Setting.TCP_REORDERING);
    }

    /** Duplicate threshold, adapted, segments. */
    int degree() {
        return degree;
    }

    /** Whether it is as it began. */
    boolean isUntouched() {
        return timesSeen == 0 && degree == start();
    }

    /** How often this path was found to reorder. */
    int timesSeen() {
        return timesSeen;
    }

    /** End of what was reported highest. */
    int fack() {
        return fack;
    }

    void startAt(int seq) {
        fack = seq;
        priorFack = seq;
    }

    /** An acknowledgment comes in, before anything of it is processed. */
    void newAcknowledgment() {
        if (Seq.lt(fack, t.snd.una)) {
            fack = t.snd.una;
        }
        priorFack = fack;
    }

    void reported(SentSegment s) {
        if (Seq.gt(s.end, fack)) {
            fack = s.end;
        }
    }

    /**
     * An original that began at {@code start} and was never retransmitted arrived: late, if something above it was
     * reported earlier.
     */
    void originalArrived(int start, LateArrivals late) {
        if (Seq.lt(start, priorFack)) {
            late.add(start);
        }
    }

    /**
     * The lowest of what arrived late: the path reorders by the way from there to what was reported highest, or to
     * SND.UNA when nothing is reported any more.
     */
    void note(int lowSeq, boolean byTimestamps) {
        int metric = (t.sent.sackedOut() == 0 ? t.snd.una : fack) - lowSeq;
        int mss = Math.max(1, t.sendMss);
        if (metric <= 0) {
            return;
        }
        if (metric > (long) degree * mss) {
            raiseTo((metric + mss - 1) / mss);
        }
        timesSeen++;
        t.count(byTimestamps ? Counter.TcpExtTCPTSReorder : Counter.TcpExtTCPSACKReorder);
    }

    /** More duplicate acknowledgments than segments that could draw them (no SACK). */
    void noteWithoutSack(int segments) {
        if (degree < segments) {
            t.count(Counter.TcpExtTCPRenoReorder);
            raiseTo(segments);
            timesSeen++;
        }
    }

    private void raiseTo(int segments) {
        degree = (int) Math.min(segments, t.host.settings().get(Setting.TCP_MAX_REORDERING));
    }

    /**
     * A timeout although so many segments had been reported: if they were enough for a fast retransmit, the degree was
     * too high.
     */
    void timeout(int reported) {
        if (reported >= start()) {
            degree = Math.min(degree, start());
        }
    }
}
