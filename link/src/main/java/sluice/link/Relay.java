package sluice.link;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import sluice.base.Time;
import sluice.wire.Packet;

/**
 * Carries packets between two links, each direction through its own {@link Netem}: a bad network between two hosts, in
 * real time.
 *
 * <p>{@link #run} belongs to one thread. Packets are released when the waiter returns, at most some tens of
 * microseconds late; a late release does not shift those behind it, so rates are exact in the mean. Both links must
 * have the same kind of header and offloads that the other understands (two TUN devices have).
 */
public final class Relay {
    /** Packets taken from one link before the other gets its turn. */
    private static final int BATCH = 64;
    private static final long MAX_WAIT_NS = 100_000_000L;
    private static final long RETRY_NS = 50_000;

    private final Link a;
    private final Link b;
    private final Netem forward;
    private final Netem backward;
    private final LongSupplier clock;
    private final Packet packet = Packet.ofMaxSize();
    /** In the last round a link was full. */
    private boolean blocked;

    /**
     * A relay by the system's clock.
     *
     * @param forward what happens from {@code a} to {@code b}
     * @param backward what happens from {@code b} to {@code a}
     */
    public Relay(Link a, Link b, Netem forward, Netem backward) {
        this(a, b, forward, backward, System::nanoTime);
    }

    /** A relay with a clock of its own, for tests. */
    Relay(Link a, Link b, Netem forward, Netem backward, LongSupplier clock) {
        this.a = a;
        this.b = b;
        this.forward = forward;
        this.backward = backward;
        this.clock = clock;
    }

    /**
     * Relays until {@code stop} says true, which is asked after every wait: set it and call {@link LinkWaiter#wakeup}
     * to end at once. What is still held is lost.
     *
     * @param waiter waits for both links
     */
    public void run(LinkWaiter waiter, BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            boolean busy = step();
            if (!busy) {
                long next = nextEventNs();
                long wait = next == Time.NEVER ? MAX_WAIT_NS : Math.min(MAX_WAIT_NS, next - clock.getAsLong());
                if (wait > 0 || blocked) {
                    waiter.await(wait > 0 ? wait : RETRY_NS, false);
                }
            }
        }
    }

    /** One round: take what has arrived, release what is due. Whether anything moved. */
    boolean step() {
        blocked = false;
        boolean moved = takeFrom(a, forward, b);
        moved |= takeFrom(b, backward, a);
        moved |= release(forward, b);
        moved |= release(backward, a);
        return moved;
    }

    private boolean takeFrom(Link from, Netem through, Link to) {
        int taken = 0;
        while (taken < BATCH) {
            if (!from.receive(packet, clock.getAsLong())) {
                break;
            }
            // The time after the read: a thread that lost the processor before it would otherwise date the packet back
            // and release it early.
            through.enqueue(packet, clock.getAsLong());
            release(through, to);
            taken++;
        }
        return taken > 0;
    }

    private boolean release(Netem through, Link to) {
        boolean moved = false;
        long now = clock.getAsLong();
        for (Packet due = through.peek(now); due != null; due = through.peek(now)) {
            if (!to.transmit(due, now)) {
                blocked = true;
                break;
            }
            through.remove();
            moved = true;
        }
        return moved;
    }

    private long nextEventNs() {
        return Math.min(Math.min(forward.nextEventNs(), backward.nextEventNs()),
                Math.min(a.nextEventNs(), b.nextEventNs()));
    }

    /** What happened from the first link to the second. */
    public NetemStatistics forwardStatistics() {
        return forward.statistics();
    }

    /** What happened from the second link to the first. */
    public NetemStatistics backwardStatistics() {
        return backward.statistics();
    }
}
