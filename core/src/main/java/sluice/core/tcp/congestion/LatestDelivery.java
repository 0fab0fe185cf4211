package sluice.core.tcp.congestion;

/**
 * What the last round trip delivered and lost: the short-term bounds do not fall below what was just delivered. Of BBR
 * version 3 (BBRUpdateLatestDeliverySignals, BBRAdvanceLatestDeliverySignals).
 */
final class LatestDelivery {
    private final RoundCounter lossRound = new RoundCounter();
    private double bw;
    private int inflight;
    private boolean lossInRound;
    private int lossEventsInRound;

    void update(CongestionView v, RateSample s) {
        if (s.deliveredSegments > 0 && s.intervalUs > 0) {
            bw = Math.max(bw, s.deliveryRate());
            inflight = Math.max(inflight, s.deliveredSegments);
        }
        lossRound.update(v, s, s.deliveredSegments > 0);
    }

    /** Something was lost. */
    void lost() {
        lossInRound = true;
        lossEventsInRound++;
    }

    /** The state machine has seen a round trip that is over: the next begins with this acknowledgment's sample. */
    void advance(RateSample s) {
        if (!roundStart()) {
            return;
        }
        lossInRound = false;
        lossEventsInRound = 0;
        bw = s.deliveredSegments > 0 && s.intervalUs > 0 ? s.deliveryRate() : 0;
        inflight = Math.max(0, s.deliveredSegments);
    }

    /** Whether a round trip ends with the present acknowledgment. */
    boolean roundStart() {
        return lossRound.start();
    }

    boolean lossInRound() {
        return lossInRound;
    }

    /** Acknowledgments that found something lost. */
    int lossEventsInRound() {
        return lossEventsInRound;
    }

    /** The most bandwidth, segments per second ({@code BBR.bw_latest}). */
    double bw() {
        return bw;
    }

    /** The most that was delivered in one sample, segments ({@code BBR.inflight_latest}). */
    int inflight() {
        return inflight;
    }
}
