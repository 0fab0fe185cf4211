package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice drill}: exit status, what stands for a folder, and what is printed. */
class DrillCommandTest {
    private static final String PASSES = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
    private static final String FAILS = PASSES + "+0 listen(3, 1) = -1 EINVAL\n";
    private static final String SKIPS = PASSES + "+0 pipe([4]) = 0\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... args) {
        List<String> all = new ArrayList<>(List.of("drill"));
        for (Object a : args) {
            all.add(a.toString());
        }
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void allPassedIsZero() throws IOException {
        assertThat(run(script("a.pkt", PASSES))).isZero();
        assertThat(out.toString()).contains("PASS", "1 passed, 0 failed, 0 skipped");
    }

    @Test
    void oneFailureIsOneAndNamesTheLine() throws IOException {
        Path a = script("a.pkt", FAILS);
        script("b.pkt", PASSES);
        assertThat(run("-q", folder)).isOne();
        assertThat(out.toString()).contains(a + ":2: listen has another result", "1 passed, 1 failed, 0 skipped");
    }

    @Test
    void skippedIsZeroAndSaysWhy() throws IOException {
        assertThat(run(script("a.pkt", SKIPS))).isZero();
        assertThat(out.toString()).contains("SKIP", "the system call pipe is not done", "1 skipped");
    }

    @Test
    void anEmptyFileFails() throws IOException {
        assertThat(run(script("a.pkt", ""))).isOne();
        assertThat(out.toString()).contains("no event");
    }

    /** One script's nesting does not cost the others their results. */
    @Test
    void deepBracketsLeaveTheOtherResults() throws IOException {
        script("a.pkt", PASSES + "+0 %{ assert " + "(".repeat(100_000) + " }%\n");
        script("b.pkt", PASSES);
        assertThat(run("-q", folder)).isOne();
        assertThat(out.toString()).contains("1 passed, 1 failed, 0 skipped");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aFolderWithoutScriptsIsTwo() throws IOException {
        script("sub/readme.txt", PASSES);
        assertThat(run(folder)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("there is no script (*.pkt) for ipv4 in " + folder);
    }

    /** Also beside one that has some, and when the mode leaves none. */
    @Test
    void noArgumentMayStandForNothing() throws IOException {
        Path v6 = script("six/only-v6.pkt", PASSES).getParent();
        script("some/a.pkt", PASSES);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(run(folder.resolve("some"), empty)).isEqualTo(Main.USAGE);
        assertThat(run(v6)).isEqualTo(Main.USAGE);
        assertThat(run("--mode", "ipv6", v6)).isZero();
        assertThat(run("--mode", "all", v6)).isZero();
    }

    @Test
    void foldersAreWalkedInOrderAndByFamily() throws IOException {
        script("b/z.pkt", PASSES);
        script("a/x.pkt", PASSES);
        script("a/y-v6.pkt", FAILS);
        assertThat(run("-q", folder)).isZero();
        assertThat(out.toString().indexOf("x.pkt")).isBetween(0, out.toString().indexOf("z.pkt"));
        assertThat(out.toString()).contains("2 passed");
        assertThat(run("-q", "--mode", "all", folder)).isOne();
        assertThat(out.toString()).contains("6 passed, 1 failed");
    }

    @Test
    void aNamedScriptRunsInEveryMode() throws IOException {
        assertThat(run("-q", script("a-v6.pkt", PASSES))).isZero();
        assertThat(out.toString()).contains("1 passed");
    }

    @Test
    void wrongUseIsTwoAndNamesTheMistake() throws IOException {
        Path a = script("a.pkt", PASSES);
        assertThat(run()).isEqualTo(Main.USAGE);
        assertThat(run(folder.resolve("none.pkt"))).isEqualTo(Main.USAGE);
        assertThat(run("--mtu", "many", a)).isEqualTo(Main.USAGE);
        assertThat(run("--tolerance_usecs", "-1", a)).isEqualTo(Main.USAGE);
        assertThat(run("--ip_version", "ipv5", a)).isEqualTo(Main.USAGE);
        assertThat(run("--local_ip", "10.0.0.256", a)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("there is no " + folder.resolve("none.pkt"), "--mtu is a number",
                "--tolerance_usecs is a number", "--ip_version is ipv4", "10.0.0.256").doesNotContain("Exception");
        assertThat(out.toString()).doesNotContain("passed");
    }

    @Test
    void jsonHasAnObjectForEachResult() throws IOException {
        Path a = script("a.pkt", FAILS);
        assertThat(run("--json", a)).isOne();
        assertThat(out.toString()).contains("\"verdict\":\"fail\"", "\"line\":2", "\"expected\":\"-1 EINVAL\"",
                "\"actual\":\"0\"").doesNotContain("1 failed");
    }

    @Test
    void definitionsAndOptionsReachTheScripts() throws IOException {
        Path a = script("a.pkt", PASSES + "+0 listen(3, 1) = ANSWER\n");
        assertThat(run("-D", "ANSWER=0", a)).isZero();
        assertThat(run("-D", "ANSWER=-1", a)).isOne();
    }

    @Test
    void severalAtATimeGiveTheSame() throws IOException {
        for (int i = 0; i < 8; i++) {
            script("s" + i + ".pkt", i == 5 ? FAILS : PASSES);
        }
        assertThat(run("-q", "-j", "4", folder)).isOne();
        assertThat(out.toString()).contains("7 passed, 1 failed");
    }

    @Test
    void theCaptureHoldsEveryScript() throws IOException {
        Path capture = folder.resolve("out.pcapng");
        String text = PASSES + "+0 connect(3, ..., ...) = -1 EINPROGRESS\n";
        script("a.pkt", PASSES + "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n" + text.substring(PASSES.length()));
        assertThat(run("-q", "--capture", capture, folder)).isZero();
        assertThat(Files.size(capture)).isGreaterThan(100);
    }
}
