package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.tcp.segment.TcpState.CLOSE_WAIT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** CLOSE_WAIT grows until the process has no descriptors left: responses that nobody closes. OkHttp. */
@Link(between = {"app", "api"}, netem = "delay 5ms")
class CloseWaitGrowthTest extends Incident {
    private static final int CALLS = 50;

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Servers.http(0));
        net.host("app").run(() -> {
            OkHttpClient http = new OkHttpClient();
            List<Response> kept = new ArrayList<>(); // until the garbage collector comes
            for (int i = 0; i < CALLS; i++) {
                Response r = http.newCall(new Request.Builder().url("http://api/").build()).execute();
                if (r.code() == 200 && cured) {
                    r.close();
                } else {
                    kept.add(r); // only the status was of interest
                }
            }
            Thread.sleep(Duration.ofMinutes(2)); // the server closes what is idle
            int stuck = net.host("app").sockets(CLOSE_WAIT).size();
            kept.clear();
            assertTrue(stuck <= 1, "only what the pool keeps is in CLOSE_WAIT, not " + stuck + " sockets");
        });
    }
}
