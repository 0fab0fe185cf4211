package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * HyStart++: leaves slow start when the round trip grows, first into a conservative slow start in case the growth was
 * only jitter.
 *
 * <p>Times in microseconds, rounds by sequence number.
 */
@Rfc(value = 9406, section = "4.2")
final class HyStart implements SlowStartExit {
    private static final long MIN_RTT_THRESH_US = 4_000;
    private static final long MAX_RTT_THRESH_US = 16_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_GROWTH_DIVISOR = 4;
    private static final int CSS_ROUNDS = 5;
    /** Most that one acknowledgment adds, as the window is not paced: L. */
    private static final int MOST_GROWTH = 8;

    private boolean active = true;
    private final SlowStartRound round = new SlowStartRound();
    private long lastRoundMinRttUs = Long.MAX_VALUE;
    private long currentRoundMinRttUs = Long.MAX_VALUE;
    private int samplesThisRound;
    private boolean conservative;
    private int conservativeRounds;
    private long cssBaselineMinRttUs;
    private int cssRemainder;

    @Override
    public boolean inConservativeSlowStart() {
        return active && conservative;
    }

    /** Growth of cwnd for {@code newlyAcked} segments in slow start. */
    @Override
    public int slowStartGrowth(int newlyAcked) {
        int acked = active ? Math.min(newlyAcked, MOST_GROWTH) : newlyAcked;
        if (!inConservativeSlowStart()) {
            return acked;
        }
        cssRemainder += acked;
        int grow = cssRemainder / CSS_GROWTH_DIVISOR;
        cssRemainder -= grow * CSS_GROWTH_DIVISOR;
        return grow;
    }

    /** Watches an acknowledgment; returns the threshold to set (leave slow start now), or 0. */
    @Override
    public int onSample(CongestionView view, RateSample sample) {
        if (!active) {
            return 0;
        }
        if (!view.inSlowStart()) {
            round.pause(view);
            return 0;
        }
        boolean another = round.begun();
        if (round.begins(view)) {
            if (another && conservative && ++conservativeRounds >= CSS_ROUNDS) {
                active = false;
                return view.cwndSegments();
            }
            lastRoundMinRttUs = currentRoundMinRttUs;
            currentRoundMinRttUs = Long.MAX_VALUE;
            samplesThisRound = 0;
        }
        if (sample.rttUs > 0) {
            currentRoundMinRttUs = Math.min(currentRoundMinRttUs, sample.rttUs);
            samplesThisRound++;
        }
        if (samplesThisRound < N_RTT_SAMPLE || currentRoundMinRttUs == Long.MAX_VALUE) {
            return 0;
        }
        if (!conservative) {
            if (lastRoundMinRttUs != Long.MAX_VALUE) {
                long threshold = Math.max(MIN_RTT_THRESH_US,
                        Math.min(lastRoundMinRttUs / MIN_RTT_DIVISOR, MAX_RTT_THRESH_US));
                if (currentRoundMinRttUs >= lastRoundMinRttUs + threshold) {
                    cssBaselineMinRttUs = currentRoundMinRttUs;
                    conservative = true;
                    conservativeRounds = 0;
                }
            }
        } else if (currentRoundMinRttUs < cssBaselineMinRttUs) {
            cssBaselineMinRttUs = Long.MAX_VALUE;
            conservative = false;
        }
        return 0;
    }

    /** Slow start is over. */
    @Override
    public void stop() {
        active = false;
    }

    /**
     * A timeout: slow start begins again. RFC 9406 uses HyStart++ only for the first slow start; later ones end at
     * ssthresh.
     */
    @Override
    public void restart() {
        round.forget();
    }
}
