package sluice.core.ip;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.wire.Packet;

/**
 * Packets of the host's own for the slow paths (control messages, fragments, packets that wait for a neighbour,
 * loopback), in two sizes, reused.
 *
 * <p>At most {@link #MAX_SMALL} and {@link #MAX_LARGE} are out at a time, and half as many bytes as TCP may hold (the
 * limit of {@code tcp_mem}); then, and when the machine has no memory, {@link #take} answers null and the caller drops
 * and counts.
 */
public final class PacketPool {
    /** Bytes a small packet holds behind the headroom: an Ethernet frame. */
    public static final int SMALL_BYTES = 1600;
    /** Most small packets in use. */
    public static final int MAX_SMALL = 8192;
    /** Most large packets in use (64 KiB each). */
    public static final int MAX_LARGE = 512;
    private static final int SMALL_CAPACITY = Packet.HEADROOM + SMALL_BYTES;
    private static final int IDLE_SMALL = 512;
    private static final int IDLE_LARGE = 32;

    private final ArrayDeque<Packet> small = new ArrayDeque<>();
    private final ArrayDeque<Packet> large = new ArrayDeque<>();
    private int smallInUse;
    private int largeInUse;
    private final Settings settings;

    /** For the host with these settings. */
    PacketPool(Settings settings) {
        this.settings = settings;
    }

    /** An empty packet with room for {@code bytes} behind the headroom; null when too many are in use. */
    public @Nullable Packet take(int bytes) {
        boolean isSmall = bytes <= SMALL_BYTES;
        if (isSmall ? smallInUse >= MAX_SMALL : largeInUse >= MAX_LARGE) {
            return null;
        }
        long after = inUseBytes() + (isSmall ? SMALL_CAPACITY : Packet.MAX_CAPACITY);
        return after / Setting.PAGE_BYTES > settings.get(Setting.TCP_MEM, 2) / 2 ? null : draw(isSmall);
    }

    private long inUseBytes() {
        return (long) smallInUse * SMALL_CAPACITY + (long) largeInUse * Packet.MAX_CAPACITY;
    }

    /**
     * An empty small packet whatever the limit says; for callers whose packets end in a bounded queue. Null only when
     * the machine has no memory.
     */
    @Nullable Packet takeAlways() {
        return draw(true);
    }

    private @Nullable Packet draw(boolean isSmall) {
        Packet p = (isSmall ? small : large).pollLast();
        if (p == null) {
            try {
                p = new Packet(Arena.ofAuto(), isSmall ? SMALL_CAPACITY : Packet.MAX_CAPACITY);
            } catch (OutOfMemoryError e) {
                return null;
            }
        }
        if (isSmall) {
            smallInUse++;
        } else {
            largeInUse++;
        }
        p.clear();
        return p;
    }

    /** Gives back a packet from {@link #take}. */
    public void give(Packet packet) {
        packet.clearTail();
        if (packet.memory.byteSize() == SMALL_CAPACITY) {
            smallInUse--;
            if (small.size() < IDLE_SMALL) {
                small.addLast(packet);
            }
        } else {
            largeInUse--;
            if (large.size() < IDLE_LARGE) {
                large.addLast(packet);
            }
        }
    }

    /** Packets out now, both sizes. */
    public int inUse() {
        return smallInUse + largeInUse;
    }
}
