package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.service.BlockingEcho;
import sluice.cli.service.EchoHandler;
import sluice.cli.service.StreamService;

/** Many connections at once: all work, and nothing of them stays. */
class ManyConnectionsTest {
    /** 1,000 connections, each with a thread of the program's behind it, all talking at the same time. */
    @Test
    void aThousandThatAllTalk() throws Exception {
        int connections = 1000;
        try (Lab lab = Lab.start();
                BlockingEcho echo = BlockingEcho.start(lab.stack, 7);
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<SocketChannel> channels = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                channels.add(lab.kernelSocket());
            }
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                SocketChannel c = channels.get(i);
                Family family = Family.values()[i % 2];
                int number = i;
                results.add(pool.submit(() -> {
                    c.connect(new InetSocketAddress(family.oursInet(), 7));
                    Peer p = Peer.of(c);
                    byte[] data = new byte[5000];
                    for (int round = 0; round < 3; round++) {
                        new java.util.Random(number * 31 + round).nextBytes(data);
                        p.write(data);
                        if (!java.util.Arrays.equals(p.readFully(data.length), data)) {
                            throw new IOException("connection " + number + " got other bytes");
                        }
                    }
                    return number;
                }));
            }
            for (Future<Integer> r : results) {
                r.get();
            }
            assertThat(lab.connections()).hasSize(connections);
            for (SocketChannel c : channels) {
                c.close();
            }
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest(name = "the kernel closes first: {0}")
    @ValueSource(booleans = {true, false})
    void tenThousandOpenedAndHeld(boolean kernelFirst) throws Exception {
        int connections = 10_000;
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? os.getMaxFileDescriptorCount() : 1024;
        Machine.require(files > connections + 1000, "10,000 connections need more open files: ulimit -n is " + files);
        // A late repeat reaches a socket that the kernel has closed, and its reset would end a TIME-WAIT.
        try (Lab lab = Lab.builder().queue(30_000).set("net.ipv4.tcp_rfc1337", "1")
                .setup(host -> StreamService.listen(host, 7, () -> EchoHandler.INSTANCE)).start()) {
            List<SocketChannel> open = new ArrayList<>();
            long start = System.nanoTime();
            Lab.inside(lab.namespace, () -> {
                ByteBuffer one = ByteBuffer.allocateDirect(1);
                for (int i = 0; i < connections; i++) {
                    SocketChannel c = SocketChannel.open();
                    open.add(c);
                    c.connect(new InetSocketAddress(Family.values()[i % 2].oursInet(), 7));
                    one.clear();
                    c.write(one);
                    one.clear();
                    assertThat(c.read(one)).isEqualTo(1);
                }
                return null;
            });
            System.out.printf("%d connections opened, each echoing a byte: %.2f s%n", connections,
                    (System.nanoTime() - start) / 1e9);
            assertThat(lab.connections()).hasSize(connections).allMatch(c -> c.startsWith("ESTAB"));
            assertThat(lab.poolBytes()).as("rings of idle connections").isZero();
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            for (SocketChannel c : open) { // all still work
                one.clear();
                c.write(one);
            }
            for (SocketChannel c : open) {
                one.clear();
                assertThat(c.read(one)).isEqualTo(1);
            }
            if (!kernelFirst) {
                lab.stack.execute(host -> {
                    List<sluice.core.tcp.user.TcpSocket> all = new ArrayList<>();
                    host.tcp().forEachEndpoint(e -> {
                        if (e instanceof sluice.core.tcp.user.TcpSocket t) {
                            all.add(t);
                        }
                    });
                    for (sluice.core.tcp.user.TcpSocket t : all) {
                        t.removeListeners();
                        t.close(lab.stack.shard().nowNs());
                    }
                    return null;
                });
                for (SocketChannel c : open) {
                    one.clear();
                    assertThat(c.read(one)).isEqualTo(-1);
                }
            }
            for (SocketChannel c : open) {
                c.close();
            }
            Lab.await("all closed", Duration.ofSeconds(10), () -> lab.connectionCount() == 0);
            lab.assertNothingLeft();
            assertThat(lab.timeWaits()).isEqualTo(kernelFirst ? 0 : connections);
            assertThat(lab.counters()).doesNotContainKeys("TcpExtListenDrops", "TcpExtListenOverflows",
                    "TcpExtTCPAbortOnTimeout", "SluiceTcpMemoryDrop");
        }
    }
}
