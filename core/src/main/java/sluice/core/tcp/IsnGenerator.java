package sluice.core.tcp;

import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.core.tcp.segment.FourTuple;

/**
 * Initial sequence numbers: a clock that ticks each 4 µs plus a keyed hash of the four-tuple, so that connections to
 * one peer never overlap and outsiders learn nothing. Timestamps begin at another hash of it.
 */
@Rfc(value = 6528, section = "3")
@Rfc(value = 9293, section = "3.4.1", req = {"MUST-8", "MUST-9", "SHLD-1"})
public final class IsnGenerator {
    private static final int NS_PER_TICK = 4_000;
    private final SipHash isnHash;
    private final SipHash timestampHash;

    IsnGenerator(Entropy entropy) {
        isnHash = new SipHash(entropy);
        timestampHash = new SipHash(entropy);
    }

    /** ISS for a connection that begins now. */
    public int next(FourTuple t, long nowNs) {
        return (int) Math.floorDiv(nowNs, NS_PER_TICK) + (int) hash(isnHash, t);
    }

    /**
     * Offset of the timestamps clock, one for each four-tuple: whoever shares an address with a peer, behind the same
     * NAT, learns nothing of the peer's connections, and a new connection with the addresses and ports of an old one
     * goes on where that one's timestamps ended (RFC 6191 asks for that). Linux 6.18 has one for each pair of
     * addresses.
     */
    @Rfc(value = 7323, section = "5.4")
    @Rfc(value = 6191, section = "2")
    public int timestampOffset(FourTuple t) {
        return (int) hash(timestampHash, t);
    }

    private static long hash(SipHash hash, FourTuple t) {
        return hash.hash(t.local().high(), t.local().low(), t.remote().high(), t.remote().low(),
                (long) t.localPort() << 16 | t.remotePort());
    }
}
