package sluice.core.tcp.data;

import org.jspecify.annotations.Nullable;
import sluice.base.Seq;
import sluice.core.BlockSource;
import sluice.core.BufferPool;

/**
 * The scoreboard: everything sent and not cumulatively acknowledged, in order of sequence (found by binary search) and,
 * for RACK, in order of transmission.
 *
 * <p>Keeps the four counts that recovery works with, in wire segments: sent out, reported by SACK, marked lost,
 * retransmitted and in flight.
 */
public final class SentSegments {
    /** What an entry and its place are charged, bytes. */
    private static final int ENTRY_BYTES = 160;
    /** Bytes of entries that reports of the peer may make beyond the size of the send buffer. */
    private static final int CUTTING_SLACK_BYTES = 128 << 10;
    /** Places kept when nothing is outstanding. */
    private static final int MAX_IDLE_PLACES = 1024;
    private static final @Nullable SentSegment[] NONE = new SentSegment[0];
    private @Nullable SentSegment[] ring = NONE;
    private int head;
    private int size;
    private final SpareSegments spare;
    private final BlockSource memory;
    private @Nullable SentSegment oldestSent;
    private @Nullable SentSegment newestSent;
    private int packetsOut;
    private int sackedOut;
    private int lostOut;
    private int retransOut;
    private long transmissions;
    /** Something lost may be waiting to be retransmitted; nothing of it lies before {@link #pendingFrom}. */
    private boolean pending;
    private int pendingFrom;

    /** For a test: of no host. */
    SentSegments() {
        this(new SpareSegments(), new BufferPool(0));
    }

    /** Nothing sent yet; what is sent is charged to {@code memory}. */
    SentSegments(SpareSegments spare, BlockSource memory) {
        this.spare = spare;
        this.memory = memory;
    }

    /** Entries kept. */
    public int size() {
        return size;
    }

    /** Whether nothing is outstanding. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Wire segments outstanding. */
    public int packetsOut() {
        return packetsOut;
    }

    /** Of these, reported by SACK. */
    public int sackedOut() {
        return sackedOut;
    }

    /** Of these, marked lost. */
    public int lostOut() {
        return lostOut;
    }

    /** Retransmitted copies that count as in flight. */
    public int retransOut() {
        return retransOut;
    }

    /** Wire segments held for in flight: {@code packetsOut - (sackedOut + lostOut) + retransOut}. */
    public int inFlight() {
        return packetsOut - sackedOut - lostOut + retransOut;
    }

    /** The i-th entry in order of sequence. */
    public SentSegment get(int i) {
        SentSegment s = ring[head + i & ring.length - 1];
        if (s == null) {
            throw new IndexOutOfBoundsException("no sent segment " + i + " of " + size);
        }
        return s;
    }

    /** The entry with the lowest sequence number; null when empty. */
    public @Nullable SentSegment first() {
        return size == 0 ? null : get(0);
    }

    /** The entry with the highest sequence number; null when empty. */
    public @Nullable SentSegment last() {
        return size == 0 ? null : get(size - 1);
    }

    /**
     * The entry that was (re)sent longest ago and is neither acknowledged nor reported nor marked lost; null when
     * there is none.
     */
    public @Nullable SentSegment oldestSent() {
        return oldestSent;
    }

    /** The next entry in order of transmission; null at the end. */
    public @Nullable SentSegment newerSent(SentSegment s) {
        return s.newerSent;
    }

    /** Appends what was sent now. */
    public SentSegment add(int seq, int end, int count, int mss, long nowNs) {
        SentSegment s = spare.take();
        s.seq = seq;
        s.end = end;
        s.count = count;
        s.mss = mss;
        s.sentNs = nowNs;
        s.transmission = ++transmissions;
        s.firstSentNs = nowNs;
        insert(size, s);
        packetsOut += count;
        linkNewest(s);
        return s;
    }

