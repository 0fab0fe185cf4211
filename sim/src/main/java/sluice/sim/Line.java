package sluice.sim;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.link.LineQueue;
import sluice.link.QueueSpec;
import sluice.wire.Packet;

/**
 * A line of a rate with a queue before it that looks at every packet when it comes and when it goes (CoDel, marks,
 * limits of packets).
 */
final class Line {
    private static final long NS = 1_000_000_000L;

    private final World world;
    private final Path path;
    private final long bitsPerSecond;
    private final LineQueue queue;
    private @Nullable Packet sending;
    private final World.Event free = new World.Event() {
        @Override
        void fire(long nowNs) {
            done(nowNs);
        }
    };

    Line(World world, Path path, long bitsPerSecond, QueueSpec spec) {
        this.world = world;
        this.path = path;
        this.bitsPerSecond = bitsPerSecond;
        queue = new LineQueue(spec, this::dropped);
    }

    private void dropped(Packet p) {
        world.packets().free(p);
        path.lineDropped();
    }

    /** A packet wants to go; it stays the caller's. */
    void offer(Packet p, long nowNs) {
        long before = queue.marked();
        queue.offer(world.packets().copy(p), nowNs);
        path.lineMarked(queue.marked() - before);
        if (sending == null) {
            next(nowNs);
        }
    }

    private void done(long nowNs) {
        Packet p = sending;
        sending = null;
        next(nowNs);
        if (p != null) {
            path.lineLeft(p, nowNs);
            world.packets().free(p);
        }
    }

    private void next(long nowNs) {
        long before = queue.marked();
        Packet p = queue.poll(nowNs);
        path.lineMarked(queue.marked() - before);
        if (p != null) {
            sending = p;
            world.schedule(free, nowNs + p.length() * 8L * NS / bitsPerSecond);
        }
    }

    /** Shows each packet that is being sent or waits. */
    void forEach(Consumer<Packet> action) {
        Packet now = sending;
        if (now != null) {
            action.accept(now);
        }
        queue.forEach(action);
    }

    long waitingBytes() {
        return queue.bytes();
    }
}
