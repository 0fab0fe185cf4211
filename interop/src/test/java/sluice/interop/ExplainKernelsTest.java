package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.interop.Tshark.Compared;
import sluice.interop.Tshark.Sign;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.ExplainText;
import sluice.observe.explain.Finding;
import sluice.observe.explain.FindingKind;
import sluice.wire.CaptureReader;
import sluice.wire.Ipv4;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/**
 * {@code explain} on what tcpdump captured at both ends of connections between two kernels, with something wrong
 * between them or in their programs: the planted cause is named first, and the marks of packets agree with tshark's but
 * for what docs/explain.md says.
 */
class ExplainKernelsTest {
    @TempDir
    Path directory;

    /** What the two programs do, and what goes wrong. */
    @FunctionalInterface
    interface Story {
        void happens(TwoKernels k) throws Exception;
    }

    private static Arguments planted(FindingKind kind, Set<String> seenAt, String netem, Story story) {
        return Arguments.of(kind.id(), kind, seenAt, netem, story);
    }

    private static Arguments impaired(String netem, long bytes) {
        return Arguments.of(netem, null, Set.of(), netem, (Story) k -> transfer(k, bytes));
    }

    private static final Set<String> BOTH = Set.of("client", "server");
    private static final Set<String> CLIENT = Set.of("client");
    private static final Set<String> SERVER = Set.of("server");

