package sluice.core.tcp.congestion;

/**
 * BBR version 3: models the path by its bandwidth (windowed maximum) and round trip (windowed minimum), paces at the
 * bandwidth, keeps about one product of the two in flight, and probes for more on a schedule; losses beyond 2 % bound
 * what is kept in flight.
 *
 * <p>Bandwidth in segments per second, windows in segments, times in nanoseconds. After draft-ietf-ccwg-bbr, whose
 * names the fields and methods carry.
 */
public final class Bbr3 implements CongestionControl {
    private static final double STARTUP_PACING_GAIN = 2.77;
    private static final double STARTUP_CWND_GAIN = 2.0;
    private static final double DRAIN_PACING_GAIN = 0.5;
    private static final double PACING_MARGIN = 0.99;
    private static final double LOSS_THRESH = 0.02;
    private static final double BETA = 0.7;
    private static final double HEADROOM = 0.15;
    private static final int MIN_PIPE_CWND = 4;
    private static final long MIN_RTT_FILTER_NS = 10_000_000_000L;
    private static final long PROBE_RTT_INTERVAL_NS = 5_000_000_000L;
    private static final long PROBE_RTT_DURATION_NS = 200_000_000L;
    private static final double PROBE_RTT_CWND_GAIN = 0.5;
    private static final int FULL_BW_ROUNDS = 3;
    private static final double FULL_BW_THRESH = 1.25;
    private static final int STARTUP_FULL_LOSS_EVENTS = 6;

    /** The phases. */
    private enum State {
        STARTUP, DRAIN, PROBE_BW_DOWN, PROBE_BW_CRUISE, PROBE_BW_REFILL, PROBE_BW_UP, PROBE_RTT
    }

    private State state = State.STARTUP;
    private double pacingGain = STARTUP_PACING_GAIN;
    private double cwndGain = STARTUP_CWND_GAIN;
    private double pacingRate;

    private final double[] maxBwFilter = new double[2];
    private double maxBw;
    private double bw;
    private double bwShort = Double.MAX_VALUE;
    private double inflightLong = Double.MAX_VALUE;
    private double inflightShort = Double.MAX_VALUE;
    private double bwLatest;
    private int inflightLatest;

    private long minRttNs = Long.MAX_VALUE;
    private long minRttStampNs;
    private long probeRttMinNs = Long.MAX_VALUE;
    private long probeRttMinStampNs;
    private boolean probeRttExpired;
    private long probeRttDoneNs;
    private boolean probeRttRoundDone;

    private long nextRoundDelivered;
    private boolean roundStart;
    private long roundCount;
    private long lossRoundDelivered;
    private boolean lossRoundStart;
    private boolean lossInRound;
    private int lossEventsInRound;

    private boolean fullBwReached;
    private double fullBw;
    private int fullBwCount;

    private long cycleStampNs;
    private int roundsSinceBwProbe;
    private long bwProbeWaitNs;
    private int bwProbeUpRounds;
    private double bwProbeUpCount = Double.MAX_VALUE;
    private double bwProbeUpAcks;
    private boolean bwProbeSamples;
    private boolean ackPhaseProbeFeedback;

    private int priorCwnd;
    private int target;
    private final AckAggregation aggregation = new AckAggregation();
    private long jitter = 0x9E3779B97F4A7C15L;

    @Override
    public boolean respondsToMarks() {
        return false;
    }

    @Override
    public String name() {
        return "bbr3";
    }

    @Override
    public boolean controlsRecovery() {
        return true;
    }

    @Override
    public int sendBufferWindows() {
        return 3; // sends more than is acknowledged in recovery too
    }

    @Override
    public void onStart(CongestionView v) {
        long rttUs = v.srttUs() > 0 ? v.srttUs() : 1000;
        pacingRate = STARTUP_PACING_GAIN * v.cwndSegments() * 1e6 / rttUs;
        minRttStampNs = v.nowNs();
        probeRttMinStampNs = v.nowNs();
        aggregation.restart(v.nowNs());
        jitter ^= v.nowNs();
        if (v.minRttUs() != Long.MAX_VALUE) {
            minRttNs = v.minRttUs() * 1000;
        }
    }

