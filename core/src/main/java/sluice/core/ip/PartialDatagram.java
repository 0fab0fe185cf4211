package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.BufferPool;
import sluice.wire.Bytes;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Packet;

/**
 * One datagram of which some fragments have arrived: their bytes packed into blocks of the host's pool, their places in
 * a tree ordered by offset, so that a fragment costs the logarithm of what is held, wherever it belongs (an attacker
 * can have some 8,000 pieces held).
 */
@Rfc(value = 815, section = "3")
final class PartialDatagram {
    /** What became of a fragment. */
    enum Outcome {
        /** More fragments are missing. */
        KEPT,
        /** All are there. */
        COMPLETE,
        /** It was there already, byte for byte the same range. */
        DUPLICATE,
        /** It overlaps another. */
        OVERLAP,
        /** It does not agree with the others about where the datagram ends. */
        CONTRADICTION,
        /** The pool is empty. */
        NO_MEMORY
    }

    /** What the bookkeeping of a datagram and of a fragment is charged, bytes. */
    private static final int OVERHEAD = 128;

    private static final class Piece {
        final int from;
        final int to;
        final MemorySegment block;
        final int at;

        Piece(int from, int to, MemorySegment block, int at) {
            this.from = from;
            this.to = to;
            this.block = block;
            this.at = at;
        }
    }

    private final BufferPool pool;
    private final int interfaceIndex;
    private final long expiresNs;
    private final ArrayList<MemorySegment> blocks = new ArrayList<>(2);
    private int usedOfLast;
    private long memoryBytes;
    /** By offset, none overlapping another. */
    private final TreeMap<Integer, Piece> pieces;
    private @Nullable Piece header;
    private int nextHeaderField;
    private int receivedBytes;
    private int totalBytes = -1;
    private int ecnSeen;
    /** Whether the first fragment was sent to us alone. */
    boolean toUnicast;

    PartialDatagram(BufferPool pool, int interfaceIndex, long expiresNs) {
        this(pool, interfaceIndex, expiresNs, Comparator.naturalOrder());
    }

    /** For a test that counts: {@code order} is the natural one. */
    PartialDatagram(BufferPool pool, int interfaceIndex, long expiresNs, Comparator<Integer> order) {
        this.pieces = new TreeMap<>(order);
        this.pool = pool;
        this.interfaceIndex = interfaceIndex;
        this.expiresNs = expiresNs;
    }

    /** How much more memory a fragment of {@code bytes} takes at most. */
    static long need(@Nullable PartialDatagram partial, int bytes) {
        boolean fits = partial != null && !partial.blocks.isEmpty()
                && partial.usedOfLast + bytes <= partial.blocks.getLast().byteSize();
        return (fits ? 0L : BufferPool.blockSize(bytes)) + (partial == null ? 3L : 2L) * OVERHEAD;
    }

    /** Takes one fragment in; its data stands at {@code dataAt}, its headers before that from {@code headerAt} on. */
    Outcome add(MemorySegment m, int headerAt, int dataAt, int length, int offset, boolean more, int ecn, int field) {
        if (memoryBytes == 0) {
            memoryBytes = OVERHEAD;
        }
        int to = offset + length;
        if (more ? totalBytes >= 0 && to > totalBytes : totalBytes >= 0 && to != totalBytes) {
            return Outcome.CONTRADICTION;
        }
        Map.Entry<Integer, Piece> tail = pieces.lastEntry();
        int end = tail == null ? 0 : tail.getValue().to;
        if (offset < end) {
            // of pieces that do not overlap, only the last one that begins before this one's end can reach into it
            Map.Entry<Integer, Piece> entry = pieces.lowerEntry(to);
            Piece p = entry == null ? null : entry.getValue();
            if (p != null && p.from == offset && p.to == to) {
                return Outcome.DUPLICATE;
            }
            if (p != null && p.to > offset) {
                return Outcome.OVERLAP;
            }
        }
        if (!more) {
            if (end > to) {
                return Outcome.CONTRADICTION;
            }
            totalBytes = to;
        }
        int headerLength = offset == 0 ? dataAt - headerAt : 0;
        int at = room(headerLength + length);
        if (at < 0) {
            return Outcome.NO_MEMORY;
        }
        MemorySegment block = blocks.getLast();
        MemorySegment.copy(m, dataAt - headerLength, block, at, headerLength + length);
        if (offset == 0) {
            header = new Piece(0, headerLength, block, at);
            nextHeaderField = field;
            memoryBytes += OVERHEAD;
        }
        pieces.put(offset, new Piece(offset, to, block, at + headerLength));
        memoryBytes += OVERHEAD;
        receivedBytes += length;
        ecnSeen |= 1 << ecn;
        return receivedBytes == totalBytes ? Outcome.COMPLETE : Outcome.KEPT;
    }

