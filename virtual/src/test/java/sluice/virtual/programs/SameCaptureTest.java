package sluice.virtual.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.clock.Threads;
import sluice.virtual.Network;

/**
 * One member at a time: Netty and the JDK's client, over a path that loses, give the same capture byte for byte in each
 * JVM that is begun anew. {@code build/same-capture} asks a hundred.
 */
class SameCaptureTest {
    private static final int JVMS = Integer.getInteger("sluice.jvms", 3);
    private static final Path DIRECTORY = Path.of("target/same-capture");
    private static final int ROUNDS = 10;
    private static final int AT_ONCE = 10;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES) // for a hundred
    void everyVirtualMachineCapturesTheSame() throws Exception {
        Files.createDirectories(DIRECTORY);
        Path first = capture(0);
        List<String> packets = Files.readAllLines(text(first));
        assertThat(packets).as("packets").hasSizeGreaterThan(300);
        for (int i = 1; i < JVMS; i++) {
            Path other = capture(i);
            assertThat(firstDifference(packets, Files.readAllLines(text(other)))).as("JVM " + i).isNull();
            assertThat(Files.mismatch(first, other)).as("first byte that differs in " + other).isEqualTo(-1);
            Files.delete(text(other));
            Files.delete(other);
        }
        System.out.println(JVMS + " JVMs, one capture of " + Files.size(first) + " bytes");
    }

    private static String firstDifference(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            if (i == other.size() || !one.get(i).equals(other.get(i))) {
                return "line " + (i + 1) + ": " + one.get(i) + "\n" + (i == other.size() ? "the end" : other.get(i));
            }
        }
        return other.size() == one.size() ? null : "line " + (one.size() + 1) + ": " + other.get(one.size());
    }

    private static Path text(Path capture) {
        return Path.of(capture + ".txt");
    }

    private static Path capture(int number) throws Exception {
        Path file = DIRECTORY.resolve(number + ".pcapng");
        Path said = DIRECTORY.resolve(number + ".log");
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                agentOption(), "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Again.class.getName(), file.toString()).redirectErrorStream(true).redirectOutput(said.toFile())
                .start();
        assertThat(p.waitFor()).as(() -> "JVM " + number + " said " + lines(said)).isZero();
        Files.delete(said);
        return file;
    }

    private static String lines(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static String agentOption() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("-javaagent:") && a.contains("clock-agent")).findFirst().orElseThrow();
    }

    /** What each JVM runs. */
    static final class Again {
        private Again() {}

        public static void main(String[] args) throws Exception {
            Path file = Path.of(args[0]);
            try (Network net = Network.builder().seed(7).threads(Threads.SEEDED).stallLimitMs(60_000)
                    .link("client", "server", "delay 25ms loss 2%").build()) {
                net.run(() -> {
                    net.host("server").start(NettyEcho::serve);
                    net.host("client").run(Again::ask);
                    net.capture(file); // time stands still
                    Files.writeString(text(file), net.text());
                });
            }
            System.exit(0);
        }

        /** A hundred requests, ten at a time, so that threads and connections compete. */
        private static void ask() {
            HttpClient http = HttpClient.newHttpClient();
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
                List<String> bodies = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    String body = ("round " + round + " request " + i + " ").repeat(1 + 20 * i);
                    bodies.add(body);
                    HttpRequest request = HttpRequest
                            .newBuilder(URI.create("http://server:" + NettyEcho.PORT + "/"))
                            .POST(BodyPublishers.ofString(body)).build();
                    all.add(http.sendAsync(request, BodyHandlers.ofString()));
                }
                assertThat(all.stream().map(r -> r.join().body())).isEqualTo(bodies);
            }
        }
    }
}
