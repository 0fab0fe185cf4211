package sluice.core.tcp;

import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.segment.FourTuple;

/**
 * SYN cookies: when the SYN queue is full, what a half-open connection would have remembered goes into our initial
 * sequence number, and with timestamps the window scale and SACK permission into the low bits of TSval. A cookie is
 * good for two to three minutes. It never holds a larger MSS than the peer announced (but for one below 48), and the
 * secret is drawn anew each 17 minutes.
 */
@Rfc(value = 4987, section = "3.6")
public final class SynCookies {
    private static final int[] MSS_TABLE = {48, 256, 536, 1220, 1300, 1440, 1460, 8960};
    private static final int MSS_BITS = 3;
    private static final int COUNT_BITS = 5;
    private static final int HASH_BITS = 32 - MSS_BITS - COUNT_BITS;
    private static final long PERIOD_NS = 64_000_000_000L;
    private static final int MAX_AGE_PERIODS = 2;
    /** Periods that one secret is for: 17 minutes. */
    private static final int SECRET_PERIODS = 16;
    private static final int TS_BITS = 6;
    private static final int TS_NO_SCALE = 0xf;
    private static final int TS_SACK = 1 << 4;
    private static final int TS_ECN = 1 << 5;

    private final Entropy entropy;
    private SipHash secret;
    private @Nullable SipHash formerSecret;
    /** The run of {@link #SECRET_PERIODS} periods that the secret is for. */
    private long run = Long.MIN_VALUE;

    SynCookies(Entropy entropy) {
        this.entropy = entropy;
        secret = new SipHash(entropy);
    }

    /** Our initial sequence number for this SYN. */
    public int make(FourTuple t, int irs, int mss, long nowNs) {
        int index = MSS_TABLE.length - 1;
        while (index > 0 && MSS_TABLE[index] > mss) {
            index--;
        }
        long count = Math.floorDiv(nowNs, PERIOD_NS);
        renewSecret(count);
        return (int) (count & (1 << COUNT_BITS) - 1) << 32 - COUNT_BITS | index << HASH_BITS
                | digest(t, irs, count, index);
    }

    /** The MSS in a cookie that came back; 0 when it is not one of ours or too old. */
    public int check(FourTuple t, int irs, int cookie, long nowNs) {
        long now = Math.floorDiv(nowNs, PERIOD_NS);
        renewSecret(now);
        int age = (int) (now - (cookie >>> 32 - COUNT_BITS)) & (1 << COUNT_BITS) - 1;
        if (age > MAX_AGE_PERIODS) {
            return 0;
        }
        int index = cookie >>> HASH_BITS & (1 << MSS_BITS) - 1;
        return digest(t, irs, now - age, index) == (cookie & (1 << HASH_BITS) - 1) ? MSS_TABLE[index] : 0;
    }

    /** Draws another secret when the present one has been used for long; cookies of the one before stay good. */
    private void renewSecret(long count) {
        long wanted = Math.floorDiv(count, SECRET_PERIODS);
        if (run == Long.MIN_VALUE) {
            run = wanted;
        } else if (wanted > run) {
            formerSecret = wanted == run + 1 ? secret : null;
            secret = new SipHash(entropy);
            run = wanted;
        }
    }

    /** What a cookie made in that period must have in its low bits; negative when its secret is gone. */
    private int digest(FourTuple t, int irs, long count, int index) {
        long of = Math.floorDiv(count, SECRET_PERIODS);
        SipHash hash = of == run ? secret : of == run - 1 ? formerSecret : null;
        if (hash == null) {
            return -1;
        }
        long ports = (long) t.localPort() << 16 | t.remotePort();
        long h = hash.hash(t.local().low() ^ Long.rotateLeft(t.local().high(), 32), t.remote().high(), t.remote().low(),
                ports << 32 | irs & 0xffff_ffffL,
                count << 8 | index);
        return (int) h & (1 << HASH_BITS) - 1;
    }

    /** TSval with what is agreed on in its low bits; never ahead of the clock. */
    public static int encodeOptions(int tsVal, Negotiated agreed) {
        int bits = (agreed.windowScaling ? agreed.peerShift : TS_NO_SCALE) | (agreed.sackPermitted ? TS_SACK : 0)
                | (agreed.ecn != EcnMode.DISABLED ? TS_ECN : 0);
        int mask = (1 << TS_BITS) - 1;
        int v = tsVal & ~mask | bits;
        return v - tsVal > 0 ? v - (1 << TS_BITS) : v;
    }

    /** Restores what {@link #encodeOptions} kept, of an echoed TSval. */
    public static void decodeOptions(Negotiated agreed, int tsEcr) {
        int shift = tsEcr & TS_NO_SCALE;
        agreed.windowScaling = shift != TS_NO_SCALE;
        agreed.peerShift = agreed.windowScaling ? shift : 0;
        agreed.sackPermitted = (tsEcr & TS_SACK) != 0;
        agreed.ecn = (tsEcr & TS_ECN) != 0 ? EcnMode.RFC3168 : EcnMode.DISABLED;
    }
}
