package sluice.core.tcp.congestion;

/**
 * BBR version 3: models the path by its bandwidth (windowed maximum) and round trip (windowed minimum), paces at the
 * bandwidth, keeps about one product of the two in flight, and probes for more on a schedule; losses beyond 2 % bound
 * what is kept in flight.
 *
 * <p>Here are the state machine and the control parameters; {@link PathModel} is the model, {@link ProbeBw} the
 * schedule. Bandwidth in segments per second, windows in segments, times in nanoseconds. After draft-ietf-ccwg-bbr,
 * whose names the fields and methods carry.
 */
public final class Bbr3 implements CongestionControl {
    private static final double PACING_MARGIN = 0.99;
    private static final double LOSS_THRESH = 0.02;
    private static final int STARTUP_FULL_LOSS_EVENTS = 6;

    private final PathModel model = new PathModel();
    private final ProbeBw probeBw = new ProbeBw(model);
    private final ProbeRtt probeRtt = new ProbeRtt();
    private final AckAggregation aggregation = new AckAggregation();
    private Bbr3State state = Bbr3State.STARTUP;
    private double pacingRate;
    private int priorCwnd;

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
        pacingRate = Bbr3State.STARTUP.pacingGain * v.cwndSegments() * 1e6 / rttUs;
        model.start(v);
        aggregation.restart(v.nowNs());
        probeBw.start(v);
    }

    @Override
    public long pacingRateBytesPerSecond(CongestionView v) {
        return Math.max(1, (long) (pacingRate * (v.mssBytes() + 52)));
    }

    @Override
    public int onCongestion(CongestionView v, CongestionSignal signal) {
        saveCwnd(v);
        return v.ssthreshSegments();
    }

    private void saveCwnd(CongestionView v) {
        priorCwnd = Math.max(priorCwnd, v.cwndSegments());
    }

    @Override
    public int onUndo(CongestionView v) {
        model.shortTerm.reset();
        return Math.max(v.cwndSegments(), priorCwnd);
    }

    @Override
    public void onSent(CongestionView v) {
        if (v.packetsOut() == 0 && state.inProbeBw() && model.bw() > 0) {
            pacingRate = model.bw() * PACING_MARGIN;
        }
    }

    @Override
    public void onAck(CongestionView v, RateSample s, CongestionWindow next) {
        updateRound(v, s);
        model.latest.update(v, s);
        updateCongestionSignals(v, s);
        aggregation.acknowledged(v, s, model.round.start(), model.bw());
        checkStartupDone(v, s);
        checkDrainDone(v);
        updateProbeBwCycle(v, s);
        model.updateMinRtt(v, s);
        checkProbeRtt(v);
        model.latest.advance(s);
        model.boundBw();
        setPacingRate();
        next.cwndSegments = cwnd(v, s);
    }

    // --- the model ---

    private void updateRound(CongestionView v, RateSample s) {
        model.round.update(v, s, s.deliveredSegments > 0);
        if (model.round.start()) {
            probeBw.countRound();
        }
    }

    private void updateCongestionSignals(CongestionView v, RateSample s) {
        LatestDelivery latest = model.latest;
        model.updateMaxBw(s);
        if (s.lostSegments > 0) {
            latest.lost();
            state = probeBw.lost(state, v, s);
        }
        if (latest.roundStart() && latest.lossInRound() && !state.probing()) {
            model.shortTerm.lower(v, model.maxBw(), latest);
        }
    }

    // --- the states ---

    private void checkStartupDone(CongestionView v, RateSample s) {
        model.fullBandwidth.check(model.maxBw(), model.round.start(), s);
        checkStartupHighLoss(v, s);
        if (state == Bbr3State.STARTUP && model.fullBandwidth.reached()) {
            state = Bbr3State.DRAIN;
        }
    }

    /** Six times or more something was found lost in a round trip of recovery, and more than 2 % of its flight. */
    private void checkStartupHighLoss(CongestionView v, RateSample s) {
        LatestDelivery latest = model.latest;
        if (model.fullBandwidth.reached() || !latest.roundStart() || v.phase() != CongestionPhase.RECOVERY) {
            return;
        }
        long lost = v.lostSegments() - s.lostAtSend;
        if (latest.lossEventsInRound() >= STARTUP_FULL_LOSS_EVENTS && lost > s.inFlightAtSend * LOSS_THRESH) {
            model.fullBandwidth.reach();
            model.longTerm.set(Math.max(model.bdp(1.0), latest.inflight()));
        }
    }

    private void checkDrainDone(CongestionView v) {
        if (state == Bbr3State.DRAIN && v.inFlightSegments() <= model.inflight(1.0)) {
            state = probeBw.down(v);
        }
    }

    private void updateProbeBwCycle(CongestionView v, RateSample s) {
        if (state.inProbeBw()) {
            state = probeBw.update(state, v, s);
        }
    }

    private void checkProbeRtt(CongestionView v) {
        if (state != Bbr3State.PROBE_RTT && model.probeRttExpired() && model.fullBandwidth.reached()) {
            saveCwnd(v);
            state = Bbr3State.PROBE_RTT;
            probeRtt.enter();
        }
        if (state == Bbr3State.PROBE_RTT && probeRtt.done(v, model.round, probeRttCwnd())) {
            model.roundTripProbed(v.nowNs());
            probeBw.down(v);
            state = Bbr3State.PROBE_BW_CRUISE;
        }
    }

    private double probeRttCwnd() {
        return Math.max(model.bdp(Bbr3State.PROBE_RTT.cwndGain), PathModel.MIN_PIPE_CWND);
    }

    // --- what goes out ---

    private void setPacingRate() {
        double rate = state.pacingGain * model.bw() * PACING_MARGIN;
        if (model.bw() > 0 && (model.fullBandwidth.reached() || rate > pacingRate)) {
            pacingRate = rate;
        }
    }

    private int cwnd(CongestionView v, RateSample s) {
        double max = model.inflight(state.cwndGain) + aggregation.extraAcked();
        double cwnd = modulateForRecovery(v, s);
        int acked = s.ackedSackedSegments;
        if (model.fullBandwidth.reached()) {
            cwnd = Math.min(cwnd + acked, max);
        } else if (cwnd < max || v.deliveredSegments() < 2L * 10) {
            cwnd += acked;
        }
        cwnd = Math.max(cwnd, PathModel.MIN_PIPE_CWND);
        if (state == Bbr3State.PROBE_RTT) {
            cwnd = Math.min(cwnd, probeRttCwnd());
        } else if (priorCwnd > 0 && model.round.start() && s.lostSegments == 0 && v.inFlightSegments() > 0) {
            cwnd = Math.max(cwnd, Math.min(priorCwnd, max));
            priorCwnd = 0;
        }
        return Math.max(1, (int) Math.min(cwnd, capForModel()));
    }

    /** What was lost leaves the window, which keeps what is in flight and acknowledged. */
    private double modulateForRecovery(CongestionView v, RateSample s) {
        double cwnd = v.cwndSegments();
        int kept = v.inFlightSegments() + s.ackedSackedSegments;
        if (s.lostSegments > 0 && cwnd > kept && cwnd > PathModel.MIN_PIPE_CWND && !state.probing()) {
            return Math.max(kept, Math.min(cwnd, cwnd - s.lostSegments));
        }
        return cwnd;
    }

    /** The most the bounds allow in this state (BBRBoundCwndForModel). */
    private double capForModel() {
        double cap = Double.MAX_VALUE;
        if (state == Bbr3State.PROBE_BW_CRUISE || state == Bbr3State.PROBE_RTT) {
            cap = model.longTerm.inflightWithHeadroom();
        } else if (state.inProbeBw()) {
            cap = model.longTerm.inflight();
        }
        return Math.max(Math.min(cap, model.shortTerm.inflight()), PathModel.MIN_PIPE_CWND);
    }

    @Override
    public String toString() {
        return "bbr3 " + state + " bw " + (long) model.bw() + " seg/s minrtt " + model.minRttNs() / 1000
                + " us rounds " + model.round.count();
    }
}