    /**
     * Index of the entry that contains {@code seq}, or of the first one after it; {@link #size} when all end before.
     */
    public int indexOf(int seq) {
        int low = 0;
        int high = size;
        while (low < high) {
            int mid = low + high >>> 1;
            if (Seq.leq(get(mid).end, seq)) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /**
     * Whether an entry may be cut because the peer reports a part of it: a peer with an MSS of 48 that reports every
     * second segment makes an entry of each, which takes more than the data do (CVE-2019-11478). Linux's rule: what
     * stands in the queue may take as much as the send buffer, and two super-segments more.
     */
    public boolean mayCut(long sendBufferBytes) {
        return (long) size * ENTRY_BYTES <= sendBufferBytes + CUTTING_SLACK_BYTES;
    }

    /**
     * Cuts entry {@code i} at sequence number {@code at}, strictly inside it; the first part keeps its index. Returns
     * the second part.
     */
    public SentSegment split(int i, int at) {
        SentSegment a = get(i);
        SentSegment b = spare.take();
        b.copyMarksFrom(a);
        int before = a.count;
        b.seq = at;
        b.end = a.end;
        b.fin = a.fin;
        boolean finAlone = a.fin && at == a.end - 1; // what is pushed is data
        b.push = a.push && !finAlone;
        a.push &= finAlone;
        a.end = at;
        a.fin = false;
        a.count = count(a);
        b.count = count(b);
        adjust(a, a.count + b.count - before);
        insert(i + 1, b);
        if (a.inTimeOrder) {
            linkAfter(a, b);
        }
        return b;
    }

    /** The entry is to be retransmitted in segments of {@code mss} bytes: counts it by these. */
    public void recut(SentSegment s, int mss) {
        int before = s.count;
        s.mss = mss;
        s.count = count(s);
        adjust(s, s.count - before);
    }

    /**
     * Takes off the first entry: it is acknowledged. Its object stays readable until the next {@link #add} or {@link
     * #split}.
     */
    public SentSegment removeFirst() {
        SentSegment s = get(0);
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        adjust(s, -s.count);
        unlink(s);
        spare.give(s);
        if (size == 0 && ring.length > MAX_IDLE_PLACES) {
            forgetPlaces();
        }
        return s;
    }

    /** The front of the first entry is acknowledged up to {@code una}; returns how many wire segments that were. */
    public int trimFirst(int una) {
        SentSegment s = get(0);
        int before = s.count;
        s.seq = una;
        s.syn = false;
        s.count = count(s);
        adjust(s, s.count - before);
        return before - s.count;
    }

    /** Marks an entry as reported by SACK; it is no longer lost nor in flight again. */
    public void markSacked(SentSegment s) {
        if (s.sacked) {
            return;
        }
        unmarkLost(s);
        unmarkRetransmitted(s);
        s.sacked = true;
        sackedOut += s.count;
        unlink(s);
    }

    /** The peer took its report back (reneging): the entry is to be marked lost. */
    public void unmarkSacked(SentSegment s) {
        if (s.sacked) {
            s.sacked = false;
            sackedOut -= s.count;
        }
    }

    /**
     * Marks an entry as lost; when it was lost before and retransmitted, it is that copy which is lost now.
     *
     * @return whether it was a retransmission that was lost
     */
    public boolean markLost(SentSegment s) {
        if (s.lost || !s.retransmitted) {
            unlink(s); // a copy that is in flight stays in the order of time, so that it can be found lost in its turn
        }
        if (s.lost) {
            boolean again = s.retransmitted;
            unmarkRetransmitted(s);
            return again;
        }
        if (!s.sacked) {
            s.lost = true;
            lostOut += s.count;
            notePending(s);
        }
        return false;
    }

    /** The entry is not lost after all. */
    public void unmarkLost(SentSegment s) {
        if (s.lost) {
            s.lost = false;
            lostOut -= s.count;
        }
    }

    /** The retransmitted copy is marked lost or arrived. */
    public void unmarkRetransmitted(SentSegment s) {
        if (s.retransmitted) {
            s.retransmitted = false;
            retransOut -= s.count;
            notePending(s);
        }
    }

    private void notePending(SentSegment s) {
        if (s.lost && !s.retransmitted && (!pending || Seq.lt(s.seq, pendingFrom))) {
            pending = true;
            pendingFrom = s.seq;
        }
    }

    /**
     * The first entry marked lost that is not in flight again; null when there is none. Looks at each entry once, not
     * at all of them each time.
     */
    public @Nullable SentSegment firstPending() {
        for (int i = pending ? indexOf(pendingFrom) : size; i < size; i++) {
            SentSegment s = get(i);
            if (s.lost && !s.retransmitted) {
                pendingFrom = s.seq;
                return s;
            }
        }
        pending = false;
        return null;
    }

    /** The entry was retransmitted now, because it is marked lost. */
    public void resent(SentSegment s, long nowNs) {
        if (!s.retransmitted) {
            s.retransmitted = true;
            retransOut += s.count;
        }
        probed(s, nowNs);
    }

    /** The entry was retransmitted now to make the peer answer: the copy does not count as in flight. */
    public void probed(SentSegment s, long nowNs) {
        s.everRetransmitted = true;
        s.retransmissions++;
        s.sentNs = nowNs;
        s.transmission = ++transmissions;
        unlink(s);
        linkNewest(s);
    }

    /**
     * Nothing is marked lost any more: what was is in flight again, at its old place in the order of transmission.
     */
    public void unmarkAllLost() {
        SentSegment near = null;
        for (int i = 0; i < size; i++) {
            SentSegment s = get(i);
            unmarkLost(s);
            if (!s.inTimeOrder && !s.sacked) {
                linkByTime(near, s);
                near = s;
            }
        }
    }

    /** Reno's count of duplicate acknowledgments stands for SACK reports that a peer without SACK cannot make. */
    public void renoSackedOut(int segments) {
        sackedOut = segments;
    }

    /** Forgets everything. */
    public void clear() {
        while (size > 0) {
            removeFirst();
        }
        forgetPlaces();
        sackedOut = 0;
        lostOut = 0;
        retransOut = 0;
        pending = false;
    }

    /** Lets go of the places when nothing is in them. */
    public void rest() {
        if (size == 0) {
            forgetPlaces();
        }
    }

    private void forgetPlaces() {
        memory.giveHeap((long) ring.length * ENTRY_BYTES);
        ring = NONE;
        head = 0;
    }

    private static int count(SentSegment s) {
        int bytes = s.end - s.seq - (s.fin ? 1 : 0) - (s.syn ? 1 : 0);
        return s.mss <= 0 ? 1 : Math.max(1, (bytes + s.mss - 1) / s.mss);
    }

    private void adjust(SentSegment s, int delta) {
        packetsOut += delta;
        if (s.sacked) {
            sackedOut += delta;
        }
        if (s.lost) {
            lostOut += delta;
        }
        if (s.retransmitted) {
            retransOut += delta;
        }
    }

    private void insert(int at, SentSegment s) {
        if (size == ring.length) {
            @Nullable SentSegment[] bigger = new SentSegment[Math.max(4, size * 2)];
            memory.chargeHeap((long) (bigger.length - size) * ENTRY_BYTES);
            for (int i = 0; i < size; i++) {
                bigger[i] = get(i);
            }
            ring = bigger;
            head = 0;
        }
        int mask = ring.length - 1;
        if (at < size / 2) { // the shorter side makes room
            head = head - 1 & mask;
            for (int i = 0; i < at; i++) {
                ring[head + i & mask] = ring[head + i + 1 & mask];
            }
        } else {
            for (int i = size; i > at; i--) {
                ring[head + i & mask] = ring[head + i - 1 & mask];
            }
        }
        ring[head + at & mask] = s;
        size++;
    }

    private void linkNewest(SentSegment s) {
        SentSegment n = newestSent;
        s.olderSent = n;
        s.newerSent = null;
        if (n == null) {
            oldestSent = s;
        } else {
            n.newerSent = s;
        }
        newestSent = s;
        s.inTimeOrder = true;
    }

    /**
     * Links an entry where its time of sending belongs; looks from {@code near} on, a linked entry (null: from the
     * oldest).
     */
    private void linkByTime(@Nullable SentSegment near, SentSegment s) {
        SentSegment after = near;
        while (after != null && after.sentAfter(s)) {
            after = after.olderSent;
        }
        SentSegment next = after == null ? oldestSent : after.newerSent;
        while (next != null && !next.sentAfter(s)) {
            after = next;
            next = next.newerSent;
        }
        if (after != null) {
            linkAfter(after, s);
            return;
        }
        s.olderSent = null;
        s.newerSent = next;
        oldestSent = s;
        if (next == null) {
            newestSent = s;
        } else {
            next.olderSent = s;
        }
        s.inTimeOrder = true;
    }

    private void linkAfter(SentSegment a, SentSegment s) {
        SentSegment next = a.newerSent;
        s.olderSent = a;
        s.newerSent = next;
        a.newerSent = s;
        if (next == null) {
            newestSent = s;
        } else {
            next.olderSent = s;
        }
        s.inTimeOrder = true;
    }

    private void unlink(SentSegment s) {
        if (!s.inTimeOrder) {
            return;
        }
        SentSegment older = s.olderSent;
        SentSegment newer = s.newerSent;
        if (older == null) {
            oldestSent = newer;
        } else {
            older.newerSent = newer;
        }
        if (newer == null) {
            newestSent = older;
        } else {
            newer.olderSent = older;
        }
        s.olderSent = null;
        s.newerSent = null;
        s.inTimeOrder = false;
    }
}
