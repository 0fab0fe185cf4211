package sluice.lab.experiments;

import java.util.Collections;
import java.util.List;
import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.WireSegment;

/** Small writes. */
@Rfc(value = 9293, section = "3.7.4", req = {"SHLD-7", "MUST-17"})
final class Nagle implements Experiment {
    @Override
    public About about() {
        return About.of("nagle", Chapter.FLOW, "Nagle's algorithm and TCP_NODELAY", "Nagle 算法与 TCP_NODELAY").says(
                "Ten writes of 10 bytes. With Nagle one small segment is in flight at a time and the rest is "
                        + "gathered; with TCP_NODELAY each write is a segment.",
                "连续写十次、每次 10 字节。启用 Nagle 时同时只有一个小报文段在途，其余合并发送；设置 TCP_NODELAY 时每次写都成为一个报文段。");
    }

    @Override
    public void run(Lab x) {
        for (boolean noDelay : new boolean[]{false, true}) {
            Stage s = x.stage(noDelay ? "TCP_NODELAY" : "Nagle", noDelay ? "TCP_NODELAY" : "Nagle 算法");
            Duo d = Windows.connect(Windows.plain(s, "sender", "receiver", 1500), 20_000, true, noDelay).reading();
            s.begin();
            int most = 0;
            for (int i = 0; i < 10; i++) {
                d.send(10);
                most = Math.max(most, d.sender().sent.packetsOut());
            }
            s.world().settle();
            x.equal("segments in flight", "在途报文段", noDelay ? 10 : 1, most);
            x.equal("segments", "报文段大小", noDelay ? Collections.nCopies(10, 10) : List.of(10, 90),
                    d.data().stream().map(WireSegment::payload).toList());
        }
    }
}
