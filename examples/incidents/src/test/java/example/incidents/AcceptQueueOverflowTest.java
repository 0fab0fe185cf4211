package example.incidents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** A pause of the server's garbage collector, and a part of its clients get no connection. The JDK's HTTP server. */
@Link(between = {"app", "api"}, netem = "delay 1ms")
class AcceptQueueOverflowTest extends Incident {
    private static final int CLIENTS = 100;

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Servers.http(cured ? 1024 : 0)); // 0: the default, 50
        int answered = net.host("app").call(() -> {
            Thread.sleep(1);
            net.host("api").freeze();
            net.after(Duration.ofSeconds(4), () -> net.host("api").thaw());
            List<Future<Integer>> all = new ArrayList<>();
            ExecutorService threads = Executors.newCachedThreadPool();
            for (int i = 0; i < CLIENTS; i++) {
                all.add(threads.submit(AcceptQueueOverflowTest::call));
                Thread.sleep(10);
            }
            int done = 0;
            for (Future<Integer> f : all) {
                done += f.get();
            }
            return done;
        });
        assertEquals(CLIENTS, answered, "clients that got an answer, those that came during a pause of 4 s included");
    }

    private static int call() throws IOException {
        HttpURLConnection c = (HttpURLConnection) URI.create("http://api/").toURL().openConnection();
        c.setConnectTimeout(2000);
        try {
            return c.getResponseCode() == 200 ? 1 : 0;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }
}
