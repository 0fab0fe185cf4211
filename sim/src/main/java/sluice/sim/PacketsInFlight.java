package sluice.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import sluice.base.Time;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/**
 * Packets on their way along a path in the order of their arrival, one record behind the other in one piece of memory.
 * Of a payload that is part of the world's pattern only its place there is kept: what many megabytes in flight cost is
 * the memory that they touch, and the processor reads ahead what is touched in order.
 */
final class PacketsInFlight {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final int FIRST_BYTES = 1 << 14;
    // A record: when it arrives, bytes that are kept, place of the others in the pattern, how many these are; then the
    // bytes.
    private static final int KEPT = 8;
    private static final int PLACE = 12;
    private static final int OTHERS = 16;
    private static final int HEADER = 24;
    /** Stands for an arrival where the rest of the memory is not used. */
    private static final long SKIP = Long.MIN_VALUE;
    /** Shorter payloads are not looked for in the pattern. */
    private static final int MIN_PAYLOAD = 256;
    private static final int TCP = 6;

    private final World world;
    private MemorySegment memory = Arena.ofAuto().allocate(FIRST_BYTES, 64);
    private long mask = FIRST_BYTES - 1;
    /** Where the first record begins and the last one ends, counted on without end. */
    private long head;
    private long tail;
    private int size;
    private int place;
    private int fromPattern;

    PacketsInFlight(World world) {
        this.world = world;
    }

    int size() {
        return size;
    }

    /** When the first arrives; {@link Time#NEVER} when there is none. */
    long firstNs() {
        return size == 0 ? Time.NEVER : memory.get(LONG, head & mask);
    }

    /** Adds a copy of a packet, which arrives no earlier than those before it. */
    void add(Packet p, long arrivalNs) {
        MemorySegment rest = p.tail;
        MemorySegment payloadIn = rest == null ? p.memory : rest;
        long payload = rest == null ? payload(p) : p.tailOffset;
        int length = rest != null ? p.tailLength : payload == 0 ? 0 : p.end - (int) payload;
        PatternIndex index = length < MIN_PAYLOAD || length > PatternStream.PERIOD ? null : world.patternIndex();
        int place = index == null ? -1 : payloadIn.equals(world.pattern()) ? (int) payload % PatternStream.PERIOD
                : index.find(payloadIn, payload, length);
        int others = place < 0 ? 0 : length;
        int kept = p.length() - others;
        long at = room(recordBytes(kept));
        memory.set(LONG, at, arrivalNs);
        memory.set(INT, at + KEPT, kept);
        memory.set(INT, at + PLACE, place);
        memory.set(INT, at + OTHERS, others);
        int own = Math.min(kept, p.end - p.start);
        MemorySegment.copy(p.memory, p.start, memory, at + HEADER, own);
        if (own < kept) {
            MemorySegment.copy(payloadIn, payload, memory, at + HEADER + own, kept - own);
        }
        size++;
    }

    /**
     * Takes the first packet out: into {@code into}, all its bytes in one piece. Its place in the pattern and the bytes
     * from there are told until the next call.
     */
    void take(Packet into) {
        long at = head & mask;
        int kept = memory.get(INT, at + KEPT);
        place = memory.get(INT, at + PLACE);
        fromPattern = memory.get(INT, at + OTHERS);
        copy(at + HEADER, kept, place, fromPattern, into);
        head += recordBytes(kept);
        if (--size == 0) {
            head = 0;
            tail = 0;
        } else if (memory.get(LONG, head & mask) == SKIP) {
            head += mask + 1 - (head & mask);
        }
    }

    /** Shows a copy of each packet, the next one to arrive first; it is good for the call only. */
    void forEach(Packet scratch, Consumer<Packet> action) {
        long at = head;
        for (int i = 0; i < size; i++) {
            if (memory.get(LONG, at & mask) == SKIP) {
                at += mask + 1 - (at & mask);
            }
            long record = at & mask;
            int kept = memory.get(INT, record + KEPT);
            copy(record + HEADER, kept, memory.get(INT, record + PLACE), memory.get(INT, record + OTHERS), scratch);
            action.accept(scratch);
            at += recordBytes(kept);
        }
    }

    private void copy(long from, int kept, int patternPlace, int others, Packet into) {
        into.clear();
        MemorySegment.copy(memory, from, into.memory, into.start, kept);
        into.end = into.start + kept;
        if (others > 0) {
            MemorySegment.copy(world.pattern(), patternPlace, into.memory, into.end, others);
            into.end += others;
        }
    }

    /** Where in the pattern the last bytes of the packet taken last are. */
    int place() {
        return place;
    }

    /** How many of the last bytes of the packet taken last are there. */
    int fromPattern() {
        return fromPattern;
    }

    private static long recordBytes(int kept) {
        return HEADER + kept + 7L & ~7L;
    }

    /** Offset of {@code bytes} in one piece behind the last record. */
    private long room(long bytes) {
        while (tail + unusable(bytes) + bytes - head > mask + 1) {
            grow();
        }
        long skipped = unusable(bytes);
        if (skipped > 0) {
            memory.set(LONG, tail & mask, SKIP);
        }
        long at = tail + skipped & mask;
        tail += skipped + bytes;
        return at;
    }

    /** Bytes at the end of the memory that are too few for the next record. */
    private long unusable(long bytes) {
        long left = mask + 1 - (tail & mask);
        return left < bytes ? left : 0;
    }

    /** Twice the memory, the records at its front. */
    private void grow() {
        MemorySegment bigger = Arena.ofAuto().allocate(2 * (mask + 1), 64);
        long to = 0;
        for (int i = 0; i < size; i++) {
            if (memory.get(LONG, head & mask) == SKIP) {
                head += mask + 1 - (head & mask);
            }
            long at = head & mask;
            long bytes = recordBytes(memory.get(INT, at + KEPT));
            MemorySegment.copy(memory, at, bigger, to, bytes);
            to += bytes;
            head += bytes;
        }
        memory = bigger;
        mask = 2 * mask + 1;
        head = 0;
        tail = to;
    }

    /** Where the payload of a TCP packet without extension headers or fragmentation begins; 0 for every other. */
    private static int payload(Packet p) {
        MemorySegment m = p.memory;
        int transport;
        if (p.length() < 60) {
            return 0;
        } else if (Ipv4.version(m, p.start) == 4) {
            if (Ipv4.protocol(m, p.start) != TCP || Ipv4.isFragment(m, p.start)) {
                return 0;
            }
            transport = p.start + Ipv4.headerLength(m, p.start);
        } else if (Ipv6.nextHeader(m, p.start) == TCP) {
            transport = p.start + Ipv6.HEADER_LENGTH;
        } else {
            return 0;
        }
        int at = transport + Tcp.dataOffset(m, transport);
        return at < p.end ? at : 0;
    }
}
