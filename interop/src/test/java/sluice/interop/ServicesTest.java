package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.http.HttpServer;
import sluice.cli.iperf3.Iperf3Server;

/** Unmodified programs of the kernel's side against our services: curl, iperf3, a Java program. */
class ServicesTest {
    @TempDir
    Path directory;

    private Path randomFile(String name, int megabytes) throws Exception {
        Path file = directory.resolve(name);
        byte[] block = new byte[1 << 20];
        Random random = new Random(9);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    @Test
    void curl() throws Exception {
        Machine.requireTool("curl", "curl");
        Path served = Files.createDirectory(directory.resolve("served"));
        Path file = randomFile("served/file", 64);
        try (Lab lab = Lab.start(); HttpServer http = HttpServer.start(lab.stack, served, 80, true)) {
            for (String host : new String[]{Family.V4.ours, "[" + Family.V6.ours + "]"}) {
                Path got = directory.resolve("got");
                Lab.Run down = lab.run(Duration.ofSeconds(30), "curl", "-sS", "-g", "-w",
                        "%{http_code} %{size_download} %{speed_download}\n", "-o",
                        got.toString(),
                        "http://" + host + "/file");
                System.out.print("curl from " + host + ": " + down.out());
                assertThat(down.out()).startsWith("200 ");
                assertThat(Files.mismatch(file, got)).isEqualTo(-1);
                Lab.Run up = lab.run(Duration.ofSeconds(30), "curl", "-sS", "-g", "-w",
                        "%{http_code} %{speed_upload}\n", "-o", "/dev/null", "-T",
                        file.toString(),
                        "http://" + host + "/uploaded");
                System.out.print("curl to " + host + ": " + up.out());
                assertThat(up.out()).startsWith("20");
                assertThat(Files.mismatch(file, served.resolve("uploaded"))).isEqualTo(-1);
                Lab.Run range = lab.run(Duration.ofSeconds(10), "curl", "-sS", "-g", "-r", "1000000-1999999", "-w",
                        "%{http_code}", "-o", got.toString(),
                        "http://" + host + "/file");
                assertThat(range.out()).isEqualTo("206");
                assertThat(Files.size(got)).isEqualTo(1_000_000);
                assertThat(lab.run(Duration.ofSeconds(10), "curl", "-sS", "-g", "-w", "%{http_code}", "-o", "/dev/null",
                        "http://" + host + "/nothing").out())
                        .isEqualTo("404");
            }
        }
    }

    /** An ordinary Java program in a process of its own on the kernel's side. */
    @Test
    void javaHttpClient() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        randomFile("served/file", 16);
        try (Lab lab = Lab.start(); HttpServer http = HttpServer.start(lab.stack, served, 80, true)) {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classes = Path.of(HttpProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
            Lab.Run run = lab.run(Duration.ofSeconds(40), java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", classes,
                    "sluice.interop.HttpProgram",
                    Family.V4.ours, "[" + Family.V6.ours + "]");
            System.out.print(run.out());
            assertThat(run.status()).as(run.out()).isZero();
            assertThat(Files.mismatch(served.resolve("file"), served.resolve("copy"))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-R", "-P 8", "-P 8 -R", "--bidir", "-6", "-6 -R", "-n 50M", "-b 200M", "-l 1000 -N"})
    void iperf3(String options) throws Exception {
        Machine.requireTool("iperf3", "iperf3");
        try (Lab lab = Lab.start(); Iperf3Server server = Iperf3Server.start(lab.stack, 5201, line -> {
        })) {
            List<String> command = new ArrayList<>(
                    List.of("iperf3", "-J", "-t", "1", "-c", options.contains("-6") ? Family.V6.ours : Family.V4.ours));
            if (options.contains("-n")) {
                command.subList(2, 4).clear();
            }
            if (!options.isEmpty()) {
                command.addAll(List.of(options.split(" ")));
            }
            Lab.Run run = lab.run(Duration.ofSeconds(15), command.toArray(new String[0]));
            assertThat(run.status()).as(run.out()).isZero();
            assertThat(run.out()).doesNotContain("\"error\"");
            List<Double> sent = numbers(run.out(), "sum_sent");
            List<Double> received = numbers(run.out(), "sum_received");
            System.out.println("iperf3 " + options + ": sent " + sent + ", received " + received + " bytes");
            assertThat(sent).isNotEmpty().allMatch(n -> n > 1_000_000);
            assertThat(received).hasSameSizeAs(sent).allMatch(n -> n > 1_000_000);
            for (int i = 0; i < sent.size(); i++) {
                assertThat(received.get(i)).isLessThanOrEqualTo(sent.get(i));
            }
            if (options.equals("--bidir")) {
                assertThat(run.out()).contains("sum_sent_bidir_reverse");
            }
            lab.assertNothingLeft();
        }
    }

    /** "bytes" of each object called so (and its _bidir_reverse). */
    private static List<Double> numbers(String json, String object) {
        List<Double> all = new ArrayList<>();
        var m = java.util.regex.Pattern
                .compile("\"" + object + "(?:_bidir_reverse)?\":\\s*\\{[^}]*?\"bytes\":\\s*([0-9.e+]+)").matcher(json);
        while (m.find()) {
            all.add(Double.valueOf(m.group(1)));
        }
        return all;
    }
}