    static Stream<Arguments> stories() {
        return Stream.of(planted(FindingKind.LOSS, BOTH, "delay 5ms", k -> {
            AtomicInteger n = new AtomicInteger();
            // Bursts of twenty: one alone is sometimes repaired in less time than is worth a finding.
            k.forth(p -> !isData(p) || n.incrementAndGet() <= 200 || n.get() % 200 > 20);
            transfer(k, 1_000_000);
        }), planted(FindingKind.REORDERING, SERVER, "delay 5ms reorder 4%", k -> transfer(k, 2_000_000)),
                planted(FindingKind.DUPLICATED, SERVER, "delay 5ms duplicate 4%", k -> transfer(k, 2_000_000)),
                planted(FindingKind.RECEIVER_SLOW, BOTH, "delay 5ms",
                        k -> transfer(k, 400_000, 0, new Reader(10_000, 25))),
                planted(FindingKind.ZERO_WINDOW, BOTH, "delay 5ms", ExplainKernelsTest::pause),
                planted(FindingKind.SENDER_LIMITED, BOTH, "delay 5ms", ExplainKernelsTest::slowSender),
                planted(FindingKind.SMALL_WINDOW, BOTH, "delay 20ms",
                        k -> transfer(k, 300_000, 8192, new Reader(Integer.MAX_VALUE, 0))),
                planted(FindingKind.MTU_BLACK_HOLE, CLIENT, "delay 5ms", ExplainKernelsTest::blackHole),
                planted(FindingKind.RESET, BOTH, "delay 5ms", ExplainKernelsTest::reset),
                planted(FindingKind.REFUSED, BOTH, "delay 5ms", ExplainKernelsTest::refused),
                planted(FindingKind.NO_ANSWER, CLIENT, "delay 5ms", ExplainKernelsTest::noAnswer),
                planted(FindingKind.SYN_LOST, CLIENT, "delay 5ms", k -> {
                    AtomicInteger n = new AtomicInteger();
                    k.forth(p -> !isSyn(p) || n.incrementAndGet() > 1);
                    transfer(k, 100_000);
                }), planted(FindingKind.NAGLE, BOTH, "delay 2ms", ExplainKernelsTest::nagle),
                planted(FindingKind.DEAD_PEER, CLIENT, "delay 5ms", ExplainKernelsTest::deadPeer),
                impaired("delay 2ms", 3_000_000), impaired("delay 2ms loss 2%", 1_000_000),
                impaired("delay 3ms 1ms loss 1%", 1_000_000), impaired("rate 20mbit limit 20", 1_000_000),
                impaired("delay 4ms reorder 25%", 1_000_000),
                impaired("delay 2ms loss gemodel 1% 30%", 1_000_000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void isExplained(String name, FindingKind planted, Set<String> seenAt, String netem, Story story)
            throws Exception {
        Machine.requireDevices();
        Machine.requireTool("tcpdump", "tcpdump");
        boolean done = false;
        for (int attempt = 1; !done; attempt++) {
            try (TwoKernels k = new TwoKernels(directory, planted == null, netem,
                    planted == null ? netem : netem.replaceFirst(" (reorder|duplicate) .*", ""))) {
                story.happens(k);
                k.endCaptures();
                done = attempt == 3 || seenAt.stream().noneMatch(end -> disturbed(k.capture(end)));
                for (String end : done ? List.of("client", "server") : List.<String>of()) {
                    if (seenAt.contains(end)) {
                        namedFirst(planted, k.capture(end), name + " at the " + end);
                    }
                    agrees(k.capture(end), name + " at the " + end);
                }
            }
        }
    }

    /** A machine that holds us or the kernels up for milliseconds makes them probe in vain: once more then. */
    private static boolean disturbed(Path capture) {
        try (CaptureReader r = CaptureReader.open(Files.newInputStream(capture))) {
            List<Finding> all = ExplainText.worstOfEachKind(CaptureAnalysis.read(r).findings());
            return !all.isEmpty() && all.getFirst().kind() == FindingKind.SPURIOUS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void namedFirst(FindingKind planted, Path capture, String where) throws IOException {
        CaptureAnalysis a;
        try (CaptureReader r = CaptureReader.open(Files.newInputStream(capture))) {
            a = CaptureAnalysis.read(r);
        }
        String health = where + "\n" + String.join("\n", ExplainText.health(a, where));
        assertThat(ExplainText.worstOfEachKind(a.findings())).as(health).isNotEmpty();
        assertThat(ExplainText.worstOfEachKind(a.findings()).getFirst().kind()).as(health).isEqualTo(planted);
    }

    /** Where both kernels' acknowledgments overtake each other tshark's duplicates are others: docs/explain.md. */
    private static void agrees(Path capture, String where) throws Exception {
        Machine.requireTool("tshark", "tshark");
        Map<Sign, Compared> all = Tshark.compare(capture);
        if (where.contains("reorder 25%") || where.contains("delay 3ms 1ms")) {
            all.remove(Sign.DUPLICATE_ACKS);
        }
        assertThat(Tshark.differences(all)).as(where).isEmpty();
    }

    // --- packets ---

    private static int flags(Packet p) {
        MemorySegment m = p.memory;
        return Ipv4.version(m, p.start) == 4 && Ipv4.protocol(m, p.start) == 6
                ? Tcp.flags(m, p.start + (long) Ipv4.headerLength(m, p.start)) : 0;
    }

    private static boolean isSyn(Packet p) {
        return (flags(p) & Tcp.SYN) != 0;
    }

    private static boolean isData(Packet p) {
        return flags(p) != 0 && p.length() > 100;
    }

    // --- stories ---

    /** A reader that takes so many bytes at most, and rests so long after each time. */
    private record Reader(int bytes, long restMs) {
        Thread start(SocketChannel c) {
            return Thread.ofPlatform().daemon().start(() -> {
                try (c) {
                    ByteBuffer b = ByteBuffer.allocate(Math.min(bytes, 65_536));
                    while (c.read(b.clear()) >= 0) {
                        if (restMs > 0) {
                            Lab.pause(restMs);
                        }
                    }
                } catch (IOException reset) {
                    // the other end's business
                }
            });
        }
    }

    private static void write(SocketChannel c, long bytes) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(65_536);
        for (long left = bytes; left > 0;) {
            b.clear().limit((int) Math.min(left, 65_536));
            left -= b.limit();
            while (b.hasRemaining()) {
                c.write(b);
            }
        }
    }

    private static void transfer(TwoKernels k, long bytes) throws Exception {
        transfer(k, bytes, 0, new Reader(Integer.MAX_VALUE, 0));
    }

    private static void transfer(TwoKernels k, long bytes, int receiveBuffer, Reader reader) throws Exception {
        try (ServerSocketChannel l = k.listen(receiveBuffer); SocketChannel c = k.connect()) {
            Thread reading = reader.start(l.accept());
            write(c, bytes);
            c.shutdownOutput();
            reading.join();
            c.read(ByteBuffer.allocate(1));
        }
        Lab.pause(100); // the last acknowledgment
    }

    private static void pause(TwoKernels k) throws Exception {
        try (ServerSocketChannel l = k.listen(0); SocketChannel c = k.connect()) {
            SocketChannel peer = l.accept();
            Thread late = Thread.ofPlatform().daemon().start(() -> {
                Lab.pause(1500);
                new Reader(Integer.MAX_VALUE, 0).start(peer);
            });
            write(c, 8_000_000);
            c.shutdownOutput();
            late.join();
            c.read(ByteBuffer.allocate(1));
        }
    }

    private static void slowSender(TwoKernels k) throws Exception {
        try (ServerSocketChannel l = k.listen(0); SocketChannel c = k.connect()) {
            Thread reading = new Reader(Integer.MAX_VALUE, 0).start(l.accept());
            for (int i = 0; i < 15; i++) {
                write(c, 10_000 + 37 * i);
                Lab.pause(80);
            }
            c.shutdownOutput();
            reading.join();
            c.read(ByteBuffer.allocate(1));
        }
    }

    private static void blackHole(TwoKernels k) throws Exception {
        Lab.sysctl(k.client, "net.ipv4.tcp_mtu_probing", "1");
        Lab.sysctl(k.client, "net.ipv4.tcp_retries1", "2");
        k.forth(p -> p.length() <= 1300);
        transfer(k, 100_000);
    }

    private static void reset(TwoKernels k) throws Exception {
        try (ServerSocketChannel l = k.listen(0); SocketChannel c = k.connect()) {
            SocketChannel peer = l.accept();
            write(c, 100_000);
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            peer.close();
            c.read(ByteBuffer.allocate(1));
        } catch (IOException reset) {
            // as planted
        }
    }

    private static void refused(TwoKernels k) throws IOException {
        try (SocketChannel c = k.socket()) {
            c.connect(new InetSocketAddress(TwoKernels.SERVER, 81));
        } catch (IOException refused) {
            // as planted
        }
    }

    private static void noAnswer(TwoKernels k) {
        k.forth(p -> !isSyn(p));
        try (SocketChannel c = k.socket()) {
            c.socket().connect(new InetSocketAddress(TwoKernels.SERVER, 80), 1500);
        } catch (IOException timedOut) {
            // as planted
        }
    }

    private static void nagle(TwoKernels k) throws Exception {
        try (ServerSocketChannel l = k.listen(0); SocketChannel c = k.connect(); SocketChannel peer = l.accept()) {
            ByteBuffer request = ByteBuffer.allocate(250);
            ByteBuffer answer = ByteBuffer.allocate(300);
            for (int i = 0; i < 25; i++) {
                write(c, 100);
                write(c, 150);
                request.clear();
                while (request.hasRemaining()) {
                    peer.read(request);
                }
                write(peer, 300);
                answer.clear();
                while (answer.hasRemaining()) {
                    c.read(answer);
                }
            }
        }
        Lab.pause(100);
    }

    private static void deadPeer(TwoKernels k) throws Exception {
        AtomicBoolean cut = new AtomicBoolean();
        k.forth(_ -> !cut.get());
        k.back(_ -> !cut.get());
        try (ServerSocketChannel l = k.listen(0); SocketChannel c = k.connect()) {
            new Reader(Integer.MAX_VALUE, 0).start(l.accept());
            c.configureBlocking(false);
            ByteBuffer b = ByteBuffer.allocate(65_536);
            long end = System.nanoTime() + 4_000_000_000L;
            for (int i = 0; System.nanoTime() < end; i++) {
                c.write(b.clear());
                Lab.pause(5);
                if (i == 30) {
                    cut.set(true);
                }
            }
        }
    }
}
