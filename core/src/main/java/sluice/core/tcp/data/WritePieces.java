package sluice.core.tcp.data;

/**
 * How the bytes that wait to be sent are cut into pieces, as Linux cuts them into buffers: a piece grows with later
 * writes up to its goal, a segment never spans two, and PSH belongs to the end of a piece.
 *
 * <p>Positions are those of the send stream. Allocates only when more pieces wait than ever before.
 */
public final class WritePieces {
    private static final int FIRST_CAPACITY = 4;
    private static final long[] NO_ENDS = {};
    private static final boolean[] NONE_PUSHED = {};
    private long[] ends = NO_ENDS;
    private boolean[] pushed = NONE_PUSHED;
    private int head;
    private int size;
    private long tailStart;
    private boolean closed;

    /** Forgets what was sent up to {@code position}. */
    public void sent(long position) {
        while (size > 0 && ends[head] <= position) {
            head = head + 1 & ends.length - 1;
            size--;
        }
    }

    /** End of the first piece that is not sent completely; {@code otherwise} when there is none. */
    public long firstEnd(long otherwise) {
        return size == 0 ? otherwise : ends[head];
    }

    /** Whether a piece ends with PSH at this position. */
    public boolean pushedAt(long position) {
        for (int i = 0; i < size; i++) {
            int at = head + i & ends.length - 1;
            if (ends[at] >= position) {
                return ends[at] == position && pushed[at];
            }
        }
        return false;
    }

    /**
     * Bytes of the last piece that are not sent, if {@code position} is where sending will be: 0 when a new one has to
     * begin.
     */
    public int tail(long position) {
        if (size == 0 || closed) {
            return 0;
        }
        long end = ends[last()];
        return (int) Math.max(0, end - Math.max(tailStart, position));
    }

    private int last() {
        return head + size - 1 & ends.length - 1;
    }

    /** The last piece grows to {@code end}. */
    public void extend(long end) {
        ends[last()] = end;
    }

    /** A new piece from {@code start} to {@code end}. */
    public void begin(long start, long end) {
        if (size == ends.length) {
            grow();
        }
        size++;
        ends[last()] = end;
        pushed[last()] = false;
        tailStart = start;
        closed = false;
    }

    private void grow() {
        int capacity = Math.max(FIRST_CAPACITY, size * 2);
        long[] moreEnds = new long[capacity];
        boolean[] morePushed = new boolean[capacity];
        for (int i = 0; i < size; i++) {
            moreEnds[i] = ends[head + i & ends.length - 1];
            morePushed[i] = pushed[head + i & ends.length - 1];
        }
        ends = moreEnds;
        pushed = morePushed;
        head = 0;
    }

    /** The last piece ends with PSH. */
    public void push() {
        if (size > 0) {
            pushed[last()] = true;
        }
    }

    /** Nothing joins the last piece any more: a record ends. */
    public void close() {
        closed = true;
    }

    /** Whether the first piece is also the last. */
    public boolean single() {
        return size <= 1;
    }

    /** Lets go of the memory for pieces when there are none. */
    public void rest() {
        if (size == 0) {
            ends = NO_ENDS;
            pushed = NONE_PUSHED;
            head = 0;
        }
    }

    /** Forgets everything. */
    public void clear() {
        size = 0;
        closed = false;
    }
}
