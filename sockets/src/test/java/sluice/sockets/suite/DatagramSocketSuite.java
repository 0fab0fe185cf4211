package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** {@link DatagramSocket}, as java.net makes them. */
abstract class DatagramSocketSuite extends Suite {
    private DatagramSocket bound() throws IOException {
        DatagramSocket s = closing(backend.newDatagramSocket());
        s.bind(new InetSocketAddress(backend.clientAddress(), 0));
        return s;
    }

    private DatagramChannel peer() throws IOException {
        return closing(backend.server().openDatagramChannel())
                .bind(new InetSocketAddress(backend.serverAddress(), 0));
    }

    private static DatagramPacket packet(String text, DatagramChannel to) throws IOException {
        return new DatagramPacket(text.getBytes(), text.length(), to.getLocalAddress());
    }

    private static DatagramPacket empty() {
        return new DatagramPacket(new byte[100], 100);
    }

    private static String received(DatagramPacket p) {
        return new String(p.getData(), p.getOffset(), p.getLength());
    }

    @Test
    void packetsGoThereAndBack() throws Exception {
        DatagramSocket s = bound();
        assertThat(s.isBound()).isTrue();
        assertThat(s.getLocalAddress()).isEqualTo(backend.clientAddress());
        assertThat(s.getLocalPort()).isPositive();
        DatagramChannel p = peer();
        s.send(packet("hello", p));
        java.nio.ByteBuffer in = java.nio.ByteBuffer.allocate(10);
        assertThat(p.receive(in)).isEqualTo(s.getLocalSocketAddress());
        assertThat(text(in.flip())).isEqualTo("hello");
        p.send(bytes("back"), s.getLocalSocketAddress());
        DatagramPacket got = empty();
        s.receive(got);
        assertThat(received(got)).isEqualTo("back");
        assertThat(got.getSocketAddress()).isEqualTo(p.getLocalAddress());
    }

    @Test
    void aReceiveTimesOut() throws Exception {
        DatagramSocket s = bound();
        s.setSoTimeout(30);
        assertThat(s.getSoTimeout()).isEqualTo(30);
        fails(SocketTimeoutException.class, "Receive timed out", () -> s.receive(empty()));
        assertThat(s.isClosed()).isFalse();
    }

    @Test
    void closingEndsAReceive() throws Exception {
        DatagramSocket s = bound();
        FutureTask<Void> receiving = new FutureTask<>(() -> {
            s.receive(empty());
            return null;
        });
        awaitBlocked(Thread.ofPlatform().daemon().start(receiving));
        s.close();
        failed(SocketException.class, "Socket closed", failure(receiving));
        assertThat(s.isClosed()).isTrue();
    }

    @Test
    void aConnectedSocketHearsItsPeerOnly() throws Exception {
        DatagramSocket s = bound();
        DatagramChannel p = peer();
        s.connect(p.getLocalAddress());
        assertThat(s.isConnected()).isTrue();
        assertThat(s.getRemoteSocketAddress()).isEqualTo(p.getLocalAddress());
        peer().send(bytes("stranger"), s.getLocalSocketAddress());
        p.send(bytes("friend"), s.getLocalSocketAddress());
        DatagramPacket got = empty();
        s.receive(got);
        assertThat(received(got)).isEqualTo("friend");
        s.disconnect();
        assertThat(s.isConnected()).isFalse();
    }

    @Test
    void nobodyThereIsToldToAConnectedSocket() throws Exception {
        DatagramSocket s = bound();
        DatagramChannel p = peer();
        s.connect(p.getLocalAddress());
        DatagramPacket lost = packet("lost", p);
        p.close();
        s.send(lost);
        s.setSoTimeout(SOON_MS);
        fails(PortUnreachableException.class, null, () -> s.receive(empty()));
    }

    @Test
    void bindingFails() throws Exception {
        DatagramSocket s = bound();
        DatagramSocket other = closing(backend.newDatagramSocket());
        fails(BindException.class, "Address already in use", () -> other.bind(s.getLocalSocketAddress()));
    }

    @Test
    void optionsAreKept() throws Exception {
        DatagramSocket s = closing(backend.newDatagramSocket());
        assertThat(s.getBroadcast()).isTrue();
        assertThat(s.getReuseAddress()).isFalse();
        s.setReuseAddress(true);
        s.setBroadcast(false);
        s.setTrafficClass(8);
        s.setSendBufferSize(30_000);
        s.setReceiveBufferSize(30_000);
        assertThat(s.getReuseAddress()).isTrue();
        assertThat(s.getBroadcast()).isFalse();
        assertThat(s.getTrafficClass()).isEqualTo(8);
        assertThat(s.getSendBufferSize()).isGreaterThanOrEqualTo(30_000);
        assertThat(s.getReceiveBufferSize()).isGreaterThanOrEqualTo(30_000);
        s.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
        s.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
        assertThat(s.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(3);
        assertThat(s.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isFalse();
    }

    @Test
    void groupsAreJoinedAndLeft() throws Exception {
        DatagramSocket s = bound();
        InetSocketAddress group = new InetSocketAddress(Backend.address("239.255.3.4"), 0);
        s.joinGroup(group, backend.groupInterface());
        fails(SocketException.class, "Already a member of group",
                () -> s.joinGroup(group, backend.groupInterface()));
        s.leaveGroup(group, backend.groupInterface());
        fails(SocketException.class, "Not a member of group", () -> s.leaveGroup(group, backend.groupInterface()));
    }

    @Test
    void aClosedSocketComplains() throws Exception {
        DatagramSocket s = bound();
        s.close();
        s.close();
        fails(SocketException.class, "Socket is closed", s::getSoTimeout);
        fails(SocketException.class, "Socket is closed", () -> s.setSoTimeout(1));
        assertThat(s.getLocalPort()).isEqualTo(-1);
    }
}
