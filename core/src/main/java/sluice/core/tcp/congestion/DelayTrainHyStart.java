package sluice.core.tcp.congestion;

/**
 * HyStart as Linux's CUBIC has it: slow start ends when the round trips of one round are longer than the shortest ever
 * by an eighth (4 to 16 ms), or when a train of acknowledgments without gaps is as long as half of the shortest round
 * trip.
 *
 * <p>Source: S. Ha, I. Rhee, "Taming the Elephants: New TCP Slow Start" (2011), with the limits of Linux. Times in
 * microseconds.
 */
final class DelayTrainHyStart implements SlowStartExit {
    private static final int LOW_WINDOW = 16;
    private static final int MIN_SAMPLES = 8;
    private static final long MIN_THRESHOLD_US = 4_000;
    private static final long MAX_THRESHOLD_US = 16_000;
    private static final long TRAIN_GAP_US = 2_000;

    private boolean found;
    private final SlowStartRound round = new SlowStartRound();
    private long roundStartUs;
    private long lastAckUs;
    private long roundMinUs;
    private int samples;
    private long delayMinUs;

    @Override
    public int onSample(CongestionView view, RateSample sample) {
        if (sample.rttUs < 0) {
            return 0;
        }
        long delay = Math.max(1, sample.rttUs);
        if (delayMinUs == 0 || delay < delayMinUs) {
            delayMinUs = delay;
        }
        if (found) {
            return 0;
        }
        if (!view.inSlowStart()) {
            round.pause(view);
            return 0;
        }
        long now = view.nowNs() / 1000;
        if (round.begins(view)) {
            roundStartUs = now;
            lastAckUs = now;
            roundMinUs = Long.MAX_VALUE;
            samples = 0;
        }
        if (view.cwndSegments() < LOW_WINDOW) {
            return 0;
        }
        boolean byTrain = train(now);
        boolean byDelay = delay(delay);
        found = byTrain || byDelay;
        return found ? view.cwndSegments() : 0;
    }

    private boolean train(long now) {
        if (now - lastAckUs > TRAIN_GAP_US) {
            return false;
        }
        lastAckUs = now;
        return now - roundStartUs > delayMinUs / 2;
    }

    private boolean delay(long delay) {
        roundMinUs = Math.min(roundMinUs, delay);
        if (samples < MIN_SAMPLES) {
            samples++;
            return false;
        }
        return roundMinUs > delayMinUs + Math.max(MIN_THRESHOLD_US, Math.min(delayMinUs / 8, MAX_THRESHOLD_US));
    }

    @Override
    public void stop() {
        found = true;
    }

    @Override
    public void restart() {
        found = false;
        round.forget();
        delayMinUs = 0;
    }
}
