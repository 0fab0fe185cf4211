package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link SocketChannel} and {@link ServerSocketChannel}: opening, moving bytes, half-closing, failing. */
abstract class StreamSuite extends Suite {
    // ----- opening

    @Test
    void aNewChannelIsOpenBlockingAndUnconnected() throws Exception {
        SocketChannel c = socket();
        assertThat(c.isOpen()).isTrue();
        assertThat(c.isBlocking()).isTrue();
        assertThat(c.isConnected()).isFalse();
        assertThat(c.isConnectionPending()).isFalse();
        assertThat(c.isRegistered()).isFalse();
        assertThat(c.getLocalAddress()).isNull();
        assertThat(c.getRemoteAddress()).isNull();
        assertThat(c.provider()).isSameAs(backend.clientProvider());
        assertThat(c.validOps()).isEqualTo(SelectionKey.OP_CONNECT | SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    @Test
    void aNewServerIsOpenBlockingAndUnbound() throws Exception {
        ServerSocketChannel s = unboundServer();
        assertThat(s.isOpen()).isTrue();
        assertThat(s.isBlocking()).isTrue();
        assertThat(s.getLocalAddress()).isNull();
        assertThat(s.validOps()).isEqualTo(SelectionKey.OP_ACCEPT);
    }

    @Test
    void connectAndAcceptKnowEachOther() throws Exception {
        Pair p = pair();
        assertThat(p.client().isConnected()).isTrue();
        assertThat(p.server().isConnected()).isTrue();
        assertThat(p.server().isBlocking()).isTrue();
        assertThat(p.client().getRemoteAddress()).isEqualTo(p.server().getLocalAddress());
        assertThat(p.server().getRemoteAddress()).isEqualTo(p.client().getLocalAddress());
        assertThat(((InetSocketAddress) p.client().getLocalAddress()).getAddress()).isEqualTo(backend.clientAddress());
    }

    @Test
    void openingWithAFamily() throws Exception {
        SocketChannel c = closing(backend.client().openSocketChannel(StandardProtocolFamily.INET));
        ServerSocketChannel s = closing(backend.server().openServerSocketChannel(StandardProtocolFamily.INET));
        s.bind(new InetSocketAddress(backend.serverAddress(), 0));
        c.connect(at(s));
        assertThat(c.isConnected()).isTrue();
        SocketChannel other = closing(backend.client().openSocketChannel(StandardProtocolFamily.INET));
        fails(UnsupportedAddressTypeException.class, null, () -> other.connect(new InetSocketAddress("::1", 80)));
        fails(UnsupportedAddressTypeException.class, null, () -> other.bind(new InetSocketAddress("::1", 0)));
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void openingWithoutAFamilyComplains() {
        fails(NullPointerException.class, "'family' is null", () -> backend.client().openSocketChannel(null));
        fails(NullPointerException.class, "'family' is null", () -> backend.client().openServerSocketChannel(null));
    }

    @Test
    void openingWithAnUnknownFamilyIsNotSupported() {
        fails(UnsupportedOperationException.class, "Protocol family not supported",
                () -> backend.client().openSocketChannel(() -> "CAIN"));
        fails(UnsupportedOperationException.class, "Protocol family not supported",
                () -> backend.client().openServerSocketChannel(() -> "CAIN"));
    }

    @Test
    void aNonBlockingConnectIsFinishedLater() throws Exception {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.configureBlocking(false);
        boolean at = c.connect(at(s));
        while (!c.finishConnect()) {
            assertThat(c.isConnectionPending()).isTrue();
            assertThat(c.isConnected()).isFalse();
            Thread.onSpinWait();
        }
        assertThat(c.isConnected()).isTrue();
        assertThat(c.isConnectionPending()).isFalse();
        assertThat(c.finishConnect()).as("again").isTrue();
        assertThat(at).isIn(true, false);
    }

    @Test
    void finishConnectWithoutConnectComplains() throws Exception {
        SocketChannel c = socket();
        fails(NoConnectionPendingException.class, null, c::finishConnect);
        c.configureBlocking(false);
        fails(NoConnectionPendingException.class, null, c::finishConnect);
        assertThat(c.isOpen()).isTrue();
    }

    @Test
    void finishConnectMayBeBlocking() throws Exception {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.configureBlocking(false);
        if (!c.connect(at(s))) {
            c.configureBlocking(true);
            assertThat(c.finishConnect()).isTrue();
        }
        assertThat(c.isConnected()).isTrue();
    }

    @Test
    void connectingTwiceComplains() throws Exception {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.connect(at(s));
        fails(AlreadyConnectedException.class, null, () -> c.connect(at(s)));
        assertThat(c.isConnected()).isTrue();
    }

    @Test
    void connectingWhileConnectingComplains() throws Exception {
        SocketChannel c = socket();
        c.configureBlocking(false);
        if (!c.connect(at(server()))) {
            fails(ConnectionPendingException.class, null, () -> c.connect(at(server())));
            fails(ConnectionPendingException.class, null, () -> c.bind(null));
            assertThat(c.isConnectionPending()).isTrue();
        }
    }

    @Test
    void connectIsRefused() throws Exception {
        SocketChannel c = socket();
        fails(ConnectException.class, "Connection refused", () -> c.connect(backend.nobody()));
        assertThat(c.isOpen()).as("open after a failed connect").isFalse();
    }

    @Test
    void finishConnectIsRefused() throws Exception {
        SocketChannel c = socket();
        c.configureBlocking(false);
        InetSocketAddress nobody = backend.nobody();
        Throwable t = catchThrowable(() -> {
            c.connect(nobody);
            while (!c.finishConnect()) {
                Thread.onSpinWait();
            }
        });
        failed(ConnectException.class, "Connection refused", t);
        assertThat(c.isOpen()).isFalse();
    }

    @Test
    void connectToWhatIsNoAddressComplains() throws Exception {
        SocketChannel c = socket();
        fails(UnresolvedAddressException.class, null,
                () -> c.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 80)));
        fails(UnsupportedAddressTypeException.class, null, () -> c.connect(new OtherAddress()));
        fails(NullPointerException.class, null, () -> c.connect(null));
        assertThat(c.isOpen()).isTrue();
    }

    @Test
    void connectingAClosedChannelComplains() throws Exception {
        SocketChannel c = socket();
        c.close();
        fails(ClosedChannelException.class, null, () -> c.connect(at(server())));
        fails(ClosedChannelException.class, null, c::finishConnect);
    }

    // ----- binding

    @Test
    void bindingChoosesOurSide() throws Exception {
        SocketChannel c = socket();
        c.bind(new InetSocketAddress(backend.clientAddress(), 0));
        InetSocketAddress mine = (InetSocketAddress) c.getLocalAddress();
        assertThat(mine.getAddress()).isEqualTo(backend.clientAddress());
        assertThat(mine.getPort()).isPositive();
        ServerSocketChannel s = server();
        c.connect(at(s));
        assertThat(c.getLocalAddress()).isEqualTo(mine);
        assertThat(closing(s.accept()).getRemoteAddress()).isEqualTo(mine);
    }

    @Test
    void bindingToAnyAddressLeavesTheAddressToTheRoute() throws Exception {
        SocketChannel c = socket();
        c.bind(null);
        InetSocketAddress mine = (InetSocketAddress) c.getLocalAddress();
        assertThat(mine.getAddress().isAnyLocalAddress()).isTrue();
        assertThat(mine.getPort()).isPositive();
        c.connect(at(server()));
        assertThat(c.getLocalAddress()).isEqualTo(new InetSocketAddress(backend.clientAddress(), mine.getPort()));
    }

    @Test
    void bindingTwiceComplains() throws Exception {
        SocketChannel c = socket();
        c.bind(null);
        fails(AlreadyBoundException.class, null, () -> c.bind(null));
        Pair p = pair();
        fails(AlreadyBoundException.class, null, () -> p.client().bind(null));
        fails(AlreadyBoundException.class, null, () -> server().bind(null));
    }

    @Test
    void bindingToATakenPortFails() throws Exception {
        SocketChannel first = socket();
        first.bind(new InetSocketAddress(backend.clientAddress(), 0));
        SocketChannel second = socket();
        fails(BindException.class, "Address already in use", () -> second.bind(first.getLocalAddress()));
        assertThat(second.isOpen()).isTrue();
        first.close();
        second.bind(new InetSocketAddress(backend.clientAddress(), 0));
    }

    @Test
    void theSamePortOnAListenerIsTaken() throws Exception {
        ServerSocketChannel s = server();
        ServerSocketChannel second = unboundServer();
        fails(BindException.class, "Address already in use", () -> second.bind(s.getLocalAddress()));
        assertThat(second.isOpen()).isTrue();
        assertThat(second.getLocalAddress()).isNull();
        s.close();
        second.bind(new InetSocketAddress(backend.serverAddress(), 0));
    }

    @Test
    void bindingToAnAddressThatIsNotOursFails() throws Exception {
        fails(BindException.class, "Cannot assign requested address",
                () -> socket().bind(new InetSocketAddress(backend.foreignAddress(), 0)));
        fails(BindException.class, "Cannot assign requested address",
                () -> unboundServer().bind(new InetSocketAddress(backend.foreignAddress(), 0)));
    }

    @Test
    void bindingToWhatIsNoAddressComplains() throws Exception {
        SocketChannel c = socket();
        fails(UnsupportedAddressTypeException.class, null, () -> c.bind(new OtherAddress()));
        fails(UnresolvedAddressException.class, null,
                () -> c.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
        ServerSocketChannel s = unboundServer();
        fails(UnsupportedAddressTypeException.class, null, () -> s.bind(new OtherAddress()));
        fails(UnresolvedAddressException.class, null,
                () -> s.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
    }

    @Test
    void bindingAClosedChannelComplains() throws Exception {
        SocketChannel c = socket();
        c.close();
        fails(ClosedChannelException.class, null, () -> c.bind(null));
        ServerSocketChannel s = unboundServer();
        s.close();
        fails(ClosedChannelException.class, null, () -> s.bind(null));
    }

    @Test
    void acceptBeforeBindComplains() throws Exception {
        ServerSocketChannel s = unboundServer();
        fails(NotYetBoundException.class, null, s::accept);
        s.configureBlocking(false);
        fails(NotYetBoundException.class, null, s::accept);
        s.close();
        fails(ClosedChannelException.class, null, s::accept);
    }

    @Test
    void aNonBlockingAcceptWithoutConnectionGivesNull() throws Exception {
        ServerSocketChannel s = server();
        s.configureBlocking(false);
        assertThat(s.accept()).isNull();
        SocketChannel c = socket();
        c.connect(at(s));
        SocketChannel accepted = s.accept();
        while (accepted == null) {
            Thread.onSpinWait();
            accepted = s.accept();
        }
        assertThat(closing(accepted).isBlocking()).as("whatever the server is").isTrue();
    }

    @Test
    void connectionsAreAcceptedInTheirOrder() throws Exception {
        ServerSocketChannel s = server();
        for (int i = 0; i < 5; i++) {
            SocketChannel c = socket();
            c.connect(at(s));
            assertThat(closing(s.accept()).getRemoteAddress()).isEqualTo(c.getLocalAddress());
        }
    }

    @Test
    void closingAServerResetsWhatWasNotAccepted() throws Exception {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.connect(at(s));
        s.close();
        fails(SocketException.class, "Connection reset", () -> c.read(ByteBuffer.allocate(1)));
    }

    @Test
    void acceptedConnectionsOutliveTheirServer() throws Exception {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.connect(at(s));
        SocketChannel a = closing(s.accept());
        s.close();
        c.write(bytes("still"));
        assertThat(read(a, 5)).isEqualTo("still");
    }

    // ----- moving bytes

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesArriveInOrder(boolean direct) throws Exception {
        Pair p = pair();
        int length = 3_000_000;
        ByteBuffer out = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            out.put((byte) (i * 31 + (i >> 8)));
        }
        out.flip();
        FutureTask<Integer> writer = start(() -> {
            int n = 0;
            while (out.hasRemaining()) {
                n += p.client().write(out);
            }
            p.client().shutdownOutput();
            return n;
        });
        ByteBuffer in = direct ? ByteBuffer.allocateDirect(length + 1) : ByteBuffer.allocate(length + 1);
        while (p.server().read(in) >= 0) {
            assertThat(in.position()).isLessThanOrEqualTo(length);
        }
        assertThat(get(writer)).isEqualTo(length);
        assertThat(in.flip()).isEqualTo(out.flip());
    }

    @Test
    void aBlockingWriteWritesEverything() throws Exception {
        Pair p = pair();
        ByteBuffer much = ByteBuffer.allocateDirect(8 << 20);
        FutureTask<Integer> writer = start(() -> p.client().write(much));
        ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        long sum = 0;
        while (sum < much.capacity()) {
            sum += p.server().read(in.clear());
        }
        assertThat(get(writer)).isEqualTo(much.capacity());
        assertThat(much.hasRemaining()).isFalse();
    }

    @Test
    void aNonBlockingWriteWritesWhatFits() throws Exception {
        Pair p = nonBlockingPair();
        long n = fill(p.client());
        assertThat(n).isPositive();
        assertThat(p.client().write(bytes("x"))).isZero();
        ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        long sum = 0;
        while (sum < n) {
            sum += p.server().read(in.clear());
        }
        while (p.client().write(bytes("x")) == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void readsTakeWhatIsThere() throws Exception {
        Pair p = pair();
        p.client().write(bytes("hello world"));
        assertThat(read(p.server(), 5)).isEqualTo("hello");
        ByteBuffer rest = ByteBuffer.allocate(100);
        assertThat(p.server().read(rest)).isEqualTo(6);
        assertThat(text(rest.flip())).isEqualTo(" world");
    }

    @Test
    void aReadGoesBetweenPositionAndLimit() throws Exception {
        Pair p = pair();
        p.client().write(bytes("abcdef"));
        for (ByteBuffer b : new ByteBuffer[]{ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10)}) {
            b.position(3).limit(6);
            assertThat(p.server().read(b)).isEqualTo(3);
            assertThat(b.position()).isEqualTo(6);
            assertThat(b.limit()).isEqualTo(6);
            assertThat(b.get(2)).isZero();
        }
    }

    @Test
    void slicesAndReadOnlyBuffersAreWritten() throws Exception {
        Pair p = pair();
        p.client().write(bytes("0123456789").slice(2, 3));
        p.client().write(direct("0123456789").slice(5, 2));
        p.client().write(bytes("read-only").asReadOnlyBuffer());
        p.client().write(direct("direct").asReadOnlyBuffer());
        assertThat(read(p.server(), 20)).isEqualTo("23456read-onlydirect");
    }

    @Test
    void memorySegmentsAreWrittenAndRead() throws Exception {
        Pair p = pair();
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer out = arena.allocate(100).asByteBuffer();
            out.put(bytes("segment")).flip();
            assertThat(p.client().write(out)).isEqualTo(7);
            ByteBuffer in = arena.allocate(100).asByteBuffer();
            while (in.position() < 7) {
                p.server().read(in);
            }
            assertThat(text(in.flip())).isEqualTo("segment");
        }
    }

    @Test
    void readingIntoAReadOnlyBufferComplains() throws Exception {
        Pair p = pair();
        p.client().write(bytes("x"));
        fails(IllegalArgumentException.class, "Read-only buffer",
                () -> p.server().read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        fails(IllegalArgumentException.class, "Read-only buffer", () -> p.server().read(
                new ByteBuffer[]{ByteBuffer.allocate(1), ByteBuffer.allocate(1).asReadOnlyBuffer()}));
        assertThat(read(p.server(), 1)).isEqualTo("x");
    }

    @Test
    void emptyBuffersMoveNothing() throws Exception {
        Pair p = pair();
        assertThat(p.server().read(ByteBuffer.allocate(0))).isZero();
        assertThat(p.server().read(ByteBuffer.allocateDirect(0))).isZero();
        assertThat(p.client().write(ByteBuffer.allocate(0))).isZero();
        assertThat(p.client().write(new ByteBuffer[0])).isZero();
        assertThat(p.server().read(new ByteBuffer[0])).isZero();
        assertThat(p.server().read(new ByteBuffer[]{ByteBuffer.allocate(0)})).isZero();
    }

    @Test
    void buffersThatAreNotThereComplain() throws Exception {
        Pair p = pair();
        fails(NullPointerException.class, null, () -> p.client().read((ByteBuffer) null));
        fails(NullPointerException.class, null, () -> p.client().write((ByteBuffer) null));
        assertThat(catchThrowable(() -> p.client().write(new ByteBuffer[2], 1, 2)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(catchThrowable(() -> p.client().read(new ByteBuffer[2], -1, 2)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aGatheringWriteKeepsTheOrder() throws Exception {
        Pair p = pair();
        ByteBuffer[] out = {bytes("skip"), bytes("a"), ByteBuffer.allocate(0), direct("bc"),
            bytes("def").asReadOnlyBuffer(), bytes("skip")};
        assertThat(p.client().write(out, 1, 4)).isEqualTo(6);
        assertThat(out[0].remaining()).isEqualTo(4);
        assertThat(out[3].hasRemaining()).isFalse();
        assertThat(read(p.server(), 6)).isEqualTo("abcdef");
    }

    @Test
    void aScatteringReadFillsOneAfterTheOther() throws Exception {
        Pair p = pair();
        p.client().write(bytes("abcdefg"));
        assertThat(read(p.server(), 1)).isEqualTo("a"); // all are there then
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(2), ByteBuffer.allocate(0),
            ByteBuffer.allocate(10), ByteBuffer.allocate(10)};
        assertThat(p.server().read(in)).isEqualTo(6);
        assertThat(text(in[0].flip()) + "|" + text(in[1].flip()) + "|" + text(in[3].flip())).isEqualTo("b|cd|efg");
        assertThat(in[4].position()).isZero();
    }

    @Test
    void manyBuffersAreGathered() throws Exception {
        Pair p = pair();
        ByteBuffer[] out = new ByteBuffer[2000];
        for (int i = 0; i < out.length; i++) {
            out[i] = ByteBuffer.wrap(new byte[]{(byte) i});
        }
        assertThat(p.client().write(out)).as("as many as one call takes").isEqualTo(1024);
        assertThat(out[1023].hasRemaining()).isFalse();
        assertThat(out[1024].hasRemaining()).isTrue();
        assertThat(read(p.server(), 1024)).hasSize(1024);
    }

    @Test
    void aNonBlockingReadWithoutDataGivesZero() throws Exception {
        Pair p = nonBlockingPair();
        assertThat(p.client().read(ByteBuffer.allocate(1))).isZero();
        assertThat(p.client().read(ByteBuffer.allocateDirect(1))).isZero();
        assertThat(p.client().read(new ByteBuffer[]{ByteBuffer.allocate(1)})).isZero();
    }

    @Test
    void aBlockedReadGoesOnWhenDataComes() throws Exception {
        Pair p = pair();
        FutureTask<String> reader = start(() -> read(p.server(), 5));
        p.client().write(bytes("hello"));
        assertThat(get(reader)).isEqualTo("hello");
    }

    @Test
    void aReaderAndAWriterDoNotDisturbEachOther() throws Exception {
        Pair p = pair();
        FutureTask<String> reader = start(() -> read(p.client(), 4));
        p.client().write(bytes("ping"));
        assertThat(read(p.server(), 4)).isEqualTo("ping");
        p.server().write(bytes("pong"));
        assertThat(get(reader)).isEqualTo("pong");
    }

    // ----- before connecting, after closing

    @Test
    void movingBytesBeforeConnectingComplains() throws Exception {
        SocketChannel c = socket();
        ByteBuffer b = ByteBuffer.allocate(1);
        fails(NotYetConnectedException.class, null, () -> c.read(b));
        fails(NotYetConnectedException.class, null, () -> c.write(b));
        fails(NotYetConnectedException.class, null, () -> c.read(new ByteBuffer[]{b}));
        fails(NotYetConnectedException.class, null, () -> c.write(new ByteBuffer[]{b}));
        fails(NotYetConnectedException.class, null, c::shutdownInput);
        fails(NotYetConnectedException.class, null, c::shutdownOutput);
    }

    @Test
    void movingBytesWhileConnectingComplains() throws Exception {
        SocketChannel c = socket();
        c.configureBlocking(false);
        if (!c.connect(at(server()))) {
            fails(NotYetConnectedException.class, null, () -> c.read(ByteBuffer.allocate(1)));
            fails(NotYetConnectedException.class, null, () -> c.write(bytes("x")));
        }
    }

    @Test
    void everythingOnAClosedChannelComplains() throws Exception {
        Pair p = pair();
        SocketChannel c = p.client();
        c.close();
        ByteBuffer b = ByteBuffer.allocate(1);
        fails(ClosedChannelException.class, null, () -> c.read(b));
        fails(ClosedChannelException.class, null, () -> c.write(b));
        fails(ClosedChannelException.class, null, () -> c.read(new ByteBuffer[]{b}));
        fails(ClosedChannelException.class, null, () -> c.write(new ByteBuffer[]{b}));
        fails(ClosedChannelException.class, null, c::shutdownInput);
        fails(ClosedChannelException.class, null, c::shutdownOutput);
        fails(ClosedChannelException.class, null, c::getLocalAddress);
        fails(ClosedChannelException.class, null, c::getRemoteAddress);
        fails(ClosedChannelException.class, null, () -> c.configureBlocking(false));
        fails(ClosedChannelException.class, null, () -> c.getOption(StandardSocketOptions.TCP_NODELAY));
        fails(ClosedChannelException.class, null, () -> c.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertThat(c.isConnected()).isFalse();
        assertThat(c.isOpen()).isFalse();
        c.close();
    }

    @Test
    void everythingOnAClosedServerComplains() throws Exception {
        ServerSocketChannel s = server();
        s.close();
        fails(ClosedChannelException.class, null, s::accept);
        fails(ClosedChannelException.class, null, s::getLocalAddress);
        fails(ClosedChannelException.class, null, () -> s.configureBlocking(false));
        fails(ClosedChannelException.class, null, () -> s.getOption(StandardSocketOptions.SO_REUSEADDR));
        fails(ClosedChannelException.class, null, () -> s.setOption(StandardSocketOptions.SO_REUSEADDR, true));
        s.close();
    }

    // ----- half-close, end of stream, reset

    @Test
    void theEndOfTheStreamComesAfterTheData() throws Exception {
        Pair p = pair();
        p.client().write(bytes("last"));
        p.client().shutdownOutput();
        assertThat(read(p.server(), 4)).isEqualTo("last");
        assertThat(p.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(p.server().read(ByteBuffer.allocateDirect(1))).as("again").isEqualTo(-1);
        assertThat(p.server().read(new ByteBuffer[]{ByteBuffer.allocate(1)})).isEqualTo(-1);
    }

    @Test
    void theOtherDirectionGoesOnAfterAHalfClose() throws Exception {
        Pair p = pair();
        p.client().shutdownOutput();
        assertThat(p.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        p.server().write(bytes("answer"));
        assertThat(read(p.client(), 6)).isEqualTo("answer");
        assertThat(p.client().isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writingAfterShutdownOutputFails(boolean blocking) throws Exception {
        Pair p = pair();
        p.client().configureBlocking(blocking);
        p.client().shutdownOutput();
        assertThat(p.client().shutdownOutput()).as("again").isSameAs(p.client());
        Throwable one = catchThrowable(() -> p.client().write(bytes("x")));
        failed(AsynchronousCloseException.class, null, one);
        Throwable many = catchThrowable(() -> p.client().write(new ByteBuffer[]{bytes("x"), bytes("y")}));
        failed(AsynchronousCloseException.class, null, many);
        assertThat(p.client().isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readingAfterShutdownInputGivesTheEnd(boolean blocking) throws Exception {
        Pair p = pair();
        p.client().configureBlocking(blocking);
        p.client().shutdownInput();
        assertThat(p.client().shutdownInput()).as("again").isSameAs(p.client());
        assertThat(p.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(p.client().read(new ByteBuffer[]{ByteBuffer.allocate(1)})).isEqualTo(-1);
        p.client().write(bytes("out"));
        assertThat(read(p.server(), 3)).isEqualTo("out");
    }

    @Test
    void shutdownInputThrowsAwayWhatIsThere() throws Exception {
        Pair p = pair();
        p.client().write(bytes("ab"));
        assertThat(read(p.server(), 1)).isEqualTo("a");
        p.server().shutdownInput();
        assertThat(p.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdownEndsABlockedRead(boolean virtual) throws Exception {
        Pair p = pair();
        FutureTask<Integer> reader = new FutureTask<>(() -> p.client().read(ByteBuffer.allocate(1)));
        Thread t = virtual ? Thread.ofVirtual().start(reader) : Thread.ofPlatform().daemon().start(reader);
        awaitBlocked(t);
        p.client().shutdownInput();
        assertThat(get(reader)).isEqualTo(-1);
        assertThat(p.client().isOpen()).isTrue();
    }

    @Test
    void aResetIsReadAgainAndAgain() throws Exception {
        Pair p = pair();
        reset(p.server());
        for (int i = 0; i < 3; i++) {
            fails(SocketException.class, "Connection reset", () -> p.client().read(ByteBuffer.allocate(1)));
        }
        fails(SocketException.class, "Connection reset",
                () -> p.client().read(new ByteBuffer[]{ByteBuffer.allocateDirect(1)}));
        assertThat(p.client().isOpen()).isTrue();
        assertThat(p.client().isConnected()).isTrue();
    }

    @Test
    void shuttingWhatWasResetDoesNothing() throws Exception {
        Pair p = pair();
        reset(p.server());
        fails(SocketException.class, "Connection reset", () -> p.client().read(ByteBuffer.allocate(1)));
        p.client().shutdownInput().shutdownOutput();
        assertThat(p.client().isOpen()).isTrue();
    }

    @Test
    void writingAfterAReadResetIsABrokenPipe() throws Exception {
        Pair p = pair();
        reset(p.server());
        fails(SocketException.class, "Connection reset", () -> p.client().read(ByteBuffer.allocate(1)));
        fails(IOException.class, "Broken pipe", () -> p.client().write(bytes("x")));
        fails(IOException.class, "Broken pipe", () -> p.client().write(direct("x")));
        fails(IOException.class, "Broken pipe", () -> p.client().write(new ByteBuffer[]{bytes("x"), bytes("y")}));
    }

    @Test
    void aResetMeetsAWriteFirst() throws Exception {
        Pair p = pair();
        reset(p.server());
        Throwable t = null;
        while (t == null) {
            t = catchThrowable(() -> p.client().write(bytes("x")));
        }
        failed(IOException.class, "Connection reset by peer", t);
        fails(IOException.class, "Broken pipe", () -> p.client().write(bytes("x")));
    }

    @Test
    void aResetAfterDataStillGivesTheReset() throws Exception {
        Pair p = pair();
        p.server().write(bytes("data"));
        assertThat(read(p.client(), 1)).isEqualTo("d");
        reset(p.server());
        Throwable t = null;
        while (t == null) {
            t = catchThrowable(() -> assertThat(p.client().read(ByteBuffer.allocate(100))).isPositive());
        }
        failed(SocketException.class, "Connection reset", t);
    }

    @Test
    void closingWithUnreadDataResets() throws Exception {
        Pair p = pair();
        p.client().write(bytes("unread"));
        assertThat(read(p.server(), 1)).isEqualTo("u");
        p.server().close();
        fails(SocketException.class, "Connection reset", () -> p.client().read(ByteBuffer.allocate(1)));
    }

    @Test
    void closingSendsWhatWasWritten() throws Exception {
        Pair p = pair();
        FutureTask<Integer> writer = start(() -> {
            int n = p.client().write(ByteBuffer.allocateDirect(500_000));
            p.client().close();
            return n;
        });
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        long sum = 0;
        for (int n = p.server().read(in); n >= 0; n = p.server().read(in.clear())) {
            sum += n;
        }
        assertThat(sum).isEqualTo(500_000);
        assertThat(get(writer)).isEqualTo(500_000);
    }

    @Test
    void lingeringWaitsForThePeer() throws Exception {
        Pair p = pair();
        p.client().setOption(StandardSocketOptions.SO_LINGER, 20);
        p.client().write(ByteBuffer.allocateDirect(100_000));
        FutureTask<Integer> closer = start(() -> {
            p.client().close();
            return 0;
        });
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        long sum = 0;
        for (int n = p.server().read(in); n >= 0; n = p.server().read(in.clear())) {
            sum += n;
        }
        assertThat(sum).isEqualTo(100_000);
        get(closer);
    }

    @Test
    void channelsSayWhatTheyAre() throws Exception {
        SocketChannel c = socket();
        assertThat(c.toString()).isEqualTo("java.nio.channels.SocketChannel[unconnected]");
        Pair p = pair();
        assertThat(p.client().toString()).isEqualTo("java.nio.channels.SocketChannel[connected local="
                + p.client().getLocalAddress() + " remote=" + p.client().getRemoteAddress() + "]");
        p.client().shutdownInput();
        p.client().shutdownOutput();
        assertThat(p.client().toString()).startsWith("java.nio.channels.SocketChannel[connected ishut oshut local=");
        p.client().close();
        assertThat(p.client().toString()).isEqualTo("java.nio.channels.SocketChannel[closed]");
    }
}
