package sluice.lab.experiments;

import java.util.List;
import sluice.base.ErrnoException;
import sluice.core.tcp.data.SocketOptions;
import sluice.lab.Duo;
import sluice.lab.Stage;
import sluice.sim.WireSegment;
import sluice.wire.Tcp;

/** An idle connection whose client probes. */
final class Keepalives {
    static final double DAY_MS = 86_400_000;

    private Keepalives() {}

    static Duo idle(Stage s, SocketOptions o, String... settings) {
        o.keepAlive = true;
        return s.duo("client", "server", settings).connect(o, new SocketOptions());
    }

    /** Segments before SND.UNA: probes. */
    static List<WireSegment> probes(Stage s, Duo d) {
        return s.segments(d.a()).stream().filter(g -> g.seq() == d.sender().snd.una - 1 && !g.has(Tcp.SYN))
                .toList();
    }

    /** When the handshake was over for the client, ms. */
    static double since(Stage s) {
        return s.segments(s.world().hosts().getFirst()).get(1).ms();
    }

    static String read(Duo d) {
        try {
            d.a().read(d.sender(), 1);
            return "–";
        } catch (ErrnoException e) {
            return e.errno().text();
        }
    }
}
