package sluice.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.engine.Stack;
import sluice.link.PipeLink;
import sluice.observe.print.SocketRow;
import sluice.wire.IpAddress;

/** Questions to a running stack over its control socket, good and bad ones. */
class ControlSocketTest {
    @TempDir
    Path directory;

    private Stack stack;
    private ControlSocket control;
    private Path socket;

    @BeforeEach
    void start() {
        stack = builder().start();
        socket = directory.resolve("s");
        control = new ControlSocket("test").at(socket);
        control.start(stack);
    }

    @AfterEach
    void stop() {
        control.close();
        stack.close(Duration.ZERO);
        assertThat(socket).doesNotExist();
    }

    private static Stack.Builder builder() {
        PipeLink link = PipeLink.pair(LinkProperties.plain(1500), 64).a();
        return Stack.builder(HostConfig.builder(Entropy.seeded(1)).build()).link("pipe", link)
                .address("pipe", IpAddress.parse("10.0.0.1"), 24);
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
        stack.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 4711, 8));
        assertThat(ask("ss", "tcp", "all").text()).contains("LISTEN").contains(":4711");
        assertThat(ask("ss", "tcp").text()).doesNotContain("LISTEN");
        assertThat(ask("netstat", "all").text()).contains(":4711");
        assertThat(ask("nstat", "absolute", "zeros").text()).contains("TcpInSegs");
        assertThat(ask("netstat-statistics").text()).contains("Tcp:");
        assertThat(ask("sysctl", "get", "tcp_sack").text()).isEqualTo("net.ipv4.tcp_sack = 1\n");
        assertThat(ask("sysctl", "set", "tcp_sack=0").text()).isEqualTo("net.ipv4.tcp_sack = 0\n");
        assertThat(ask("sysctl", "values", "tcp_sack").text()).isEqualTo("0\n");
        assertThat(ask("title").text()).isEqualTo("test\n");
    }

    private static SocketRow row(TcpState state) {
        IpAddress address = IpAddress.parse("10.0.0.1");
        return new SocketRow("tcp", state, 0, 0, address, false, 80, address, 81, null, 0, 0, null, null);
    }

    @Test
    void onlyConnectionsWithoutFlags() throws IOException {
        stack.execute(host -> host.tcp().connect(new SocketOptions(), null, 0,
                IpAddress.parse("10.0.0.2"), 80, 0));
        stack.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 4711, 8));
        assertThat(ask("ss", "tcp").text()).contains("SYN-SENT").doesNotContain("LISTEN");
        assertThat(ask("ss", "tcp", "listening").text()).contains("LISTEN").doesNotContain("SYN-SENT");
        assertThat(Stream.of(TcpState.values()).filter(s -> !ControlCommands.isConnected(row(s))))
                .containsExactlyInAnyOrder(TcpState.CLOSED, TcpState.LISTEN, TcpState.SYN_RECEIVED, TcpState.TIME_WAIT);
        assertThat(ask("sysctl", "get", "nosuch")).isEqualTo(new ControlAnswer(1, "sluice sysctl: no setting "
                + "\"nosuch\" (\"sluice sysctl -a\" lists those of a running stack)\n"));
    }

    @Test
    void showsWhatIsAskedForOnly() throws IOException {
        stack.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.ANY_V6, 80, 8));
        stack.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 4711, 8));
        assertThat(ask("ss", "tcp", "all").text()).startsWith("State ").contains("*:80 ", "*:*");
        assertThat(ask("ss", "all").text()).startsWith("Netid");
        assertThat(ask("ss", "tcp", "--", "state", "listening", "sport", "=", ":4711").text()).contains(":4711")
                .doesNotContain(":80");
        assertThat(ask("ss", "--", "state", "open").status()).isEqualTo(1);
        assertThat(ask("ss", "summary").text()).startsWith("Total: 2\nTCP:   2 (");
        assertThat(ask("netstat", "listening", "json").text()).startsWith("[{\"proto\":\"tcp");
        assertThat(ask("netstat-statistics").text()).contains("active connection openings");
        assertThat(ask("netstat-statistics", "json").text()).startsWith("{\"Ip\":{");
        assertThat(ask("nstat", "absolute", "zeros", "--", "TcpOut*").text()).contains("TcpOutSegs")
                .doesNotContain("TcpInSegs");
        assertThat(ask("sysctl", "json", "tcp_sack").text()).isEqualTo("{\"net.ipv4.tcp_sack\":\"1\"}\n");
        assertThat(ask("sysctl", "json").text()).contains("tcp_ecn");
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
        assertThat(raw("x".repeat(ControlConnection.MAX_REQUEST))).isEmpty();
        assertThat(raw("")).isEmpty();
        assertThat(ask("title").status()).isZero();
    }

    @Test
    void aClosedStackIsAnErrorNotAnEnd() throws IOException {
        stack.close(Duration.ZERO);
        assertThat(ask("ss").status()).isEqualTo(1);
    }

    @Test
    void aDeadSocketIsSaid() throws IOException {
        assertThatThrownBy(() -> ControlClient.ask(directory.resolve("none"), List.of("ss")))
                .isInstanceOf(IOException.class).hasMessageContaining("No such file");
        // A socket that a process left behind when it was killed: nobody accepts.
        Path left = directory.resolve("left");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(left));
        }
        assertThat(left).exists();
        assertThatThrownBy(() -> ControlClient.ask(left, List.of("ss"))).isInstanceOf(IOException.class)
                .hasMessageContaining("Connection refused");
    }

    /** One that is stopped: the kernel takes the connection, and nobody reads. */
    @Test
    void aProcessThatDoesNotAnswerIsNotWaitedForWithoutEnd() throws IOException {
        Path silent = directory.resolve("silent");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(silent));
            assertThatThrownBy(() -> ControlClient.ask(silent, List.of("ss"), Duration.ofMillis(50)))
                    .isInstanceOf(IOException.class).hasMessageContaining("does not answer");
        }
    }

    @Test
    void anEmbeddingProgramIsSeenUntilItsStackIsClosed() throws IOException {
        ControlPaths paths = ControlPaths.in(directory.resolve("run"));
        ControlSocket embedded = new ControlSocket("my proxy").in(paths);
        try (Stack mine = builder().with(embedded).start()) {
            mine.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 8080, 8));
            Path found = paths.ofProcess(ProcessHandle.current().pid());
            assertThat(paths.running()).containsExactly(found).containsExactly(embedded.path());
            assertThat(ControlClient.ask(found, List.of("title")).text()).isEqualTo("my proxy\n");
            assertThat(ControlClient.ask(found, List.of("ss", "tcp", "all")).text()).contains(":8080");
            assertThat(ControlClient.ask(found, List.of("netstat", "all")).text()).contains(":8080");
            assertThat(ControlClient.ask(found, List.of("nstat", "zeros")).text()).contains("TcpPassiveOpens");
            assertThat(ControlClient.ask(found, List.of("sysctl", "all")).text()).contains("net.ipv4.tcp_sack = 1\n");
            try (Stack second = builder().with(new ControlSocket("another").in(paths)).start()) {
                assertThat(second.shards()).hasSize(1);
                assertThat(paths.running()).hasSize(2).contains(found);
            }
            assertThat(paths.running()).containsExactly(found);
        }
        assertThat(paths.running()).isEmpty();
        assertThat(directory.resolve("run")).isEmptyDirectory();
    }

    @Test
    void whatADeadProcessWithOurNumberLeftIsReplaced() throws IOException {
        ControlPaths paths = ControlPaths.in(directory.resolve("run"));
        Path left = paths.free();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(left));
        }
        assertThat(left).exists();
        ControlSocket ours = new ControlSocket("new").in(paths);
        try (Stack mine = builder().with(ours).start()) {
            assertThat(mine.shards()).hasSize(1);
            assertThat(ours.path()).isEqualTo(left);
            assertThat(ControlClient.ask(left, List.of("title")).text()).isEqualTo("new\n");
        }
    }

    @Test
    void aPathThatWasAskedForMustWork() {
        Stack.Builder builder = builder()
                .with(new ControlSocket("x").at(directory.resolve("no such directory").resolve("s")));
        assertThatThrownBy(builder::start).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such directory");
    }

    @Test
    void withoutTheUsualPlaceThereIsOneLineAndTheStackRuns() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> told = new ArrayList<>();
        ControlSocket none = new ControlSocket("x").in(ControlPaths.in(open)).onFailure(told::add);
        try (Stack mine = builder().with(none).start()) {
            assertThat(mine.shards()).hasSize(1);
            assertThat(told).singleElement().asString()
                    .isEqualTo(open + " is not a directory that only this user can enter: remove it");
            assertThat(none.path()).isNull();
        }
    }

    @Test
    void idleClientsLockNobodyOut() throws IOException {
        List<SocketChannel> idle = new ArrayList<>();
        for (int i = 0; i < 2 * ControlServer.MAX_CLIENTS; i++) {
            idle.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        }
        assertThat(ask("title").status()).isZero();
        for (SocketChannel c : idle) {
            c.close();
        }
    }

    @Test
    void ofTooManyClientsTheOneThatWaitedLongestGoes() throws IOException {
        Path other = directory.resolve("full");
        ControlSocket patient = new ControlSocket("x").at(other).idleLimit(Duration.ofHours(1));
        List<SocketChannel> idle = new ArrayList<>();
        try (Stack mine = builder().with(patient).start()) {
            for (int i = 0; i <= ControlServer.MAX_CLIENTS; i++) {
                idle.add(SocketChannel.open(UnixDomainSocketAddress.of(other)));
            }
            assertThat(mine.shards()).hasSize(1);
            assertTimeoutPreemptively(Duration.ofSeconds(60),
                    () -> assertThat(idle.getFirst().read(ByteBuffer.allocate(1))).isEqualTo(-1));
        } finally {
            for (SocketChannel c : idle) {
                c.close();
            }
        }
    }

    @Test
    void idleClientsAreClosed() throws IOException {
        Path other = directory.resolve("quick");
        ControlSocket quick = new ControlSocket("x").at(other).idleLimit(Duration.ofMillis(50));
        try (Stack mine = builder().with(quick).start();
                SocketChannel idle = SocketChannel.open(UnixDomainSocketAddress.of(other));
                Selector selector = Selector.open()) {
            assertThat(mine.shards()).hasSize(1);
            idle.configureBlocking(false);
            idle.register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(20_000)).as("it is open still").isEqualTo(1);
            assertThat(idle.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }
}
