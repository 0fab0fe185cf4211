package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import sluice.virtual.Network;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.Link;

/**
 * The name points to the new machine, and the JVM goes on calling the old one. OkHttp, and the JVM's cache of names.
 */
@Host(value = "app", nameCacheSeconds = -1) // networkaddress.cache.ttl=-1, as some images have it
@Link(between = {"app", "switch"}, netem = "delay 1ms")
@Link(between = {"old", "switch"})
@Link(between = {"new", "switch"})
@Host(value = "switch", router = true)
class MovedNameTest extends Incident {
    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("old").start(() -> Servers.http(0));
        net.host("new").start(() -> Servers.http(0));
        net.names().set("api", net.host("old").address());
        if (cured) {
            net.host("app").nameCache(Duration.ofSeconds(5)); // networkaddress.cache.ttl=5
        }
        net.host("app").run(() -> {
            OkHttpClient http = new OkHttpClient.Builder().connectTimeout(Duration.ofSeconds(2)).build();
            get(http);
            net.names().set("api", net.host("new").address());
            net.host("old").crash();
            double took = seconds(net, () -> untilAnswered(net, http));
            assertTrue(took < 60, "half a minute after a name has moved calls reach the new machine, not after " + took
                    + " s");
        });
    }

    private static void untilAnswered(Network net, OkHttpClient http) throws Exception {
        for (int i = 0; i < 100; i++) {
            try {
                get(http);
                return;
            } catch (IOException e) {
                Thread.sleep(1000);
            }
        }
    }

    private static void get(OkHttpClient http) throws IOException {
        try (Response r = http.newCall(new Request.Builder().url("http://api/").build()).execute()) {
            r.body().string();
        }
    }
}
