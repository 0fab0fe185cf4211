package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/** What reads, writes and selections of channels cost in garbage once they run. */
class ChannelAllocationTest {
    private static final int WARM_UP = 60_000;
    private static final int MEASURED = 20_000;

    enum Buffers {
        DIRECT, HEAP;

        ByteBuffer allocate(int bytes) {
            return this == DIRECT ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        }
    }

    /** Bytes that are allowed for a round trip: none, but what the JVM does meanwhile. */
    private static final int ALLOWED = 8;

    private interface Rounds {
        void run(int count) throws IOException;
    }

    private static void echo(SocketChannel s) throws IOException {
        ByteBuffer b = ByteBuffer.allocateDirect(64);
        while (s.read(b.clear()) >= 0) {
            s.write(b.flip());
        }
    }

    private static long bytesEach(Rounds rounds) throws IOException {
        rounds.run(WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds.run(MEASURED);
        return (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
    }

    @ParameterizedTest
    @EnumSource
    void aBlockingRoundTripAllocatesNothingOfNote(Buffers buffers) throws Exception {
        try (TwoStacks stacks = new TwoStacks(); SocketChannel c = connected(stacks)) {
            ByteBuffer b = buffers.allocate(32);
            long each = bytesEach(count -> {
                for (int i = 0; i < count; i++) {
                    c.write(b.clear());
                    b.clear();
                    while (b.hasRemaining()) {
                        c.read(b);
                    }
                }
            });
            System.getLogger(getClass().getName()).log(System.Logger.Level.INFO,
                    buffers + ": bytes per blocking round trip: " + each);
            assertThat(each).as("bytes allocated by the client's thread per round trip")
                    .isLessThanOrEqualTo(ALLOWED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSelectedRoundTripAllocatesNothingOfNote(Buffers buffers) throws Exception {
        try (TwoStacks stacks = new TwoStacks();
                SocketChannel c = connected(stacks);
                Selector s = SluiceSelectorProvider.of(stacks.left).openSelector()) {
            c.configureBlocking(false);
            SelectionKey k = c.register(s, SelectionKey.OP_READ);
            ByteBuffer b = buffers.allocate(32);
            Consumer<SelectionKey> read = key -> {
                try {
                    ((SocketChannel) key.channel()).read(b);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            };
            long each = bytesEach(count -> {
                for (int i = 0; i < count; i++) {
                    c.write(b.clear());
                    b.clear();
                    while (b.hasRemaining()) {
                        s.select(read);
                    }
                }
            });
            System.getLogger(getClass().getName()).log(System.Logger.Level.INFO,
                    buffers + ": bytes per selected round trip: " + each);
            assertThat(each).as("bytes allocated by the client's thread per round trip")
                    .isLessThanOrEqualTo(ALLOWED);
            assertThat(k.isValid()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramThereAndBackAllocatesNothingOfNote(Buffers buffers) throws Exception {
        try (TwoStacks stacks = new TwoStacks();
                DatagramChannel c = datagrams(stacks.left, TwoStacks.LEFT);
                DatagramChannel peer = datagrams(stacks.right, TwoStacks.RIGHT)) {
            Thread.ofPlatform().daemon().start(new FutureTask<>(() -> {
                ByteBuffer b = ByteBuffer.allocateDirect(64);
                while (true) {
                    SocketAddress from = peer.receive(b.clear());
                    peer.send(b.flip(), from);
                }
            }));
            SocketAddress to = peer.getLocalAddress();
            ByteBuffer b = buffers.allocate(32);
            long each = bytesEach(count -> {
                for (int i = 0; i < count; i++) {
                    c.send(b.clear(), to);
                    c.receive(b.clear());
                }
            });
            System.getLogger(getClass().getName()).log(System.Logger.Level.INFO,
                    buffers + ": bytes per datagram there and back: " + each);
            assertThat(each).as("bytes allocated by the client's thread per datagram there and back")
                    .isLessThanOrEqualTo(ALLOWED);
        }
    }

    private static DatagramChannel datagrams(Stack stack, IpAddress address) throws IOException {
        return SluiceSelectorProvider.of(stack).openDatagramChannel()
                .bind(new InetSocketAddress(Addresses.toInet(address), 0));
    }

    private static SocketChannel connected(TwoStacks stacks) throws IOException {
        ServerSocketChannel server = SluiceSelectorProvider.of(stacks.right).openServerSocketChannel();
        server.bind(new InetSocketAddress(Addresses.toInet(TwoStacks.RIGHT), 0));
        Thread.ofPlatform().daemon().start(new FutureTask<>(() -> {
            echo(server.accept());
            return null;
        }));
        SocketChannel c = SluiceSelectorProvider.of(stacks.left).openSocketChannel();
        c.connect(server.getLocalAddress());
        return c;
    }
}
