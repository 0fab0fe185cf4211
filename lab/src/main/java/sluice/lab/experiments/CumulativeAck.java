package sluice.lab.experiments;

import java.util.List;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.PacketLog;
import sluice.wire.Tcp;

/** ACK 600 is lost, ACK 700 arrives. */
final class CumulativeAck implements Experiment {
    @Override
    public About about() {
        return About.of("cumulative-ack", Chapter.WINDOW, "A later ACK makes up for a lost one", "累计确认").says(
                "ACK 600 is lost and ACK 700 arrives: it says that everything before 700 was received. Nothing is "
                        + "resent.",
                "ACK 600 丢失，ACK 700 到达：它表示 700 之前的数据都已收到。不需要重传。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        Duo d = Windows.duo(s, "sender", "receiver", 10_000, 1500).reading();
        s.begin();
        int iss = d.sender().snd.iss;
        Match ack600 = v -> v.has(Tcp.ACK) && v.ack() == iss + 1 + 600;
        d.link().from(d.b()).drop(ack600);
        for (int i = 0; i < 7; i++) {
            d.send(100);
            s.world().advance(0.1);
        }
        s.world().advance(2000);
        PacketLog log = s.world().log();
        x.equal("ACK 600: sent, arrived", "ACK 600：发出、到达", List.of(1, 0), List.of(s.segments(d.b(), ack600).size(),
                log.arrived(d.a(), ack600)));
        x.equal("ACK 700: arrived", "ACK 700：到达", 1, log.arrived(d.a(),
                v -> v.has(Tcp.ACK) && v.ack() == iss + 1 + 700));
        x.equal("RetransSegs", "RetransSegs", 0, d.retransmissions());
        x.equal("data segments", "数据报文段", 7, d.data().size());
        x.equal("SND.UNA − 1", "SND.UNA − 1", 700, d.una() - 1);
    }
}
