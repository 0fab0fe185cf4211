package sluice.link;

import java.lang.foreign.MemorySegment;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;
import sluice.wire.TransportHeaders;

/**
 * Merges TCP segments that follow each other into a super-segment, as the kernel's GRO does, so that a stack behind a
 * device without offloads also works with few large packets: same flow, next sequence number, same acknowledgement and
 * options, all but the last of one size, no flag but ACK (and PSH on the last).
 *
 * <p>What is merged has a verified checksum. Not thread-safe.
 */
final class Coalescer {
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;

    private final boolean ethernet;
    private final int maxBytes;
    private final TransportHeaders headers = new TransportHeaders();
    private final TransportHeaders other = new TransportHeaders();
    private boolean mergeable;
    private int nextSequence;
    private int segments;

    Coalescer(boolean ethernet, int maxBytes) {
        this.ethernet = ethernet;
        this.maxBytes = maxBytes;
    }

    /** Starts with {@code head}; answers whether anything could be merged into it. */
    boolean begin(Packet head) {
        mergeable = head.gsoSize == 0 && head.tailLength == 0 && candidate(headers, head)
                && (Bytes.u8(head.memory, headers.transport + 13) & PSH) == 0;
        if (mergeable) {
            segments = 1;
            nextSequence = Bytes.i32(head.memory, headers.transport + 4) + head.end - headers.payload;
            head.gsoHeaderLength = headers.payload - head.start;
        }
        return mergeable;
    }

    /** A plain TCP data segment with a good checksum. */
    private boolean candidate(TransportHeaders h, Packet p) {
        MemorySegment m = p.memory;
        if (!h.locate(p, ethernet) || h.protocol != TransportHeaders.TCP || h.payload == p.end
                || (Bytes.u8(m, h.transport + 13) & ~PSH) != ACK) {
            return false;
        }
        int length = h.v6 ? Bytes.u16(m, h.network + 4) + 40 : Bytes.u16(m, h.network + 2);
        if (length != p.end - h.network || h.transport - h.network != (h.v6 ? 40 : 20)) {
            return false;
        }
        if (!h.v6 && !Checksum.isValid(Checksum.sum(m, h.network, 20))) {
            return false;
        }
        return p.checksumValid || p.checksumPartial
                || Checksum.isValid(
                        h.pseudoHeaderSum(m, p.end - h.transport) + Checksum.sum(m, h.transport, p.end - h.transport));
    }

    /** Appends {@code next} to {@code head} when it fits; false when it does not and has to be kept for itself. */
    boolean append(Packet head, Packet next) {
        if (!mergeable || next.gsoSize != 0 || !candidate(other, next) || !sameFlow(head, next)) {
            return false;
        }
        int length = next.end - other.payload;
        int size = segments == 1 ? head.end - headers.payload : head.gsoSize;
        if (length > size || head.end - headers.network + length > maxBytes || head.room() < length) {
            return false;
        }
        MemorySegment.copy(next.memory, other.payload, head.memory, head.end, length);
        head.end += length;
        head.gsoSize = size;
        nextSequence += length;
        segments++;
        int flags = Bytes.u8(next.memory, other.transport + 13);
        Bytes.put8(head.memory, headers.transport + 13, flags);
        mergeable = length == size && (flags & PSH) == 0;
        return true;
    }

    private boolean sameFlow(Packet head, Packet next) {
        MemorySegment a = head.memory;
        MemorySegment b = next.memory;
        int networkLength = headers.transport - headers.network;
        int transportLength = headers.payload - headers.transport;
        if (headers.v6 != other.v6 || other.payload - other.transport != transportLength
                || Bytes.i32(b, other.transport + 4) != nextSequence) {
            return false;
        }
        // The IP headers agree in all but length, identification and checksum; the TCP headers in all but sequence
        // number, PSH and checksum.
        boolean network = headers.v6
                ? same(a, headers.network, b, other.network, 4)
                        && same(a, headers.network + 6, b, other.network + 6, networkLength - 6)
                : same(a, headers.network, b, other.network, 2) && same(a, headers.network + 6, b, other.network + 6, 4)
                        && same(a, headers.network + 12, b, other.network + 12, networkLength - 12);
        return network && same(a, headers.transport, b, other.transport, 4)
                && same(a, headers.transport + 8, b, other.transport + 8, 5)
                && same(a, headers.transport + 14, b, other.transport + 14, 2)
                && same(a, headers.transport + 18, b, other.transport + 18, transportLength - 18);
    }

    private static boolean same(MemorySegment a, long at, MemorySegment b, long bt, int length) {
        return MemorySegment.mismatch(a, at, at + length, b, bt, bt + length) < 0;
    }

    /** Makes the merged packet's headers right: lengths, and a partial checksum. */
    void finish(Packet head) {
        if (segments < 2) {
            head.gsoHeaderLength = 0;
            return;
        }
        MemorySegment m = head.memory;
        headers.writeNetworkLength(m, head.end, Bytes.u16(m, headers.network + 4));
        head.checksumPartial = true;
        head.checksumValid = true;
        head.checksumStart = headers.transport;
        head.checksumField = 16;
        Bytes.put16(m, headers.transport + 16, Checksum.fold(headers.pseudoHeaderSum(m, head.end - headers.transport)));
    }
}
