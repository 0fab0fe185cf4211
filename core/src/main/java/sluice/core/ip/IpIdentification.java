package sluice.core.ip;

import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.wire.IpAddress;

/**
 * Identification fields: 0 for IPv4 datagrams that are never cut (atomic), else from one of {@link #SLOTS} counters,
 * chosen by a keyed hash of addresses and protocol and started at random, so that numbers repeat late per destination
 * and tell outsiders nothing about other destinations' traffic.
 */
@Rfc(value = 6864, section = "4.1")
@Rfc(value = 8200, section = "4.5")
public final class IpIdentification {
    /** Counters. */
    public static final int SLOTS = 2048;

    private final int[] counters = new int[SLOTS];
    private final SipHash hash;

    /** Draws key and starting points. */
    public IpIdentification(Entropy entropy) {
        hash = new SipHash(entropy);
        for (int i = 0; i < SLOTS; i += 2) {
            long r = entropy.nextLong();
            counters[i] = (int) r;
            counters[i + 1] = (int) (r >>> 32);
        }
    }

    /**
     * The next identification for the pair; the low 16 bits are IPv4's.
     *
     * @param packets how many numbers to take: the link gives those after the first to the others of a super-segment
     */
    public int next(IpAddress source, IpAddress destination, int protocol, int packets) {
        long h = hash.hash(source.high(), source.low(), destination.high(), destination.low(), protocol);
        int slot = (int) h & (SLOTS - 1);
        int first = counters[slot] + 1;
        counters[slot] += packets;
        return first;
    }
}
