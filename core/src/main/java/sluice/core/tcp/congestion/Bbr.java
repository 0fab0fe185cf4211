package sluice.core.tcp.congestion;

/**
 * BBR as Linux's {@code bbr} has it, version 1: paces at the largest bandwidth of ten round trips and keeps about two
 * bandwidth-delay products in flight, whatever is lost.
 *
 * <p>Eight phases of a round trip each: at 5/4 of the bandwidth, at 3/4, six at 1. Every ten seconds without a shorter
 * round trip, 200 ms with four segments in flight. Losses matter only in the first round trip of a recovery (packet
 * conservation). Left out: the detection of policers. Bandwidth in segments per second, windows in segments, times in
 * nanoseconds. After draft-cardwell-iccrg-bbr-congestion-control-00, with Linux's constants.
 */
public final class Bbr implements CongestionControl {
    private static final double HIGH_GAIN = 2.885;
    private static final double CWND_GAIN = 2;
    private static final double PACING_MARGIN = 0.99;
    private static final int BW_ROUNDS = GainCycle.LENGTH + 2;
    private static final int MIN_CWND = 4;
    private static final int HEADERS = 52;
    private static final long MIN_RTT_FILTER_NS = 10_000_000_000L;

    private enum Mode {
        STARTUP, DRAIN, PROBE_BW, PROBE_RTT
    }

    private Mode mode = Mode.STARTUP;
    private double pacingGain = HIGH_GAIN;
    private double cwndGain = HIGH_GAIN;
    private double pacingRate;
    private boolean seenRtt;

    private final RoundCounter round = new RoundCounter();
    private final RoundMaximum bandwidth = new RoundMaximum(BW_ROUNDS);
    private final AckAggregation aggregation = new AckAggregation();
    private final FullBandwidth fullBandwidth = new FullBandwidth();
    private final GainCycle cycle = new GainCycle();
    private final MinRttFilter minRtt = new MinRttFilter(MIN_RTT_FILTER_NS);
    private final ProbeRtt probeRtt = new ProbeRtt();
    private boolean idleRestart;
    /** Samples of what was sent before this much was delivered say little: PROBE_RTT held back. */
    private long heldBackUntil;

    private int priorCwnd;
    private CongestionPhase before = CongestionPhase.OPEN;
    private boolean packetConservation;
    private boolean restoreCwnd;

    @Override
    public boolean respondsToMarks() {
        return false;
    }

    @Override
    public String name() {
        return "bbr";
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
        cycle.seed(v.nowNs());
        minRtt.renew(v.nowNs());
        if (v.minRttUs() != Long.MAX_VALUE) {
            minRtt.set(v.minRttUs() * 1000, v.nowNs());
        }
        startRate(v);
    }

    private void startRate(CongestionView v) {
        seenRtt = v.srttUs() > 0;
        pacingRate = HIGH_GAIN * v.cwndSegments() * 1e6 / (seenRtt ? v.srttUs() : 1000);
    }

    @Override
    public long pacingRateBytesPerSecond(CongestionView v) {
        return Math.max(1, (long) (pacingRate * (v.mssBytes() + HEADERS)));
    }

    @Override
    public int onCongestion(CongestionView v, CongestionSignal signal) {
        saveCwnd(v);
        if (signal == CongestionSignal.TIMEOUT) {
            before = CongestionPhase.LOSS;
            fullBandwidth.restart(0);
        }
        return v.ssthreshSegments();
    }

    private void saveCwnd(CongestionView v) {
        boolean afresh = !before.recovering() && mode != Mode.PROBE_RTT;
        priorCwnd = afresh ? v.cwndSegments() : Math.max(priorCwnd, v.cwndSegments());
    }

    @Override
    public int onUndo(CongestionView v) {
        fullBandwidth.restart(0);
        return v.cwndSegments();
    }

    @Override
    public void onSent(CongestionView v) {
        if (v.packetsOut() > 0) {
            return;
        }
        idleRestart = true;
        aggregation.restart(v.nowNs());
        if (mode == Mode.PROBE_BW) {
            setPacingRate(v, 1);
        } else if (mode == Mode.PROBE_RTT && probeRtt.timeOver(v.nowNs())) {
            leaveProbeRtt(v);
        }
    }

    @Override
    public void onAck(CongestionView v, RateSample s, CongestionWindow next) {
        updateBandwidth(v, s);
        aggregation.acknowledged(v, s, round.start(), bandwidth.value());
        updatePhase(v, s);
        fullBandwidth.check(bandwidth.value(), round.start(), s);
        checkDrain(v);
        updateMinRtt(v, s);
        updateGains();
        setPacingRate(v, pacingGain);
        next.cwndSegments = cwnd(v, s);
    }

    // --- the model ---

    private void updateBandwidth(CongestionView v, RateSample s) {
        boolean sampled = s.deliveredSegments >= 0 && s.intervalUs > 0;
        round.update(v, s, sampled);
        if (!sampled) {
            return;
        }
        if (round.start()) {
            packetConservation = false;
            bandwidth.advance(round.count());
        }
        double bw = s.deliveryRate();
        boolean limited = s.appLimited || s.priorDelivered < heldBackUntil;
        if (!limited || bw >= bandwidth.value()) {
            bandwidth.add(bw);
        }
    }

    private double bdp(double gain) {
        long rttNs = minRtt.minRttNs();
        return rttNs == Long.MAX_VALUE ? 10 : gain * bandwidth.value() * rttNs / 1e9;
    }

