package sluice.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/**
 * Copies of packets for as long as they are on their way. Of a packet whose payload is part of the world's pattern, and which has to wait among many, the headers
 * alone are kept.
 */
final class PacketStore {
    /** Holds the headers of any packet that {@link #keep} shortens. */
    private static final int HEADERS = Packet.HEADROOM + 128;
    private static final int SMALL = 2048;
    /** Packets that fit the processor's nearer caches: with fewer there is nothing to gain. */
    private static final int MANY = 256;
    private static final int MIN_PAYLOAD = 256;
    private static final int TCP = 6;

    private final MemorySegment pattern;
    private final ArrayDeque<Packet> headers = new ArrayDeque<>();
    private final ArrayDeque<Packet> small = new ArrayDeque<>();
    private final ArrayDeque<Packet> large = new ArrayDeque<>();
    private final Packet whole = Packet.ofMaxSize();
    private @Nullable PatternIndex index;

    PacketStore(MemorySegment pattern) {
        this.pattern = pattern;
    }

    /** A copy with all its bytes. */
    Packet copy(Packet p) {
        int need = Packet.HEADROOM + p.length();
        Packet c = need <= SMALL ? take(small, SMALL) : take(large, Packet.MAX_CAPACITY);
        c.copyFrom(p);
        return c;
    }

    /** A copy that will wait behind {@code others}, to be looked at by {@link #whole} only. */
    Packet keep(Packet p, int others) {
        int payload = others < MANY || p.tail != null ? 0 : payload(p);
        int length = p.end - payload;
        if (payload == 0 || length < MIN_PAYLOAD || length > Stream.PERIOD) {
            return copy(p);
        }
        PatternIndex i = index;
        if (i == null) {
            i = new PatternIndex(pattern);
            index = i;
        }
        int at = i.find(p.memory, payload, length);
        if (at < 0) {
            return copy(p);
        }
        Packet c = take(headers, HEADERS);
        p.end = payload;
        c.copyFrom(p);
        p.end = payload + length;
        c.tail = pattern;
        c.tailOffset = at;
        c.tailLength = length;
        return c;
    }

    /** A kept packet with all its bytes, until the next call. */
    Packet whole(Packet kept) {
        if (kept.tail == null) {
            return kept;
        }
        whole.copyFrom(kept);
        return whole;
    }

    void free(Packet p) {
        long size = p.memory.byteSize();
        (size == HEADERS ? headers : size == SMALL ? small : large).addLast(p);
    }

    private static Packet take(ArrayDeque<Packet> pool, int bytes) {
        Packet p = pool.pollLast();
        return p == null ? new Packet(Arena.ofAuto(), bytes) : p;
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
        return at < p.end && at - p.start <= HEADERS - Packet.HEADROOM ? at : 0;
    }
}
