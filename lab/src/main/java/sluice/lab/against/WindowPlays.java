package sluice.lab.against;

import static sluice.lab.against.Players.read;
import static sluice.lab.against.Players.rest;
import static sluice.lab.against.Players.until;
import static sluice.lab.against.Players.write;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import sluice.lab.against.Players.Pair;

/** Windows, small segments, and how fast sending begins. */
final class WindowPlays {
    private static final int ROUNDS = 7;

    private WindowPlays() {}

    static void zeroWindow(Players p) throws Exception {
        Pair c = p.connected(8192);
        Thread writing = p.background(() -> write(c.client(), 60_000));
        until("a window of 0", () -> !p.wire().from(false, s -> s.window() == 0 && !s.letters().equals("R")).isEmpty());
        rest(100);
        AtomicBoolean probed = new AtomicBoolean();
        p.wire().lose(true, v -> {
            probed.compareAndSet(false, v.isTcp());
            return false;
        });
        p.wire().lose(false, v -> !probed.get()); // that it opens again is lost, up to the client's question
        p.outcome("the server reads, once the client asked again", read(c.server(), 60_000));
        writing.join();
        p.holds("the client asked", probed.get());
    }

    static void nagle(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        for (int i = 0; i < 10; i++) {
            write(c.client(), 10);
        }
        read(c.server(), 100);
        p.holds("ten small writes take fewer segments", p.wire().data().size() < 10);
        rest(100);
        p.wire().begin();
        c.client().setTcpNoDelay(true);
        for (int i = 0; i < 10; i++) {
            write(c.client(), 10);
        }
        read(c.server(), 100);
        p.outcome("segments with TCP_NODELAY", p.wire().data().size());
    }

    static void delayedAck(Players p) throws Exception {
        Pair c = p.connected();
        Thread answering = p.background(() -> {
            for (int i = 0; i < 2 * ROUNDS; i++) {
                read(c.server(), 250);
                write(c.server(), 300);
            }
        });
        double with = median(c);
        c.client().setTcpNoDelay(true);
        double without = median(c);
        answering.join();
        p.holds("write, write, read takes longer by a delayed ACK and a round trip, 60 ms, with Nagle's algorithm",
                with - without > 40 && with - without < 100);
    }

    /** Milliseconds of a request in two writes, with its answer. */
    private static double median(Pair c) throws Exception {
        double[] ms = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            write(c.client(), 100);
            write(c.client(), 150);
            read(c.client(), 300);
            ms[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(ms);
        return ms[ROUNDS / 2];
    }

    static void initialWindow(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().lose(false, v -> true); // before anything is acknowledged
        Thread writing = p.background(() -> write(c.client(), 100_000));
        rest(150);
        int first = p.wire().data().getFirst().seq();
        p.outcome("bytes sent before the first ACK", p.wire().data().stream()
                .mapToInt(s -> s.seq() + s.payload() - first).max().orElse(0));
        p.wire().begin();
        p.outcome("the server reads", read(c.server(), 100_000));
        writing.join();
    }
}