    @Override
    public long pacingRateBytesPerSecond(CongestionView v) {
        return Math.max(1, (long) (pacingRate * (v.mssBytes() + 52)));
    }

    @Override
    public int onCongestion(CongestionView v, CongestionSignal signal) {
        priorCwnd = Math.max(priorCwnd, v.cwndSegments());
        return v.ssthreshSegments();
    }

    @Override
    public int onUndo(CongestionView v) {
        inflightShort = Double.MAX_VALUE;
        bwShort = Double.MAX_VALUE;
        return Math.max(v.cwndSegments(), priorCwnd);
    }

    @Override
    public void onSent(CongestionView v) {
        if (v.packetsOut() == 0 && state.ordinal() >= State.PROBE_BW_DOWN.ordinal() && state != State.PROBE_RTT
                && bw > 0) {
            pacingRate = bw * PACING_MARGIN;
        }
    }

    @Override
    public void onAck(CongestionView v, RateSample s, CongestionWindow next) {
        updateRound(v, s);
        updateLatest(v, s);
        updateCongestionSignals(v, s);
        aggregation.acknowledged(v, s, roundStart, bw);
        checkFullBwReached(s);
        checkStartupHighLoss(v, s);
        checkDrain(v);
        updateProbeBwCycle(v, s);
        updateMinRtt(v, s);
        checkProbeRtt(v);
        boundBw();
        setPacingRate();
        next.cwndSegments = cwnd(v, s);
    }

    // --- the model ---

    private void updateRound(CongestionView v, RateSample s) {
        roundStart = false;
        if (s.priorDelivered >= nextRoundDelivered && s.deliveredSegments > 0) {
            nextRoundDelivered = v.deliveredSegments();
            roundStart = true;
            roundCount++;
            roundsSinceBwProbe++;
        }
    }

    private void updateLatest(CongestionView v, RateSample s) {
        lossRoundStart = false;
        if (s.deliveredSegments > 0 && s.intervalUs > 0) {
            bwLatest = Math.max(bwLatest, s.deliveredSegments * 1e6 / s.intervalUs);
            inflightLatest = Math.max(inflightLatest, s.deliveredSegments);
        }
        if (s.priorDelivered >= lossRoundDelivered && s.deliveredSegments > 0) {
            lossRoundDelivered = v.deliveredSegments();
            lossRoundStart = true;
        }
    }

    private void updateCongestionSignals(CongestionView v, RateSample s) {
        if (s.deliveredSegments > 0 && s.intervalUs > 0) {
            double sample = s.deliveredSegments * 1e6 / s.intervalUs;
            if (sample >= maxBw || !s.appLimited) {
                maxBwFilter[1] = Math.max(maxBwFilter[1], sample);
                maxBw = Math.max(maxBwFilter[0], maxBwFilter[1]);
            }
        }
        if (s.lostSegments > 0) {
            lossInRound = true;
            lossEventsInRound++;
            handleLoss(v, s);
        }
        if (lossRoundStart) {
            adaptLowerBounds(v);
            lossInRound = false;
            lossEventsInRound = 0;
            bwLatest = s.deliveredSegments > 0 && s.intervalUs > 0 ? s.deliveredSegments * 1e6 / s.intervalUs : 0;
            inflightLatest = Math.max(0, s.deliveredSegments);
        }
    }

    private boolean probing() {
        return state == State.STARTUP || state == State.PROBE_BW_REFILL || state == State.PROBE_BW_UP;
    }

