package sluice.base;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue of things that wait for a time: a binary heap that knows where each entry stands, so that moving and removing
 * cost O(log n).
 *
 * <p>Entries with equal time leave in the order in which they were scheduled. Not thread-safe: belongs to one host.
 *
 * @param <T> kind of entry
 */
public final class Deadlines<T extends Deadlines.Entry> {
    /** One waiting thing; an object is in at most one queue, at most once. */
    public abstract static class Entry {
        private long queuedAtNs = Time.NEVER;
        private long queuedOrder;
        private int heapIndex = -1;

        /** Whether the entry waits in a queue now. */
        public final boolean isQueued() {
            return heapIndex >= 0;
        }

        /** The time it is queued for, in nanoseconds; {@link Time#NEVER} when it is not queued. */
        public final long queuedAtNs() {
            return heapIndex >= 0 ? queuedAtNs : Time.NEVER;
        }
    }

    private Entry[] heap = new Entry[64];
    private int size;
    private long order;

    /** Queues {@code entry} for {@code atNs}, or moves it there; {@link Time#NEVER} removes it. */
    public void schedule(T entry, long atNs) {
        Entry e = entry;
        if (atNs == Time.NEVER) {
            cancel(entry);
            return;
        }
        if (e.heapIndex < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            e.heapIndex = size++;
            heap[e.heapIndex] = e;
        }
        e.queuedAtNs = atNs;
        e.queuedOrder = order++;
        siftDown(siftUp(e.heapIndex));
    }

    /** Takes {@code entry} out, if it is in. */
    public void cancel(T entry) {
        int i = ((Entry) entry).heapIndex;
        if (i < 0) {
            return;
        }
        Entry last = heap[--size];
        heap[size] = null;
        ((Entry) entry).heapIndex = -1;
        if (last != entry) {
            heap[i] = last;
            last.heapIndex = i;
            siftDown(siftUp(i));
        }
    }

    /** The earliest time in the queue, or {@link Time#NEVER}. */
    public long nextNs() {
        return size == 0 ? Time.NEVER : heap[0].queuedAtNs;
    }

    /** Takes out the earliest entry that is due at {@code nowNs}; null when none is. */
    @SuppressWarnings("unchecked")
    public @Nullable T pollDue(long nowNs) {
        if (size == 0 || heap[0].queuedAtNs > nowNs) {
            return null;
        }
        T first = (T) heap[0];
        cancel(first);
        return first;
    }

    /** Shows each entry that waits, in no order; the queue must not be changed meanwhile. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> action) {
        for (int i = 0; i < size; i++) {
            action.accept((T) heap[i]);
        }
    }

    /** How many wait. */
    public int size() {
        return size;
    }

    private static boolean before(Entry a, Entry b) {
        return a.queuedAtNs != b.queuedAtNs ? a.queuedAtNs < b.queuedAtNs : a.queuedOrder < b.queuedOrder;
    }

    private int siftUp(int start) {
        int i = start;
        Entry e = heap[i];
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (!before(e, heap[parent])) {
                break;
            }
            heap[i] = heap[parent];
            heap[i].heapIndex = i;
            i = parent;
        }
        heap[i] = e;
        e.heapIndex = i;
        return i;
    }

    private void siftDown(int start) {
        int i = start;
        Entry e = heap[i];
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], e)) {
                break;
            }
            heap[i] = heap[child];
            heap[i].heapIndex = i;
            i = child;
        }
        heap[i] = e;
        e.heapIndex = i;
    }
}
