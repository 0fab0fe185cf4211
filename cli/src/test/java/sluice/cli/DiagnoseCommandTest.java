package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice diagnose --from}. */
class DiagnoseCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void ssAndNstatOfALinuxMachineInFilesOfTheirOwn() throws IOException {
        String ss = file("ss", """
                State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                LISTEN 5      4            127.0.0.1:80        0.0.0.0:*
                """);
        String nstat = file("nstat", "#kernel\nTcpExtListenOverflows           77                 0.0\n");
        assertThat(run("diagnose", "--from", ss, "--from", nstat)).isZero();
        assertThat(out.toString()).startsWith("1. [harm] a listener's accept queue is full\n"
                + "     listener 127.0.0.1:80: 5 wait to be accepted, the backlog is 4\n"
                + "     TcpExtListenOverflows 77\n   meaning  ").contains("net.core.somaxconn");
        out.getBuffer().setLength(0);
        assertThat(run("diagnose", "--json", "--from", ss, "--from", nstat)).isZero();
        assertThat(out.toString()).startsWith(
                "{\"schema\":1,\"sockets\":1,\"healthy\":false,\"findings\":[{\"cause\":\"accept-queue\"");
    }

    @Test
    void aFileWithoutEndIsNotReadToItsEnd() {
        assertThat(run("diagnose", "--from", "/dev/zero")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("--from /dev/zero has more than 128 MiB").doesNotContain("\tat ");
    }

    @Test
    void badInputIsSaidInOneLine() throws IOException {
        String other = file("other", "no such thing\n");
        assertThat(run("diagnose", "--from", other)).isEqualTo(Main.FAILED);
        assertThat(err.toString().strip()).endsWith(
                "--from " + other
                        + " has no output of ss or nstat; make it with: (ss -tuanipeom; nstat -az; sysctl -a) > FILE");
        assertThat(run("diagnose", "--from", "/no/such")).isEqualTo(Main.USAGE);
        assertThat(run("diagnose", "--watch", "0")).isEqualTo(Main.USAGE);
        assertThat(run("diagnose", "--count", "3")).isEqualTo(Main.USAGE);
        assertThat(run("diagnose", "--watch", "1", "--from", other)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).doesNotContain("\tat ");
    }
}