    private void adaptLowerBounds(CongestionView v) {
        if (probing() || !lossInRound) {
            return;
        }
        if (bwShort == Double.MAX_VALUE) {
            bwShort = maxBw;
        }
        if (inflightShort == Double.MAX_VALUE) {
            inflightShort = v.cwndSegments();
        }
        bwShort = Math.max(bwLatest, BETA * bwShort);
        inflightShort = Math.max(inflightLatest, BETA * inflightShort);
    }

    /** Too much was lost of a flight: where the trouble began becomes the bound. */
    private void handleLoss(CongestionView v, RateSample s) {
        if (!bwProbeSamples) {
            return;
        }
        long lostInSample = v.lostSegments() - s.lostAtSend;
        int inFlight = Math.max(s.inFlightAtSend, 1);
        if (lostInSample > inFlight * LOSS_THRESH) {
            bwProbeSamples = false;
            if (!s.appLimited) {
                double prefix = Math.max(0, inFlight - lostInSample);
                inflightLong = Math.max(Math.max(prefix, inflightTarget(v) * BETA), MIN_PIPE_CWND);
            }
            if (state == State.PROBE_BW_UP) {
                startProbeBwDown(v);
            }
        }
    }

    private double bdp(double gain) {
        if (minRttNs == Long.MAX_VALUE) {
            return 10;
        }
        return gain * bw * minRttNs / 1e9;
    }

    private double inflight(double gain) {
        return Math.max(bdp(gain), MIN_PIPE_CWND) + 2;
    }

    private double inflightTarget(CongestionView v) {
        return Math.min(bdp(1.0), v.cwndSegments());
    }

    private void boundBw() {
        bw = Math.min(maxBw, bwShort);
    }

    // --- startup and drain ---

    private void checkFullBwReached(RateSample s) {
        if (fullBwReached || !roundStart || s.appLimited) {
            return;
        }
        if (maxBw >= fullBw * FULL_BW_THRESH) {
            fullBw = maxBw;
            fullBwCount = 0;
            return;
        }
        if (++fullBwCount >= FULL_BW_ROUNDS) {
            fullBwReached = true;
            enterDrain();
        }
    }

    private void checkStartupHighLoss(CongestionView v, RateSample s) {
        if (fullBwReached || !lossRoundStart) {
            return;
        }
        long lost = v.lostSegments() - s.lostAtSend;
        if (lossEventsInRound >= STARTUP_FULL_LOSS_EVENTS && lost > s.inFlightAtSend * LOSS_THRESH) {
            fullBwReached = true;
            inflightLong = Math.max(bdp(1.0), inflightLatest);
            enterDrain();
        }
    }

    private void enterDrain() {
        if (state == State.STARTUP) {
            state = State.DRAIN;
            pacingGain = DRAIN_PACING_GAIN;
            cwndGain = STARTUP_CWND_GAIN;
        }
    }

    private void checkDrain(CongestionView v) {
        if (state == State.DRAIN && v.inFlightSegments() <= inflight(1.0)) {
            bwProbeUpRounds = 0;
            startProbeBwDown(v);
        }
    }

    // --- the probing cycle ---

    private void startProbeBwDown(CongestionView v) {
        bwShort = Double.MAX_VALUE;
        inflightShort = Double.MAX_VALUE;
        bwProbeUpCount = Double.MAX_VALUE;
        jitter = jitter * 6364136223846793005L + 1442695040888963407L;
        roundsSinceBwProbe = (int) (jitter >>> 33 & 1);
        bwProbeWaitNs = 2_000_000_000L + (jitter >>> 34) % 1_000_000_000L;
        cycleStampNs = v.nowNs();
        ackPhaseProbeFeedback = true;
        state = State.PROBE_BW_DOWN;
        pacingGain = 0.90;
        cwndGain = 2.0;
    }

    private void startProbeBwCruise() {
        state = State.PROBE_BW_CRUISE;
        pacingGain = 1.0;
        cwndGain = 2.0;
    }

