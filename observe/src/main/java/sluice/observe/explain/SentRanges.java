package sluice.observe.explain;

import sluice.observe.capture.CapturedSegment;

/**
 * What one end sent and the other has not acknowledged, in the order of positions; a ring that grows within what the
 * {@link Budget} of all connections gives, then forgets the oldest.
 */
final class SentRanges {
    private static final int FIRST = 16;
    private static final int MOST = 8192;

    /** Entries that all connections together may still add. */
    static final class Budget {
        private int left = 1 << 20;

        private boolean take(int n) {
            if (n > left) {
                return false;
            }
            left -= n;
            return true;
        }

        private void giveBack(int n) {
            left += n;
        }
    }

    /** A range that was sent. */
    static final class Sent {
        long from;
        long to;
        long firstNs;
        long lastNs;
        long packet;
        int copies;
    }

    private final Budget budget;
    private Sent[] ring = new Sent[0];
    private int head;
    private int size;

    SentRanges(Budget budget) {
        this.budget = budget;
    }

    private Sent at(int i) {
        return ring[(head + i) & (ring.length - 1)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds what passes for the first time; behind all others, or where a gap was. */
    void add(long from, long to, long ns, long packet) {
        if (size == ring.length && !grow()) {
            if (size == 0) {
                return;
            }
            head++;
            size--;
        }
        int slot = (head + size) & (ring.length - 1);
        if (ring[slot] == null) {
            ring[slot] = new Sent();
        }
        Sent s = ring[slot];
        s.from = from;
        s.to = to;
        s.firstNs = ns;
        s.lastNs = ns;
        s.packet = packet;
        s.copies = 1;
        size++;
        for (int i = size - 1; i > 0 && at(i - 1).from > from; i--) {
            int here = (head + i) & (ring.length - 1);
            int before = (head + i - 1) & (ring.length - 1);
            ring[here] = ring[before];
            ring[before] = s;
        }
    }

    private boolean grow() {
        int larger = Math.max(FIRST, 2 * ring.length);
        if (larger > MOST || !budget.take(larger - ring.length)) {
            return false;
        }
        Sent[] grown = new Sent[larger];
        for (int i = 0; i < size; i++) {
            grown[i] = at(i);
        }
        ring = grown;
        head = 0;
        return true;
    }

    /** The range that {@code position} is in; null when none is known. */
    @org.jspecify.annotations.Nullable Sent find(long position) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Sent s = at(middle);
            if (position < s.from) {
                high = middle - 1;
            } else if (position >= s.to) {
                low = middle + 1;
            } else {
                return s;
            }
        }
        return null;
    }

    /** The first range that is not acknowledged. */
    @org.jspecify.annotations.Nullable Sent first() {
        return size == 0 ? null : at(0);
    }

    /**
     * Takes out what ends at {@code ack} or before; the time since the last of these passed, or -1 when there is none
     * or one of them had been sent again (Karn).
     */
    long acknowledged(long ack, long nowNs) {
        long sample = -1;
        boolean clean = true;
        while (size > 0 && at(0).to <= ack) {
            Sent s = at(0);
            clean &= s.copies == 1;
            sample = nowNs - s.firstNs;
            head++;
            size--;
        }
        return clean ? sample : -1;
    }

    /** The connection is over. */
    void release() {
        budget.giveBack(ring.length);
        ring = new Sent[0];
        size = 0;
        head = 0;
    }

    /** What tells a copy made by the network from a retransmission: the last packets of one direction. */
    static final class Recent {
        private static final int KEPT = 64;
        private static final long LONGEST_NS = 500_000_000L;

        private final int[] seq = new int[KEPT];
        private final int[] ack = new int[KEPT];
        private final int[] sums = new int[KEPT];
        private final long[] ns = new long[KEPT];
        private int next;
        private int kept;

        /** Whether this very packet passed before, and then remembers it. */
        boolean hasSeen(CapturedSegment s, long nowNs, long leastRttNs) {
            int sum = s.identification << 16 | s.checksum;
            boolean seen = false;
            // Without an identification a quick retransmission looks the same; but it takes a round trip.
            long within = s.identification != 0 ? LONGEST_NS : Math.min(LONGEST_NS, leastRttNs * 3 / 4);
            boolean tellable = s.identification != 0 || s.payload > 0;
            for (int i = 0; i < kept && tellable && !seen; i++) {
                seen = sums[i] == sum && seq[i] == s.seq && ack[i] == s.ack && nowNs - ns[i] < within;
            }
            seq[next] = s.seq;
            ack[next] = s.ack;
            sums[next] = sum;
            ns[next] = nowNs;
            next = (next + 1) % KEPT;
            kept = Math.min(KEPT, kept + 1);
            return seen;
        }
    }
}
