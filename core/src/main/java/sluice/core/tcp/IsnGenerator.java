package sluice.core.tcp;

import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.core.tcp.segment.FourTuple;

/**
 * Initial sequence numbers: a clock that ticks each 4 µs plus a keyed hash of the four-tuple, so that connections to
 * one peer never overlap and outsiders learn nothing.
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
        long f = isnHash.hash(t.local().high(), t.local().low(), t.remote().high(), t.remote().low(),
                (long) t.localPort() << 16 | t.remotePort());
        return (int) Math.floorDiv(nowNs, NS_PER_TICK) + (int) f;
    }

    /**
     * Offset of the timestamps clock, one for each pair of hosts, so that a new connection's timestamps go on where the
     * last one's ended (RFC 7323 section 5.4).
     */
    public int timestampOffset(FourTuple t) {
        return (int) timestampHash.hash(t.local().high(), t.local().low(), t.remote().high(), t.remote().low(), 0);
    }
}
