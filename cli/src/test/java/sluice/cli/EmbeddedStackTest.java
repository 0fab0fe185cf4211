package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.base.Entropy;
import sluice.control.ControlSocket;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.data.SocketOptions;
import sluice.engine.Stack;
import sluice.link.PipeLink;
import sluice.wire.IpAddress;

/** The commands see a program that is not the sluice command and has a control socket. */
class EmbeddedStackTest {
    @TempDir
    Path directory;

    private Stack stack;
    private Path socket;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() {
        socket = directory.resolve("s");
        PipeLink link = PipeLink.pair(LinkProperties.plain(1500), 64).a();
        stack = Stack.builder(HostConfig.builder(Entropy.seeded(1)).build()).link("pipe", link)
                .with(new ControlSocket("embedding").at(socket)).start();
        stack.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 8080, 8));
    }

    @AfterEach
    void stop() {
        stack.close(Duration.ZERO);
        assertThat(socket).doesNotExist();
    }

    private int run(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--control";
        all[words.length + 1] = socket.toString();
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
    }

    @Test
    void ss() {
        assertThat(run("ss", "-tanp")).isZero();
        assertThat(out.toString()).contains("LISTEN").contains("0.0.0.0:8080")
                .contains("pid=" + ProcessHandle.current().pid());
    }

    @Test
    void netstat() {
        assertThat(run("netstat", "-napt")).isZero();
        assertThat(out.toString()).contains("0.0.0.0:8080");
    }

    @Test
    void nstat() {
        assertThat(run("nstat", "-az")).isZero();
        assertThat(out.toString()).contains("TcpPassiveOpens");
    }

    @Test
    void sysctl() {
        assertThat(run("sysctl", "tcp_sack")).isZero();
        assertThat(out.toString()).isEqualTo("net.ipv4.tcp_sack = 1\n");
        assertThat(run("sysctl", "nosuch")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("nosuch");
    }

    @Test
    void diagnose() {
        assertThat(run("diagnose")).isZero();
        assertThat(out.toString()).isEqualTo("nothing found in 1 sockets and the counters\n");
        out.getBuffer().setLength(0);
        assertThat(run("diagnose", "--json", "--watch", "0.1", "--count", "2")).isZero();
        assertThat(out.toString().lines()).hasSize(2)
                .allMatch(l -> l.startsWith("{\"schema\":1,\"sockets\":1,\"healthy\":true,"));
    }
}
