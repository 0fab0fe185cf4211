package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.link.ImpairedLink;
import sluice.link.PipeLink;
import sluice.link.SegmentationLink;
import sluice.wire.IpAddress;

class SluiceSocketTest {
    private TwoStacks stacks;
    private SluiceServerSocket server;
    private SluiceSocket client;
    private SluiceSocket peer;

    @BeforeEach
    void open() throws Exception {
        stacks = new TwoStacks();
        server = stacks.listen();
        client = stacks.connect(server);
        peer = server.accept();
    }

    @AfterEach
    void close() {
        stacks.close();
    }

    /** Runs {@code call} in a thread of the wanted kind; the thread comes back through {@code started} when it runs. */
    private static <T> FutureTask<T> inThread(boolean virtual, CompletableFuture<Thread> started, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(() -> {
            started.complete(Thread.currentThread());
            return call.call();
        });
        if (virtual) {
            Thread.ofVirtual().start(task);
        } else {
            Thread.ofPlatform().daemon().start(task);
        }
        return task;
    }

    /** Waits until the thread has gone to wait for something. */
    private static void awaitBlocked(Thread t) {
        while (t.getState() != Thread.State.WAITING && t.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static Throwable failure(FutureTask<?> task) throws Exception {
        try {
            task.get(20, TimeUnit.SECONDS);
            throw new AssertionError("the call ended without exception");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void aConnectThatIsOverBeforeItsThreadLooksEnds() {
        HostAccess access = stacks.left.access();
        TcpSocket tcb = stacks.left.execute(host -> host.tcp().connect(new SocketOptions(), null, 0, TwoStacks.RIGHT, 1,
                access.nowNs()));
        while (stacks.left.execute(host -> tcb.state()) != TcpState.CLOSED) {
            Thread.onSpinWait();
        }
        access.enter();
        try {
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new TcpEnd(access, tcb).awaitOpen(HostAccess.FOREVER));
        } finally {
            access.exit();
        }
    }

    @Test
    void bytesArriveInOrderEachWay() throws Exception {
        client.write(new byte[]{1, 2, 3}, 0, 3);
        byte[] got = new byte[10];
        assertThat(peer.read(got, 0, 10)).isEqualTo(3);
        assertThat(Arrays.copyOf(got, 3)).containsExactly(1, 2, 3);
        peer.write(ByteBuffer.wrap(new byte[]{9, 8, 7, 6}, 1, 3));
        ByteBuffer direct = ByteBuffer.allocateDirect(8);
        assertThat(client.read(direct)).isEqualTo(3);
        assertThat(direct.flip().get(0)).isEqualTo((byte) 8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment m = arena.allocate(16);
            client.write(m.fill((byte) 5), 4, 2);
            assertThat(peer.read(m, 0, 16)).isEqualTo(2);
        }
    }

    @Test
    void aLongTransferIsWhole() throws Exception {
        byte[] data = new byte[5_000_000];
        new Random(1).nextBytes(data);
        FutureTask<byte[]> reader = inThread(false, new CompletableFuture<>(),
                () -> peer.getInputStream().readAllBytes());
        try (OutputStream out = client.getOutputStream()) {
            out.write(data);
        }
        assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(data);
    }

    @Test
    void halfClose() throws Exception {
        client.write(new byte[]{1}, 0, 1);
        client.shutdownOutput();
        assertThat(peer.getInputStream().readAllBytes()).containsExactly(1);
        peer.write(new byte[]{2}, 0, 1);
        peer.close();
        assertThat(client.getInputStream().readAllBytes()).containsExactly(2);
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.write(new byte[1], 0, 1))
                .withMessage("Socket output is shutdown");
        client.shutdownInput();
        assertThat(client.read(new byte[1], 0, 1)).isEqualTo(-1);
    }

    @Test
    void addressesAndState() throws Exception {
        assertThat(client.getRemoteSocketAddress()).isEqualTo(peer.getLocalSocketAddress());
        assertThat(client.getLocalSocketAddress()).isEqualTo(peer.getRemoteSocketAddress());
        assertThat(client.isClosed()).isFalse();
        client.close();
        assertThat(client.isClosed()).isTrue();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsABlockedRead(boolean virtual) throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        FutureTask<Integer> read = inThread(virtual, started, () -> client.read(new byte[1], 0, 1));
        awaitBlocked(started.get());
        client.close();
        assertThat(failure(read)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsABlockedWrite(boolean virtual) throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        FutureTask<Integer> write = inThread(virtual, started, () -> {
            while (true) {
                client.write(new byte[100_000], 0, 100_000);
            }
        });
        awaitBlocked(started.get());
        client.close();
        assertThat(failure(write)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsABlockedAccept(boolean virtual) throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        FutureTask<SluiceSocket> accept = inThread(virtual, started, () -> server.accept());
        awaitBlocked(started.get());
        server.close();
        assertThat(failure(accept)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    @Test
    void closingTheStackEndsBlockedCalls() throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        FutureTask<Integer> read = inThread(false, started, () -> client.read(new byte[1], 0, 1));
        awaitBlocked(started.get());
        stacks.left.close();
        assertThat(failure(read)).isInstanceOf(SocketException.class);
        assertThat(peer.read(new byte[1], 0, 1)).isEqualTo(-1);
        assertThatThrownBy(() -> client.write(new byte[1], 0, 1)).isInstanceOf(SocketException.class);
    }

    @Test
    void anInterruptClosesTheSocketOfAVirtualThread() throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        FutureTask<Integer> read = inThread(true, started, () -> client.read(new byte[1], 0, 1));
        awaitBlocked(started.get());
        started.get().interrupt();
        assertThat(failure(read)).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void anInterruptDoesNotEndTheReadOfAPlatformThread() throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        FutureTask<Boolean> read = inThread(false, started,
                () -> client.read(new byte[1], 0, 1) == 1 && Thread.interrupted());
        awaitBlocked(started.get());
        started.get().interrupt();
        peer.write(new byte[]{1}, 0, 1);
        assertThat(read.get(20, TimeUnit.SECONDS)).as("one byte, and the interrupt kept").isTrue();
    }

    @Test
    void timeouts() throws Exception {
        client.setSoTimeout(20);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.read(new byte[1], 0, 1))
                .withMessage("Read timed out");
        server.setSoTimeout(20);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> server.accept())
                .withMessage("Accept timed out");
        peer.write(new byte[]{1}, 0, 1);
        assertThat(client.read(new byte[1], 0, 1)).isEqualTo(1);
    }

    @Test
    void refused() {
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> SluiceSocket.connect(stacks.left, TwoStacks.RIGHT, 1))
                .withMessage("Connection refused");
    }

    @Test
    void connectTimesOutWhenNobodyAnswers() {
        try (SluiceSocket s = new SluiceSocket(stacks.left)) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> s.connect(sluice.wire.IpAddress.ofV4(0x0a000063), 80, Duration.ofMillis(30)))
                    .withMessage("Connect timed out");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void lingerZeroResets() throws Exception {
        client.setSoLinger(0);
        client.close();
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> peer.read(new byte[1], 0, 1))
                .withMessage("Connection reset");
    }

