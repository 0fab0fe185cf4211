package sluice.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.drill.DrillResult.Verdict;

/** Whatever a script says, its run ends in a result. */
class DrillRunnerTest {
    private static final Path SCRIPTS = Path.of(System.getProperty("sluice.root", ".."), "drill/src/test/scripts");
    private static final String SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
    private static final int DEEP = 100_000;
    private final DrillRunner runner = new DrillRunner(new DrillOptions(DrillMode.IPV4), null);

    private DrillResult run(String text) {
        return runner.run("a.pkt", text);
    }

    private static List<String> deep() {
        return List.of("+0 %{ assert " + "(".repeat(DEEP) + "1" + ")".repeat(DEEP) + " }%",
                "+0 %{ assert " + "not ".repeat(DEEP) + "1 }%", "+0 %{ assert " + "-".repeat(DEEP) + "1 }%",
                "+0 %{ assert " + "~".repeat(DEEP) + "1 }%", "+0 %{ assert 1" + "**1".repeat(DEEP) + " }%",
                "+0 %{ assert " + "1 if 1 else ".repeat(DEEP) + "1 }%",
                "+0 %{ assert " + "abs(".repeat(DEEP) + "1" + ")".repeat(DEEP) + " }%",
                "+0 close(" + "[".repeat(DEEP) + "3" + "]".repeat(DEEP) + ") = 0",
                "+0 close(" + "{fd=".repeat(DEEP) + "3" + "}".repeat(DEEP) + ") = 0",
                "+0 close(" + "htons(".repeat(DEEP) + "3" + ")".repeat(DEEP) + ") = 0",
                "+0 close(3" + "|0".repeat(DEEP) + ") = 0");
    }

