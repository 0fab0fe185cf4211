package sluice.core;

import java.util.Arrays;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Entropy;

/**
 * Whom to answer while more arrives than can be answered. Answers that anybody can cause with a packet of his own
 * making (a cookie, a reset, an echo reply) cost several times what it costs to read that packet; a host that gave
 * them all would leave the device's queue full, and the kernel would drop what comes without looking at it. So while
 * the devices stay full, addresses that have completed a handshake lately are answered always, which nobody gets by
 * inventing sources, and of the others as many as there is time for, chosen by lot.
 *
 * <p>Bounds: {@link #PLACES} addresses, one gives way to a newer one of the same place; each stands for at most {@link
 * #MOST_A_SECOND} answers in a second and is forgotten after ten minutes. Of IPv6 the first 64 bits count.
 */
public final class Admission {
    /** Addresses remembered. */
    public static final int PLACES = 4096;
    /** Answers that one of them may have in a second, while there is no time for all. */
    public static final int MOST_A_SECOND = 1000;
    /** So many looks at the devices in a row must have left something before answers are left out. */
    static final int PATIENCE = 32;
    private static final int WHOLE = 1024;
    private static final int LEAST = 16;
    private static final long KNOWN_NS = 600_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long[] NONE = {};

    private final Entropy entropy;
    private final Counters counters;
    private int behind;
    /** Of {@link #WHOLE} answers to the unknown so many are given. */
    private int share = WHOLE;
    private long secret;
    private long[] addresses = NONE;
    private long[] metNs = NONE;
    private long secondNs;
    private short[] answered = {};

    Admission(Entropy entropy, Counters counters) {
        this.entropy = entropy;
        this.counters = counters;
    }

    /** The devices were looked at; {@code more}: they hold more than was taken. */
    void onReceived(boolean more) {
        if (addresses.length == 0) {
            secret = entropy.nextLong() | 1;
            addresses = new long[PLACES];
            metNs = new long[PLACES];
            answered = new short[PLACES];
        }
        if (!more) {
            behind = 0;
            if (share < WHOLE) {
                share = Math.min(WHOLE, share + share / 16 + 1);
            }
        } else if (++behind > PATIENCE) {
            share = Math.max(LEAST, share - share / 8);
        }
    }

    /** Whether all are answered. */
    public boolean isOpen() {
        return share == WHOLE;
    }

    /** A peer with this address has completed a handshake. */
    public void met(long high, long low, long nowNs) {
        if (addresses.length == 0) {
            return; // nobody looks at devices here
        }
        long address = address(high, low);
        int place = place(address);
        addresses[place] = address;
        metNs[place] = nowNs;
    }

    /** Whether to answer this address; counts when not. */
    public boolean admits(long high, long low, long nowNs) {
        if (share == WHOLE || isKnown(address(high, low), nowNs) || (entropy.nextLong() & WHOLE - 1) < share) {
            return true;
        }
        counters.increment(Counter.SluiceAnswerShed);
        return false;
    }

    private boolean isKnown(long address, long nowNs) {
        if (addresses.length == 0) {
            return false;
        }
        int place = place(address);
        if (addresses[place] != address || nowNs - metNs[place] > KNOWN_NS) {
            return false;
        }
        if (nowNs - secondNs >= SECOND_NS) {
            secondNs = nowNs;
            Arrays.fill(answered, (short) 0);
        }
        return answered[place] < MOST_A_SECOND && ++answered[place] > 0;
    }

    /** IPv6: the network's half, mixed so that it meets no IPv4 address; never 0. */
    private static long address(long high, long low) {
        return high == 0 ? low | 1L << 63 : high;
    }

    private int place(long address) {
        long h = (address ^ secret) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 32) * secret;
        return (int) (h >>> 40) & PLACES - 1;
    }
}
