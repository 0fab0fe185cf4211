package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that are blocked when another thread closes their channel, or interrupts them. */
abstract class ClosingSuite extends Suite {
    /** Kinds of threads. */
    enum Kind {
        PLATFORM, VIRTUAL;

        Thread.Builder threads() {
            return this == PLATFORM ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        }
    }

    /** A call that blocks, on a thread of its own. */
    private record Blocked(Thread thread, FutureTask<Boolean> task) {}

    /** Starts {@code call}; it answers whether the thread's interrupt status was set when it failed. */
    private static Blocked block(Kind kind, Callable<?> call, Throwable[] failure) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try {
                call.call();
            } catch (Throwable t) {
                failure[0] = t;
            }
            return Thread.currentThread().isInterrupted();
        });
        Thread t = kind.threads().start(task);
        awaitBlocked(t);
        return new Blocked(t, task);
    }

    private void closedWhileBlocked(Kind kind, AutoCloseable channel, Callable<?> call) throws Exception {
        Throwable[] failure = new Throwable[1];
        Blocked b = block(kind, call, failure);
        channel.close();
        assertThat(get(b.task)).as("interrupted").isFalse();
        failed(AsynchronousCloseException.class, null, failure[0]);
    }

    private void interruptedWhileBlocked(Kind kind, java.nio.channels.Channel channel, Callable<?> call)
            throws Exception {
        Throwable[] failure = new Throwable[1];
        Blocked b = block(kind, call, failure);
        b.thread.interrupt();
        assertThat(get(b.task)).as("interrupted").isTrue();
        failed(ClosedByInterruptException.class, null, failure[0]);
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsARead(Kind kind) throws Exception {
        SocketChannel c = pair().client();
        closedWhileBlocked(kind, c, () -> c.read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAScatteringRead(Kind kind) throws Exception {
        SocketChannel c = pair().client();
        closedWhileBlocked(kind, c, () -> c.read(new ByteBuffer[]{ByteBuffer.allocateDirect(1)}));
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAWrite(Kind kind) throws Exception {
        SocketChannel c = pair().client();
        Throwable[] failure = new Throwable[1];
        Blocked b = block(kind, () -> {
            while (true) {
                c.write(ByteBuffer.allocateDirect(1 << 20));
            }
        }, failure);
        c.close();
        assertThat(get(b.task)).as("interrupted").isFalse();
        // A write that has written something returns that, and the next one finds the channel closed.
        assertThat(failure[0]).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAnAccept(Kind kind) throws Exception {
        ServerSocketChannel s = server();
        closedWhileBlocked(kind, s, s::accept);
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsARead(Kind kind) throws Exception {
        SocketChannel c = pair().client();
        interruptedWhileBlocked(kind, c, () -> c.read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsAWrite(Kind kind) throws Exception {
        SocketChannel c = pair().client();
        interruptedWhileBlocked(kind, c, () -> {
            while (true) {
                c.write(ByteBuffer.allocateDirect(1 << 20));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsAnAccept(Kind kind) throws Exception {
        ServerSocketChannel s = server();
        interruptedWhileBlocked(kind, s, s::accept);
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatIsInterruptedAlreadyClosesTheChannel(Kind kind) throws Exception {
        ServerSocketChannel s = server();
        Pair p = pair();
        FutureTask<Void> task = start(kind.threads(), () -> {
            Thread.currentThread().interrupt();
            fails(ClosedByInterruptException.class, null, () -> p.client().read(ByteBuffer.allocate(1)));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            fails(ClosedByInterruptException.class, null, () -> p.server().write(bytes("x")));
            fails(ClosedByInterruptException.class, null, s::accept);
            SocketChannel c = socket();
            fails(ClosedByInterruptException.class, null,
                    () -> c.connect(new InetSocketAddress(backend.serverAddress(), 9)));
            assertThat(c.isOpen()).isFalse();
            return null;
        });
        get(task);
        assertThat(p.client().isOpen() || p.server().isOpen() || s.isOpen()).isFalse();
    }

    @Test
    void nonBlockingCallsDoNotMindAnInterrupt() throws Exception {
        Pair p = nonBlockingPair();
        FutureTask<Void> task = start(() -> {
            Thread.currentThread().interrupt();
            assertThat(p.client().read(ByteBuffer.allocate(1))).isZero();
            assertThat(p.client().write(bytes("x"))).isEqualTo(1);
            return null;
        });
        get(task);
        assertThat(p.client().isOpen()).isTrue();
    }

    @Test
    void onlyOneOfTwoBlockedReadersIsInterrupted() throws Exception {
        SocketChannel c = pair().client();
        Throwable[] first = new Throwable[1];
        Throwable[] second = new Throwable[1];
        Blocked a = block(Kind.PLATFORM, () -> c.read(ByteBuffer.allocate(1)), first);
        Blocked b = block(Kind.PLATFORM, () -> c.read(ByteBuffer.allocate(1)), second);
        a.thread.interrupt();
        assertThat(get(a.task)).isTrue();
        assertThat(get(b.task)).isFalse();
        failed(ClosedByInterruptException.class, null, first[0]);
        failed(ClosedChannelException.class, null, second[0]);
    }

    /** The time of SO_LINGER is over: close returns, and what was written goes on its way all the same. */
    @Test
    void whatALingeringCloseDidNotWaitForArrivesLater() throws Exception {
        Pair p = pair();
        long written = fillAll(p.client());
        p.client().configureBlocking(true);
        p.client().setOption(StandardSocketOptions.SO_LINGER, 1);
        long begin = System.nanoTime();
        p.client().close();
        assertThat(System.nanoTime() - begin).as("close waits").isGreaterThan(900_000_000L);
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        long sum = 0;
        for (int n = p.server().read(in); n >= 0; n = p.server().read(in.clear())) {
            sum += n;
        }
        assertThat(sum).isEqualTo(written);
    }

    /** Writes until the peer, who does not read, takes no more for half a second; returns how many bytes. */
    private static long fillAll(SocketChannel c) throws IOException {
        c.configureBlocking(false);
        long written = 0;
        try (Selector s = c.provider().openSelector()) {
            c.register(s, SelectionKey.OP_WRITE);
            do {
                written += c.write(ByteBuffer.allocateDirect(100_000));
                s.selectedKeys().clear();
            } while (s.select(500) > 0);
        }
        return written;
    }

    @Test
    void aReaderAndAWriterBothEndWithTheChannel() throws Exception {
        SocketChannel c = pair().client();
        Throwable[] reader = new Throwable[1];
        Throwable[] writer = new Throwable[1];
        Blocked r = block(Kind.PLATFORM, () -> c.read(ByteBuffer.allocate(1)), reader);
        Blocked w = block(Kind.PLATFORM, () -> {
            while (true) {
                c.write(ByteBuffer.allocateDirect(1 << 20));
            }
        }, writer);
        c.close();
        get(r.task);
        get(w.task);
        failed(AsynchronousCloseException.class, null, reader[0]);
        assertThat(writer[0]).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void configureBlockingWaitsForABlockedRead(Kind kind) throws Exception {
        Pair p = pair();
        FutureTask<String> reader = new FutureTask<>(() -> read(p.client(), 1));
        awaitBlocked(kind.threads().start(reader));
        FutureTask<Boolean> configurer = start(() -> p.client().configureBlocking(false).isBlocking());
        p.server().write(bytes("x"));
        assertThat(get(reader)).isEqualTo("x");
        assertThat(get(configurer)).isFalse();
    }
}
