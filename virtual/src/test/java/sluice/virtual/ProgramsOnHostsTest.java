package sluice.virtual;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** Ordinary code on the hosts of a network: its sockets, names and time are the network's. */
@VirtualNetwork
@Link(between = {"client", "server"}, netem = "delay 20ms")
class ProgramsOnHostsTest {
    static final int PORT = 7000;

    /** Answers each connection with what it says, until its host ends. */
    static void echo() throws IOException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            while (true) {
                try (Socket s = server.accept()) {
                    s.getInputStream().transferTo(s.getOutputStream());
                }
            }
        }
    }

    static String ask(String host, String words) throws IOException {
        try (Socket s = new Socket(host, PORT)) {
            s.getOutputStream().write(words.getBytes(UTF_8));
            s.shutdownOutput();
            return new String(s.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void socketsAndNamesAreTheHosts(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        assertThat(net.host("client").call(() -> ask("server", "hello"))).isEqualTo("hello");
        // SYN and SYN-ACK; data; its echo's end
        assertThat(net.elapsed().toMillis()).isCloseTo(80, within(1L));
    }

    @Test
    void channelsToo(Network net, @Host("client") VirtualHost client) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        client.run(() -> {
            try (SocketChannel c = SocketChannel.open(new InetSocketAddress("server", PORT))) {
                c.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
                c.shutdownOutput();
                ByteBuffer in = ByteBuffer.allocate(100);
                while (c.read(in) >= 0) {
                    assertThat(in.position()).isLessThanOrEqualTo(5);
                }
                assertThat(in.position()).isEqualTo(5);
            }
        });
    }

    /** SO_LINGER: close waits for the last acknowledgment, or two seconds of the network's; the host goes on alone. */
    @Test
    void aCloseLingersInVirtualTime(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        long[] ms = new long[2];
        net.host("client").run(() -> {
            Socket near = new Socket("server", PORT);
            near.setSoLinger(true, 2);
            near.getOutputStream().write(1);
            long begin = System.nanoTime();
            near.close();
            ms[0] = (System.nanoTime() - begin) / 1_000_000;
            Socket far = new Socket("server", PORT);
            far.setSoLinger(true, 2);
            far.getOutputStream().write(1);
            net.link("client", "server").cut();
            begin = System.nanoTime();
            far.close();
            ms[1] = (System.nanoTime() - begin) / 1_000_000;
        });
        assertThat(ms[0]).isCloseTo(40, within(1L));
        assertThat(ms[1]).isEqualTo(2000);
    }

    @Test
    void aSelectorOfSeveralHostsWaitsInVirtualTime(Network net) throws Exception {
        try (Selector selector = net.host("client").call(Selector::open)) {
            ServerSocketChannel server = net.host("server").call(() -> ServerSocketChannel.open()
                    .bind(new InetSocketAddress(PORT)));
            server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            assertThat(selector.select(60_000)).isZero();
            assertThat(net.elapsed().toMillis()).isEqualTo(60_000);
            net.host("client").start(() -> {
                Thread.sleep(1000);
                ask("server", "hello");
            });
            assertThat(selector.select()).isEqualTo(1);
            assertThat(net.elapsed().toMillis()).isCloseTo(61_060, within(1L));
        }
    }

    @Test
    void aReadTimesOutInVirtualTime(Network net) throws Exception {
        net.host("server").start(() -> {
            try (ServerSocket server = new ServerSocket(PORT); Socket s = server.accept()) {
                s.getInputStream().readAllBytes();
            }
        });
        net.host("client").run(() -> {
            try (Socket s = new Socket("server", PORT)) {
                s.setSoTimeout(3_600_000);
                assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> s.getInputStream().read());
            }
        });
        assertThat(net.elapsed().toMillis()).isCloseTo(3_600_040, within(1L));
    }

    @Test
    void whatTheHostDoesNotReachIsUnreachable(Network net) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> net.host("client").run(() -> new Socket("192.0.2.1", PORT).close()));
    }

    @Test
    void unknownNames(Network net) throws Exception {
        net.host("client").run(() -> assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> InetAddress.getByName("nobody")).withMessage("nobody: Name or service not known"));
    }

    @Test
    void namesAreKeptAsTheJvmDoes(Network net) throws Exception {
        net.host("client").run(() -> {
            assertThat(InetAddress.getByName("server").getHostAddress()).isEqualTo("10.0.0.2");
            net.names().set("server", "10.0.0.9");
            assertThat(InetAddress.getByName("server").getHostAddress()).isEqualTo("10.0.0.2");
            Thread.sleep(30_000);
            assertThat(InetAddress.getByName("server").getHostAddress()).isEqualTo("10.0.0.9");
        });
    }
}
