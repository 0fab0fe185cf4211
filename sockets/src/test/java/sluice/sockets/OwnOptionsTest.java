package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.core.tcp.auth.AoKey;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.auth.MacAlgorithm;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;
import sluice.wire.Ipv4;
import sluice.wire.Prefix;

/** What {@link SluiceSocketOptions} do, in virtual time: 10 ms each way, and nothing else bounds the rate. */
class OwnOptionsTest {
    private static final int MUCH = 1_000_000;
    private static final double DELAY_MS = 10;

    private final World world = new World(7);
    private final SimHost a = world.host("a");
    private final SimHost b = world.host("b");
    private final VirtualHosts hosts = new VirtualHosts(world);
    private final SluiceSelectorProvider ours = SluiceSelectorProvider.of(hosts.access(a));
    private final SluiceSelectorProvider theirs = SluiceSelectorProvider.of(hosts.access(b));
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final SimLink link;

    OwnOptionsTest() {
        link = world.link(a, b).delayMs(DELAY_MS);
    }

    private interface Program {
        void run() throws IOException;
    }

    private Thread start(Program program) {
        return hosts.start(() -> {
            try {
                program.run();
            } catch (Throwable t) {
                failure.set(t);
            }
        });
    }

    private void join(Thread member) throws Exception {
        hosts.join(member);
        assertThat(failure.get()).isNull();
    }

    private InetSocketAddress server() {
        return Addresses.toInet(b.address(), 80);
    }

    /** Both ends of a connection, with an option that the client's had before; null for none. */
    private SocketChannel[] pair(@Nullable SocketOption<AuthenticationKeys> name, @Nullable AuthenticationKeys client,
            @Nullable AuthenticationKeys server) throws IOException {
        try (ServerSocketChannel s = theirs.openServerSocketChannel().bind(server())) {
            SocketChannel c = ours.openSocketChannel();
            if (name != null) {
                s.setOption(name, server);
                c.setOption(name, client);
            }
            c.connect(server());
            return new SocketChannel[]{c, s.accept()};
        }
    }

    private SocketChannel[] pair() throws IOException {
        return pair(null, null, null);
    }

