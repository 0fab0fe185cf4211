package sluice.core.ip;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;

/**
 * A hash table from 128-bit addresses to values that looks up without allocating: open addressing, linear probing,
 * backward-shift deletion, keyed hash.
 *
 * <p>Not bounded by itself: whoever owns one bounds it. The order of {@link #forEach} depends on the contents and the
 * key only.
 *
 * @param <V> kind of value
 */
public final class AddressMap<V> {
    private final long key;
    private long[] highs = new long[16];
    private long[] lows = new long[16];
    private @Nullable Object[] values = new Object[16];
    private int size;

    /** An empty table; draws the hash key. */
    public AddressMap(Entropy entropy) {
        key = entropy.nextLong() | 1;
    }

    /** The value of the address; null when there is none. */
    @SuppressWarnings("unchecked")
    public @Nullable V get(long high, long low) {
        int i = find(high, low);
        return (V) values[i];
    }

    /** Sets the value of the address; returns the former one. */
    @SuppressWarnings("unchecked")
    public @Nullable V put(long high, long low, V value) {
        if ((size + 1) * 2 > values.length) {
            grow();
        }
        int i = find(high, low);
        V former = (V) values[i];
        if (former == null) {
            size++;
        }
        highs[i] = high;
        lows[i] = low;
        values[i] = value;
        return former;
    }

    /** Takes the address out; returns its value. */
    @SuppressWarnings("unchecked")
    public @Nullable V remove(long high, long low) {
        int i = find(high, low);
        V former = (V) values[i];
        if (former == null) {
            return null;
        }
        size--;
        int mask = values.length - 1;
        int hole = i;
        for (int j = (i + 1) & mask; values[j] != null; j = (j + 1) & mask) {
            int home = slot(highs[j], lows[j]);
            if (((j - home) & mask) >= ((j - hole) & mask)) {
                highs[hole] = highs[j];
                lows[hole] = lows[j];
                values[hole] = values[j];
                hole = j;
            }
        }
        values[hole] = null;
        return former;
    }

    /** How many addresses are in. */
    public int size() {
        return size;
    }

    /** Takes all out. */
    public void clear() {
        highs = new long[16];
        lows = new long[16];
        values = new Object[16];
        size = 0;
    }

    /** Shows every value; the table must not be changed meanwhile. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super V> consumer) {
        for (Object v : values) {
            if (v != null) {
                consumer.accept((V) v);
            }
        }
    }

    private int find(long high, long low) {
        int mask = values.length - 1;
        int i = slot(high, low);
        while (values[i] != null && (lows[i] != low || highs[i] != high)) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private int slot(long high, long low) {
        return hash(high, low) & (values.length - 1);
    }

    /** A number that outsiders cannot foresee, the same for the same address. */
    public int hash(long high, long low) {
        long h = (high ^ key) * 0x9E3779B97F4A7C15L;
        h = (Long.rotateLeft(h, 29) ^ low ^ key) * 0xBF58476D1CE4E5B9L;
        h ^= h >>> 32;
        return (int) h;
    }

    private void grow() {
        long[] oldHighs = highs;
        long[] oldLows = lows;
        @Nullable Object[] oldValues = values;
        highs = new long[oldValues.length * 2];
        lows = new long[oldValues.length * 2];
        values = new Object[oldValues.length * 2];
        for (int j = 0; j < oldValues.length; j++) {
            if (oldValues[j] != null) {
                int i = find(oldHighs[j], oldLows[j]);
                highs[i] = oldHighs[j];
                lows[i] = oldLows[j];
                values[i] = oldValues[j];
            }
        }
    }
}
