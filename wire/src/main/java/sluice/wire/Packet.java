package sluice.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One packet in native memory: the bytes {@code [start, end)} of {@link #memory}, optionally followed by a tail that
 * lies elsewhere (payload still in a send ring, for links that gather), and what a device that offloads work has to
 * know about it.
 *
 * <p>A packet may be a super-segment: one header and the payload of many segments of {@link #gsoSize} bytes each (the
 * last may be shorter). Packets are reused; {@link #clear} makes one empty again. Not thread-safe.
 */
public final class Packet {
    /**
     * Room kept free before the first byte, for headers that lower layers put in front (IP, options, Ethernet,
     * virtio-net).
     */
    public static final int HEADROOM = 160;
    /** Capacity that holds any IP packet, behind the headroom. */
    public static final int MAX_CAPACITY = HEADROOM + 65_535 + 64;

    /** Capacity of a packet whose memory can be {@link #exchange}d: a power of two, as a host's pool hands out. */
    public static final int BLOCK = Integer.highestOneBit(MAX_CAPACITY - 1) << 1;

    /** Stands where no packet is yet. */
    public static final Packet NONE = new Packet(Arena.global(), HEADROOM);

    /** The bytes; native memory always. Changed by {@link #exchange} alone. */
    public MemorySegment memory;
    /** Offset of the first byte. */
    public int start;
    /** Offset after the last byte in {@link #memory}. */
    public int end;

    /**
     * Payload that follows in other memory, or null. Read-only for whoever gets the packet; valid until the transmit
     * call returns.
     */
    public @Nullable MemorySegment tail;
    /** Where the tail starts in its memory. */
    public long tailOffset;
    /** Bytes of the tail; 0 when there is none. */
    public int tailLength;

    /** Inbound: the device vouches for the transport checksum. Outbound: not used. */
    public boolean checksumValid;
    /**
     * The transport checksum field holds only the folded pseudo-header sum, and the bytes from {@link #checksumStart}
     * on are still to be summed into it: by the device on the way out; inbound from the same machine such a packet was
     * never on a wire and counts as valid.
     */
    public boolean checksumPartial;
    /**
     * Offset in {@link #memory} of the transport header, where the partial checksum begins; valid with {@link
     * #checksumPartial} or {@link #gsoSize}.
     */
    public int checksumStart;
    /** Distance from {@link #checksumStart} to the checksum field: 16 for TCP, 6 for UDP. */
    public int checksumField;
    /** Payload bytes of each segment of a super-segment; 0 for an ordinary packet. */
    public int gsoSize;
    /** Bytes of all headers up to the payload, counted from {@link #start}; valid with {@link #gsoSize}. */
    public int gsoHeaderLength;
    /**
     * Whether CWR stands in every segment of a super-segment, as part of accurate ECN's counter (RFC 9768), and not
     * only in the first. A device does not tell the two apart, so this is set for what comes from one: a repeated CWR
     * does no harm, a lost bit of a counter does.
     */
    public boolean gsoKeepsCwr;
    /**
     * Whether PSH, if it is set, stands in every segment of a super-segment, and not only in the last. Who cuts in
     * software can do that, a device does not.
     */
    public boolean gsoPushesAll;
    /** When it arrived or was handed to the link, nanoseconds on the host's clock. */
    public long timestampNs;

    /**
     * A packet with room for {@code capacity} bytes in all, headroom included, in memory that lives as long as {@code
     * arena}.
     */
    public Packet(Arena arena, int capacity) {
        memory = arena.allocate(capacity, 64);
        clear();
    }

    /** A packet over existing native memory. */
    public Packet(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("packet memory must be native");
        }
        this.memory = memory;
        clear();
    }

    /** A packet that can hold any IP packet, in memory that the garbage collector returns. */
    public static Packet ofMaxSize() {
        return new Packet(Arena.ofAuto(), MAX_CAPACITY);
    }

    /** A packet of {@link #BLOCK} bytes. */
    public static Packet ofBlock() {
        return new Packet(Arena.ofAuto(), BLOCK);
    }

    /**
     * Leaves its memory to the caller, who keeps what lies in it, and goes on with {@code other}. The packet's bytes
     * are undefined until it is filled again.
     *
     * @param other native memory of the same size
     * @return the memory up to now
     */
    public MemorySegment exchange(MemorySegment other) {
        if (!other.isNative() || other.byteSize() != memory.byteSize()) {
            throw new IllegalArgumentException("a packet of " + memory.byteSize() + " bytes cannot take " + other);
        }
        MemorySegment kept = memory;
        memory = other;
        return kept;
    }

    /** Empties the packet: start and end at the headroom, no tail, no offload. */
    public void clear() {
        start = HEADROOM;
        end = HEADROOM;
        clearTail();
        checksumValid = false;
        checksumPartial = false;
        checksumStart = 0;
        checksumField = 0;
        gsoSize = 0;
        gsoHeaderLength = 0;
        gsoKeepsCwr = false;
        gsoPushesAll = false;
        timestampNs = 0;
    }

    /** Drops the tail. */
    public void clearTail() {
        tail = null;
        tailOffset = 0;
        tailLength = 0;
    }

    /** All bytes, tail included. */
    public int length() {
        return end - start + tailLength;
    }

    /** Bytes that could be appended behind {@link #end}. */
    public int room() {
        return (int) memory.byteSize() - end;
    }

    /** How many wire packets this is: 1, or the number of segments of a super-segment. */
    public int segments() {
        if (gsoSize == 0) {
            return 1;
        }
        int payload = length() - gsoHeaderLength;
        return Math.max(1, (payload + gsoSize - 1) / gsoSize);
    }

    /** Copies the tail, if there is one, behind the bytes, so that the packet is contiguous. */
    public void flatten() {
        MemorySegment t = tail;
        if (t != null) {
            MemorySegment.copy(t, tailOffset, memory, end, tailLength);
            end += tailLength;
            clearTail();
        }
    }

    /** Makes this packet an independent copy of {@code other} (flattened), which must fit. */
    public void copyFrom(Packet other) {
        int head = other.end - other.start;
        start = Math.min(HEADROOM, Math.max(0, (int) memory.byteSize() - other.length()));
        int shift = start - other.start;
        MemorySegment.copy(other.memory, other.start, memory, start, head);
        end = start + head;
        MemorySegment t = other.tail;
        if (t != null) {
            MemorySegment.copy(t, other.tailOffset, memory, end, other.tailLength);
            end += other.tailLength;
        }
        clearTail();
        checksumValid = other.checksumValid;
        checksumPartial = other.checksumPartial;
        checksumStart = other.checksumStart + shift;
        checksumField = other.checksumField;
        gsoSize = other.gsoSize;
        gsoHeaderLength = other.gsoHeaderLength;
        gsoKeepsCwr = other.gsoKeepsCwr;
        gsoPushesAll = other.gsoPushesAll;
        timestampNs = other.timestampNs;
    }
}
