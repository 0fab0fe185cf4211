package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.core.trace.TraceEvent;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** More TIME-WAITs than there may be. */
final class TwBuckets implements Experiment {
    @Override
    public About about() {
        return About.of("tw-buckets", Chapter.CLOSING, "tcp_max_tw_buckets", "TIME-WAIT 数量上限：tcp_max_tw_buckets").says(
                "With more connections in TIME-WAIT than tcp_max_tw_buckets the surplus is closed at once, with a "
                        + "warning and a count. The documents' example is 18000; Linux derives its default from "
                        + "memory.",
                "处于 TIME-WAIT 的连接超过 tcp_max_tw_buckets 时，多出的立即关闭，并告警、计数。文档的示例值是 18000；Linux 的默认值由内存大小决定。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().unwatched();
        TimeWaits t = TimeWaits.of(s, "tcp_max_tw_buckets=18000");
        for (int i = 0; i < 18_100; i++) {
            if (i == 17_900) {
                s.world().watched();
            }
            t.openAndCloseInTurn(i);
        }
        x.equal("TIME-WAITs after 18,100 connections", "18100 个连接之后的 TIME-WAIT", 18_000, t.timeWaits());
        x.equal("TCPTimeWaitOverflow", "TCPTimeWaitOverflow", 100, t.client().count(Counter.TcpExtTCPTimeWaitOverflow));
        x.equal("warnings", "告警次数", 100, s.world().log().events(t.client(), TraceEvent.TimeWaitOverflow.class).size());
    }
}
