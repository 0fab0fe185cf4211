package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong command lines end with status 2 and say what was wrong; every command explains itself. */
class UsageTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"serve --mtu 100|outside 576", "serve --address 10.0.0.1|no prefix length",
        "serve --address 300.1.1.1/8|300",
        "serve --http /no/such/dir|/no/such/dir", "serve --echo 99999|outside 1",
        "serve --echo 5 --discard 5|two services need two",
        "serve --set tcp_sack=5|tcp_sack", "serve --set nosuch=1|nosuch",
        "serve --capture /no/such/dir/x.pcapng|/no/such/dir",
        "serve --address 10.99.0.1/24|addresses of their own", "serve --mtu 600 --address fd00::1/64|1280",
        "serve --queues 4|one shard",
        "exec|COMMAND", "exec -- ls -l|ls is not java", "exec --mtu 100 -- java -version|outside 576",
        "exec -- /no/such/java -version|no such program",
        "iperf3|either -c", "iperf3 -c h -P 0|1…128", "iperf3 -c h -n 1X|1X", "fetch ftp://x/|http://",
        "fetch http://h:0/|http://", "nc h 0|1…65535",
        "nc h|which port",
        "ping -s -1 h|-s -1 is outside 0", "sysctl|which setting", "demo --impairment nonsense|nonsense",
        "demo --size x|x",
        "ss -x|-x", "sim --rate 5parsec|5parsec",
        "sim --queue red|pfifo, bfifo, mark, codel", "sim --algorithm vegas|there is bbr", "sim --cut 2s|FROM-TO",
        "sim --cut 2s-1s|ends before", "sim --mtu-step 2s:x|TIME:BYTES", "sim --flows 0|outside 1",
        "sim --set nosuch=1|nosuch", "sim --netem slot|slot",
        "lab nosuch|there is no experiment", "lab handshak|did you mean handshake?",
        "lab handshake --set nosuch=1|nosuch", "lab handshake --netem slot|slot",
        "lab handshake --lang fr|--lang",
        "sim --no-checks --trace|--trace", "sim --swarm 0|1 and more", "plot /no/such/file|names no file"})
    void aWrongCommandLineSaysWhy(String line, String why) {
        assertThat(run(line)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains(why).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"serve", "exec", "demo", "fetch", "nc", "ping", "iperf3", "ss", "netstat", "nstat", "diagnose",
                "sysctl",
                "netem", "sim", "lab", "plot", "explain", "mcp", "drill", "completion", "man"})
    void everyCommandExplainsItselfWithAnExample(String command) {
        assertThat(run(command + " --help")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("Usage: sluice " + command).contains("xample");
    }

    @Test
    void shellsCompleteEveryCommandAndOption() {
        assertThat(run("completion")).isEqualTo(Main.OK);
        assertThat(out.toString()).startsWith("#!/usr/bin/env bash").contains("serve", "--http-upload", "iperf3");
    }

    @Test
    void everyCommandHasAManualPage() {
        assertThat(run("man")).isEqualTo(Main.OK);
        assertThat(out.toString()).startsWith(".TH \"SLUICE\" 1\n.SH NAME\n").contains(".SH COMMANDS\n.TP\nserve\n")
                .doesNotContain("internal");
        out.getBuffer().setLength(0);
        assertThat(run("man serve")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains(".TH \"SLUICE\\-SERVE\" 1".replace("\\-", "-"), ".SH OPTIONS",
                "\\-\\-http DIR[:PORT]", ".SH NOTES").doesNotContain("${");
    }

    @Test
    void aMissingNamespaceIsNamed() {
        assertThat(run("ping --netns no-such-namespace 10.0.0.1")).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("no-such-namespace");
    }

    @Test
    void amountsHaveSuffixes() {
        assertThat(Amount.parse("64K").value()).isEqualTo(65_536);
        assertThat(Amount.parse("1.5g").value()).isEqualTo(3L << 29);
        assertThat(Amount.parse("7").value()).isEqualTo(7);
    }
}
