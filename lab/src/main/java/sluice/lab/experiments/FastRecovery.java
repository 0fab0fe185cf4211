package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.observe.record.ConnectionTrace;
import sluice.sim.Match;

/** ssthresh + 3, and 1 for each further duplicate. */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 3042, section = "2")
@Rfc(value = 6582, section = "3.2")
@Rfc(value = 6937, section = "3")
final class FastRecovery implements Experiment {
    @Override
    public About about() {
        return About.of("fast-recovery", Chapter.CONGESTION, "Fast recovery", "快速恢复").says(
                "Three duplicate ACKs: ssthresh = cwnd/2 and cwnd = ssthresh + 3; each further duplicate adds 1, and "
                        + "the ACK of new data sets cwnd to ssthresh. Today's standard (PRR) lets it sink to "
                        + "ssthresh in proportion to what arrives.",
                "三个重复 ACK：ssthresh = cwnd/2，cwnd = ssthresh + 3；每个后续重复 ACK 加 1；新数据被确认时 cwnd 设为 ssthresh。现行标准 PRR "
                        + "则按到达的比例逐步降到 ssthresh。");
    }

    @Override
    public void run(Lab x) {
        classic(x, x.stage("Reno as in RFC 5681, no SACK", "RFC 5681 的 Reno，无 SACK"));
        prr(x, x.stage("≠ with PRR (RFC 6937), as the stack does", "≠ 本协议栈的做法：PRR（RFC 6937）"));
    }

    /** A window of 10 whose first segment is lost; ACKs come 1 ms apart. Runs to the third duplicate. */
    private static Duo threeDuplicates(Lab x, Stage s, String algorithm) {
        Duo d = Congestions.duo(s, algorithm, false);
        d.sender().congestion.set(10, 10);
        d.link().from(d.a()).rate((Congestions.MSS + 40) * 8 * 1000L, 1 << 20);
        d.link().from(d.a()).drop(Match.data().nth(1));
        d.send(1_000_000);
        s.world().runUntil("three duplicates", () -> d.sender().recovery().state() == RecoveryState.RECOVERY);
        x.equal("duplicates", "重复 ACK", 3, d.sender().sent.sackedOut());
        x.equal("sent: 10, two by limited transmit, and the first again", "已发送：10、受限传输的 2、重传的 1", 13, d.data().size());
        x.equal("ssthresh = cwnd / 2", "ssthresh = cwnd / 2", 5, d.ssthresh());
        return d;
    }

    private static void classic(Lab x, Stage s) {
        Duo d = threeDuplicates(x, s, "reno-classic");
        ConnectionTrace trace = d.a().record(d.sender());
        List<Integer> cwnd = new ArrayList<>();
        List<Integer> fresh = new ArrayList<>();
        for (int n = 4; n <= 10; n++) {
            int duplicates = n;
            s.world().runUntil("duplicate", () -> d.sender().sent.sackedOut() == duplicates);
            cwnd.add(d.cwnd() + d.sender().sent.sackedOut()); // RFC 5681 counts what drew duplicates as in flight
            fresh.add(d.data().size() - 13);
        }
        x.equal("cwnd = ssthresh + 3, and 1 for each further duplicate", "cwnd = ssthresh + 3，此后每个重复 ACK 加 1",
                List.of(9, 10, 11, 12, 13, 14, 15), cwnd);
        x.equal("new segments: none until cwnd exceeds the 12 outstanding", "新报文段：cwnd 超过在途的 12 之前没有", List.of(0, 0,
                0, 0, 1, 2, 3), fresh);
        s.world().runUntil("the ACK of new data", () -> d.sender().sent.sackedOut() < 10);
        x.equal("the ACK of new data: cwnd = ssthresh", "新数据被确认：cwnd = ssthresh", 5, d.cwnd());
        s.world().runUntil("over", () -> d.sender().recovery().state() == RecoveryState.OPEN);
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            windows.add(d.cwnd());
            s.world().advance(Congestions.RTT_MS + 1);
        }
        x.equal("then linear", "然后线性增长", List.of(5, 6, 7, 8), windows);
        x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
        s.plot("cwnd", "cwnd and ssthresh, segments", "cwnd 与 ssthresh（报文段）", trace);
    }

    private static void prr(Lab x, Stage s) {
        Duo d = threeDuplicates(x, s, "reno");
        int out = 1; // the retransmission
        int right = 0;
        int firstNew = 0;
        for (int n = 4; n <= 10; n++) {
            int duplicates = n;
            s.world().runUntil("duplicate", () -> d.sender().sent.sackedOut() == duplicates);
            int delivered = duplicates - 2; // since the third, which started recovery
            int pipe = d.sender().sent.inFlight();
            int allowed = (d.ssthresh() * delivered + 9) / 10; // RecoverFS is 10
            out = pipe > d.ssthresh() ? Math.max(out, allowed) : d.data().size() - 12;
            right += d.data().size() - 12 == out ? 1 : 0;
            firstNew = firstNew == 0 && out > 1 ? duplicates : firstNew;
        }
        x.equal("PRR: duplicates after which ceil(ssthresh · delivered / 10) were sent",
                "PRR：发送量符合 ceil(ssthresh · 已交付 / 10) 的重复 ACK 数", 7, right);
        x.differs(new Text("first new segment after duplicate", "第几个重复 ACK 之后发送新报文段"), 8, 5, firstNew,
                new Text("PRR (RFC 6937) sends evenly over the round trip instead of falling silent for half of it.",
                        "PRR（RFC 6937）在整个往返内均匀发送，而不是先沉默半个往返。"));
        s.world().runUntil("over", () -> d.sender().recovery().state() == RecoveryState.OPEN);
        x.equal("cwnd at the end", "结束时的 cwnd", 5, d.cwnd());
        x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
    }
}