    /** As with the JDK's sockets: a reader that tries again must not take what it has for all there was. */
    @Test
    void afterAResetEachReadThrows() throws Exception {
        peer.setSoLinger(0);
        peer.close();
        byte[] buffer = new byte[10];
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client.read(buffer, 0, 10)).isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
    }

    /** As with the JDK's sockets, which shut their output first: the end of the stream comes, then the reset. */
    @Test
    void closeWithUnreadDataShowsTheEndOfTheStreamFirst() throws Exception {
        client.write(new byte[100], 0, 100);
        while (peer.available() < 100) {
            Thread.onSpinWait();
        }
        peer.close();
        byte[] buffer = new byte[10];
        assertThat(client.read(buffer, 0, 10)).isEqualTo(-1);
        assertThatThrownBy(() -> {
            while (true) {
                client.write(buffer, 0, 10);
            }
        }).isInstanceOf(SocketException.class);
    }

    /** Without a waiter of its own, and with links around the pipe. */
    @Test
    void aStackOverAPipeNeedsNoWaiter() throws Exception {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), 64);
        try (Stack a = bare("a", pipe.a(), "10.1.0.1");
                Stack b = bare("b", pipe.b(), "10.1.0.2");
                SluiceServerSocket server = new SluiceServerSocket(b, 7);
                SluiceSocket one = SluiceSocket.connect(a, IpAddress.parse("10.1.0.2"), 7);
                SluiceSocket other = server.accept()) {
            byte[] buffer = new byte[1];
            for (int i = 0; i < 200; i++) {
                one.write(buffer, 0, 1);
                assertThat(other.read(buffer, 0, 1)).isEqualTo(1);
                other.write(buffer, 0, 1);
                assertThat(one.read(buffer, 0, 1)).isEqualTo(1);
            }
        }
    }

    private static Stack bare(String name, PipeLink link, String address) {
        return Stack.builder(HostConfig.builder(Entropy.seeded(7)).name(name).build()).name(name)
                .link("pipe0", new ImpairedLink(SegmentationLink.withOffloads(link), null, null))
                .address("pipe0", IpAddress.parse(address), 24).start();
    }

    @Test
    void lingerWaitsForThePeerToTakeEverything() throws Exception {
        client.setSoLinger(20);
        byte[] data = new byte[400_000];
        FutureTask<byte[]> reader = inThread(false, new CompletableFuture<>(), () -> {
            try (InputStream in = peer.getInputStream()) {
                return in.readAllBytes();
            }
        });
        client.write(data, 0, data.length);
        client.close();
        assertThat(reader.get(20, TimeUnit.SECONDS)).hasSize(data.length);
    }

    @Test
    void twoReadersTakeTurns() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Callable<Integer> one = () -> {
            both.countDown();
            return client.read(new byte[1], 0, 1);
        };
        FutureTask<Integer> a = inThread(false, new CompletableFuture<>(), one);
        FutureTask<Integer> b = inThread(true, new CompletableFuture<>(), one);
        both.await();
        peer.write(new byte[]{1, 2}, 0, 2);
        assertThat(a.get(20, TimeUnit.SECONDS) + b.get(20, TimeUnit.SECONDS)).isEqualTo(2);
    }
}