    private void startProbeBwRefill(CongestionView v) {
        bwShort = Double.MAX_VALUE;
        inflightShort = Double.MAX_VALUE;
        bwProbeUpRounds = 0;
        bwProbeUpAcks = 0;
        nextRoundDelivered = v.deliveredSegments();
        state = State.PROBE_BW_REFILL;
        pacingGain = 1.0;
        cwndGain = 2.0;
    }

    private void startProbeBwUp(CongestionView v) {
        bwProbeSamples = true;
        nextRoundDelivered = v.deliveredSegments();
        cycleStampNs = v.nowNs();
        fullBw = maxBw;
        fullBwCount = 0;
        state = State.PROBE_BW_UP;
        pacingGain = 1.25;
        cwndGain = 2.25;
        raiseSlope(v);
    }

    private void raiseSlope(CongestionView v) {
        double growth = 1L << Math.min(bwProbeUpRounds, 30);
        bwProbeUpRounds++;
        bwProbeUpCount = Math.max(v.cwndSegments() / growth, 1);
    }

    private void updateProbeBwCycle(CongestionView v, RateSample s) {
        if (!fullBwReached || state.ordinal() < State.PROBE_BW_DOWN.ordinal() || state == State.PROBE_RTT) {
            return;
        }
        adaptUpperBounds(v, s);
        switch (state) {
            case PROBE_BW_DOWN -> {
                if (!timeToProbe(v) && v.inFlightSegments() <= Math.min(inflightWithHeadroom(), inflight(1.0))) {
                    startProbeBwCruise();
                }
            }
            case PROBE_BW_CRUISE -> timeToProbe(v);
            case PROBE_BW_REFILL -> {
                if (roundStart) {
                    startProbeBwUp(v);
                }
            }
            case PROBE_BW_UP -> {
                boolean lasted = v.nowNs() - cycleStampNs > minRttNs;
                if (roundStart && maxBw < fullBw * FULL_BW_THRESH) {
                    fullBwCount++;
                } else if (roundStart) {
                    fullBw = maxBw;
                    fullBwCount = 0;
                }
                if (lasted && (fullBwCount >= FULL_BW_ROUNDS || v.inFlightSegments() >= inflight(1.25))) {
                    startProbeBwDown(v);
                }
            }
            default -> {
                // startup and drain are not in the cycle
            }
        }
    }

    private boolean timeToProbe(CongestionView v) {
        boolean waited = v.nowNs() - cycleStampNs > bwProbeWaitNs;
        double reno = Math.min(inflightTarget(v), 63);
        if (waited || roundsSinceBwProbe >= reno) {
            startProbeBwRefill(v);
            return true;
        }
        return false;
    }

    private double inflightWithHeadroom() {
        if (inflightLong == Double.MAX_VALUE) {
            return Double.MAX_VALUE;
        }
        return Math.max(MIN_PIPE_CWND, inflightLong - Math.max(1, HEADROOM * inflightLong));
    }

    private void adaptUpperBounds(CongestionView v, RateSample s) {
        if (ackPhaseProbeFeedback && roundStart) {
            ackPhaseProbeFeedback = false;
            bwProbeSamples = false;
            if (!s.appLimited && state == State.PROBE_BW_DOWN) {
                maxBwFilter[0] = maxBwFilter[1];
                maxBwFilter[1] = 0;
            }
        }
        if (inflightLong == Double.MAX_VALUE) {
            return;
        }
        if (s.inFlightAtSend > inflightLong) {
            inflightLong = s.inFlightAtSend;
        }
        if (state == State.PROBE_BW_UP && v.cwndLimited() && v.cwndSegments() >= inflightLong) {
            bwProbeUpAcks += s.ackedSackedSegments;
            if (bwProbeUpAcks >= bwProbeUpCount) {
                double delta = Math.floor(bwProbeUpAcks / bwProbeUpCount);
                bwProbeUpAcks -= delta * bwProbeUpCount;
                inflightLong += delta;
            }
            if (roundStart) {
                raiseSlope(v);
            }
        }
    }

    // --- the round trip ---

