package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** A security group drops SYNs, and each call blocks its thread for two minutes. The JDK's HttpClient. */
@Link(between = {"app", "api"}, netem = "delay 5ms")
class BlackHoledConnectTest extends Incident {
    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Servers.http(0));
        net.link("app", "api").to("api").drop(p -> p.isSyn());
        net.host("app").run(() -> {
            HttpClient.Builder b = HttpClient.newBuilder();
            HttpClient http = cured ? b.connectTimeout(Duration.ofSeconds(2)).build() : b.build();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://api/")).build();
            double took = seconds(net, () -> http.send(request, BodyHandlers.ofString()));
            assertTrue(took < 5, "a call that gets no connection fails within 5 s, not after " + took + " s");
        });
    }
}
