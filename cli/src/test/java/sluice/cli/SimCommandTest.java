package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.core.Setting;
import sluice.observe.print.SysctlPrinter;
import sluice.sim.TransferRun;
import sluice.sim.TransferSpec;

/** {@code sluice sim}: a seed names a run. */
class SimCommandTest {
    private static String run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[args.length + 1];
        all[0] = "sim";
        System.arraycopy(args, 0, all, 1, args.length);
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all)).as(err.toString())
                .isEqualTo(Main.OK);
        return out.toString();
    }

    @Test
    void endsWithAHashThatIsTheSameForTheSameSeedOnly() {
        String[] bad = {"--seed", "7", "--netem", "delay 20ms 5ms loss 3% reorder 25%", "-n", "200K"};
        String first = run(bad);
        assertThat(first.lines().toList().getLast()).matches("event hash [0-9a-f]{16}");
        assertThat(run(bad)).isEqualTo(first);
        bad[1] = "8";
        assertThat(run(bad).lines().toList().getLast()).isNotEqualTo(first.lines().toList().getLast());
    }

    @Test
    void settingsWithoutEffectAreSaid() {
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), "sim", "-n", "10K",
                "--set", "tcp_app_win=3", "--set", "tcp_sack=0")).isEqualTo(Main.OK);
        assertThat(err.toString().lines())
                .containsExactly("sluice: --set: " + SysctlPrinter.warning(Setting.TCP_APP_WIN));
    }

    @Test
    void plotsAndChecksChangeNothing(@TempDir Path dir) throws Exception {
        String[] plain = {"--rate", "20mbit", "--netem", "delay 10ms loss 1%", "-n", "1M", "--queue", "codel ecn",
            "--set", "tcp_ecn=1", "--algorithm",
            "cubic,reno"};
        String hash = run(plain).lines().toList().getLast();
        Path svg = dir.resolve("a.svg");
        Path pcapng = dir.resolve("a.pcapng");
        String[] all = java.util.Arrays.copyOf(plain, plain.length + 5);
        System.arraycopy(new String[]{"--plot", svg.toString(), "--capture", pcapng.toString(), "--diagram"}, 0, all,
                plain.length, 5);
        String shown = run(all);
        assertThat(shown.lines().toList().getLast()).isEqualTo(hash);
        assertThat(shown).contains("seq 0 win 64240").contains("Jain index").contains("cubic").contains("reno");
        assertThat(Files.readString(svg)).contains("cwnd, segments").contains("1 cubic").contains("2 reno")
                .contains("queue at the bottleneck");
        assertThat(Files.size(pcapng)).isGreaterThan(2_000_000);
        String[] fast = java.util.Arrays.copyOf(plain, plain.length + 1);
        fast[plain.length] = "--no-checks";
        assertThat(run(fast).lines().toList().getLast()).isEqualTo(hash);
    }

    @Test
    void everyTopologyCarriesEverything() {
        for (String topology : new String[]{"direct", "routed", "dumbbell"}) {
            String json = run("--topology", topology, "--flows", "3", "-n", "300K", "--rate", "10mbit", "--netem",
                    "delay 5ms", "--cut", "100ms-400ms",
                    "--mtu-step",
                    "200ms:1280", "--clock-skew", "200", "--stagger", "50ms", "--json");
            assertThat(json).contains("\"complete\":true").contains("\"bytes\":307200").contains("\"eventHash\":\"");
        }
    }

    /** An amount of data: from SYN to the end of both ends, TIME-WAIT too, and the hash is that of a run without it. */
    @Test
    void theLadderGoesUntilAllIsClosed() {
        String[] line = {"--netem", "delay 20ms", "-n", "20K", "--diagram"};
        String shown = run(line);
        assertThat(shown).contains("TIME-WAIT   │").contains("│  CLOSED").doesNotContain("✗")
                .doesNotContain("in flight");
        assertThat(run(java.util.Arrays.copyOf(line, 4)).lines().toList().getLast())
                .isEqualTo(shown.lines().toList().getLast());
    }

    /** A time: what is on its way then is neither lost nor there. */
    @Test
    void theLadderOfARunThatIsStoppedShowsWhatIsOnItsWay() {
        assertThat(run("--netem", "delay 20ms", "--rate", "10mbit", "-t", "0.09", "--diagram", "--topology", "routed"))
                .contains("(in flight)").doesNotContain("✗");
    }

    /** On a terminal a long run says how far it is, and takes the line away again; elsewhere it is silent. */
    @Test
    void progressIsForTerminals() {
        StringWriter shown = new StringWriter();
        Progress progress = new Progress(new PrintWriter(shown, true), true, 0);
        assertThat(progress.isDue()).isTrue();
        progress.say("5.0 s of 30.0 s of virtual time");
        progress.end();
        assertThat(shown.toString()).startsWith("\r5.0 s of 30.0 s of virtual time  ").endsWith(" \r");
        StringWriter silent = new StringWriter();
        Progress none = new Progress(new PrintWriter(silent, true), false, 0);
        none.say("x");
        none.end();
        assertThat(silent.toString()).isEmpty();
        TransferSpec spec = new TransferSpec();
        spec.bytes = 20_000_000;
        spec.rateBitsPerSecond = 10_000_000;
        TransferRun run = new TransferRun(spec);
        List<String> said = new ArrayList<>();
        assertThat(run.watchedBy(() -> said.add(SimReport.progress(run))).run()).isTrue();
        assertThat(said.getFirst()).matches("[0-9.]+ [KM]iB of 19.1 MiB, [0-9.]+ s of virtual time");
        assertThat(said).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }

    @Test
    void aCutIsMarked(@TempDir Path dir) throws Exception {
        Path svg = dir.resolve("a.svg");
        String[] line = {"--rate", "10mbit", "--netem", "delay 20ms", "--cut", "50ms-80ms", "-n", "50K", "--mtu-step",
            "90ms:1280", "--plot", svg.toString(), "--diagram"};
        assertThat(run(line)).contains("│ – – the path is cut").contains("│ – – the path is whole again");
        assertThat(Files.readString(svg)).contains(">the path is cut<").contains("path MTU: from here on 1280 bytes");
        line[10] = "--plot";
        String[] two = java.util.Arrays.copyOf(line, 14);
        two[12] = "--flows";
        two[13] = "2";
        run(two);
        assertThat(Files.readString(svg)).contains(">the path is cut<");
    }

    @Test
    void theSwarmAndOneOfIt() {
        assertThat(run("--swarm", "6", "--jobs", "2")).contains("6 worlds, 0 failed");
        assertThat(run("--swarm", "6", "--jobs", "1").lines().toList().getLast())
                .isEqualTo(run("--swarm", "6", "--jobs", "3").lines().toList().getLast());
        assertThat(run("--swarm-seed", "3")).startsWith("seed 3: ").isEqualTo(run("--swarm-seed", "3"));
    }

    @Test
    void whatDoesNotArriveIsAFailure() {
        StringWriter out = new StringWriter();
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(new StringWriter(), true), "sim", "-n", "10M",
                "--rate", "1mbit", "--cut", "1s-3600s",
                "--set",
                "tcp_retries2=3");
        assertThat(status).isEqualTo(Main.FAILED);
        assertThat(out.toString()).contains("not everything arrived").contains("event hash");
    }
}
