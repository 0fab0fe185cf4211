package sluice.lab.experiments;

import sluice.core.tcp.data.SocketOptions;
import sluice.lab.Duo;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** Twenty segments, one after the other's acknowledgment; the fifth is lost. */
final class FixedRto {
    private FixedRto() {}

    /** Runs them under a fixed RTO (0: the estimator) and returns milliseconds. */
    static double run(Stage s, Duo d, long fixedRtoUs) {
        SocketOptions o = Retransmissions.sending();
        o.fixedRtoUs = fixedRtoUs;
        o.congestionControl = "fixed:1";
        d.connect(o, Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.a()).drop(d.dataAt(2001).nth(1));
        d.send(20 * 500);
        return d.untilAcknowledged();
    }

    /** The estimator beside it. */
    static void estimated(Lab x) {
        Stage s = x.stage("the estimator beside it", "对照：使用估计值");
        Duo d = Retransmissions.duo(s, 500);
        x.near("20 round trips and a silence of 220 ms, ms", "20 个往返加 220 ms 沉默，ms", 620, run(s, d, 0), 0.1);
        x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
        Retransmissions.diagnosis(x, s, d, 1, 0, 0, 0);
    }
}
