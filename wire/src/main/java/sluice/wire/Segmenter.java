package sluice.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a super-segment into wire packets, as a network card with TSO or USO does: the headers are repeated with their
 * own length, IPv4 identification, sequence number and checksums; FIN and PSH stay with the last segment, CWR with the
 * first (RFC 3168 section 6.1.2), unless the packet says otherwise: CWR may be part of accurate ECN's counter (RFC
 * 9768).
 *
 * <p>{@link #begin}, then {@link #next} until it answers false; the source must stay as it is meanwhile. Allocates
 * nothing. Not thread-safe.
 */
public final class Segmenter {
    private static final int FIN = 0x01;
    private static final int PSH = 0x08;
    private static final int CWR = 0x80;

    private final boolean ethernet;
    private final TransportHeaders headers = new TransportHeaders();
    private @Nullable Packet source;
    private int headerLength;
    private int payloadLength;
    private int done;
    private int index;

    /**
     * A cutter.
     *
     * @param ethernet whether packets begin with an Ethernet header
     */
    public Segmenter(boolean ethernet) {
        this.ethernet = ethernet;
    }

    /**
     * Starts with {@code packet}.
     *
     * @return false when it is no super-segment of TCP or UDP, or its fields contradict its bytes: {@link #next} will
     * then give nothing
     */
    public boolean begin(Packet packet) {
        source = null;
        int size = packet.gsoSize;
        if (size <= 0 || !headers.locate(packet, ethernet)
                || headers.payload - packet.start != packet.gsoHeaderLength) {
            return false;
        }
        source = packet;
        headerLength = packet.gsoHeaderLength;
        payloadLength = packet.length() - headerLength;
        done = 0;
        index = 0;
        return true;
    }

    /** Whether there is a segment left. */
    public boolean hasNext() {
        return source != null && (done < payloadLength || index == 0);
    }

    /** Forgets the rest. */
    public void cancel() {
        source = null;
    }

    /**
     * Builds the next segment.
     *
     * @param into receives it, contiguous; must have room for a wire packet
     * @param keepPartial leave the transport checksum to the device: only the pseudo-header's sum is written
     * @return false when nothing is left
     */
    public boolean next(Packet into, boolean keepPartial) {
        Packet from = source;
        if (from == null || !hasNext()) {
            return false;
        }
        int length = Math.min(from.gsoSize, payloadLength - done);
        into.clear();
        MemorySegment m = into.memory;
        MemorySegment.copy(from.memory, from.start, m, into.start, headerLength);
        copyPayload(from, done, m, into.start + headerLength, length);
        into.end = into.start + headerLength + length;
        into.timestampNs = from.timestampNs;
        boolean last = done + length == payloadLength;
        finish(from, into, last, keepPartial);
        done += length;
        index++;
        if (last) {
            source = null;
        }
        return true;
    }

    private void copyPayload(Packet from, int position, MemorySegment to, int at, int length) {
        int inMemory = from.end - from.start - headerLength;
        int first = Math.clamp(inMemory - position, 0, length);
        if (first > 0) {
            MemorySegment.copy(from.memory, from.start + headerLength + position, to, at, first);
        }
        MemorySegment tail = from.tail;
        if (first < length && tail != null) {
            MemorySegment.copy(tail, from.tailOffset + position + first - inMemory, to, at + first, length - first);
        }
    }

    private void finish(Packet from, Packet into, boolean last, boolean keepPartial) {
        if (!headers.locate(into, ethernet)) {
            return; // cannot be: the same headers were located in begin
        }
        MemorySegment m = into.memory;
        int transport = headers.transport;
        headers.writeNetworkLength(m, into.end, Bytes.u16(m, headers.network + 4) + index);
        if (headers.protocol == TransportHeaders.TCP) {
            Bytes.put32(m, transport + 4, Bytes.i32(m, transport + 4) + done);
            int drop = (last ? 0 : from.gsoPushesAll ? FIN : FIN | PSH) | (index == 0 || from.gsoKeepsCwr ? 0 : CWR);
            Bytes.put8(m, transport + 13, Bytes.u8(m, transport + 13) & ~drop);
        } else {
            Bytes.put16(m, transport + 4, into.end - transport);
        }
        into.checksumPartial = true;
        into.checksumStart = transport;
        into.checksumField = headers.checksumField();
        Bytes.put16(m, transport + into.checksumField, Checksum.fold(headers.pseudoHeaderSum(m, into.end - transport)));
        if (!keepPartial) {
            TransportHeaders.completeChecksum(into);
        }
    }
}