    private int room(int bytes) {
        if (!blocks.isEmpty() && usedOfLast + bytes <= blocks.getLast().byteSize()) {
            int at = usedOfLast;
            usedOfLast += bytes;
            return at;
        }
        MemorySegment block = pool.take(bytes);
        if (block == null) {
            return -1;
        }
        blocks.add(block);
        memoryBytes += block.byteSize();
        usedOfLast = bytes;
        return 0;
    }

    /** Puts the IPv4 datagram together; false when its congestion marks contradict each other or it is too long. */
    boolean assembleV4(Packet out) {
        if ((header == null ? 0 : header.to) + totalBytes > 65_535) {
            return false;
        }
        copyHeader(out, Integer.MAX_VALUE);
        copyData(out);
        MemorySegment m = out.memory;
        int s = out.start;
        Ipv4.setTotalLength(m, s, out.end - s);
        Ipv4.setFlagsAndOffset(m, s, 0);
        if (marked()) {
            Ipv4.setTrafficClass(m, s, Ipv4.trafficClass(m, s) | 3);
        }
        Ipv4.updateChecksum(m, s);
        return marksAgree();
    }

    /**
     * Puts the IPv6 packet together, without its fragment header; false when its congestion marks contradict each other
     * or it is too long.
     */
    @Rfc(value = 8200, section = "4.5")
    boolean assembleV6(Packet out) {
        Piece h = header;
        int withFragmentHeader = h == null ? 48 : h.to;
        if (withFragmentHeader - 48 + totalBytes > 65_535) {
            return false;
        }
        int headerLength = copyHeader(out, withFragmentHeader - 8);
        copyData(out);
        MemorySegment m = out.memory;
        int s = out.start;
        if (h != null) {
            Bytes.put8(m, s + nextHeaderField, Bytes.u8(h.block, h.at + headerLength));
        }
        Ipv6.setPayloadLength(m, s, out.end - s - Ipv6.HEADER_LENGTH);
        if (marked()) {
            Ipv6.setTrafficClass(m, s, Ipv6.trafficClass(m, s) | 3);
        }
        return marksAgree();
    }

    private int copyHeader(Packet out, int atMost) {
        Piece h = header;
        int n = h == null ? 0 : Math.min(atMost, h.to);
        if (h != null) {
            MemorySegment.copy(h.block, h.at, out.memory, out.start, n);
        }
        out.end = out.start + n;
        return n;
    }

    private void copyData(Packet out) {
        int base = out.end;
        for (Piece p : pieces.values()) {
            MemorySegment.copy(p.block, p.at, out.memory, base + p.from, p.to - p.from);
        }
        out.end = base + totalBytes;
    }

    /**
     * RFC 3168 section 5.3: one fragment marked marks the whole, unless another says that the transport does not know
     * ECN.
     */
    @Rfc(value = 3168, section = "5.3")
    private boolean marked() {
        return (ecnSeen & 8) != 0;
    }

    private boolean marksAgree() {
        return (ecnSeen & 9) != 9;
    }

    /**
     * Copies the first fragment as it came, at most {@code limit} bytes, for an error message; false when it has not
     * arrived.
     */
    boolean copyFirst(Packet out, int limit) {
        Piece h = header;
        Piece p = pieces.get(0);
        if (h == null || p == null) {
            return false;
        }
        int n = Math.min(limit, h.to + p.to);
        MemorySegment.copy(h.block, h.at, out.memory, out.start, n);
        out.end = out.start + n;
        return true;
    }

    int resumeOffset() {
        Piece h = header;
        return h == null ? 40 : h.to - 8;
    }

    int resumeField() {
        return nextHeaderField;
    }

    int interfaceIndex() {
        return interfaceIndex;
    }

    long expiresNs() {
        return expiresNs;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    /** Gives the memory back. */
    void release() {
        blocks.forEach(pool::give);
        blocks.clear();
        pieces.clear();
        header = null;
        memoryBytes = 0;
    }
}
