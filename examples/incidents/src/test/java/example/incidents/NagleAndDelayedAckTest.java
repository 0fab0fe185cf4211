package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** Each call takes 40 ms on a path of 1 ms: two small writes, then a read. The JDK's Socket. */
@Link(between = {"app", "api"}, netem = "delay 500us")
class NagleAndDelayedAckTest extends Incident {
    private static final int CALLS = 100;

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Servers.each(9000, (in, out) -> {
            DataInputStream requests = new DataInputStream(in);
            while (true) {
                requests.readNBytes(requests.readInt());
                out.write(1);
            }
        }));
        net.host("app").run(() -> {
            try (Socket s = new Socket("api", 9000)) {
                s.setTcpNoDelay(cured);
                DataOutputStream out = new DataOutputStream(s.getOutputStream());
                double took = seconds(net, () -> {
                    for (int i = 0; i < CALLS; i++) {
                        out.writeInt(100); // the length goes out alone
                        out.write(new byte[100]);
                        s.getInputStream().read();
                    }
                });
                assertTrue(took / CALLS < 0.005, "a call takes a few milliseconds, not " + took / CALLS * 1000 + " ms");
            }
        });
    }
}
