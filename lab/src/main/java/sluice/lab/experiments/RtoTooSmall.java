package sluice.lab.experiments;

import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** 15 ms for a round trip of 20. */
final class RtoTooSmall implements Experiment {
    @Override
    public About about() {
        return About.of("rto-too-small", Chapter.RETRANSMISSION, "An RTO that is too small", "RTO 过小").says(
                "RTO is fixed at 15 ms on a path of 20 ms: every segment is sent twice although only one was lost. "
                        + "There is no silence, but the network carries everything double.",
                "路径往返 20 ms，RTO 固定为 15 ms：只丢了一个报文段，却每个都发送两次。虽然没有沉默，网络却承载了双倍的数据。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage("fixed at 15 ms", "固定为 15 ms");
        Duo d = Retransmissions.duo(s, 500);
        x.below("20 round trips and one for the loss, ms", "20 个往返加一个用于丢失，ms", 445, FixedRto.run(s, d, 15_000));
        x.atLeast("RetransSegs of 20 segments", "20 个报文段的 RetransSegs", 20, d.retransmissions());
        Retransmissions.diagnosis(x, s, d, 1, 0, 19, 0);
        x.note("“Delayed” is what the sender calls a retransmission that was not needed: the original arrived.",
                "“延迟”指不必要的重传：原报文段其实已到达（虚假重传）。");
        FixedRto.estimated(x);
    }
}
