package sluice.core.tcp.data;

import sluice.base.Rfc;
import sluice.base.Seq;

/**
 * Smoothed round-trip time and the retransmission timeout made from it: SRTT += (R - SRTT)/8, RTTVAR += (|R - SRTT| -
 * RTTVAR)/4, RTO = SRTT + max(4·RTTVAR, RTO_MIN).
 *
 * <p>As on Linux the variance follows rises at once and falls only once per round trip, and the lower bound is put
 * under the variance, so RTO ≥ SRTT + 200 ms. All times in microseconds. Kept scaled (SRTT·8, 4·RTTVAR) so that small
 * changes are not rounded away.
 */
@Rfc(value = 6298, section = "2")
@Rfc(value = 9293, section = "3.8.1", req = "MUST-18")
public final class RttEstimator {
    private static final int MAX_BACKOFF_SHIFT = 20;
    private static final long FALLBACK_US = 3_000_000;
    private final long rtoMinUs;
    private final long rtoMaxUs;
    private long rtoInitialUs;
    private long srtt8;
    private long mdev4;
    private long mdevMax4;
    private long rttvar4;
    private int roundEnd;
    private long rtoUs;
    private int backoff;
    private long latestUs = -1;
    private long minRttUs = Long.MAX_VALUE;
    private long minRttAtNs;
    private int samples;
    private long fixedUs;
    private boolean oldEchoBelieved = true;

    /** Bounds in microseconds; the initial timeout holds until the first sample (1 s by RFC 6298 (2.1)). */
    public RttEstimator(long rtoInitialUs, long rtoMinUs, long rtoMaxUs) {
        this.rtoMinUs = rtoMinUs;
        this.rtoMaxUs = rtoMaxUs;
        this.rtoInitialUs = rtoInitialUs;
        rtoUs = rtoInitialUs;
    }

    /** A D-SACK: the peer tells when it acknowledges again what it had acknowledged. */
    public void duplicatesAreReported() {
        oldEchoBelieved = true;
    }

    /**
     * Whether an echo that may be older than the round trip is believed: once, and once more after each D-SACK. A peer
     * that sends none would repeat old echoes for ever.
     */
    public boolean believeOldEcho() {
        boolean believed = oldEchoBelieved;
        oldEchoBelieved = false;
        return believed;
    }

    /**
     * A round trip was measured on a segment that was not retransmitted, or by timestamps (Karn's rule is the
     * caller's).
     *
     * @param sampleUs the measurement, at least 1
     * @param sndUna SND.UNA now
     * @param sndNxt SND.NXT now
     */
    public void sample(long sampleUs, int sndUna, int sndNxt) {
        long m = Math.max(1, sampleUs);
        latestUs = m;
        samples++;
        if (srtt8 == 0) { // (2.2) SRTT <- R, RTTVAR <- R/2
            srtt8 = m << 3;
            mdev4 = m << 1;
            rttvar4 = Math.max(mdev4, rtoMinUs);
            mdevMax4 = rttvar4;
            roundEnd = sndNxt;
        } else { // (2.3)
            long error = m - (srtt8 >> 3);
            srtt8 = Math.max(1, srtt8 + error); // SRTT <- (1 - alpha) * SRTT + alpha * R', alpha = 1/8
            if (error < 0) { // a shorter round trip: what would raise the deviation counts an eighth
                error = -error - (mdev4 >> 2);
                if (error > 0) {
                    error >>= 3;
                }
            } else {
                error -= mdev4 >> 2;
            }
            mdev4 += error; // RTTVAR <- (1 - beta) * RTTVAR + beta * |SRTT - R'|, beta = 1/4
            if (mdev4 > mdevMax4) {
                mdevMax4 = mdev4;
                if (mdevMax4 > rttvar4) {
                    rttvar4 = mdevMax4;
                }
            }
            if (Seq.gt(sndUna, roundEnd)) {
                if (mdevMax4 < rttvar4) {
                    rttvar4 -= rttvar4 - mdevMax4 >> 2;
                }
                roundEnd = sndNxt;
                mdevMax4 = rtoMinUs;
            }
        }
        backoff = 0;
        recompute();
    }

    /** Takes a sample for the minimum filter, which forgets after {@code windowNs}. */
    public void sampleMin(long sampleUs, long nowNs, long windowNs) {
        if (sampleUs <= minRttUs || nowNs - minRttAtNs > windowNs) {
            minRttUs = Math.max(1, sampleUs);
            minRttAtNs = nowNs;
        }
    }

    /**
     * For teaching: a timeout that does not follow the round trips; 0 for one that does. The bounds hold for it too,
     * except the lower one.
     */
    public void fixed(long us) {
        if (fixedUs != us) {
            fixedUs = us;
            recompute();
        }
    }

    private long base() {
        if (fixedUs > 0) {
            return fixedUs;
        }
        return srtt8 == 0 ? rtoInitialUs : (srtt8 >> 3) + rttvar4;
    }

    private void recompute() {
        long base = base(); // RTO <- SRTT + max(G, K * RTTVAR), K = 4
        rtoUs = Math.min(base << Math.min(backoff, MAX_BACKOFF_SHIFT), rtoMaxUs);
    }

    /** The SYN was lost and gave no round trip: a path where that happens may be slow, so data starts with 3 s. */
    @Rfc(value = 6298, section = "5.7")
    public void handshakeGaveNoSample() {
        rtoInitialUs = Math.min(FALLBACK_US, rtoMaxUs);
        backoff = 0;
        recompute();
    }

    /**
     * The timer ran out: the timeout doubles, up to its bound (RFC 6298 (5.5)), and stays so until there is a sample
     * again (Karn).
     */
    @Rfc(value = 6298, section = "5")
    public void backOff() {
        backoff++;
        rtoUs = Math.min(rtoUs << 1, rtoMaxUs);
    }

    /** Something new was acknowledged: a fixed timeout waits for no sample, so its doubling ends here. */
    public void progress() {
        if (fixedUs > 0) {
            endBackoff();
        }
    }

    /** The path answers in time again: the timeout is what the samples say. */
    public void endBackoff() {
        if (backoff > 0) {
            backoff = 0;
            recompute();
        }
    }

    /** Takes back one doubling (RFC 6069). */
    public void revertOneBackoff() {
        if (backoff > 0) {
            backoff--;
            recompute();
        }
    }

    /** RTO, microseconds. */
    public long rtoUs() {
        return rtoUs;
    }

    /** RTO, nanoseconds. */
    public long rtoNs() {
        return rtoUs * 1000;
    }

    /** Upper bound of RTO, nanoseconds. */
    public long rtoMaxNs() {
        return rtoMaxUs * 1000;
    }

    /** Lower bound, nanoseconds. */
    public long rtoMinNs() {
        return rtoMinUs * 1000;
    }

    /** How often RTO was doubled. */
    public int backoff() {
        return backoff;
    }

    /** SRTT, microseconds; 0 before the first sample. */
    public long srttUs() {
        return srtt8 >> 3;
    }

    /** SRTT times 8, microseconds. */
    public long srtt8Us() {
        return srtt8;
    }

    /** RTTVAR (mean deviation), microseconds. */
    public long rttvarUs() {
        return mdev4 >> 2;
    }

    /** The last sample, microseconds; -1 before the first. */
    public long latestUs() {
        return latestUs;
    }

    /** Smallest round trip in the filter's window, microseconds; {@link Long#MAX_VALUE} before the first sample. */
    public long minRttUs() {
        return minRttUs;
    }

    /** Samples taken. */
    public int samples() {
        return samples;
    }
}
