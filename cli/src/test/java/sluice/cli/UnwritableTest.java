package sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be written: one line that names the option, the file and the reason; the work goes on; exit 1. */
class UnwritableTest {
    private static final String FULL = " /dev/full cannot be written: No space left on device";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void aSimulationShowsItsResultsAllTheSame() {
        assertThat(run("sim", "-n", "10K", "--capture", "/dev/full", "--plot", "/dev/full")).isEqualTo(Main.FAILED);
        assertThat(err.toString().lines()).containsExactly("sluice sim: --capture" + FULL, "sluice sim: --plot" + FULL);
        assertThat(out.toString()).contains("event hash ");
    }

    @Test
    void aSwarmWorldToo() {
        assertThat(run("sim", "--swarm-seed", "7", "--capture", "/dev/full")).isEqualTo(Main.FAILED);
        assertThat(err.toString().lines()).containsExactly("sluice sim: --capture" + FULL);
        assertThat(out.toString()).contains("event hash ");
    }

    @Test
    void aPicture() {
        String capture = folder.resolve("c.pcapng").toString();
        assertThat(run("sim", "-n", "10K", "--capture", capture)).isEqualTo(Main.OK);
        assertThat(run("plot", capture, "-o", "/dev/full")).isEqualTo(Main.FAILED);
        assertThat(err.toString().lines()).containsExactly("sluice plot: -o" + FULL);
    }

    @Test
    void drillRunsItsScripts() throws Exception {
        Path script = Files.writeString(folder.resolve("a.pkt"), """
                0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
                +0 bind(3, ..., ...) = 0
                +0 listen(3, 1) = 0
                +0 < S 0:0(0) win 1000 <mss 1000>
                +0 > S. 0:0(0) ack 1 <...>
                """);
        assertThat(run("drill", "--capture", "/dev/full", script.toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString().lines()).containsExactly("sluice drill: --capture" + FULL);
        assertThat(out.toString()).contains("1 passed, 0 failed, 0 skipped");
    }

    @Test
    void standardOutput() throws Exception {
        List<String> java = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "sim", "-n", "10K"));
        Process p = new ProcessBuilder(java).redirectOutput(Path.of("/dev/full").toFile()).start();
        assertThat(new String(p.getErrorStream().readAllBytes(), UTF_8).lines())
                .containsExactly("sluice: standard output cannot be written: No space left on device");
        assertThat(p.waitFor()).isEqualTo(Main.FAILED);
    }
}
