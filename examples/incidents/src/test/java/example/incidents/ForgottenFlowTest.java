package example.incidents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** A load balancer forgot a connection that was idle for four minutes; the pool did not. OkHttp. */
@Link(between = {"app", "api"}, netem = "delay 5ms")
class ForgottenFlowTest extends Incident {
    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Servers.each(80, (in, out) -> {
            byte[] request = new byte[10_000];
            while (in.read(request) > 0) { // this server closes no idle connection
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes());
            }
        }));
        try (Fault balancer = net.link("app", "api").forgetsIdleFlows(Duration.ofMinutes(4)).optional()) {
            net.host("app").run(() -> {
                OkHttpClient http = cured
                        ? new OkHttpClient.Builder().connectionPool(new ConnectionPool(5, 2, TimeUnit.MINUTES)).build()
                        : new OkHttpClient();
                get(http);
                Thread.sleep(Duration.ofSeconds(270));
                double took = seconds(net, () -> get(http));
                assertTrue(took < 1, "a request after an idle time takes milliseconds, not " + took + " s");
            });
        }
    }

    private static void get(OkHttpClient http) throws Exception {
        try (Response r = http.newCall(new Request.Builder().url("http://api/").build()).execute()) {
            assertEquals(200, r.code());
        }
    }
}
