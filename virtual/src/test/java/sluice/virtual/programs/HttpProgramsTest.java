package sluice.virtual.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static sluice.virtual.assertj.VirtualAssertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** HTTP servers and clients: a hundred requests over a path that loses. */
@VirtualNetwork(stallLimitMs = 30_000) // classes are loaded meanwhile
@Link(between = {"client", "server"}, netem = "delay 25ms loss 2%")
class HttpProgramsTest {
    private static final int PORT = NettyEcho.PORT;
    private static final int REQUESTS = 100;

    private static String body(int i) {
        return ("request " + i + " ").repeat(i * 10 + 1);
    }

    @Test
    void nettyAndTheJdksClient(Network net) throws Exception {
        net.host("server").start(NettyEcho::serve);
        Duration took = RealTime.underASecond("Netty, HttpClient", net, "client", () -> {
            HttpClient http = HttpClient.newHttpClient();
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://server:" + PORT + "/"))
                        .POST(BodyPublishers.ofString(body(i))).build();
                assertThat(http.send(request, BodyHandlers.ofString()).body()).isEqualTo(body(i));
            }
        });
        tookAsLongAsTheNetworkNeeds(net, took);
    }

    private static void tookAsLongAsTheNetworkNeeds(Network net, Duration took) {
        assertThat(took).isBetween(Duration.ofMillis(50 * REQUESTS), Duration.ofSeconds(60));
        assertThat(net.host("client")).hasCounterAtLeast("TcpRetransSegs", 1);
    }

    private static void jetty() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setPort(PORT);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.copy(request, response, callback);
                return true;
            }
        });
        server.start();
    }

    @Test
    void jettyAndOkHttp(Network net) throws Exception {
        net.host("server").start(HttpProgramsTest::jetty);
        Duration took = RealTime.underASecond("Jetty, OkHttp", net, "client", () -> {
            OkHttpClient http = new OkHttpClient();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(okHttp(http, body(i))).isEqualTo(body(i));
            }
        });
        tookAsLongAsTheNetworkNeeds(net, took);
    }

    private static String okHttp(OkHttpClient http, String body) throws IOException {
        okhttp3.Request request = new okhttp3.Request.Builder().url("http://server:" + PORT + "/")
                .post(RequestBody.create(body.getBytes(UTF_8), MediaType.get("text/plain"))).build();
        try (okhttp3.Response response = http.newCall(request).execute()) {
            return response.body().string();
        }
    }
}
