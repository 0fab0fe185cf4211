package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several threads that open, register, cancel, close, interrupt, select and wake up as a seed says, on one selector and
 * the channels they share. What is asked: that nothing hangs, that nothing but the documented exceptions comes out, and
 * that nothing is left.
 */
abstract class StressSuite extends Suite {
    private static final int ROUNDS = Integer.getInteger("sluice.stress.rounds", 40);
    private static final int WORKERS = 3;
    private static final int STEPS = 80;

    /** What the threads of one round share. */
    private final class Round {
        private final long seed;
        private final Selector selector;
        private final ServerSocketChannel listener;
        private final Queue<SocketChannel> channels = new ConcurrentLinkedQueue<>();
        private final Queue<SocketChannel> accepted = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
        private volatile boolean over;
        private volatile @Nullable Thread selecting;

        Round(long seed) throws IOException {
            this.seed = seed;
            selector = backend.client().openSelector();
            listener = server();
        }

        /** Does what may fail in the ways that are documented. */
        private void attempt(Action action) {
            try {
                action.run();
            } catch (IOException | CancelledKeyException | ClosedSelectorException | IllegalBlockingModeException
                    | NotYetConnectedException | ConnectionPendingException | AlreadyConnectedException
                    | NoConnectionPendingException expected) {
                // as documented
            } catch (Throwable t) {
                surprises.add(t);
            }
        }

        private Void select() {
            selecting = Thread.currentThread();
            Random random = new Random(seed);
            while (!over) {
                attempt(() -> {
                    switch (random.nextInt(5)) {
                        case 0 -> selector.select();
                        case 1 -> selector.selectNow();
                        case 2 -> selector.select(1 + random.nextInt(3));
                        case 3 -> selector.select(k -> attempt(() -> serve(k)));
                        default -> {
                            selector.select();
                            for (SelectionKey k : selector.selectedKeys()) {
                                attempt(() -> serve(k));
                            }
                            selector.selectedKeys().clear();
                        }
                    }
                });
                Thread.interrupted();
            }
            return null;
        }

        private void serve(SelectionKey k) throws IOException {
            SocketChannel c = (SocketChannel) k.channel();
            if (k.isConnectable()) {
                c.finishConnect();
                k.interestOps(SelectionKey.OP_READ);
            } else if (k.isReadable() && c.read(ByteBuffer.allocate(16)) < 0) {
                c.close();
            }
        }

        private Void accept() {
            while (!over) {
                attempt(() -> {
                    SocketChannel c = listener.accept();
                    c.configureBlocking(false);
                    accepted.add(c);
                    c.write(ByteBuffer.allocate(3));
                    if (accepted.size() % 4 == 0) {
                        close(accepted.remove(), accepted.size() % 8 == 0);
                    }
                });
            }
            return null;
        }

        private Void work(int number) {
            Random random = new Random(seed * 31 + number);
            for (int i = 0; i < STEPS; i++) {
                attempt(() -> step(random));
            }
            return null;
        }

        private void step(Random random) throws IOException {
            SocketChannel c = channels.poll();
            if (c != null) {
                channels.add(c);
            }
            switch (c == null ? 0 : random.nextInt(14)) {
                case 0, 1 -> open();
                case 2, 3 -> c.register(selector, random.nextInt(4) * 4 + random.nextInt(2) * SelectionKey.OP_READ
                        & c.validOps());
                case 4 -> cancel(c.keyFor(selector));
                case 5, 6 -> close(c, random.nextBoolean());
                case 7 -> selector.wakeup();
                case 8 -> interrupt(selecting);
                case 9 -> c.write(ByteBuffer.allocate(1 + random.nextInt(9_000)));
                case 10 -> c.read(ByteBuffer.allocateDirect(1 + random.nextInt(5_000)));
                case 11 -> interest(c.keyFor(selector), random);
                case 12 -> c.shutdownOutput();
                default -> c.configureBlocking(false);
            }
        }

        private void open() throws IOException {
            SocketChannel c = backend.client().openSocketChannel();
            channels.add(c);
            c.configureBlocking(false);
            c.connect(at(listener));
            c.register(selector, SelectionKey.OP_CONNECT);
        }

        private void close(SocketChannel c, boolean reset) throws IOException {
            if (reset) {
                reset(c);
            }
            c.close();
        }

        private void run() throws Exception {
            List<FutureTask<Void>> workers = new ArrayList<>();
            FutureTask<Void> selector1 = start(seed % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual(),
                    this::select);
            FutureTask<Void> accepter = start(this::accept);
            for (int i = 0; i < WORKERS; i++) {
                int number = i;
                workers.add(start(i == 0 ? Thread.ofVirtual() : Thread.ofPlatform().daemon(), () -> work(number)));
            }
            for (FutureTask<Void> w : workers) {
                get(w);
            }
            over = true;
            listener.close();
            selector.wakeup();
            get(accepter);
            get(selector1);
            end();
        }

        private void end() throws IOException {
            List<SelectableChannel> registered = new ArrayList<>();
            for (SelectionKey k : selector.keys()) {
                registered.add(k.channel());
            }
            channels.addAll(accepted);
            for (SocketChannel c : channels) {
                attempt(() -> reset(c));
                c.close();
            }
            selector.selectNow();
            assertThat(selector.keys()).as("keys left, seed %d", seed).isEmpty();
            assertThat(selector.selectedKeys()).isEmpty();
            for (SelectableChannel c : registered) {
                assertThat(c.isRegistered()).as("registered, seed %d", seed).isFalse();
            }
            selector.close();
            assertThat(surprises).as("seed %d", seed).isEmpty();
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void cancel(@Nullable SelectionKey k) {
        if (k != null) {
            k.cancel();
        }
    }

    private static void interest(@Nullable SelectionKey k, Random random) {
        if (k != null) {
            k.interestOps(random.nextBoolean() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private static void interrupt(@Nullable Thread t) {
        if (t != null) {
            t.interrupt();
        }
    }

    @Test
    @Timeout(600)
    void nothingHangsAndNothingIsLeft() throws Exception {
        for (int seed = 1; seed <= ROUNDS; seed++) {
            new Round(seed).run();
        }
        backend.awaitNothingLeft();
    }
}
