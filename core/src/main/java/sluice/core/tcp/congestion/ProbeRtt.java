package sluice.core.tcp.congestion;

/**
 * How long BBR stays in ProbeRTT: from when the flight has fallen, 200 ms and a round trip, that the queue it made can
 * drain and the shortest round trip is seen.
 */
final class ProbeRtt {
    private static final long DURATION_NS = 200_000_000L;

    private boolean drained;
    private long doneNs;
    private boolean roundDone;

    /** The state is entered; the flight has yet to fall. */
    void enter() {
        drained = false;
    }

    /** An acknowledgment in this state, which aims at {@code cwnd} segments; whether it may end (BBRHandleProbeRTT). */
    boolean done(CongestionView v, RoundCounter round, double cwnd) {
        if (!drained) {
            if (v.inFlightSegments() <= cwnd) {
                drained = true;
                doneNs = v.nowNs() + DURATION_NS;
                roundDone = false;
                round.restart(v);
            }
            return false;
        }
        roundDone |= round.start();
        return roundDone && timeOver(v.nowNs());
    }

    /** The 200 ms are over; enough where nothing is sent that a round trip could be told by. */
    boolean timeOver(long nowNs) {
        return drained && nowNs > doneNs;
    }
}