    private void updateMinRtt(CongestionView v, RateSample s) {
        long now = v.nowNs();
        probeRttExpired = now - probeRttMinStampNs > PROBE_RTT_INTERVAL_NS;
        long rtt = s.rttUs > 0 ? s.rttUs * 1000 : -1;
        if (rtt > 0 && (rtt < probeRttMinNs || probeRttExpired)) {
            probeRttMinNs = rtt;
            probeRttMinStampNs = now;
        }
        if (probeRttMinNs < minRttNs || now - minRttStampNs > MIN_RTT_FILTER_NS) {
            minRttNs = probeRttMinNs;
            minRttStampNs = probeRttMinStampNs;
        }
    }

    private void checkProbeRtt(CongestionView v) {
        if (state != State.PROBE_RTT && probeRttExpired && fullBwReached) {
            priorCwnd = Math.max(priorCwnd, v.cwndSegments());
            state = State.PROBE_RTT;
            pacingGain = 1.0;
            cwndGain = PROBE_RTT_CWND_GAIN;
            probeRttDoneNs = 0;
        }
        if (state != State.PROBE_RTT) {
            return;
        }
        if (probeRttDoneNs == 0) {
            if (v.inFlightSegments() <= probeRttCwnd()) {
                probeRttDoneNs = v.nowNs() + PROBE_RTT_DURATION_NS;
                probeRttRoundDone = false;
                nextRoundDelivered = v.deliveredSegments();
            }
            return;
        }
        if (roundStart) {
            probeRttRoundDone = true;
        }
        if (probeRttRoundDone && v.nowNs() > probeRttDoneNs) {
            probeRttMinStampNs = v.nowNs();
            startProbeBwDown(v);
            startProbeBwCruise();
        }
    }

    private double probeRttCwnd() {
        return Math.max(bdp(PROBE_RTT_CWND_GAIN), MIN_PIPE_CWND);
    }

    // --- what goes out ---

    private void setPacingRate() {
        double rate = pacingGain * bw * PACING_MARGIN;
        if (bw > 0 && (fullBwReached || rate > pacingRate)) {
            pacingRate = rate;
        }
    }

    private int cwnd(CongestionView v, RateSample s) {
        double max = inflight(cwndGain) + aggregation.extraAcked();
        double cwnd = v.cwndSegments();
        int acked = s.ackedSackedSegments;
        if (s.lostSegments > 0 && cwnd > v.inFlightSegments() + acked && cwnd > MIN_PIPE_CWND && !probing()) {
            cwnd = Math.max(v.inFlightSegments() + acked, Math.min(cwnd, cwnd - s.lostSegments));
        }
        if (fullBwReached) {
            cwnd = Math.min(cwnd + acked, max);
        } else if (cwnd < max || v.deliveredSegments() < 2L * 10) {
            cwnd += acked;
        }
        cwnd = Math.max(cwnd, MIN_PIPE_CWND);
        if (state == State.PROBE_RTT) {
            cwnd = Math.min(cwnd, probeRttCwnd());
        } else if (priorCwnd > 0 && roundStart && s.lostSegments == 0 && v.inFlightSegments() > 0) {
            cwnd = Math.max(cwnd, Math.min(priorCwnd, max));
            priorCwnd = 0;
        }
        double cap = Double.MAX_VALUE;
        if (state == State.PROBE_BW_CRUISE || state == State.PROBE_RTT) {
            cap = inflightWithHeadroom();
        } else if (state.ordinal() >= State.PROBE_BW_DOWN.ordinal()) {
            cap = inflightLong;
        }
        cap = Math.max(Math.min(cap, inflightShort), MIN_PIPE_CWND);
        target = (int) Math.min(cwnd, cap);
        return Math.max(1, target);
    }

    @Override
    public String toString() {
        return "bbr3 " + state + " bw " + (long) bw + " seg/s minrtt " + minRttNs / 1000 + " us rounds " + roundCount;
    }
}