    /** What is to be in flight for that, with room for what the sender and the receiver join into one packet. */
    private double inflight(double gain) {
        return quantize(bdp(gain));
    }

    private double quantize(double segments) {
        double tso = Math.clamp(pacingRate / 1024, 2, 0x7f);
        double w = Math.ceil((segments + 3 * tso) / 2) * 2;
        return mode == Mode.PROBE_BW && cycle.gain() > 1 ? w + 2 : w;
    }

    private void checkDrain(CongestionView v) {
        if (mode == Mode.STARTUP && fullBandwidth.reached()) {
            mode = Mode.DRAIN;
        }
        if (mode == Mode.DRAIN && v.inFlightSegments() <= inflight(1)) {
            startProbeBw(v);
        }
    }

    // --- phases ---

    private void startProbeBw(CongestionView v) {
        mode = Mode.PROBE_BW;
        cycle.start(v.nowNs());
    }

    private void updatePhase(CongestionView v, RateSample s) {
        if (mode != Mode.PROBE_BW) {
            return;
        }
        double gain = cycle.gain();
        boolean wholeLength = cycle.lasted(v.nowNs(), minRtt.minRttNs());
        boolean over;
        if (gain > 1) {
            over = wholeLength && (s.lostSegments > 0 || s.priorInFlight >= inflight(gain));
        } else if (gain < 1) {
            over = wholeLength || s.priorInFlight <= inflight(1);
        } else {
            over = wholeLength;
        }
        if (over) {
            cycle.advance(v.nowNs());
        }
    }

    private void updateMinRtt(CongestionView v, RateSample s) {
        long now = v.nowNs();
        boolean expired = minRtt.expired(now);
        if (s.rttUs >= 0 && (s.rttUs * 1000 < minRtt.minRttNs() || expired && !s.ackDelayed)) {
            minRtt.set(s.rttUs * 1000, now);
        }
        if (expired && !idleRestart && mode != Mode.PROBE_RTT) {
            mode = Mode.PROBE_RTT;
            saveCwnd(v);
            probeRtt.enter();
        }
        if (mode == Mode.PROBE_RTT) {
            heldBackUntil = v.deliveredSegments() + v.inFlightSegments();
            if (probeRtt.done(v, round, MIN_CWND)) {
                leaveProbeRtt(v);
            }
        }
        if (s.deliveredSegments > 0) {
            idleRestart = false;
        }
    }

    private void leaveProbeRtt(CongestionView v) {
        minRtt.renew(v.nowNs());
        restoreCwnd = true;
        if (fullBandwidth.reached()) {
            startProbeBw(v);
        } else {
            mode = Mode.STARTUP;
        }
    }

    private void updateGains() {
        switch (mode) {
            case STARTUP -> gains(HIGH_GAIN, HIGH_GAIN);
            case DRAIN -> gains(1 / HIGH_GAIN, HIGH_GAIN);
            case PROBE_BW -> gains(cycle.gain(), CWND_GAIN);
            case PROBE_RTT -> gains(1, 1);
        }
    }

    private void gains(double pacing, double cwnd) {
        pacingGain = pacing;
        cwndGain = cwnd;
    }

    // --- what goes out ---

    private void setPacingRate(CongestionView v, double gain) {
        if (!seenRtt && v.srttUs() > 0) {
            startRate(v);
        }
        double rate = gain * bandwidth.value() * PACING_MARGIN;
        if (fullBandwidth.reached() || rate > pacingRate) {
            pacingRate = Math.max(rate, 1);
        }
    }

    private int cwnd(CongestionView v, RateSample s) {
        int cwnd = v.cwndSegments();
        if (restoreCwnd) {
            cwnd = Math.max(cwnd, priorCwnd);
            restoreCwnd = false;
        }
        int acked = s.ackedSackedSegments;
        if (acked > 0) {
            cwnd = Math.max(1, cwnd - s.lostSegments);
            cwnd = recoverOrRestore(v, cwnd, acked);
            if (packetConservation) {
                cwnd = Math.max(cwnd, v.inFlightSegments() + acked);
            } else {
                double target = quantize(bdp(cwndGain)
                        + (fullBandwidth.reached() ? Math.min(aggregation.extraAcked(), bandwidth.value() / 10) : 0));
                if (fullBandwidth.reached()) {
                    cwnd = (int) Math.min(cwnd + acked, target);
                } else if (cwnd < target || v.deliveredSegments() < 10) {
                    cwnd += acked;
                }
                cwnd = Math.max(cwnd, MIN_CWND);
            }
        }
        return mode == Mode.PROBE_RTT ? Math.min(cwnd, MIN_CWND) : cwnd;
    }

    /**
     * The first round trip of a recovery sends what was delivered and no more; its end brings back the window from
     * before.
     */
    private int recoverOrRestore(CongestionView v, int cwnd, int acked) {
        CongestionPhase now = v.phase();
        int w = cwnd;
        if (now == CongestionPhase.RECOVERY && before != CongestionPhase.RECOVERY) {
            packetConservation = true;
            round.restart(v);
            w = v.inFlightSegments() + acked;
        } else if (before.recovering() && !now.recovering()) {
            w = Math.max(w, priorCwnd);
            packetConservation = false;
        }
        before = now;
        return w;
    }

    @Override
    public String toString() {
        return "bbr " + mode + " bw " + (long) bandwidth.value() + " seg/s minrtt " + minRtt.minRttNs() / 1000
                + " us rounds " + round.count();
    }
}
