package sluice.sim;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import sluice.wire.Packet;

/** Copies of packets for as long as they are kept, in memory that is used again. */
final class PacketStore {
    private static final int SMALL = 2048;

    private final ArrayDeque<Packet> small = new ArrayDeque<>();
    private final ArrayDeque<Packet> large = new ArrayDeque<>();

    /** A copy in one piece. */
    Packet copy(Packet p) {
        int need = Packet.HEADROOM + p.length();
        Packet c = need <= SMALL ? take(small, SMALL) : take(large, Packet.MAX_CAPACITY);
        c.copyFrom(p);
        return c;
    }

    void free(Packet p) {
        (p.memory.byteSize() == SMALL ? small : large).addLast(p);
    }

    private static Packet take(ArrayDeque<Packet> pool, int bytes) {
        Packet p = pool.pollLast();
        return p == null ? new Packet(Arena.ofAuto(), bytes) : p;
    }
}
