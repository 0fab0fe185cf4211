package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;

/** What marking a segment lost counts. */
final class LossMarks {
    private final StateVariables t;
    private final Congestion congestion;
    private final AckFlags flags;

    LossMarks(StateVariables t, Congestion congestion, AckFlags flags) {
        this.t = t;
        this.congestion = congestion;
        this.flags = flags;
    }

    /** Holds a segment for lost. */
    void markLost(SentSegment s) {
        boolean first = !s.lost;
        boolean again = t.sent.markLost(s);
        if (again) {
            flags.lostRetransmission = true;
            t.host.counters().add(Counter.TcpExtTCPLostRetransmit, s.count);
        }
        if (again || first && s.lost) {
            congestion.delivery.countLost(s.count);
        }
    }
}
