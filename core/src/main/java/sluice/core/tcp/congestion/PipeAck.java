package sluice.core.tcp.congestion;

import java.util.Arrays;
import sluice.base.Rfc;

/**
 * Congestion window validation by RFC 7661: a window that the application does not use is kept for five minutes instead
 * of shrinking, grows only while it is used up, and on congestion falls to half of what was really used. Offered by
 * {@code sluice.tcp_cwnd_validation=rfc7661}; Linux's way (RFC 2861) is the default.
 *
 * <p>What was used is pipeACK: the most segments that were acknowledged in one round trip, of those that began in the
 * last {@code max(3·RTT, 1 s)}. The window is validated while pipeACK is at least half of it, or not known yet.
 */
@Rfc(value = 7661, section = "4")
final class PipeAck {
    private static final int UNDEFINED = -1;
    private static final int BINS = 8;
    private static final long MIN_PERIOD_NS = 1_000_000_000L;
    /** Non-validated period. */
    private static final long NVP_NS = 300_000_000_000L;

    private final int[] most = new int[BINS];
    private int bin;
    private long binSinceNs;
    private long sampleSinceNs;
    private long deliveredAtSample;
    private boolean known;
    /** When the window stopped being validated, nanoseconds; only without {@link #validated}. */
    private long nonValidatedSinceNs;
    private boolean validated = true;
    private int lossFlight = UNDEFINED;
    private long retransmittedBefore;

    PipeAck(long nowNs) {
        forget(0, nowNs);
    }

    /** Nothing is known any more: at the start, and after recovery. */
    @Rfc(value = 7661, section = "4.1")
    void forget(long delivered, long nowNs) {
        Arrays.fill(most, 0);
        binSinceNs = nowNs;
        sampleSinceNs = nowNs;
        deliveredAtSample = delivered;
        known = false;
        validated = true;
    }

    /** An acknowledgment outside recovery: takes a sample once a round trip. */
    @Rfc(value = 7661, section = "4.2")
    void onAck(long delivered, long srttNs, int cwnd, long nowNs) {
        long binNs = Math.max(3 * srttNs, MIN_PERIOD_NS) / BINS;
        for (int i = 0; i < BINS && nowNs - binSinceNs >= binNs; i++) {
            bin = (bin + 1) % BINS;
            most[bin] = 0;
            binSinceNs += binNs;
        }
        if (nowNs - binSinceNs >= binNs) {
            binSinceNs = nowNs; // all of them were too old
        }
        int sample = (int) (delivered - deliveredAtSample);
        if (srttNs > 0 && nowNs - sampleSinceNs >= srttNs) {
            most[bin] = Math.max(most[bin], sample);
            known = true;
            sampleSinceNs = nowNs;
            deliveredAtSample = delivered;
        }
        phase(cwnd, nowNs);
    }

    private void phase(int cwnd, long nowNs) {
        boolean now = !known || 2L * segments() >= cwnd;
        if (validated && !now) {
            nonValidatedSinceNs = nowNs;
        }
        validated = now;
    }

    /** pipeACK, segments; {@link #UNDEFINED} (-1) when it is not known. */
    int segments() {
        if (!known) {
            return UNDEFINED;
        }
        int max = 0;
        for (int m : most) {
            max = Math.max(max, m);
        }
        return max;
    }

    /** Whether the window is known to fit the path. */
    boolean isValidated() {
        return validated;
    }

    /** Whether the window has been unused for so long that it has to shrink; the next period begins then. */
    @Rfc(value = 7661, section = "4.4.3")
    boolean periodOver(long nowNs) {
        if (validated || nowNs - nonValidatedSinceNs < NVP_NS) {
            return false;
        }
        nonValidatedSinceNs += NVP_NS;
        return true;
    }

    /** Nothing was sent for {@code idleNs}: what was used before is forgotten after the sampling period. */
    @Rfc(value = 7661, section = "4.2")
    void idle(long idleNs, long srttNs, long nowNs) {
        long period = Math.max(3 * srttNs, MIN_PERIOD_NS);
        if (idleNs < period) {
            return;
        }
        Arrays.fill(most, 0);
        binSinceNs = nowNs;
        known = true;
        sampleSinceNs = nowNs;
        if (validated) {
            validated = false;
            nonValidatedSinceNs = nowNs - idleNs + period;
        }
    }

    /**
     * Congestion: what the window is reduced from, segments. In the validated phase that is the window, else what was
     * really used.
     *
     * @param flight segments in flight (LossFlightSize)
     * @param retransmitted segments retransmitted so far
     */
    @Rfc(value = 7661, section = "4.4.1")
    int onCongestion(int cwnd, int flight, long retransmitted) {
        if (validated) {
            lossFlight = UNDEFINED;
            return cwnd;
        }
        lossFlight = Math.min(cwnd, Math.max(segments(), flight));
        retransmittedBefore = retransmitted;
        return lossFlight;
    }

    /**
     * Recovery is over: the window, segments; 0 when it is as usual. What was retransmitted had been too much, so it
     * counts twice.
     */
    @Rfc(value = 7661, section = "4.4.1")
    int afterRecovery(long retransmitted) {
        if (lossFlight == UNDEFINED) {
            return 0;
        }
        int window = (int) Math.max(1, (lossFlight - (retransmitted - retransmittedBefore)) / 2);
        lossFlight = UNDEFINED;
        return window;
    }
}
