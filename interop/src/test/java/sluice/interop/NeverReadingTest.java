package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.link.linux.NetworkNamespace;

/**
 * {@code ./sluice serve} with a heap of 64 MB, and two thousand clients that ask and never read: the others are served,
 * the process lives, and its memory goes back. {@code bench/never-reading} does it with ten thousand.
 */
class NeverReadingTest {
    private static final int CLIENTS = 2000;
    private static final int[] PORTS = {80, 19, 9};
    private static final String[] FIRST_WORDS = {"GET /large HTTP/1.1\r\nHost: a\r\n\r\n", "x", "x".repeat(1000)};

    @TempDir
    Path directory;

    private static long residentKb(Process process) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no VmRSS of process " + process.pid());
    }

    /** Connects them all and sends what each says first. */
    private static List<SocketChannel> crowd() throws IOException {
        List<SocketChannel> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel c = SocketChannel.open();
                all.add(c);
                c.configureBlocking(false);
                c.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
                c.register(selector, SelectionKey.OP_CONNECT, i % PORTS.length);
                c.connect(new InetSocketAddress(Family.V4.oursInet(), PORTS[i % PORTS.length]));
                speak(selector, 1);
            }
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!selector.keys().isEmpty() && System.nanoTime() < end) {
                speak(selector, 100);
            }
        }
        return all;
    }

    private static void speak(Selector selector, long ms) throws IOException {
        selector.select(key -> {
            SocketChannel c = (SocketChannel) key.channel();
            int which = (Integer) key.attachment();
            key.cancel();
            try {
                c.finishConnect();
                c.write(ByteBuffer.wrap(FIRST_WORDS[which].getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                // its place was given to another
            }
        }, ms);
    }

    private void fetchAll(NetworkNamespace namespace, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Path got = directory.resolve("got");
            Lab.Run run = Lab.run(namespace, Duration.ofSeconds(30), "curl", "-sS", "-o", got.toString(),
                    "http://10.99.0.2/honest");
            assertThat(run.status()).as(run.out()).isZero();
            assertThat(Files.mismatch(directory.resolve("honest"), got)).isEqualTo(-1);
        }
    }

    @Test
    void theOthersAreServedAndTheMemoryGoesBack() throws Exception {
        Machine.requireDevices();
        Machine.requireTool("curl", "curl");
        Path root = Path.of(System.getProperty("sluice.root", ".."));
        Machine.require(Files.isDirectory(root.resolve("cli/target/lib")),
                "./sluice is not built (these tests run after package)");
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? os.getMaxFileDescriptorCount() : 1024;
        Machine.require(files > CLIENTS + 1000, CLIENTS + " clients need more open files: ulimit -n is " + files);
        byte[] data = new byte[1_000_000];
        new java.util.Random(5).nextBytes(data);
        Files.write(directory.resolve("honest"), data);
        try (var large = new java.io.RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            large.setLength(100_000_000);
        }
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            ProcessBuilder builder = new ProcessBuilder(root.resolve("sluice").toString(), "serve", "--netns",
                    namespace.name(), "--http", directory.toString(), "--chargen", "--discard", "--json")
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("SLUICE_NO_BUILD", "1");
            builder.environment().put("SLUICE_JAVA_OPTS", "-Xmx64m");
            Process serve = builder.start();
            try {
                assertThat(serve.inputReader().readLine()).contains("\"ready\":true");
                besideTheCrowd(namespace, serve);
                serve.destroy();
                assertThat(serve.waitFor(20, TimeUnit.SECONDS)).as("ended by SIGTERM").isTrue();
            } finally {
                serve.destroyForcibly().waitFor();
            }
        }
    }

    private void besideTheCrowd(NetworkNamespace namespace, Process serve) throws Exception {
        fetchAll(namespace, 5);
        long before = residentKb(serve);
        List<SocketChannel> crowd = new ArrayList<>();
        Lab.inside(namespace, () -> crowd.addAll(crowd()));
        fetchAll(namespace, 10);
        long during = residentKb(serve);
        for (SocketChannel c : crowd) {
            c.close();
        }
        assertThat(serve.isAlive()).isTrue();
        // The program itself has grown too, by what it compiled: a third of what was taken has to come back.
        Lab.await("memory back", Duration.ofSeconds(60),
                () -> residentKb(serve) <= Math.max(during - (during - before) / 3, before + 16_384));
        System.out.printf("%d clients that never read: resident %d KB before, %d during, %d after%n", CLIENTS, before,
                during, residentKb(serve));
        fetchAll(namespace, 3);
    }
}
