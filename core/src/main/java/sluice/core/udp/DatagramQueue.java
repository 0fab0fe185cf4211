package sluice.core.udp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.core.BlockSource;
import sluice.core.BufferPool;

/**
 * Whole datagrams in order of arrival, their bytes packed into blocks of the host's pool; an empty queue holds no
 * memory but the places of its datagrams.
 *
 * <p>Bounded by what is charged: payload plus {@link #OVERHEAD} for each, as Linux charges its buffers.
 */
final class DatagramQueue {
    /** Charged for a datagram besides its payload, bytes: what Linux's {@code sk_buff} takes. */
    static final int OVERHEAD = 576;
    private static final int CHUNK_BYTES = 16_384;
    /** Places that an empty queue keeps. */
    private static final int MAX_IDLE_SLOTS = 64;
    /** What a place is charged, bytes. */
    private static final int SLOT_BYTES = 112;

    /** One datagram of the queue. */
    static final class Slot {
        @Nullable MemorySegment chunk;
        private int chunkNumber;
        int offset;
        int length;
        /** Outbound: payload of each of the datagrams it is cut into, and how much of it has left. */
        int segmentBytes;
        int done;
        long peerHigh;
        long peerLow;
        int peerPort;
        long localHigh;
        long localLow;
        int interfaceIndex;
        int hopLimit;
        int trafficClass;
        long timestampNs;
    }

    private final BlockSource memory;
    private Slot[] slots = new Slot[0];
    private int head;
    private int count;
    private long chargedBytes;
    private @Nullable MemorySegment lastChunk;
    private int lastNumber;
    private int lastUsed;

    DatagramQueue(BlockSource memory) {
        this.memory = memory;
    }

    /** Whether one more of {@code length} bytes stays within {@code limitBytes}; an empty queue takes any. */
    boolean fits(int length, long limitBytes) {
        return count == 0 || chargedBytes + length + OVERHEAD <= limitBytes;
    }

    /**
     * Appends a copy of the bytes; its slot is to be filled with addresses by the caller; null when there is no memory.
     */
    @Nullable Slot append(MemorySegment source, long offset, int length) {
        MemorySegment chunk = lastChunk;
        if (chunk == null || lastUsed + length > chunk.byteSize()) {
            chunk = memory.take(Math.max(count == 0 ? BufferPool.MIN_BLOCK : CHUNK_BYTES, length));
            if (chunk == null) {
                return null;
            }
            lastChunk = chunk;
            lastNumber++;
            lastUsed = 0;
        }
        MemorySegment.copy(source, offset, chunk, lastUsed, length);
        if (count == slots.length) {
            grow();
        }
        Slot s = slots[(head + count) & (slots.length - 1)];
        count++;
        s.chunk = chunk;
        s.chunkNumber = lastNumber;
        s.offset = lastUsed;
        s.length = length;
        s.segmentBytes = length;
        s.done = 0;
        lastUsed += length;
        chargedBytes += length + OVERHEAD;
        return s;
    }

    private void grow() {
        Slot[] bigger = new Slot[Math.max(8, slots.length * 2)];
        memory.chargeHeap((long) (bigger.length - slots.length) * SLOT_BYTES);
        for (int i = 0; i < bigger.length; i++) {
            bigger[i] = i < slots.length ? slots[(head + i) & (slots.length - 1)] : new Slot();
        }
        slots = bigger;
        head = 0;
    }

    /** The first datagram; null when there is none. */
    @Nullable Slot peek() {
        return count == 0 ? null : slots[head];
    }

    /** Takes the first datagram out; its block goes back to the pool when it was the last in it. */
    void remove() {
        Slot s = slots[head];
        MemorySegment chunk = s.chunk;
        s.chunk = null;
        chargedBytes -= s.length + OVERHEAD;
        head = (head + 1) & (slots.length - 1);
        count--;
        if (chunk != null && (count == 0 || slots[head].chunkNumber != s.chunkNumber)) {
            if (s.chunkNumber == lastNumber) {
                lastChunk = null;
            }
            memory.give(chunk);
        }
        if (count == 0 && slots.length > MAX_IDLE_SLOTS) {
            forgetPlaces();
        }
    }

    /** Forgets everything. */
    void clear() {
        while (count > 0) {
            remove();
        }
        forgetPlaces();
    }

    private void forgetPlaces() {
        memory.giveHeap((long) slots.length * SLOT_BYTES);
        slots = new Slot[0];
        head = 0;
    }

    int size() {
        return count;
    }

    /** Bytes charged now. */
    long chargedBytes() {
        return chargedBytes;
    }
}
