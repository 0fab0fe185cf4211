package sluice.core.tcp;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.core.tcp.segment.FourTuple;

/**
 * Finds the connection of a segment by its four-tuple: open addressing with linear probing, placed by a hash with a
 * secret, so that outsiders cannot aim for one slot.
 *
 * <p>Allocates nothing on lookup. Doubles when three quarters are taken.
 */
public final class ConnectionTable {
    private final long secret;
    private @Nullable Connection[] slots = new Connection[256];
    private int size;

    ConnectionTable(Entropy entropy) {
        secret = entropy.nextLong() | 1;
    }

    public @Nullable Connection find(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow,
            int remotePort) {
        int mask = slots.length - 1;
        for (int i = place(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort) & mask;; i = i + 1
                & mask) {
            Connection c = slots[i];
            if (c == null || c.tuple().is(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort)) {
                return c;
            }
        }
    }

    public @Nullable Connection find(FourTuple t) {
        return find(t.local().high(), t.local().low(), t.localPort(), t.remote().high(), t.remote().low(),
                t.remotePort());
    }

    /** Puts a connection in, in place of one with the same tuple. */
    public void put(Connection c) {
        if ((size + 1) * 4 > slots.length * 3) {
            @Nullable Connection[] old = slots;
            slots = new Connection[old.length * 2];
            size = 0;
            for (Connection o : old) {
                if (o != null) {
                    put(o);
                }
            }
        }
        int mask = slots.length - 1;
        FourTuple t = c.tuple();
        int i = place(t) & mask;
        for (Connection there = slots[i]; there != null && !there.tuple().equals(t); there = slots[i]) {
            i = i + 1 & mask;
        }
        if (slots[i] == null) {
            size++;
        }
        slots[i] = c;
    }

    /** Takes exactly this object out; nothing happens when another one has its place. */
    public void remove(Connection c) {
        int mask = slots.length - 1;
        int i = place(c.tuple()) & mask;
        while (slots[i] != c) {
            if (slots[i] == null) {
                return;
            }
            i = i + 1 & mask;
        }
        size--;
        int hole = i;
        for (int j = i + 1 & mask;; j = j + 1 & mask) {
            Connection next = slots[j];
            if (next == null) {
                break;
            }
            int home = place(next.tuple()) & mask;
            if ((j - home & mask) >= (j - hole & mask)) {
                slots[hole] = next;
                hole = j;
            }
        }
        slots[hole] = null;
    }

    public int size() {
        return size;
    }

    public void forEach(Consumer<? super Connection> action) {
        for (Connection c : Arrays.copyOf(slots, slots.length)) {
            if (c != null) {
                action.accept(c);
            }
        }
    }

    /**
     * Those in up to {@code places} places from {@code from} on.
     *
     * @return the place to go on from; 0 after the last
     */
    public int forSome(int from, int places, Consumer<? super Connection> action) {
        int to = Math.min(slots.length, from + places);
        for (int i = from; i < to; i++) {
            Connection c = slots[i];
            if (c != null) {
                action.accept(c);
            }
        }
        return to == slots.length ? 0 : to;
    }

    private int place(FourTuple t) {
        return place(t.local().high(), t.local().low(), t.localPort(), t.remote().high(), t.remote().low(),
                t.remotePort());
    }

    /** A number that outsiders cannot foresee, the same for the same four-tuple. */
    int place(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        long h = secret;
        h = (h ^ remoteLow) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 32 ^ remoteHigh) * secret;
        h = (h ^ h >>> 29 ^ localLow) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 32 ^ localHigh) * secret;
        h = (h ^ h >>> 29 ^ ((long) localPort << 16 | remotePort)) * 0xBF58476D1CE4E5B9L;
        return (int) (h ^ h >>> 31);
    }
}
