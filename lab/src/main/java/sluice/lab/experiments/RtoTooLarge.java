package sluice.lab.experiments;

import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** 5 s for a round trip of 20 ms. */
final class RtoTooLarge implements Experiment {
    @Override
    public About about() {
        return About.of("rto-too-large", Chapter.RETRANSMISSION, "An RTO that is too large", "RTO 过大").says(
                "RTO is fixed at 5 s on a path of 20 ms: one lost segment costs five seconds of silence.",
                "路径往返 20 ms，RTO 固定为 5 秒：丢一个报文段就要沉默五秒。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage("fixed at 5 s", "固定为 5 秒");
        Duo d = Retransmissions.duo(s, 500);
        x.near("20 round trips and a silence of 5 s, ms", "20 个往返加 5 秒沉默，ms", 5400, FixedRto.run(s, d, 5_000_000), 0.1);
        x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
        FixedRto.estimated(x);
    }
}
