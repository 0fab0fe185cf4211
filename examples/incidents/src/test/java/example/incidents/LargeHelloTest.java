package example.incidents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/**
 * Small requests work and large ones hang: a tunnel with a smaller MTU, and a firewall that drops the ICMP messages
 * which would say so. With TLS it is the ClientHello that no longer fits one packet. The JDK's HttpClient.
 */
@Link(between = {"app", "api"}, netem = "delay 10ms")
class LargeHelloTest extends Incident {
    private static final int HELLO_BYTES = 1800; // with a post-quantum key share

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Servers.http(0));
        try (Fault tunnel = net.link("app", "api").mtuBlackHole(1400).optional()) {
            if (cured) {
                net.host("app").sysctl("net.ipv4.tcp_mtu_probing", "1");
            }
            net.host("app").run(() -> {
                HttpClient http = HttpClient.newHttpClient();
                assertEquals(200, post(http, 100));
                double took = seconds(net, () -> post(http, HELLO_BYTES));
                assertTrue(took < 30, "what is larger than a packet takes seconds at most, not " + took + " s");
            });
        }
    }

    private static int post(HttpClient http, int bytes) throws Exception {
        HttpRequest r = HttpRequest.newBuilder(URI.create("http://api/"))
                .POST(BodyPublishers.ofByteArray(new byte[bytes])).build();
        return http.send(r, BodyHandlers.ofString()).statusCode();
    }
}
