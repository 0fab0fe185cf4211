package sluice.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;

/** All the ways in which a connection ends, stalls or is kept alive. */
class CloseTest {
    private static final Duration STALL = Duration.ofSeconds(5);

    private static void assertKernelTimeWaits(Lab lab, int expected) {
        Lab.await("TIME-WAIT in the kernel", Duration.ofSeconds(2),
                () -> lab.namespace.run("ss", "-tanH", "state", "time-wait").lines().count() == expected);
    }

    @ParameterizedTest
    @EnumSource
    void theKernelClosesFirst(Family family) throws Exception {
        try (Lab lab = Lab.start()) {
            Connected c = Connected.toUs(lab, family);
            c.kernelPeer().write(new byte[1000]);
            c.kernel().close();
            assertThat(c.sluicePeer().readFully(1000)).hasSize(1000);
            assertThat(c.sluicePeer().read(new byte[1], 0, 1)).isEqualTo(-1);
            c.sluice().close();
            lab.assertNothingLeft();
            assertThat(lab.timeWaits()).isZero();
            assertKernelTimeWaits(lab, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void weCloseFirst(Family family) throws Exception {
        try (Lab lab = Lab.start()) {
            Connected c = Connected.fromUs(lab, family);
            c.sluicePeer().write(new byte[1000]);
            c.sluice().close();
            assertThat(c.kernelPeer().readFully(1000)).hasSize(1000);
            assertThat(c.kernelPeer().read(new byte[1], 0, 1)).isEqualTo(-1);
            c.kernel().close();
            lab.assertNothingLeft();
            assertThat(lab.timeWaits()).isEqualTo(1);
            assertKernelTimeWaits(lab, 0);
        }
    }

    @Test
    void bothCloseAtOnce() throws Exception {
        try (Lab lab = Lab.builder().impaired("delay 20ms", 1).start()) {
            for (int i = 0; i < 5; i++) {
                Connected c = Connected.toUs(lab, Family.V4);
                c.kernel().close();
                c.sluice().close();
            }
            lab.assertNothingLeft();
            assertThat(lab.timeWaits()).isEqualTo(5);
            assertKernelTimeWaits(lab, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void halfClose(boolean weCloseFirst) throws Exception {
        try (Lab lab = Lab.start(); Connected c = Connected.toUs(lab, Family.V4)) {
            Peer first = weCloseFirst ? c.sluicePeer() : c.kernelPeer();
            Peer other = weCloseFirst ? c.kernelPeer() : c.sluicePeer();
            Transfer.start("before", first, other, 100_000).finish(STALL, lab); // ends with a half-close
            Lab.pause(100);
            Transfer.start("after", other, first, 3 << 20).finish(STALL, lab);
        }
    }

    @Test
    void theKernelResets() throws Exception {
        try (Lab lab = Lab.start(); Connected c = Connected.toUs(lab, Family.V4)) {
            c.sluicePeer().write(new byte[100]);
            c.kernelPeer().readFully(100);
            c.kernel().setOption(StandardSocketOptions.SO_LINGER, 0);
            c.kernel().close();
            assertThatIOException().isThrownBy(() -> c.sluicePeer().read(new byte[1], 0, 1))
                    .withMessage("Connection reset");
            assertThatIOException().isThrownBy(() -> c.sluicePeer().write(new byte[1]));
            c.sluice().close();
            lab.assertNothingLeft();
            assertThat(lab.timeWaits()).isZero();
        }
    }

    @Test
    void weReset() throws Exception {
        try (Lab lab = Lab.start();
                Connected aborted = Connected.toUs(lab, Family.V4);
                Connected unread = Connected.fromUs(lab, Family.V6)) {
            aborted.sluice().setSoLinger(true, 0);
            aborted.sluice().close();
            assertThatIOException().isThrownBy(() -> aborted.kernelPeer().read(new byte[1], 0, 1))
                    .withMessageContaining("reset");
            // Closing with data unread resets as well (RFC 2525 2.17), behind the end of the stream: as the JDK's do.
            unread.kernelPeer().write(new byte[100]);
            Lab.await("data", STALL, () -> available(unread) == 100);
            unread.sluice().close();
            assertThat(unread.kernelPeer().read(new byte[1], 0, 1)).isEqualTo(-1);
            Lab.await("the reset", STALL, () -> isBroken(unread));
            lab.assertNothingLeft();
            assertThat(lab.timeWaits()).isZero();
        }
    }

    private static boolean isBroken(Connected c) {
        try {
            c.kernelPeer().write(new byte[1]);
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Broken pipe");
            return true;
        }
    }

    private static int available(Connected c) {
        try {
            return c.sluice().getInputStream().available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aClosedPortRefuses() throws Exception {
        try (Lab lab = Lab.start()) {
            for (Family family : Family.values()) {
                assertThatIOException().isThrownBy(() -> lab.kernelConnect(family.oursInet(), 81))
                        .withMessageContaining("refused");
                assertThatIOException()
                        .isThrownBy(() -> lab.sockets.socketFactory().createSocket(family.kernelsInet(), 81))
                        .withMessageContaining("refused");
            }
            lab.assertNothingLeft();
        }
    }

    @Test
    void keepalives() throws Exception {
        try (Lab lab = Lab.start();
                Connected kernels = Connected.toUs(lab, Family.V4);
                Connected ours = Connected.fromUs(lab, Family.V6)) {
            kernels.kernel().setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
            kernels.kernel().setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
            kernels.kernel().setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 1);
            kernels.kernel().setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            ours.sluice().setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
            ours.sluice().setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
            ours.sluice().setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 2);
            ours.sluice().setKeepAlive(true);
            Lab.pause(3300);
            assertThat(lab.count(Counter.TcpExtTCPKeepAlive)).as("our probes").isBetween(2L, 4L);
            // Both answered: the connections are open.
            kernels.kernelPeer().write(new byte[]{1});
            assertThat(kernels.sluicePeer().readFully(1)).containsExactly(1);
            ours.sluicePeer().write(new byte[]{2});
            assertThat(ours.kernelPeer().readFully(1)).containsExactly(2);
            // Nobody answers any more: ours is given up.
            lab.namespace.ip("link", "set", Lab.DEVICE, "down");
            ours.sluice().setSoTimeout(6000);
            assertThatIOException().isThrownBy(() -> ours.sluicePeer().read(new byte[1], 0, 1))
                    .withMessageContaining("timed out")
                    .isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @ParameterizedTest(name = "we send {0}")
    @ValueSource(booleans = {true, false})
    void aReaderThatRestsClosesTheWindow(boolean weSend) throws Exception {
        try (Lab lab = Lab.start(); Connected c = Connected.toUs(lab, Family.V4)) {
            Peer from = weSend ? c.sluicePeer() : c.kernelPeer();
            Peer to = weSend ? c.kernelPeer() : c.sluicePeer();
            byte[] data = new byte[48 << 20]; // more than both buffers hold
            new java.util.Random(5).nextBytes(data);
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    from.write(data);
                    from.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Lab.pause(1500); // several window probes
            byte[] got = to.readFully(data.length);
            assertThat(java.util.Arrays.equals(got, data)).as("the same bytes").isTrue();
            assertThat(to.read(new byte[1], 0, 1)).isEqualTo(-1);
            sender.join(2000);
            assertThat(sender.isAlive()).isFalse();
            if (weSend) {
                assertThat(lab.count(Counter.TcpExtTCPWinProbe)).as("window probes").isPositive();
                assertThat(lab.count(Counter.TcpExtTCPTimeouts)).isZero();
            } else {
                assertThat(lab.count(Counter.TcpExtTCPToZeroWindowAdv)).isPositive();
            }
        }
    }

    /** A listener whose connections are looked at directly. */
    private static TcpSocket acceptDirectly(Lab lab, TcpListener listener) {
        TcpSocket[] t = new TcpSocket[1];
        Lab.await("a connection", STALL, () -> {
            t[0] = lab.stack.execute(h -> listener.accept());
            return t[0] != null;
        });
        return t[0];
    }

    @Test
    void urgentBytes() throws Exception {
        try (Lab lab = Lab.start()) {
            TcpListener listener = lab.stack
                    .execute(h -> h.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 99, 10));
            try (SocketChannel kernel = lab.kernelConnect(Family.V4.oursInet(), 99)) {
                TcpSocket ours = acceptDirectly(lab, listener);
                MemorySegment memory = Arena.ofAuto().allocate(100);
                // The kernel's to us: beside the stream.
                Peer.of(kernel).write("ab".getBytes(US_ASCII));
                kernel.socket().sendUrgentData('!');
                Peer.of(kernel).write("cd".getBytes(US_ASCII));
                Lab.await("urgent", STALL,
                        () -> lab.stack.execute(h -> (ours.readiness() & sluice.core.Pollable.URGENT) != 0));
                assertThat(lab.stack.<Integer>execute(
                        h -> ours.receive(memory, 0, 100, TcpSocket.FLAG_URGENT, lab.stack.shard().nowNs())))
                        .isEqualTo(1);
                assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) '!');
                StringBuilder rest = new StringBuilder();
                Lab.await("the other bytes", STALL, () -> {
                    int n = lab.stack.execute(h -> ours.receive(memory, 0, 100, 0, lab.stack.shard().nowNs()));
                    for (int i = 0; i < n; i++) {
                        rest.append((char) memory.get(ValueLayout.JAVA_BYTE, i));
                    }
                    return rest.length() >= 4;
                });
                assertThat(rest.toString()).isEqualTo("abcd");
                // Ours to the kernel: in its stream, since it asked for it.
                kernel.socket().setOOBInline(true);
                for (String s : new String[]{"uv", "!", "wx"}) {
                    lab.stack.execute(h -> {
                        MemorySegment.copy(MemorySegment.ofArray(s.getBytes(US_ASCII)), 0, memory, 0, s.length());
                        return ours.send(memory, 0, s.length(), s.equals("!") ? TcpSocket.FLAG_URGENT : 0,
                                lab.stack.shard().nowNs());
                    });
                }
                assertThat(new String(Peer.of(kernel).readFully(5), US_ASCII)).isEqualTo("uv!wx");
                lab.stack.execute(h -> {
                    ours.abort(lab.stack.shard().nowNs());
                    return null;
                });
            }
            lab.assertNothingLeft();
        }
    }

    /** The kernel takes our urgent byte out of its stream by default. */
    @Test
    void theKernelTakesOurUrgentByteOutOfItsStream() throws Exception {
        try (Lab lab = Lab.start()) {
            TcpListener listener = lab.stack
                    .execute(h -> h.tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 99, 10));
            try (SocketChannel kernel = lab.kernelConnect(Family.V4.oursInet(), 99)) {
                TcpSocket ours = acceptDirectly(lab, listener);
                MemorySegment memory = Arena.ofAuto().allocate(100);
                for (String s : new String[]{"uv", "!", "wx"}) {
                    lab.stack.execute(h -> {
                        MemorySegment.copy(MemorySegment.ofArray(s.getBytes(US_ASCII)), 0, memory, 0, s.length());
                        return ours.send(memory, 0, s.length(), s.equals("!") ? TcpSocket.FLAG_URGENT : 0,
                                lab.stack.shard().nowNs());
                    });
                }
                assertThat(new String(Peer.of(kernel).readFully(4), US_ASCII)).isEqualTo("uvwx");
            }
        }
    }
}
