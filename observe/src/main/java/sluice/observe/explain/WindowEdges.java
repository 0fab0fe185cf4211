package sluice.observe.explain;

/** The right edges of a window on their way to the sender: what it knows at a time is what passed a while before. */
final class WindowEdges {
    private static final int MOST = 1024;

    private long[] ns = new long[4];
    private long[] at = new long[4];
    private int head;
    private int size;
    private long known;

    void add(long time, long edge) {
        if (size == ns.length) {
            if (size == MOST) {
                known = at[head];
                head = (head + 1) % MOST;
                size--;
            } else {
                grow();
            }
        }
        int slot = (head + size) % ns.length;
        ns[slot] = time;
        at[slot] = edge;
        size++;
    }

    private void grow() {
        long[] times = new long[4 * ns.length];
        long[] places = new long[4 * ns.length];
        for (int i = 0; i < size; i++) {
            times[i] = ns[(head + i) % ns.length];
            places[i] = at[(head + i) % ns.length];
        }
        ns = times;
        at = places;
        head = 0;
    }

    /** The edge announced last at that time or before. */
    long before(long time) {
        while (size > 0 && ns[head] <= time) {
            known = at[head];
            head = (head + 1) % ns.length;
            size--;
        }
        return known;
    }
}
