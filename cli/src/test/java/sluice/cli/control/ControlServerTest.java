package sluice.cli.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.Main;
import sluice.cli.TwoStacks;
import sluice.sockets.SluiceServerSocket;

/** Questions to a running stack over its control socket, good and bad ones. */
class ControlServerTest {
    @TempDir
    Path directory;

    private TwoStacks stacks;
    private ControlServer server;
    private Path socket;

    @BeforeEach
    void start() {
        stacks = new TwoStacks();
        socket = directory.resolve("s");
        server = ControlServer.start(stacks.b, socket, "test");
    }

    @AfterEach
    void stop() {
        server.close();
        stacks.close();
        assertThat(socket).doesNotExist();
    }

    private ControlAnswer ask(String... words) throws IOException {
        return ControlClient.ask(socket, List.of(words));
    }

    private String raw(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    @Test
    void onlyTheUserMayOpenIt() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
    }

    @Test
    void showsSocketsCountersAndSettings() throws IOException {
        try (SluiceServerSocket listening = new SluiceServerSocket(stacks.b, 4711)) {
            assertThat(ask("ss", "tcp", "all").text()).contains("LISTEN").contains(":4711");
            assertThat(ask("ss", "tcp").text()).doesNotContain("LISTEN");
            assertThat(ask("netstat", "all").text()).contains(":4711");
        }
        assertThat(ask("nstat", "absolute", "zeros").text()).contains("TcpInSegs");
        assertThat(ask("netstat-statistics").text()).contains("Tcp:");
        assertThat(ask("sysctl", "get", "tcp_sack").text()).isEqualTo("net.ipv4.tcp_sack = 1\n");
        assertThat(ask("sysctl", "set", "tcp_sack=0").text()).isEqualTo("net.ipv4.tcp_sack = 0\n");
        assertThat(ask("sysctl", "values", "tcp_sack").text()).isEqualTo("0\n");
        assertThat(ask("title").text()).isEqualTo("test\n");
    }

    @Test
    void complainsAboutSettings() throws IOException {
        assertThat(ask("sysctl", "set", "tcp_sack=9").status()).isEqualTo(1);
        assertThat(ask("sysctl", "set", "nonsense")).extracting(ControlAnswer::status).isEqualTo(1);
        assertThat(ask("sysctl", "get", "nosuchthing").text()).contains("nosuchthing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello", "[]", "[1]", "{}", "[\"no such\"]", "[\"sysctl\"]", "[\"sysctl\",\"x\"]", "[[[[", ""})
    void answersBadRequestsWithStatus2(String line) throws IOException {
        assertThat(raw(line + "\n[\"title\"]\n")).startsWith("2 ").endsWith("0 5\ntest\n");
    }

    @Test
    void survivesClientsThatSayTooMuchOrNothing() throws IOException {
        assertThat(raw("x".repeat(ControlServer.MAX_REQUEST))).isEmpty();
        assertThat(raw("")).isEmpty();
        assertThat(ask("title").status()).isZero();
    }

    @Test
    void aClosedStackIsAnErrorNotAnEnd() throws IOException {
        stacks.close();
        assertThat(ask("ss").status()).isEqualTo(1);
    }

    @Test
    void theCommandsPrintTheAnswerAndPassOnTheStatus() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), "sysctl", "tcp_sack", "--control",
                socket.toString())).isZero();
        assertThat(out.toString()).isEqualTo("net.ipv4.tcp_sack = 1\n");
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), "sysctl", "nosuch", "--control",
                socket.toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("nosuch");
    }

    @Test
    void aDeadSocketIsSaid() {
        assertThatThrownBy(() -> ControlClient.ask(directory.resolve("none"), List.of("ss")))
                .isInstanceOf(IOException.class);
    }
}
