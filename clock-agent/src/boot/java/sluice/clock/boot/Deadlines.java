package sluice.clock.boot;

/** Members that wait for a time, the first on top: a heap ordered by time, then by the order of coming. */
final class Deadlines {
    private Member[] heap = new Member[64];
    private int size;
    private long sequence;

    /** The first deadline, or {@link Long#MAX_VALUE}. */
    long firstNs() {
        return size == 0 ? Long.MAX_VALUE : heap[0].untilNs;
    }

    Member first() {
        return heap[0];
    }

    void add(Member m) {
        if (size == heap.length) {
            Member[] more = new Member[size * 2];
            System.arraycopy(heap, 0, more, 0, size);
            heap = more;
        }
        m.sequence = sequence++;
        size++;
        up(size - 1, m);
    }

    void remove(Member m) {
        int i = m.heapIndex;
        if (i < 0) {
            return;
        }
        m.heapIndex = -1;
        size--;
        Member last = heap[size];
        if (i < size) {
            up(i, last);
            if (last.heapIndex == i) {
                down(i, last);
            }
        }
    }

    private void up(int from, Member m) {
        int i = from;
        while (i > 0) {
            Member parent = heap[i - 1 >> 1];
            if (!before(m, parent)) {
                break;
            }
            put(i, parent);
            i = i - 1 >> 1;
        }
        put(i, m);
    }

    private void down(int from, Member m) {
        int i = from;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], m)) {
                break;
            }
            put(i, heap[child]);
            i = child;
        }
        put(i, m);
    }

    private void put(int i, Member m) {
        heap[i] = m;
        m.heapIndex = i;
    }

    private static boolean before(Member a, Member b) {
        return a.untilNs < b.untilNs || a.untilNs == b.untilNs && a.sequence < b.sequence;
    }
}
