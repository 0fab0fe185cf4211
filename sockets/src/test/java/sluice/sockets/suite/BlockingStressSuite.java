package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that block in reads, writes and accepts, and are ended by a close, an interrupt, a shutdown, a reset or the
 * peer's end at a moment that a seed says: each ends, and with nothing but an {@link IOException}.
 */
abstract class BlockingStressSuite extends Suite {
    private static final int ROUNDS = Integer.getInteger("sluice.stress.rounds", 100);

    private final List<Thread> threads = new ArrayList<>();

    /** A thread that does {@code call} again and again until it fails or says -1. */
    private FutureTask<Void> untilItEnds(Random random, Callable<Number> call) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                while (call.call().longValue() >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException expected) {
                // of those that the closing cases ask for one by one
            }
            return null;
        });
        Thread t = random.nextBoolean() ? Thread.ofVirtual().start(task)
                : Thread.ofPlatform().daemon().start(task);
        threads.add(t);
        return task;
    }

    private void round(long seed) throws Exception {
        Random random = new Random(seed);
        threads.clear();
        ServerSocketChannel listener = server();
        SocketChannel client = backend.client().openSocketChannel();
        client.connect(at(listener));
        Pair p = new Pair(client, listener.accept());
        List<FutureTask<Void>> tasks = new ArrayList<>();
        ByteBuffer in = random.nextBoolean() ? ByteBuffer.allocate(100) : ByteBuffer.allocateDirect(100);
        tasks.add(untilItEnds(random, () -> p.client().read(in.clear())));
        tasks.add(untilItEnds(random, () -> p.client().read(new ByteBuffer[]{ByteBuffer.allocate(7)})));
        ByteBuffer out = random.nextBoolean() ? ByteBuffer.allocate(300_000) : ByteBuffer.allocateDirect(300_000);
        tasks.add(untilItEnds(random, () -> p.client().write(out.clear())));
        tasks.add(untilItEnds(random, () -> {
            listener.accept();
            return 0;
        }));
        for (int spin = random.nextInt(20_000); spin > 0; spin--) {
            Thread.onSpinWait();
        }
        switch (random.nextInt(5)) {
            case 0 -> threads.get(random.nextInt(3)).interrupt();
            case 1 -> reset(p.server());
            case 2 -> p.client().shutdownInput();
            case 3 -> p.server().close();
            default -> p.client().close();
        }
        if (random.nextBoolean()) {
            threads.get(3).interrupt();
        }
        p.client().close();
        listener.close();
        for (FutureTask<Void> t : tasks) {
            get(t);
        }
        assertThat(p.client().isOpen() || listener.isOpen()).as("seed %d", seed).isFalse();
        p.server().close();
    }

    @Test
    @Timeout(600)
    void everyBlockedCallEnds() throws Exception {
        for (int seed = 1; seed <= ROUNDS; seed++) {
            round(seed);
        }
        backend.awaitNothingLeft();
    }
}