    private static byte[] read(SocketChannel c, int bytes) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(bytes);
        while (in.hasRemaining() && c.read(in) >= 0) {
            continue;
        }
        return in.array();
    }

    private static void write(SocketChannel c, ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            c.write(from);
        }
    }

    /** Virtual milliseconds until the peer has so many bytes. */
    private double transferMs(SocketChannel from, SocketChannel to, int bytes) throws Exception {
        double before = world.nowMs();
        Thread writer = start(() -> write(from, ByteBuffer.allocate(bytes)));
        read(to, bytes);
        join(writer);
        return world.nowMs() - before;
    }

    @Test
    void thePacingRateIsNotExceeded() throws Exception {
        SocketChannel[] p = pair();
        assertThat(p[0].getOption(SluiceSocketOptions.MAX_PACING_RATE)).isZero();
        p[0].setOption(SluiceSocketOptions.MAX_PACING_RATE, (long) MUCH);
        assertThat(p[0].getOption(SluiceSocketOptions.MAX_PACING_RATE)).isEqualTo(MUCH);
        // What a new connection may send at once (tcp_input's first quantum) is not a hundredth of it.
        assertThat(transferMs(p[0], p[1], MUCH)).as("ms for a second's bytes").isBetween(970.0, 1100.0);
        p[0].setOption(SluiceSocketOptions.MAX_PACING_RATE, 0L);
        assertThat(transferMs(p[0], p[1], MUCH)).as("ms without a limit").isLessThan(300);
    }

    @Test
    void aListenersPacingRateIsItsConnections() throws Exception {
        try (ServerSocketChannel s = theirs.openServerSocketChannel().bind(server());
                SocketChannel c = ours.openSocketChannel()) {
            s.setOption(SluiceSocketOptions.MAX_PACING_RATE, (long) MUCH);
            c.connect(server());
            SocketChannel accepted = s.accept();
            assertThat(accepted.getOption(SluiceSocketOptions.MAX_PACING_RATE)).isEqualTo(MUCH);
            assertThat(transferMs(accepted, c, MUCH)).isBetween(970.0, 1100.0);
        }
    }

    /** Nothing has left when the memory changes: time stands still until somebody waits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void zeroCopySendsWhatLiesThere(boolean on) throws Exception {
        SocketChannel[] p = pair();
        p[0].setOption(SluiceSocketOptions.ZEROCOPY, on);
        assertThat(p[0].getOption(SluiceSocketOptions.ZEROCOPY)).isEqualTo(on);
        ByteBuffer direct = ByteBuffer.allocateDirect(16_384);
        assertThat(p[0].write(direct)).isEqualTo(16_384);
        direct.put(5_000, (byte) 1);
        byte[] got = read(p[1], 16_384);
        assertThat(got[5_000]).as("seen by the peer").isEqualTo((byte) (on ? 1 : 0));
        read(p[0], p[1]);
        assertThat(p[0].getOption(SluiceSocketOptions.TCP_INFO).bytesAcked).as("its memory is free")
                .isGreaterThanOrEqualTo(16_384);
        ByteBuffer heap = ByteBuffer.allocate(16_384);
        assertThat(p[0].write(heap)).isEqualTo(16_384);
        heap.put(5_000, (byte) 1);
        assertThat(read(p[1], 16_384)[5_000]).as("arrays are always copied").isZero();
    }

    /** One byte back, which takes the acknowledgment along. */
    private static void read(SocketChannel to, SocketChannel from) throws IOException {
        from.write(ByteBuffer.allocate(1));
        read(to, 1);
    }

    @Test
    void aReadTimesOutAndTheChannelStays() throws Exception {
        SocketChannel[] p = pair();
        p[0].setOption(SluiceSocketOptions.RECEIVE_TIMEOUT, 3_600_000);
        assertThat(p[0].getOption(SluiceSocketOptions.RECEIVE_TIMEOUT)).isEqualTo(3_600_000);
        double before = world.nowMs();
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> p[0].read(ByteBuffer.allocate(1))).withMessage("Read timed out");
        assertThat(world.nowMs() - before).as("virtual ms").isCloseTo(3_600_000, within(0.001));
        assertThat(p[0].isOpen()).isTrue();
        Thread reader = start(() -> assertThat(read(p[0], 1)).hasSize(1));
        p[1].write(ByteBuffer.allocate(1));
        join(reader);
        p[0].setOption(SluiceSocketOptions.RECEIVE_TIMEOUT, 0);
        Thread late = start(() -> {
            p[1].setOption(SluiceSocketOptions.RECEIVE_TIMEOUT, 7_200_000);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> p[1].read(ByteBuffer.allocate(1)));
            p[1].write(ByteBuffer.allocate(1));
        });
        assertThat(read(p[0], 1)).as("after two hours without a limit").hasSize(1);
        join(late);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> p[0].setOption(SluiceSocketOptions.RECEIVE_TIMEOUT, -1))
                .withMessage("Invalid SO_RCVTIMEO value");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> SluiceSockets
                .of(hosts.access(a)).socket().setOption(SluiceSocketOptions.RECEIVE_TIMEOUT, 1));
    }

    /** The JDK's option of Linux: on is IP_PMTUDISC_DO, off IP_PMTUDISC_DONT. */
    @Test
    void withoutDontFragmentRoutersMayCut() throws Exception {
        List<Boolean> dontFragment = new ArrayList<>();
        link.from(a).tap(p -> dontFragment.add(Ipv4.dontFragment(p.packet().memory, p.packet().start)));
        try (DatagramChannel c = ours.openDatagramChannel()) {
            for (boolean on : new boolean[]{true, false, true}) {
                c.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, on);
                assertThat(c.getOption(ExtendedSocketOptions.IP_DONTFRAGMENT)).isEqualTo(on);
                c.send(ByteBuffer.allocate(1), server());
                world.settle();
            }
        }
        assertThat(dontFragment).containsExactly(true, false, true);
    }

    private static AoKey key(SimHost peer, int id, String secret) {
        return AoKey.of(Prefix.host(peer.address()), id, id, MacAlgorithm.HMAC_SHA1, secret.getBytes());
    }

    private static AuthenticationKeys keys(AoKey... of) {
        AuthenticationKeys k = new AuthenticationKeys();
        for (AoKey one : of) {
            k.addAo(one);
        }
        return k;
    }

    private static void echo(SocketChannel from, SocketChannel to) throws IOException {
        from.write(ByteBuffer.wrap("signed".getBytes()));
        assertThat(new String(read(to, 6))).isEqualTo("signed");
    }

    private static AuthenticationKeys keysOf(SocketChannel c) throws IOException {
        return c.getOption(SluiceSocketOptions.AUTHENTICATION_KEYS);
    }

    private static AuthenticationKeys asking(AuthenticationKeys keys, int id) {
        keys.askFor(id);
        return keys;
    }

    /** RFC 5925 7.5.1: both ends get the new key, each asks the other for it, and then the old one goes. */
    @Test
    void keysOfTcpAoChangeWhileTheConnectionIsOpen() throws Exception {
        AoKey oldOfB = key(b, 1, "old");
        AoKey newOfB = key(b, 2, "new");
        AoKey oldOfA = key(a, 1, "old");
        AoKey newOfA = key(a, 2, "new");
        SocketOption<AuthenticationKeys> name = SluiceSocketOptions.AUTHENTICATION_KEYS;
        SocketChannel[] p = pair(name, keys(oldOfB), keys(oldOfA));
        echo(p[0], p[1]);
        p[1].setOption(name, keys(oldOfA, newOfA));
        p[0].setOption(name, asking(keys(oldOfB, newOfB), 2));
        echo(p[0], p[1]);
        assertThat(keysOf(p[0]).current()).as("not asked yet").isEqualTo(oldOfB);
        assertThat(keysOf(p[1]).current()).as("asked for it").isEqualTo(newOfA);
        p[1].setOption(name, asking(keys(oldOfA, newOfA), 2));
        echo(p[1], p[0]);
        assertThat(keysOf(p[0]).current()).as("asked for it").isEqualTo(newOfB);
        echo(p[0], p[1]);
        p[0].setOption(name, keys(newOfB));
        p[1].setOption(name, keys(newOfA));
        assertThat(keysOf(p[0]).aoKeys()).containsExactly(newOfB);
        echo(p[0], p[1]);
        echo(p[1], p[0]);
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> p[0].setOption(name, keys(oldOfB)))
                .as("the key in use is not among them").withMessage("Device or resource busy");
        assertThat(keysOf(p[0]).aoKeys()).containsExactly(newOfB);
    }
}
