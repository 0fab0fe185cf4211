package sluice.link;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import sluice.wire.Packet;

/**
 * A bounded queue of packets by copy, for one thread that puts and one that takes (or a single one). Each place keeps
 * its memory, which grows to what it has to hold, so that nothing is allocated once the sizes have settled. The
 * positions are written and read as volatile, not just released, so that "put, then look who sleeps" and "sleep, then
 * look what was put" cannot miss each other.
 */
final class PacketRing {
    private static final int SMALLEST = 2048;

    private final @Nullable Packet[] places;
    private final int mask;
    private final int capacity;
    private final AtomicLong put = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** A queue for {@code capacity} packets, 1…2^20. */
    PacketRing(int capacity) {
        if (capacity < 1 || capacity > 1 << 20) {
            throw new IllegalArgumentException("capacity " + capacity + " is outside 1…" + (1 << 20));
        }
        this.capacity = capacity;
        int size = Integer.highestOneBit(Math.max(1, capacity * 2 - 1));
        places = new Packet[size];
        mask = size - 1;
    }

    int size() {
        return (int) (put.get() - taken.get());
    }

    boolean offer(Packet packet, long timestampNs) {
        long p = put.getPlain();
        if (p - taken.get() >= capacity) {
            return false;
        }
        int slot = (int) p & mask;
        places[slot] = copyInto(places[slot], packet);
        places[slot].timestampNs = timestampNs;
        put.set(p + 1);
        return true;
    }

    /** The oldest packet, or null; it stays until {@link #remove}. */
    @Nullable Packet peek() {
        long t = taken.getPlain();
        return t == put.get() ? null : places[(int) t & mask];
    }

    /** Drops what {@link #peek} showed. */
    void remove() {
        taken.set(taken.getPlain() + 1);
    }

    /** A copy of {@code packet} in the memory of {@code place}, or in new memory when that is too small. */
    static Packet copyInto(@Nullable Packet place, Packet packet) {
        int need = Packet.HEADROOM + packet.length();
        Packet to = place;
        if (to == null || to.memory.byteSize() < need) {
            to = new Packet(Arena.ofAuto(), Math.max(SMALLEST, Integer.highestOneBit(need - 1) << 1));
        }
        to.copyFrom(packet);
        return to;
    }
}
