package sluice.interop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.Relay;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;

/**
 * Transfers in all four combinations of who connects and who sends, over clean and bad paths: the bytes are the same
 * and nothing stands still for long.
 */
class TransferTest {
    private static final int MB = 1 << 20;
    /** Several timeouts in a row: 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s. */
    private static final Duration LOSSY_STALL = Duration.ofSeconds(8);
    /**
     * With ten percent of loss each way a retransmission is in vain every fifth time: one of a hundred transfers of 2
     * MB stands still for 12 s, by six losses in a row, and Linux's as well. That a stand-still is never longer than
     * its losses explain is StandStillTest's to say, in virtual time.
     */
    private static final Duration VERY_LOSSY_STALL = Duration.ofSeconds(60);
    private static final Duration CLEAN_STALL = Duration.ofSeconds(2);

    private static List<Connected> open(Lab lab, Family family) throws IOException {
        return List.of(Connected.toUs(lab, family), Connected.toUs(lab, family), Connected.fromUs(lab, family),
                Connected.fromUs(lab, family));
    }

    private static void transferAll(Lab lab, Family family, long bytes, Duration stall, boolean together)
            throws IOException {
        List<Connected> connections = open(lab, family);
        List<Transfer> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Connected c = connections.get(i);
            String name = (i < 2 ? "server " : "client ") + family + (i % 2 == 0 ? " sends" : " receives");
            Transfer t = i % 2 == 0 ? Transfer.start(name, c.sluicePeer(), c.kernelPeer(), bytes)
                    : Transfer.start(name, c.kernelPeer(), c.sluicePeer(), bytes);
            running.add(t);
            if (!together) {
                t.finish(stall, lab);
                System.out.println(t + String.format(" %.2f Gbit/s", bytes * 8 / t.seconds() / 1e9));
            }
        }
        for (Transfer t : running) {
            t.finish(stall, lab);
        }
        if (together) {
            running.forEach(System.out::println);
        }
        for (Connected c : connections) {
            c.close();
        }
        lab.assertNothingLeft();
    }

    @ParameterizedTest(name = "offload {0}, {1}")
    @CsvSource({"true,V4", "true,V6", "false,V4", "false,V6"})
    void clean(boolean offload, Family family) throws Exception {
        try (Lab lab = Lab.builder().offload(offload).start()) {
            transferAll(lab, family, offload ? 64 * MB : 16 * MB, CLEAN_STALL, false);
        }
    }

    static Stream<Arguments> badPaths() {
        return Stream.of("loss 2%", "loss 10%", "delay 25ms 10ms reorder 5%", "duplicate 5%", "corrupt 1%")
                .flatMap(words -> Stream.of(Family.values()).map(f -> Arguments.of(words, f)));
    }

    /** Two directions of 25 ms ± 10 ms make the path's 50 ms ± 20 ms. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("badPaths")
    void bad(String words, Family family) throws Exception {
        long seed = System.nanoTime();
        System.out.println(words + " " + family + " seed " + seed);
        // IPv4 without offloads, IPv6 with: both meet every impairment.
        try (Lab lab = Lab.builder().offload(family == Family.V6).impaired(words + " limit 10000", seed).start()) {
            transferAll(lab, family, words.startsWith("delay") ? MB : 2 * MB,
                    words.equals("loss 10%") ? VERY_LOSSY_STALL : LOSSY_STALL, true);
        }
    }

    /** Through the relay between two TUN devices: kernel, relay, a kernel that routes, and Sluice. */
    @Test
    void relayed() throws Exception {
        Machine.requireDevices();
        Netem forward = new Netem(
                NetemSpec.parse("delay 5ms 2ms loss 1% reorder 10% duplicate 1% corrupt 0.1% limit 4000"), false, 7);
        Netem backward = new Netem(
                NetemSpec.parse("delay 5ms 2ms loss 1% reorder 10% duplicate 1% corrupt 0.1% limit 4000"), false, 8);
        try (NetworkNamespace client = NetworkNamespace.createPrivate();
                Lab lab = Lab.start();
                TunDevice a = client.openTun(TunOptions.tun("far0").withMtu(1500));
                TunDevice b = lab.namespace.openTun(TunOptions.tun("near0").withMtu(1500));
                LinuxWaiter waiter = new LinuxWaiter(a, b)) {
            InterfaceSetup.of("far0").address("10.98.0.1/24").address("fd98::1/64").route("10.99.0.0/24")
                    .route("fd99::/64").txQueueLength(4000).apply(client);
            InterfaceSetup.of("near0").route("10.98.0.0/24").route("fd98::/64").txQueueLength(4000)
                    .apply(lab.namespace);
            lab.sysctl("net.ipv4.ip_forward", "1");
            lab.sysctl("net.ipv6.conf.all.forwarding", "1");
            java.util.concurrent.atomic.AtomicBoolean stop = new java.util.concurrent.atomic.AtomicBoolean();
            Relay relay = new Relay(a, b, forward, backward);
            Thread thread = Thread.ofPlatform().daemon().name("relay").start(() -> relay.run(waiter, stop::get));
            try {
                for (Family family : Family.values()) {
                    try (java.net.ServerSocket server = lab.sockets.serverSocketFactory().createServerSocket(80)) {
                        server.setSoTimeout(10_000);
                        for (boolean weSend : new boolean[]{true, false}) {
                            java.nio.channels.SocketChannel k = Lab.inside(client,
                                    java.nio.channels.SocketChannel::open);
                            k.connect(new java.net.InetSocketAddress(family.oursInet(), 80));
                            Peer kernel = Peer.of(k);
                            Peer ours = Peer.of(server.accept());
                            Transfer t = weSend ? Transfer.start("relayed " + family, ours, kernel, 2 * MB)
                                    : Transfer.start("relayed " + family, kernel, ours, 2 * MB);
                            t.finish(LOSSY_STALL, lab);
                            System.out.println(t);
                            ours.close();
                            kernel.close();
                        }
                    }
                }
                lab.assertNothingLeft();
            } finally {
                stop.set(true);
                waiter.wakeup();
                thread.join();
            }
        }
    }
}
