package sluice.lab.experiments;

import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Setting;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** 28,232 ports. */
final class PortExhaustion implements Experiment {
    @Override
    public About about() {
        return About.of("port-exhaustion", Chapter.CLOSING, "A client runs out of ports", "客户端端口耗尽").says(
                "A client opens and closes as fast as it can; each connection leaves a port in TIME-WAIT for 60 s. "
                        + "When all of ip_local_port_range wait, connect() fails: \"Cannot assign requested address\".",
                "客户端不停地建立并关闭连接，每个连接都让一个端口在 TIME-WAIT 停留 60 秒。ip_local_port_range 的端口全部占满后，connect() 失败：“Cannot "
                        + "assign requested address”。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().unwatched();
        TimeWaits t = TimeWaits.of(s);
        int opened = 0;
        Errno error = null;
        while (error == null && opened < 70_000) {
            try {
                t.openAndCloseInTurn(opened);
                opened++;
            } catch (ErrnoException e) {
                error = e.errno();
            }
        }
        x.equal("ip_local_port_range", "ip_local_port_range", "32768 60999",
                t.client().host().settings().format(Setting.IP_LOCAL_PORT_RANGE).replace('\t', ' '));
        x.equal("connections until connect() fails", "connect() 失败前的连接数", 28_232, opened);
        x.equal("it says", "错误", "Cannot assign requested address", error == null ? "–" : error.text());
        x.equal("TIME-WAITs of the client", "客户端 TIME-WAIT 数", 28_232, t.timeWaits());
        x.equal("entries of the server", "服务端连接表条目", 0, t.server().host().tcp().tableSize());
        x.equal("buffer memory of all these, bytes", "它们的缓冲内存，字节", 0, t.client().host().pool().inUseBytes());
        s.world().advance(2000);
        long with = Heap.used();
        s.world().advance(60_000);
        long each = (with - Heap.used()) / opened;
        x.between("memory of a TIME-WAIT, bytes (measured)", "每个 TIME-WAIT 的内存，字节（实测）", 1, 1023, each);
        x.equal("left after 2·MSL", "2·MSL 之后剩余", 0, t.timeWaits());
        x.equal("and connecting works again", "又能连接", "–", t.connectError() == null ? "–" : "error");
    }
}
