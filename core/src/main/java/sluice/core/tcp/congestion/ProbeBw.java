package sluice.core.tcp.congestion;

/**
 * The cycle in which BBR version 3 probes for bandwidth: down, until the queue of the last probe is drained; cruise,
 * for two to three seconds or 63 round trips; refill, a round trip that fills the pipe; up, until it is full or loses
 * too much. The draft's "ProbeBW" and "Updating the Model Upon Packet Loss". Methods that move on return the new state.
 */
final class ProbeBw {
    private static final double LOSS_THRESH = 0.02;
    private static final double BETA = 0.7;
    private static final int MAX_ROUNDS = 63;

    private final PathModel model;
    private final Jitter jitter = new Jitter();
    private long cycleStampNs;
    private int roundsSinceBwProbe;
    private long bwProbeWaitNs;
    /** Whether the samples are of a probe whose losses have not yet been judged. */
    private boolean bwProbeSamples;
    /** The probe is over, and acknowledgments of what it sent still come. */
    private boolean probeFeedback;

    ProbeBw(PathModel model) {
        this.model = model;
    }

    void start(CongestionView v) {
        jitter.seed(v.nowNs());
    }

    /** Another round trip began. */
    void countRound() {
        roundsSinceBwProbe++;
    }

    // --- the four states ---

    /** Sends less than is delivered. */
    Bbr3State down(CongestionView v) {
        model.shortTerm.reset();
        int random = jitter.next();
        roundsSinceBwProbe = random & 1;
        bwProbeWaitNs = 2_000_000_000L + (random >>> 1) % 1_000_000_000L;
        cycleStampNs = v.nowNs();
        probeFeedback = true;
        return Bbr3State.PROBE_BW_DOWN;
    }

    private Bbr3State refill(CongestionView v) {
        model.shortTerm.reset();
        model.longTerm.restartSlope();
        model.round.restart(v);
        return Bbr3State.PROBE_BW_REFILL;
    }

    private Bbr3State up(CongestionView v) {
        bwProbeSamples = true;
        model.round.restart(v);
        cycleStampNs = v.nowNs();
        model.fullBandwidth.restart(model.maxBw());
        model.longTerm.raiseSlope(v);
        return Bbr3State.PROBE_BW_UP;
    }

    /** An acknowledgment in {@code state}, one of the cycle's: the state it leads to (BBRUpdateProbeBWCyclePhase). */
    Bbr3State update(Bbr3State state, CongestionView v, RateSample s) {
        adaptLongTermModel(state, v, s);
        return switch (state) {
            case PROBE_BW_DOWN -> {
                if (timeToProbe(v)) {
                    yield refill(v);
                }
                yield timeToCruise(v) ? Bbr3State.PROBE_BW_CRUISE : state;
            }
            case PROBE_BW_CRUISE -> timeToProbe(v) ? refill(v) : state;
            case PROBE_BW_REFILL -> model.round.start() ? up(v) : state;
            case PROBE_BW_UP -> timeToGoDown(v) ? down(v) : state;
            case STARTUP, DRAIN, PROBE_RTT -> state;
        };
    }

    private boolean timeToCruise(CongestionView v) {
        return v.inFlightSegments() <= Math.min(model.longTerm.inflightWithHeadroom(), model.inflight(1.0));
    }

    /** Reno's flows would have grown as much since the last probe, or long enough has passed. */
    private boolean timeToProbe(CongestionView v) {
        return v.nowNs() - cycleStampNs > bwProbeWaitNs
                || roundsSinceBwProbe >= Math.min(model.targetInflight(v), MAX_ROUNDS);
    }

    private boolean timeToGoDown(CongestionView v) {
        FullBandwidth full = model.fullBandwidth;
        if (model.round.start()) {
            full.compare(model.maxBw());
        }
        boolean lasted = v.nowNs() - cycleStampNs > model.minRttNs();
        return lasted && (full.plateau() || v.inFlightSegments() >= model.inflight(1.25));
    }

    // --- the long-term model ---

    private void adaptLongTermModel(Bbr3State state, CongestionView v, RateSample s) {
        boolean roundStart = model.round.start();
        if (probeFeedback && roundStart) {
            probeFeedback = false;
            bwProbeSamples = false;
            if (!s.appLimited && state == Bbr3State.PROBE_BW_DOWN) {
                model.advanceMaxBw();
            }
        }
        LongTermBound bound = model.longTerm;
        if (bound.inflight() == Double.MAX_VALUE) {
            return;
        }
        bound.carried(s.inFlightAtSend);
        if (state == Bbr3State.PROBE_BW_UP) {
            bound.probeUpward(v, s, roundStart);
        }
    }

    /**
     * Something was lost: when it was too much of a probe's flight, where the trouble began becomes the bound
     * (BBRHandleInflightTooHigh).
     */
    Bbr3State lost(Bbr3State state, CongestionView v, RateSample s) {
        if (!bwProbeSamples || !inflightTooHigh(v, s)) {
            return state;
        }
        bwProbeSamples = false;
        if (!s.appLimited) {
            double prefix = Math.max(0, Math.max(s.inFlightAtSend, 1) - lostSinceSend(v, s));
            double least = model.targetInflight(v) * BETA;
            model.longTerm.set(Math.max(Math.max(prefix, least), PathModel.MIN_PIPE_CWND));
        }
        return state == Bbr3State.PROBE_BW_UP ? down(v) : state;
    }

    private static boolean inflightTooHigh(CongestionView v, RateSample s) {
        return lostSinceSend(v, s) > Math.max(s.inFlightAtSend, 1) * LOSS_THRESH;
    }

    /** Lost since the newest acknowledged segment was sent. */
    private static long lostSinceSend(CongestionView v, RateSample s) {
        return v.lostSegments() - s.lostAtSend;
    }
}
