package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One selector with a connection of a stack and one of the kernel. */
class BothKindsTest extends Suite {
    private static final int READ = SelectionKey.OP_READ;

    private Pair ours;
    private Pair kernels;
    private Selector selector;
    private SelectionKey ourKey;
    private SelectionKey kernelKey;

    @Override
    Backend open() {
        return new MemoryBackend();
    }

    @BeforeEach
    void registerBoth() throws Exception {
        ours = nonBlockingPair();
        try (ServerSocketChannel s = SelectorProvider.provider().openServerSocketChannel()) {
            s.bind(new InetSocketAddress(new KernelBackend().serverAddress(), 0));
            SocketChannel c = closing(SelectorProvider.provider().openSocketChannel());
            c.connect(s.getLocalAddress());
            kernels = new Pair(c, closing(s.accept()));
        }
        kernels.client().configureBlocking(false);
        selector = selector();
        ourKey = ours.client().register(selector, READ);
        kernelKey = kernels.client().register(selector, READ);
    }

    private void drain(SocketChannel c) throws Exception {
        assertThat(c.read(ByteBuffer.allocate(100))).isPositive();
        selector.selectedKeys().clear();
    }

    @Test
    void eachEndsAWait() throws Exception {
        for (int i = 0; i < 20; i++) {
            FutureTask<Integer> waits = start(() -> selector.select());
            ours.server().write(bytes("x"));
            assertThat(get(waits)).isOne();
            assertThat(selector.selectedKeys()).containsExactly(ourKey);
            assertThat(ourKey.readyOps()).isEqualTo(READ);
            drain(ours.client());
            waits = start(() -> selector.select(SOON_MS));
            kernels.server().write(bytes("x"));
            assertThat(get(waits)).isOne();
            assertThat(selector.selectedKeys()).containsExactly(kernelKey);
            assertThat(kernelKey.readyOps()).isEqualTo(READ);
            drain(kernels.client());
        }
    }

    @Test
    void eachEndsAWaitThatIsUnderWay() throws Exception {
        Thread[] me = new Thread[1];
        for (Pair p : List.of(ours, kernels, ours)) {
            FutureTask<Integer> waits = new FutureTask<>(() -> selector.select());
            me[0] = Thread.ofPlatform().daemon().start(waits);
            awaitBlocked(me[0]);
            p.server().write(bytes("x"));
            assertThat(get(waits)).isOne();
            drain(p.client());
        }
    }

    @Test
    void bothAreFoundAndStayReady() throws Exception {
        ours.server().write(bytes("x"));
        kernels.server().write(bytes("x"));
        select(selector, ourKey, READ);
        select(selector, kernelKey, READ);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isEqualTo(2);
        List<SelectionKey> told = new ArrayList<>();
        assertThat(selector.select(told::add, SOON_MS)).isEqualTo(2);
        assertThat(selector.selectNow(told::add)).isEqualTo(2);
        assertThat(told).containsOnly(ourKey, kernelKey).hasSize(4);
    }

    @Test
    void theTimeLimitHolds() throws Exception {
        long before = System.nanoTime();
        assertThat(selector.select(50)).isZero();
        assertThat(System.nanoTime() - before).isBetween(49_000_000L, SOON_MS * 1_000_000L);
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void wakeupEndsAWaitAndTheNextOne() throws Exception {
        FutureTask<Integer> waits = new FutureTask<>(() -> selector.select());
        awaitBlocked(Thread.ofPlatform().daemon().start(waits));
        selector.wakeup();
        assertThat(get(waits)).isZero();
        selector.wakeup();
        assertThat(selector.select()).isZero();
        assertThat(selector.select(20)).isZero();
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        FutureTask<Boolean> waits = new FutureTask<>(() -> selector.select() == 0 && Thread.interrupted());
        Thread t = Thread.ofPlatform().daemon().start(waits);
        awaitBlocked(t);
        t.interrupt();
        assertThat(get(waits)).isTrue();
        assertThat(selector.isOpen()).isTrue();
    }

    @Test
    void closingEndsAWait() throws Exception {
        FutureTask<Integer> waits = new FutureTask<>(() -> selector.select());
        awaitBlocked(Thread.ofPlatform().daemon().start(waits));
        selector.close();
        assertThat(get(waits)).isZero();
        assertThat(ourKey.isValid()).isFalse();
        assertThat(kernelKey.isValid()).isFalse();
        assertThat(kernels.client().isRegistered()).isFalse();
        kernels.client().configureBlocking(true);
        kernels.server().write(bytes("still open"));
        assertThat(read(kernels.client(), 10)).isEqualTo("still open");
    }

    @Test
    void aCancelledKeyIsForgottenAndTheOtherGoesOn() throws Exception {
        kernelKey.cancel();
        kernels.server().write(bytes("x"));
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).containsExactly(ourKey);
        assertThat(kernels.client().isRegistered()).isFalse();
        SelectionKey again = kernels.client().register(selector, READ);
        assertThat(selector.select(SOON_MS)).isOne();
        assertThat(selector.selectedKeys()).containsExactly(again);
        ourKey.cancel();
        again.cancel();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aClosedChannelsDescriptorGoesWithTheNextSelection() throws Exception {
        kernels.client().close();
        assertThat(kernelKey.isValid()).isFalse();
        selector.selectNow();
        assertThat(selector.keys()).containsExactly(ourKey);
        assertThat(kernels.client().isRegistered()).isFalse();
        long limit = System.nanoTime() + SOON_MS * 1_000_000L;
        String end = "";
        while (end.isEmpty() && System.nanoTime() < limit) { // a write to a socket whose descriptor is gone is reset
            try {
                kernels.server().write(bytes("x"));
            } catch (java.io.IOException e) {
                end = e.getMessage();
            }
        }
        assertThat(end).isIn("Broken pipe", "Connection reset by peer");
    }

    @Test
    void interestOfBothChangesBetweenSelections() throws Exception {
        ourKey.interestOps(0);
        kernelKey.interestOps(SelectionKey.OP_WRITE);
        ours.server().write(bytes("x"));
        kernels.server().write(bytes("x"));
        assertThat(selector.select()).isOne();
        assertThat(selector.selectedKeys()).containsExactly(kernelKey);
        assertThat(kernelKey.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
        selector.selectedKeys().clear();
        ourKey.interestOps(READ);
        kernelKey.interestOps(0);
        select(selector, ourKey, READ);
        assertThat(selector.selectedKeys()).containsExactly(ourKey);
    }

    @Test
    void withoutPlatformChannelsItWaitsInTheHostAgain() throws Exception {
        kernels.client().close();
        selector.selectNow();
        Thread t;
        FutureTask<Integer> waits = new FutureTask<>(() -> selector.select());
        t = Thread.ofPlatform().daemon().start(waits);
        awaitBlocked(t);
        assertThat(t.getStackTrace()).extracting(StackTraceElement::getMethodName).contains("block");
        ours.server().write(bytes("x"));
        assertThat(get(waits)).isOne();
    }
}
