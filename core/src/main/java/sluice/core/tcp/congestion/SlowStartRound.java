package sluice.core.tcp.congestion;

import sluice.base.Seq;

/** The rounds of slow start: each lasts until what was sent next when it began is acknowledged. */
final class SlowStartRound {
    private boolean begun;
    private int end;

    /** Whether there was a round since the beginning, or since {@link #forget}. */
    boolean begun() {
        return begun;
    }

    /** An acknowledgment in slow start: whether the next round begins with it. */
    boolean begins(CongestionView view) {
        if (begun && !Seq.gt(view.sndUna(), end)) {
            return false;
        }
        begun = true;
        end = view.sndNxt();
        return true;
    }

    /** An acknowledgment outside slow start. A round that is over stays over, however much is sent until the next. */
    void pause(CongestionView view) {
        if (begun && Seq.gt(view.sndUna(), end)) {
            end = view.sndUna() - 1;
        }
    }

    /** The next acknowledgment in slow start begins a round. */
    void forget() {
        begun = false;
    }
}
