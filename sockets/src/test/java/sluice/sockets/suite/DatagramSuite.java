package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link DatagramChannel} and its {@link DatagramSocket}. */
abstract class DatagramSuite extends Suite {
    private DatagramChannel client() throws IOException {
        return closing(backend.client().openDatagramChannel());
    }

    private DatagramChannel bound() throws IOException {
        return client().bind(new InetSocketAddress(backend.clientAddress(), 0));
    }

    private DatagramChannel peer() throws IOException {
        return closing(backend.server().openDatagramChannel())
                .bind(new InetSocketAddress(backend.serverAddress(), 0));
    }

    private static InetSocketAddress at(DatagramChannel c) throws IOException {
        return (InetSocketAddress) c.getLocalAddress();
    }

    private static String receive(DatagramChannel c, InetSocketAddress from) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(100);
        assertThat(c.receive(b)).isEqualTo(from);
        return text(b.flip());
    }

    @Test
    void aNewChannelIsUnboundAndUnconnected() throws Exception {
        DatagramChannel c = client();
        assertThat(c.isOpen()).isTrue();
        assertThat(c.isBlocking()).isTrue();
        assertThat(c.isConnected()).isFalse();
        assertThat(c.getLocalAddress()).isNull();
        assertThat(c.getRemoteAddress()).isNull();
        assertThat(c.validOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(c.provider()).isSameAs(backend.clientProvider());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void datagramsGoThereAndBack(boolean direct) throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        assertThat(a.send(direct ? direct("hello") : bytes("hello"), at(b))).isEqualTo(5);
        ByteBuffer in = direct ? ByteBuffer.allocateDirect(100) : ByteBuffer.allocate(100);
        assertThat(b.receive(in)).isEqualTo(at(a));
        assertThat(text(in.flip())).isEqualTo("hello");
        b.send(bytes("back").asReadOnlyBuffer(), at(a));
        assertThat(receive(a, at(b))).isEqualTo("back");
    }

    @Test
    void sendingBinds() throws Exception {
        DatagramChannel a = client();
        DatagramChannel b = peer();
        a.send(bytes("x"), at(b));
        assertThat(at(a).getPort()).isPositive();
        assertThat(at(a).getAddress().isAnyLocalAddress()).isTrue();
        assertThat(receive(b, new InetSocketAddress(backend.clientAddress(), at(a).getPort()))).isEqualTo("x");
    }

    @Test
    void datagramsKeepTheirBounds() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        a.send(bytes("one"), at(b));
        a.send(bytes(""), at(b));
        a.send(bytes("three"), at(b));
        assertThat(receive(b, at(a))).isEqualTo("one");
        assertThat(receive(b, at(a))).isEmpty();
        assertThat(receive(b, at(a))).isEqualTo("three");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatDoesNotFitIsCutOff(boolean direct) throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        a.send(bytes("abcdef"), at(b));
        a.send(bytes("next"), at(b));
        ByteBuffer three = direct ? ByteBuffer.allocateDirect(3) : ByteBuffer.allocate(3);
        assertThat(b.receive(three)).isEqualTo(at(a));
        assertThat(text(three.flip())).isEqualTo("abc");
        assertThat(receive(b, at(a))).isEqualTo("next");
        a.send(bytes("gone"), at(b));
        assertThat(b.receive(ByteBuffer.allocate(0))).as("without room").isEqualTo(at(a));
    }

    @Test
    void largeDatagrams() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        ByteBuffer out = ByteBuffer.allocate(60_000);
        for (int i = 0; i < out.capacity(); i++) {
            out.put(i, (byte) (i * 7));
        }
        assertThat(a.send(out, at(b))).isEqualTo(60_000);
        ByteBuffer in = ByteBuffer.allocateDirect(65_536);
        b.receive(in);
        assertThat(in.flip()).isEqualTo(out.flip());
    }

    @Test
    void tooLargeADatagramFails() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        ByteBuffer much = ByteBuffer.allocate(70_000);
        fails(SocketException.class, "Message too long", () -> a.send(much, at(b)));
        assertThat(much.remaining()).isEqualTo(70_000);
        a.connect(at(b));
        fails(IOException.class, "Message too long", () -> a.write(much));
    }

    @Test
    void aNonBlockingReceiveGivesNull() throws Exception {
        DatagramChannel b = peer();
        b.configureBlocking(false);
        assertThat(b.receive(ByteBuffer.allocate(1))).isNull();
        b.connect(at(bound()));
        assertThat(b.read(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void readOnlyBuffersAreNotReceivedInto() throws Exception {
        DatagramChannel b = peer();
        fails(IllegalArgumentException.class, "Read-only buffer",
                () -> b.receive(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        b.connect(at(bound()));
        fails(IllegalArgumentException.class, "Read-only buffer",
                () -> b.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
    }

    // ----- connected

    @Test
    void aConnectedChannelReadsAndWrites() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        assertThat(a.connect(at(b))).isSameAs(a);
        b.connect(at(a));
        assertThat(a.isConnected()).isTrue();
        assertThat(a.getRemoteAddress()).isEqualTo(at(b));
        assertThat(a.write(bytes("ping"))).isEqualTo(4);
        ByteBuffer in = ByteBuffer.allocate(10);
        assertThat(b.read(in)).isEqualTo(4);
        assertThat(text(in.flip())).isEqualTo("ping");
        assertThat(b.send(bytes("pong"), at(a))).as("to the peer").isEqualTo(4);
        assertThat(receive(a, at(b))).isEqualTo("pong");
    }

    @Test
    void buffersAreGatheredAndScattered() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        a.connect(at(b));
        b.connect(at(a));
        assertThat(a.write(new ByteBuffer[]{bytes("ab"), direct("cd"), bytes("ef").asReadOnlyBuffer()})).isEqualTo(6);
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(2), ByteBuffer.allocate(10)};
        assertThat(b.read(in)).isEqualTo(6);
        assertThat(text(in[0].flip()) + "|" + text(in[1].flip()) + "|" + text(in[2].flip())).isEqualTo("a|bc|def");
        a.write(bytes("abcdef"));
        ByteBuffer[] small = {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
        assertThat(b.read(small)).as("cut off").isEqualTo(3);
    }

    @Test
    void onlyThePeerIsHeardAndSpokenTo() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        DatagramChannel other = peer();
        a.connect(at(b));
        other.send(bytes("stranger"), at(a));
        b.send(bytes("friend"), at(a));
        assertThat(receive(a, at(b))).isEqualTo("friend");
        fails(AlreadyConnectedException.class, null, () -> a.send(bytes("x"), at(other)));
        fails(AlreadyConnectedException.class, null, () -> a.connect(at(other)));
    }

    @Test
    void connectingForgetsWhatWasReceived() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        b.send(bytes("early"), at(a));
        Selector s = selector();
        a.configureBlocking(false);
        SelectionKey k = a.register(s, SelectionKey.OP_READ);
        select(s, k, SelectionKey.OP_READ);
        a.connect(at(b));
        assertThat(a.read(ByteBuffer.allocate(10))).isZero();
    }

    @Test
    void disconnectingOpensToAll() throws Exception {
        DatagramChannel a = bound();
        InetSocketAddress mine = at(a);
        DatagramChannel b = peer();
        a.connect(at(b));
        assertThat(a.disconnect()).isSameAs(a);
        assertThat(a.isConnected()).isFalse();
        assertThat(a.getRemoteAddress()).isNull();
        assertThat(at(a)).isEqualTo(mine);
        DatagramChannel other = peer();
        other.send(bytes("hello"), mine);
        assertThat(receive(a, at(other))).isEqualTo("hello");
        a.disconnect();
    }

    @Test
    void connectingChoosesOurAddress() throws Exception {
        DatagramChannel a = client();
        a.connect(at(peer()));
        assertThat(at(a).getAddress()).isEqualTo(backend.clientAddress());
        a.disconnect();
        assertThat(at(a).getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void nobodyThereIsToldToAConnectedChannel() throws Exception {
        DatagramChannel b = peer();
        InetSocketAddress nobody = at(b);
        b.close();
        DatagramChannel a = bound();
        a.connect(nobody);
        a.write(bytes("x"));
        fails(PortUnreachableException.class, null, () -> a.read(ByteBuffer.allocate(1)));
        assertThat(a.isOpen()).isTrue();
    }

    @Test
    void nobodyThereIsNotToldToOthers() throws Exception {
        DatagramChannel b = peer();
        InetSocketAddress nobody = at(b);
        b.close();
        DatagramChannel a = bound();
        a.send(bytes("x"), nobody);
        a.send(bytes("x"), nobody);
        a.configureBlocking(false);
        assertThat(a.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    void readingAndWritingNeedAPeer() throws Exception {
        DatagramChannel a = bound();
        fails(NotYetConnectedException.class, null, () -> a.read(ByteBuffer.allocate(1)));
        fails(NotYetConnectedException.class, null, () -> a.write(bytes("x")));
        fails(NotYetConnectedException.class, null, () -> a.read(new ByteBuffer[]{ByteBuffer.allocate(1)}));
        fails(NotYetConnectedException.class, null, () -> a.write(new ByteBuffer[]{bytes("x")}));
    }

    // ----- addresses

    @Test
    void addressesAreChecked() throws Exception {
        DatagramChannel a = client();
        fails(UnsupportedAddressTypeException.class, null, () -> a.bind(new OtherAddress()));
        fails(UnsupportedAddressTypeException.class, null, () -> a.connect(new OtherAddress()));
        fails(UnsupportedAddressTypeException.class, null, () -> a.send(bytes("x"), new OtherAddress()));
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
        fails(UnresolvedAddressException.class, null, () -> a.bind(nowhere));
        fails(UnresolvedAddressException.class, null, () -> a.connect(nowhere));
        fails(UnresolvedAddressException.class, null, () -> a.send(bytes("x"), nowhere));
        fails(NullPointerException.class, null, () -> a.send(bytes("x"), null));
        fails(NullPointerException.class, null, () -> a.connect(null));
        fails(SocketException.class, "Can't send to port 0",
                () -> a.send(bytes("x"), new InetSocketAddress(backend.serverAddress(), 0)));
        fails(SocketException.class, "Can't connect to port 0",
                () -> a.connect(new InetSocketAddress(backend.serverAddress(), 0)));
    }

    @Test
    void anIpv4ChannelTakesNoIpv6Addresses() throws Exception {
        DatagramChannel a = closing(backend.client().openDatagramChannel(StandardProtocolFamily.INET));
        InetSocketAddress six = new InetSocketAddress("::1", 9);
        fails(UnsupportedAddressTypeException.class, null, () -> a.bind(six));
        fails(UnsupportedAddressTypeException.class, null, () -> a.connect(six));
        fails(UnsupportedAddressTypeException.class, null, () -> a.send(bytes("x"), six));
        DatagramChannel b = peer();
        a.send(bytes("x"), at(b));
        b.receive(ByteBuffer.allocate(1));
        fails(UnsupportedOperationException.class, "Protocol family not supported",
                () -> backend.client().openDatagramChannel(() -> "CAIN"));
    }

    @Test
    void bindingFails() throws Exception {
        DatagramChannel a = bound();
        fails(AlreadyBoundException.class, null, () -> a.bind(null));
        DatagramChannel b = client();
        fails(BindException.class, "Address already in use", () -> b.bind(at(a)));
        fails(BindException.class, "Cannot assign requested address",
                () -> b.bind(new InetSocketAddress(backend.foreignAddress(), 0)));
        assertThat(b.bind(null)).isSameAs(b);
    }

    @Test
    void reuseAddressSharesAPort() throws Exception {
        DatagramChannel a = client();
        a.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        a.bind(new InetSocketAddress(backend.clientAddress(), 0));
        DatagramChannel b = client();
        b.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        b.bind(at(a));
        assertThat(at(b)).isEqualTo(at(a));
    }

    // ----- closing and waiting

    @Test
    void everythingOnAClosedChannelComplains() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        a.close();
        a.close();
        fails(ClosedChannelException.class, null, () -> a.send(bytes("x"), at(b)));
        fails(ClosedChannelException.class, null, () -> a.receive(ByteBuffer.allocate(1)));
        fails(ClosedChannelException.class, null, () -> a.read(ByteBuffer.allocate(1)));
        fails(ClosedChannelException.class, null, () -> a.write(bytes("x")));
        fails(ClosedChannelException.class, null, () -> a.bind(null));
        fails(ClosedChannelException.class, null, () -> a.connect(at(b)));
        fails(ClosedChannelException.class, null, a::getLocalAddress);
        fails(ClosedChannelException.class, null, a::getRemoteAddress);
        fails(ClosedChannelException.class, null, () -> a.getOption(StandardSocketOptions.SO_RCVBUF));
        assertThat(a.disconnect()).isSameAs(a);
        assertThat(a.isConnected()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsABlockedReceive(boolean virtual) throws Exception {
        DatagramChannel a = bound();
        FutureTask<Object> receiving = new FutureTask<>(() -> a.receive(ByteBuffer.allocate(1)));
        Thread t = virtual ? Thread.ofVirtual().start(receiving) : Thread.ofPlatform().daemon().start(receiving);
        awaitBlocked(t);
        a.close();
        failed(AsynchronousCloseException.class, null, failure(receiving));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interruptEndsABlockedReceive(boolean virtual) throws Exception {
        DatagramChannel a = bound();
        FutureTask<Object> receiving = new FutureTask<>(() -> a.receive(ByteBuffer.allocate(1)));
        Thread t = virtual ? Thread.ofVirtual().start(receiving) : Thread.ofPlatform().daemon().start(receiving);
        awaitBlocked(t);
        t.interrupt();
        failed(ClosedByInterruptException.class, null, failure(receiving));
        assertThat(a.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlockedReceiveGoesOnWhenADatagramComes(boolean virtual) throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        FutureTask<String> receiving = new FutureTask<>(() -> receive(a, at(b)));
        Thread t = virtual ? Thread.ofVirtual().start(receiving) : Thread.ofPlatform().daemon().start(receiving);
        awaitBlocked(t);
        b.send(bytes("here"), at(a));
        assertThat(get(receiving)).isEqualTo("here");
    }

    @Test
    void selectorsKnowDatagrams() throws Exception {
        Selector s = selector();
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        a.configureBlocking(false);
        SelectionKey k = a.register(s, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(s.selectNow()).isEqualTo(1);
        assertThat(k.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
        k.interestOps(SelectionKey.OP_READ);
        s.selectedKeys().clear();
        assertThat(s.selectNow()).isZero();
        b.send(bytes("a"), at(a));
        b.send(bytes("b"), at(a));
        select(s, k, SelectionKey.OP_READ);
        assertThat(receive(a, at(b))).isEqualTo("a");
        while (a.receive(ByteBuffer.allocate(1)) == null) {
            Thread.onSpinWait();
        }
        s.selectedKeys().clear();
        assertThat(s.selectNow()).isZero();
    }

    // ----- groups

    private static final InetAddress GROUP = Backend.address("239.255.3.3");

    private DatagramChannel member(StandardProtocolFamily family) throws IOException {
        return closing(backend.client().openDatagramChannel(family)).bind(new InetSocketAddress(0));
    }

    private void multicast(DatagramChannel from, String text, int port) throws IOException {
        from.setOption(StandardSocketOptions.IP_MULTICAST_IF, backend.groupInterface());
        from.send(bytes(text), new InetSocketAddress(GROUP, port));
    }

    @Test
    void membersHearTheirGroup() throws Exception {
        DatagramChannel a = member(StandardProtocolFamily.INET);
        DatagramChannel b = closing(backend.server().openDatagramChannel(StandardProtocolFamily.INET))
                .bind(new InetSocketAddress(backend.serverAddress(), 0));
        MembershipKey key = a.join(GROUP, backend.groupInterface());
        multicast(b, "to all", at(a).getPort());
        assertThat(receive(a, at(b))).isEqualTo("to all");
        key.drop();
        assertThat(key.isValid()).isFalse();
        multicast(b, "nobody", at(a).getPort());
        b.send(bytes("you"), new InetSocketAddress(backend.clientAddress(), at(a).getPort()));
        assertThat(receive(a, at(b))).as("after leaving").isEqualTo("you");
        key.drop();
    }

    @Test
    void aMembershipKnowsItself() throws Exception {
        DatagramChannel a = member(StandardProtocolFamily.INET);
        MembershipKey key = a.join(GROUP, backend.groupInterface());
        assertThat(a.join(GROUP, backend.groupInterface())).as("again").isSameAs(key);
        assertThat(key.isValid()).isTrue();
        assertThat(key.channel()).isSameAs(a);
        assertThat(key.group()).isEqualTo(GROUP);
        assertThat(key.networkInterface()).isEqualTo(backend.groupInterface());
        assertThat(key.sourceAddress()).isNull();
        assertThat(key.toString()).isEqualTo("<239.255.3.3," + key.networkInterface().getName() + ">");
        a.close();
        assertThat(key.isValid()).isFalse();
        fails(ClosedChannelException.class, null, () -> a.join(GROUP, backend.groupInterface()));
    }

    @Test
    void whatIsNoGroupIsNotJoined() throws Exception {
        DatagramChannel a = member(StandardProtocolFamily.INET);
        fails(IllegalArgumentException.class, "Group not a multicast address",
                () -> a.join(backend.serverAddress(), backend.groupInterface()));
        fails(IllegalArgumentException.class, "Only IPv6 sockets can join IPv6 multicast group",
                () -> a.join(Backend.address("ff02::7"), backend.groupInterface()));
        fails(NullPointerException.class, null, () -> a.join(GROUP, backend.groupInterface(), null));
    }

    @Test
    void socketsJoinToo() throws Exception {
        DatagramSocket s = member(StandardProtocolFamily.INET).socket();
        InetSocketAddress group = new InetSocketAddress(GROUP, 0);
        s.joinGroup(group, backend.groupInterface());
        fails(SocketException.class, "Already a member of group", () -> s.joinGroup(group, backend.groupInterface()));
        s.leaveGroup(group, backend.groupInterface());
        fails(SocketException.class, "Not a member of group", () -> s.leaveGroup(group, backend.groupInterface()));
        fails(SocketException.class, "Not a multicast address",
                () -> s.joinGroup(new InetSocketAddress(backend.serverAddress(), 0), backend.groupInterface()));
        fails(IllegalArgumentException.class, "Unsupported address type",
                () -> s.joinGroup(new OtherAddress(), backend.groupInterface()));
    }

    // ----- options

    @Test
    void optionsAreKept() throws Exception {
        DatagramChannel a = client();
        assertThat(a.getOption(StandardSocketOptions.SO_BROADCAST)).isFalse();
        assertThat(a.getOption(StandardSocketOptions.SO_REUSEADDR)).isFalse();
        assertThat(a.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isTrue();
        assertThat(a.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(1);
        assertThat(a.getOption(StandardSocketOptions.IP_TOS)).isZero();
        assertThat(a.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isNull();
        a.setOption(StandardSocketOptions.IP_MULTICAST_IF, backend.groupInterface());
        assertThat(backend.onClient(() -> a.getOption(StandardSocketOptions.IP_MULTICAST_IF)))
                .isEqualTo(backend.groupInterface());
        a.setOption(StandardSocketOptions.SO_BROADCAST, true);
        a.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
        a.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 7);
        a.setOption(StandardSocketOptions.IP_TOS, 0x18);
        a.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        a.setOption(StandardSocketOptions.SO_SNDBUF, 50_000);
        assertThat(a.getOption(StandardSocketOptions.SO_BROADCAST)).isTrue();
        assertThat(a.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isFalse();
        assertThat(a.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(7);
        assertThat(a.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x18);
        assertThat(a.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(50_000);
        assertThat(a.getOption(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(50_000);
    }

    @Test
    void wrongOptionsComplain() throws Exception {
        DatagramChannel a = client();
        fails(UnsupportedOperationException.class, "'TCP_NODELAY' not supported",
                () -> a.setOption(StandardSocketOptions.TCP_NODELAY, true));
        fails(IllegalArgumentException.class, "Invalid IP_TOS value",
                () -> a.setOption(StandardSocketOptions.IP_TOS, 256));
        fails(IllegalArgumentException.class, "Invalid send/receive buffer size",
                () -> a.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        fails(IllegalArgumentException.class, "Invalid send/receive buffer size",
                () -> a.setOption(StandardSocketOptions.SO_RCVBUF, -1));
        fails(IllegalArgumentException.class, "Invalid TTL/hop value",
                () -> a.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 256));
        fails(IllegalArgumentException.class, "Invalid value 'null'",
                () -> a.setOption(StandardSocketOptions.SO_BROADCAST, null));
        fails(NullPointerException.class, null, () -> a.setOption(null, 1));
    }

    // ----- DatagramSocket

    @Test
    void theSocketOfAChannelSendsAndReceives() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        DatagramSocket s = a.socket();
        assertThat(a.socket()).isSameAs(s);
        assertThat(s.getChannel()).isSameAs(a);
        assertThat(s.isBound()).isTrue();
        assertThat(s.getLocalSocketAddress()).isEqualTo(at(a));
        s.send(new DatagramPacket("hello".getBytes(), 5, at(b)));
        assertThat(receive(b, at(a))).isEqualTo("hello");
        b.send(bytes("a long answer"), at(a));
        DatagramPacket p = new DatagramPacket(new byte[6], 6);
        s.receive(p);
        assertThat(new String(p.getData(), 0, p.getLength())).isEqualTo("a long");
        assertThat(p.getSocketAddress()).isEqualTo(at(b));
    }

    @Test
    void aPacketKeepsItsRoom() throws Exception {
        DatagramChannel a = bound();
        DatagramChannel b = peer();
        DatagramPacket p = new DatagramPacket(new byte[20], 20);
        for (String text : new String[]{"short", "somewhat longer", "x"}) {
            b.send(bytes(text), at(a));
            a.socket().receive(p);
            assertThat(new String(p.getData(), 0, p.getLength())).isEqualTo(text);
        }
    }

    @Test
    void aSocketTimesOut() throws Exception {
        DatagramSocket s = bound().socket();
        s.setSoTimeout(30);
        assertThat(s.getSoTimeout()).isEqualTo(30);
        fails(SocketTimeoutException.class, "Receive timed out", () -> s.receive(new DatagramPacket(new byte[1], 1)));
        fails(IllegalArgumentException.class, "timeout < 0", () -> s.setSoTimeout(-1));
    }

    @Test
    void aSocketComplains() throws Exception {
        DatagramChannel a = bound();
        DatagramSocket s = a.socket();
        DatagramPacket p = new DatagramPacket(new byte[1], 1);
        fails(IllegalArgumentException.class, "Address not set", () -> s.send(p));
        fails(SocketException.class, "Already bound", () -> s.bind(null));
        s.connect(at(peer()));
        assertThat(s.isConnected()).isTrue();
        fails(IllegalArgumentException.class, "Connected and packet address differ",
                () -> s.send(new DatagramPacket(new byte[1], 1, at(peer()))));
        a.configureBlocking(false);
        assertThat(catchThrowable(() -> s.receive(p))).isInstanceOf(IllegalBlockingModeException.class);
        s.close();
        assertThat(s.isClosed()).isTrue();
        assertThat(a.isOpen()).isFalse();
        fails(SocketException.class, "Socket closed", () -> s.receive(p));
        fails(SocketException.class, "Socket closed", () -> s.send(new DatagramPacket(new byte[1], 1, at(peer()))));
        fails(SocketException.class, "Socket is closed", () -> s.setSoTimeout(1));
        assertThat(s.getLocalPort()).isEqualTo(-1);
    }
}