    @ParameterizedTest
    @MethodSource("deep")
    void whatIsNestedTooDeeplyFailsAtItsLine(String line) {
        DrillResult r = run(SOCKET + line + "\n");
        assertThat(r.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(r.line()).isEqualTo(2);
        assertThat(r.message()).contains("more than").doesNotContain("defect");
    }

    private static List<String> longTexts() {
        return List.of("// a comment\n".repeat(DEEP), "/* another */ ".repeat(DEEP), " \n".repeat(DEEP),
                "+0 `echo \"" + "a\\\\".repeat(DEEP) + "\"`\n", "+0 `echo " + "a".repeat(DEEP) + "`\n",
                "+0 %{ assert '" + "a\\\\".repeat(DEEP) + "' }%\n", "+0 %{ assert 1" + " + 1".repeat(DEEP) + " }%\n",
                "+0 %{ " + "assert 1\n".repeat(DEEP) + " }%\n",
                "+0 setsockopt(3, SOL_TCP, TCP_MD5SIG, {key=\"" + "a\\\\".repeat(DEEP) + "\"}, 4) = -1 EINVAL\n");
    }

    @ParameterizedTest
    @MethodSource("longTexts")
    void whatIsOnlyLongPasses(String lines) {
        DrillResult r = run(SOCKET + lines);
        assertThat(r.verdict()).as("%s", r.message()).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "// nothing\n", "/* nothing */", "--mtu=1500\n", "`true`\n"})
    void aScriptWithoutEventsFails(String text) {
        DrillResult r = run(text);
        assertThat(r.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(r.message()).contains("no event");
    }

    @Test
    void aCommentInLatin1IsRead(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("old.pkt");
        Files.write(file, ("// Prüfung, née 1998\n" + SOCKET).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(runner.run(file).verdict()).isEqualTo(Verdict.PASS);
        Files.write(folder.resolve("old.sh"), "# Prüfung\ntrue\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(file, ("`./old.sh`\n" + SOCKET).getBytes(StandardCharsets.UTF_8));
        assertThat(runner.run(file).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aFileThatCannotBeReadFails(@TempDir Path folder) {
        assertThat(runner.run(folder.resolve("none.pkt")).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(runner.run(folder).message()).contains("cannot be read");
        assertThat(runner.run(Path.of("/dev/zero")).message()).contains("cannot be read").contains("longer than");
    }

    /** Each of five levels has the next one run fifty times: 300 million commands, if nothing ends it. */
    @Test
    void filesThatRunEachOtherWithoutEndFail(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.sh"), "./a.sh\n".repeat(50));
        Files.writeString(folder.resolve("deep.pkt"), SOCKET + "+0 `./a.sh`\n");
        assertThat(runner.run(folder.resolve("deep.pkt")).message()).contains("more than 4 deep");
        Files.writeString(folder.resolve("a.sh"), "./b.sh\n".repeat(50));
        Files.writeString(folder.resolve("b.sh"), "./c.sh\n".repeat(50));
        Files.writeString(folder.resolve("c.sh"), "true\n");
        DrillResult r = runner.run(folder.resolve("deep.pkt"));
        assertThat(r.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(r.line()).isEqualTo(2);
        assertThat(r.message()).contains("more than 1000 files");
    }

    @Test
    void aProductThatIsTooLargeFails() {
        DrillResult r = run(SOCKET + "+0 `sysctl -q net.ipv4.tcp_fin_timeout=$((999999999*999999999*999999999))`\n");
        assertThat(r.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(r.message()).doesNotContain("defect").contains("64 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+0 EWOULDBLOCK", "+0 EAGAIN"})
    void bothNamesOfAnErrorWillDo(String name) {
        DrillResult r = run(SOCKET + "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 bind(3, ..., ...) = 0\n"
                + "+0 listen(3, 1) = 0\n+0 accept(3, ..., ...) = -1 " + name.substring(3) + "\n");
        assertThat(r.verdict()).as("%s", r.text(true)).isEqualTo(Verdict.PASS);
    }

    /** Only what Linux has, and is not done here, skips a script. */
    @ParameterizedTest
    @ValueSource(strings = {"+0 pipe([3]) = 0", "+0 setsockopt(3, SOL_SOCKET, SO_BUSY_POLL, [1], 4) = 0",
        "+0 socket(..., SOCK_RAW, 255) = 4", "+0 socket(..., SOCK_STREAM, IPPROTO_MPTCP) = 4",
        "+0 `iptables -F`", "+0 `nstat | grep MPTcpExtAddAddr`", "+0 fcntl(3, F_DUPFD, 7) = 7",
        "+0 %{ assert tcpi_rehash == 0 }%", "+0 %{ assert [1, 2][0] == 1 }%", "+0 %{ assert len('ab') == 2 }%",
        "+0 %{ for i in 1, 2: pass }%", "+0 %{ assert 1 not in (2, 3) }%", "+0 ioctl(3, SIOCATMARK, [0]) = 0",
        "+0 `sysctl -q net.ipv4.tcp_congestion_control=vegas`"})
    void whatIsNotDoneSkips(String line) {
        DrillResult r = run(SOCKET + line + "\n");
        assertThat(r.verdict()).as("%s", r.text(true)).isEqualTo(Verdict.SKIP);
        assertThat(r.message()).isNotEmpty();
    }

    /** As tcp_set_window_clamp of Linux: half of SOCK_MIN_RCVBUF at least, and 0 for none before there is a peer. */
    @Test
    void aWindowClampHasALeast() {
        String option = "setsockopt(3, SOL_TCP, TCP_WINDOW_CLAMP, [%d], 4) = 0\n+0 get";
        DrillResult r = run(
                SOCKET + "+0 " + option.formatted(500) + "sockopt(3, SOL_TCP, TCP_WINDOW_CLAMP, [1152], [4])"
                        + " = 0\n+0 " + option.formatted(0) + "sockopt(3, SOL_TCP, TCP_WINDOW_CLAMP, [0], [4]) = 0\n");
        assertThat(r.verdict()).as("%s", r.text(true)).isEqualTo(Verdict.PASS);
    }

    /** A closed socket is not asked about with what an older block has seen. */
    @Test
    void tcpInfoDoesNotGrowOld() {
        DrillResult r = run(SOCKET + "+0 %{ assert tcpi_state == TCP_CLOSE }%\n+0 close(3) = 0\n"
                + "+0 %{ assert tcpi_state == TCP_CLOSE }%\n");
        assertThat(r.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(r.line()).isEqualTo(4);
        assertThat(r.message()).contains("no socket");
    }

    /** Scripts with words left out, doubled, exchanged and made huge: a verdict each, and never a defect. */
    @Test
    void spoiledScriptsNeverThrow() throws IOException {
        Random random = new Random(7);
        List<String> words = List.of("(", ")", "[", "]", "<", ">", "{", "}", "=", "...", "-1", "99999999999999999999",
                "0xffffffffffffffff", "4294967295", "2147483648", "SO_FOO", "%{ assert }%", "`", "\"", "|", ":", "*",
                "+0",
                "NULL", "mss", "icmp", "udp", "sack", "--x=y", "é", "%", "5000000000", "-9223372036854775808");
        int tried = 0;
        for (Path script : DrillRunner.scripts(SCRIPTS)) {
            String[] parts = Files.readString(script).split("(?<=[ ,()\\[\\]{}=:\\n])", -1);
            for (int round = 0; round < 3; round++) {
                DrillResult r = run(spoil(parts, random, words));
                assertThat(r.message()).as("%s\n%s", script, r.text(false)).doesNotContain("defect");
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(1000);
    }

    private static String spoil(String[] parts, Random random, List<String> words) {
        String[] p = parts.clone();
        int at = random.nextInt(p.length);
        switch (random.nextInt(4)) {
            case 0 -> p[at] = "";
            case 1 -> p[at] += p[at];
            case 2 -> p[at] = words.get(random.nextInt(words.size())) + " ";
            default -> p[at] = p[random.nextInt(p.length)];
        }
        return String.join("", Stream.of(p).toList());
    }
}
