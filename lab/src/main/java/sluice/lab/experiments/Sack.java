package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** Bytes 200–299. */
@Rfc(value = 2018, section = "4")
@Rfc(value = 6675, section = "5")
@Rfc(value = 6582, section = "3.2")
final class Sack implements Experiment {
    @Override
    public About about() {
        return About.of("sack", Chapter.RETRANSMISSION, "Selective acknowledgment", "选择性确认 SACK").says(
                "Bytes 200–299 of a flight are lost. SACK blocks describe what arrived behind them, so that exactly "
                        + "those are resent; with two holes SACK fills both in one round trip, without it each costs "
                        + "one.",
                "一批数据中的 200–299 字节丢失。SACK 块描述其后已到达的数据，因此只重传丢失的部分；有两个空洞时 SACK 在一个往返内补齐，没有 SACK 则每个空洞各花一个往返。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage("one hole", "一个空洞");
        Duo d = Retransmissions.duo(s, 100);
        x.near("all acknowledged after one round trip more, ms", "多花一个往返后全部确认，ms", 40, lose(s, d, false), 0.1);
        List<Integer> acks = d.acks();
        x.equal("ACKs", "确认", List.of(101, 201, 201, 201, 201, 201, 201, 201, 201, 1001), acks);
        List<List<Integer>> blocks = s.segments(d.b()).subList(2, 9).stream().map(d::sack).toList();
        x.equal("SACK blocks describe what arrived", "SACK 块描述已到达的数据", List.of(List.of(301, 401), List.of(301, 501),
                List.of(301, 601), List.of(301, 701), List.of(301, 801), List.of(301, 901), List.of(301, 1001)),
                blocks);
        x.equal("sent: ten segments and one again", "发送：十个加一个重传", 11, d.data().size());
        x.equal("exactly bytes 200–299 again: begin, length", "只重传 200–299：起点、长度", List.of(201, 100),
                List.of(d.seq(d.data().getLast()), d.data().getLast().payload()));
        x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
        Stage two = x.stage("two holes", "两个空洞");
        Duo e = Retransmissions.duo(two, 100);
        x.near("two holes with SACK: one round trip more, ms", "有 SACK 的两个空洞：多一个往返，ms", 40, lose(two, e, true), 0.1);
        x.equal("the newest block first", "最新的块在前", List.of(601, 1001, 301, 501), e.sack(two.segments(e.b()).get(7)));
        Stage off = x.stage("two holes, tcp_sack=0", "两个空洞，tcp_sack=0");
        Duo f = Retransmissions.duo(off, 100, "tcp_sack=0");
        x.near("two holes without: two round trips more, ms", "没有 SACK：多两个往返，ms", 60, lose(off, f, true), 0.1);
        x.holds("no blocks", "没有 SACK 块", off.segments(f.b()).stream().allMatch(g -> g.sack().isEmpty()));
        x.equal("the second hole is found by the ACK of the first", "第二个空洞由第一个的确认发现", List.of(101, 201, 501, 1001),
                f.acks().stream().distinct().toList());
        x.equal("RetransSegs", "RetransSegs", 2, f.retransmissions());
    }

    private static double lose(Stage s, Duo d, boolean both) {
        d.connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.a()).drop(d.dataAt(201).nth(1));
        if (both) {
            d.link().from(d.a()).drop(d.dataAt(501).nth(1));
        }
        d.send(1000);
        return d.untilAcknowledged();
    }
}
