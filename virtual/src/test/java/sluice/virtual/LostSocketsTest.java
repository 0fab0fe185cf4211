package sluice.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** What closes sockets that programs lose belongs to no host, whichever is the first to need it. */
@VirtualNetwork
@Link(between = {"first", "server"}, netem = "delay 1ms")
@Link(between = {"second", "server"}, netem = "delay 1ms")
class LostSocketsTest {
    private static final int PORT = 7;

    private final AtomicInteger ended = new AtomicInteger();

    private void serve() throws Exception {
        try (ServerSocket server = new ServerSocket(PORT)) {
            while (true) {
                Socket peer = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (peer) {
                        peer.getInputStream().readAllBytes();
                        ended.incrementAndGet();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    /** Opens a socket that nobody keeps, and waits until it is closed. */
    private void lose(VirtualHost host) throws Exception {
        int before = ended.get();
        host.run(() -> new Socket("server", PORT).getOutputStream().write(1));
        for (int i = 0; i < 200 && ended.get() == before; i++) {
            System.gc();
            Thread.sleep(Duration.ofSeconds(1));
        }
        assertThat(ended).as("ended connections after one that %s lost", host).hasValue(before + 1);
    }

    @Test
    void closedAfterThoseThatWereFirstHaveCrashed(Network net) throws Exception {
        net.host("server").start(this::serve);
        lose(net.host("first"));
        net.host("first").crash();
        net.host("server").restart();
        net.host("server").start(this::serve);
        lose(net.host("second"));
    }
}
