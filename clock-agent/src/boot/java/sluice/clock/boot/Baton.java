package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/**
 * One member at a time: who has the baton runs; the others that could run queue, and one of them is drawn when it is
 * free. Guarded by the simulation's lock.
 */
final class Baton {
    /** SplitMix64's step. */
    static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private @Nullable Member holder;
    private Member[] queue = new Member[16];
    private int queued;
    private long random;

    Baton(long seed) {
        random = seed;
    }

    boolean isHeldBy(Member m) {
        return holder == m;
    }

    boolean isHeld() {
        return holder != null;
    }

    /** Whether {@code m} can run and waits for its turn. */
    boolean isQueued(Member m) {
        for (int i = 0; i < queued; i++) {
            if (queue[i] == m) {
                return true;
            }
        }
        return false;
    }

    boolean isAwaited() {
        return queued > 0;
    }

    void release(Member m) {
        if (holder == m) {
            holder = null;
        }
    }

    void give(Member m) {
        holder = m;
    }

    /** @param inMonitor whether it is in {@link Object#wait}, where it has to be woken otherwise */
    void enqueue(Member m, boolean inMonitor) {
        if (queued == queue.length) {
            Member[] more = new Member[queued * 2];
            System.arraycopy(queue, 0, more, 0, queued);
            queue = more;
        }
        m.queuedInMonitor = inMonitor;
        queue[queued++] = m;
    }

    /** Gives the baton to one of those that queue, if nobody has it. */
    void pass(Wakes wakes) {
        if (holder != null || queued == 0) {
            return;
        }
        int i = (int) Long.remainderUnsigned(draw(), queued);
        Member m = queue[i];
        queued--;
        System.arraycopy(queue, i + 1, queue, i, queued - i);
        holder = m;
        m.go = true;
        wakes.add(m, m.queuedInMonitor);
    }

    /** Nobody has to wait for it any more. */
    void drop(Wakes wakes) {
        while (queued > 0) {
            Member m = queue[--queued];
            m.go = true;
            wakes.add(m, m.queuedInMonitor);
        }
    }

    private long draw() {
        random += GOLDEN;
        return mix(random);
    }

    /** SplitMix64's. */
    static long mix(long from) {
        long z = from;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
