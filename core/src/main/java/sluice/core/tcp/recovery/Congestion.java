package sluice.core.tcp.recovery;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.congestion.AckSample;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.congestion.CongestionPhase;
import sluice.core.tcp.congestion.CongestionView;

/**
 * The congestion window of one connection and everything that moves it: the algorithm outside recovery, PRR inside,
 * validation when the application sends little, restart after idle, the rate sample. Windows in segments, as on Linux.
 */
@Rfc(value = 5681, section = "3")
public final class Congestion implements CongestionView {
    /** Initial window, segments (RFC 6928). */
    public static final int INITIAL_CWND = 10;
    private static final int MAX_CWND = 1 << 22;

    private final Tcb t;
    private CongestionControl control;
    private int cwnd = INITIAL_CWND;
    private int ssthresh = CongestionControl.INFINITE_SSTHRESH;
    private int priorCwnd;
    private int priorSsthresh;
    private int prrDelivered;
    private int prrOut;
    private boolean cwndLimited;
    private int maxPacketsOut;
    private int cwndUsageSeq;
    private int cwndUsed;
    private long cwndStampNs;
    private long nowNs;
    private boolean forMarks;

    /** RFC 7661; null for Linux's way. */
    private @Nullable PipeAck pipeAck;

    // delivery rate
    private long delivered;
    private long deliveredCe;
    private long deliveredNs;
    private long flightStartNs;
    private long appLimitedUntil;
    private long lost;
    private long rateDelivered;
    private long rateIntervalUs;

    /** The sample of the acknowledgment in work. */
    public final AckSample sample = new AckSample();

    /** A connection that has not sent yet. */
    public Congestion(Tcb t, CongestionControl control) {
        this.t = t;
        this.control = control;
    }

    /** The algorithm. */
    public CongestionControl control() {
        return control;
    }

    /** Another algorithm from now on. */
    public void control(CongestionControl other, long now) {
        nowNs = now;
        control = other;
        other.start(this);
    }

    /**
     * The connection is established: the initial window, smaller when our SYN was lost (RFC 6298 section 5.7, RFC 5681
     * section 3.1).
     */
    @Rfc(value = 6928, section = "2")
    public void established(boolean synWasRetransmitted, long now) {
        nowNs = now;
        int initcwnd = t.route == null ? 0 : t.route.metrics.initcwnd();
        cwnd = control.initialCwnd(synWasRetransmitted ? 1 : initcwnd > 0 ? initcwnd : INITIAL_CWND);
        cwndUsageSeq = t.snd.una;
        cwndStampNs = now;
        deliveredNs = now;
        boolean keep = t.host.settings().text(Setting.TCP_CWND_VALIDATION).equals("rfc7661")
                && !control.controlsRecovery();
        pipeAck = keep ? new PipeAck(now) : null;
        control.start(this);
        t.pacing.update();
    }

    /** Whether a window that is not used is kept (RFC 7661). */
    public boolean keepsUnusedWindow() {
        return pipeAck != null;
    }

    /** For experiments and tests: sets window and threshold. */
    public void set(int cwndSegments, int ssthreshSegments) {
        cwnd = cwndSegments;
        ssthresh = ssthreshSegments;
    }

    // --- what recovery does ---

    /** Whether the window is being reduced by PRR. */
    boolean inReduction() {
        return t.recovery.state() == RecoveryState.CWR || t.recovery.state() == RecoveryState.RECOVERY;
    }

    /** Remembers what an undo would go back to. */
    void rememberSsthresh() {
        priorSsthresh = inReduction() ? ssthresh : currentSsthresh();
    }

    void forgetPriorSsthresh() {
        priorSsthresh = 0;
    }

    private int currentSsthresh() {
        if (inReduction()) {
            return ssthresh;
        }
        return Math.max(ssthresh, (cwnd >> 1) + (cwnd >> 2));
    }

    /** Starts a reduction of the window to what the algorithm says (PRR). */
    @Rfc(value = 6937, section = "3")
    void beginReduction(boolean becauseOfMarks, long now) {
        nowNs = now;
        forMarks = becauseOfMarks;
        priorCwnd = cwnd;
        prrDelivered = 0;
        prrOut = 0;
        ssthresh = control.ssthreshOnCongestion(this);
        PipeAck p = pipeAck;
        int used = p == null ? cwnd : p.onCongestion(cwnd, t.sent.packetsOut(), t.totalRetransmissions);
        if (used < cwnd) {
            priorCwnd = used;
            ssthresh = Math.max(used / 2, 2);
        }
    }

    /**
     * A retransmission timeout: threshold by the algorithm when this is a new episode, window to one more than is in
     * flight.
     */
    void timeout(boolean newEpisode, long now) {
        nowNs = now;
        if (newEpisode) {
            priorSsthresh = currentSsthresh();
            priorCwnd = cwnd;
            forMarks = false;
            ssthresh = control.ssthreshOnCongestion(this);
            control.onTimeout(this);
            if (pipeAck != null) {
                pipeAck.forget(delivered, now);
            }
        }
        t.ecn.reduced(); // in any case: the window collapses
    }

    void collapseAfterTimeout() {
        cwnd = inFlightSegments() + 1;
        cwndStampNs = nowNs;
    }

    /** PRR: how much may be sent for what this acknowledgment delivered. */
    void reduce(int newlyDelivered, int newlyLost, boolean unaAdvanced) {
        if (newlyDelivered <= 0 || priorCwnd == 0) {
            return;
        }
        prrDelivered += newlyDelivered;
        int inFlight = inFlightSegments();
        if (!control.proportionalReduction()) {
            // the fast retransmission goes in any case
            cwnd = prrOut == 0 ? Math.max(ssthresh, inFlight + 1) : ssthresh;
            return;
        }
        int delta = ssthresh - inFlight;
        int send;
        if (delta < 0) {
            send = (int) (((long) ssthresh * prrDelivered + priorCwnd - 1) / priorCwnd) - prrOut;
        } else {
            send = Math.max(prrDelivered - prrOut, newlyDelivered);
            if (unaAdvanced && newlyLost == 0) {
                send++;
            }
            send = Math.min(delta, send);
        }
        send = Math.max(send, prrOut == 0 ? 1 : 0);
        cwnd = Math.max(1, inFlight + send);
    }

    /** The reduction is over: the window is the threshold. */
    void endReduction(boolean hadLoss) {
        if (control.controlsRecovery()) {
            return;
        }
        if (ssthresh < CongestionControl.INFINITE_SSTHRESH && (t.recovery.state() == RecoveryState.CWR || hadLoss)) {
            cwnd = ssthresh;
            cwndStampNs = nowNs;
            PipeAck p = pipeAck;
            if (p != null) {
                int used = p.afterRecovery(t.totalRetransmissions);
                if (used > 0) {
                    cwnd = used;
                    ssthresh = Math.max(used, 2);
                }
                p.forget(delivered, nowNs);
            }
        }
    }

    /** The reduction was a mistake: window and threshold go back (RFC 4015). */
    @Rfc(value = 4015, section = "3")
    void undo(long now) {
        nowNs = now;
        if (priorSsthresh > 0) {
            cwnd = Math.min(control.undoCwnd(this), MAX_CWND);
            if (ssthresh < priorSsthresh) {
                ssthresh = priorSsthresh;
                t.ecn.takenBack();
            }
        }
        cwndStampNs = now;
    }

    // --- what happens ---

    /** An acknowledgment was processed: the window grows, or PRR goes on. */
    void acknowledged(boolean mayRaise, long now) {
        nowNs = now;
        PipeAck p = pipeAck;
        if (p != null && !inReduction() && t.recovery.state() != RecoveryState.LOSS) {
            p.onAck(delivered, t.rtt.srttUs() * 1000, cwnd, now);
        }
        control.onSample(this, sample);
        if (control.controlsRecovery()) {
            cwnd = clampWindow(control.onAck(this, sample));
        } else if (inReduction()) {
            reduce(sample.ackedSackedSegments, sample.lostSegments, sample.unaAdvanced);
        } else if (mayRaise) {
            ssthresh = control.ssthreshAfterAck(this);
            cwnd = clampWindow(control.onAck(this, sample));
            cwndStampNs = now;
        }
        t.pacing.update();
    }

    private static int clampWindow(int w) {
        return Math.max(1, Math.min(w, MAX_CWND));
    }

    /**
     * New data was handed to the network: whether cwnd is what holds back, and restart after idle when this is the
     * first.
     */
    public void validate(boolean limitedByCwnd, long now) {
        if (Seq.leq(cwndUsageSeq, t.snd.una) || limitedByCwnd || !cwndLimited && t.sent.packetsOut() > maxPacketsOut) {
            cwndLimited = limitedByCwnd;
            maxPacketsOut = t.sent.packetsOut();
            cwndUsageSeq = t.snd.nxt;
        }
        if (pipeAck != null) {
            shrinkUnused(pipeAck, now);
            return;
        }
        if (cwndLimited()) {
            cwndUsed = 0;
            cwndStampNs = now;
            return;
        }
        cwndUsed = Math.max(cwndUsed, t.sent.packetsOut());
        if (t.host.settings().get(Setting.TCP_SLOW_START_AFTER_IDLE) != 0 && now - cwndStampNs >= t.rtt.rtoNs()
                && !control.controlsRecovery()) {
            applicationLimited(now);
        }
    }

    /** The window was not used for five minutes, or for several times that. */
    @Rfc(value = 7661, section = "4.4.3")
    private void shrinkUnused(PipeAck p, long now) {
        while (p.periodOver(now)) {
            ssthresh = Math.max(ssthresh, cwnd * 3 / 4);
            cwnd = Math.max(cwnd / 2, Math.min(cwnd, INITIAL_CWND));
        }
    }

    /**
     * The application used less than the window for a whole RTO: the window shrinks half-way towards what was used (RFC
     * 2861).
     */
    private void applicationLimited(long now) {
        if (t.recovery.state() == RecoveryState.OPEN) {
            int used = Math.max(cwndUsed, INITIAL_CWND);
            if (used < cwnd) {
                ssthresh = currentSsthresh();
                cwnd = cwnd + used >> 1;
            }
            cwndUsed = 0;
        }
        cwndStampNs = now;
    }

    /**
     * Data is to be sent after {@code idleNs} without any: the window is halved for each RTO that passed, down to the
     * restart window.
     */
    @Rfc(value = 5681, section = "4.1")
    public void restartAfterIdle(long idleNs, long now) {
        nowNs = now;
        if (pipeAck != null) {
            pipeAck.idle(idleNs, t.rtt.srttUs() * 1000, now);
            shrinkUnused(pipeAck, now);
            return;
        }
        int restart = Math.min(INITIAL_CWND, cwnd);
        ssthresh = currentSsthresh();
        long left = idleNs - t.rtt.rtoNs();
        while (left > 0 && cwnd > restart) {
            cwnd >>= 1;
            left -= t.rtt.rtoNs();
        }
        cwnd = Math.max(cwnd, restart);
        cwndStampNs = now;
        cwndUsed = 0;
    }

    /** The first segment of a flight goes out. */
    public void transmitStart(long now) {
        nowNs = now;
        flightStartNs = now;
        deliveredNs = now;
        control.onTransmitStart(this);
    }

    // --- path MTU probes ---

    /** A probe went out, which takes the place of two segments. */
    public void mtuProbeSent() {
        cwnd = Math.max(1, cwnd - 1);
    }

    /** It was lost, alone: that is no congestion. */
    @Rfc(value = 4821, section = "7.6.2")
    public void mtuProbeLost() {
        cwnd++;
    }

    /**
     * It arrived: segments grow from packets of {@code before} bytes to {@code after}, and the window keeps its bytes.
     */
    public void mtuProbeArrived(int before, int after, long now) {
        cwnd = (int) Math.max(1, (long) cwnd * before / after);
        cwndStampNs = now;
        ssthresh = currentSsthresh();
    }

    /** Segments went out during a reduction. */
    public void sentDuringReduction(int segments) {
        if (inReduction()) {
            prrOut += segments;
        }
    }

    /** More lost segments. */
    void countLost(int segments) {
        lost += segments;
    }

    /**
     * Segments the peer has: counted as they are acknowledged or reported, and a SYN-ACK that was not in the send
     * queue.
     */
    public void countDelivered(int segments) {
        delivered += segments;
    }

    /** More segments that arrived with a CE mark. */
    public void countDeliveredCe(int segments) {
        deliveredCe += segments;
    }

    /**
     * Notes that the application had nothing more to send: samples until this flight is acknowledged say little about
     * the path.
     */
    public void noteApplicationLimited() {
        appLimitedUntil = delivered + inFlightSegments();
        if (appLimitedUntil == 0) {
            appLimitedUntil = 1;
        }
    }

    // --- delivery rate (draft-cheng-iccrg-delivery-rate-estimation), kept by Recovery ---

    long deliveredNs() {
        return deliveredNs;
    }

    void deliveredNs(long ns) {
        deliveredNs = ns;
    }

    /** Start of the present flight, for rate samples. */
    public long flightStartNs() {
        return flightStartNs;
    }

    void flightStartNs(long ns) {
        flightStartNs = ns;
    }

    long appLimitedUntil() {
        return appLimitedUntil;
    }

    void clearAppLimited() {
        appLimitedUntil = 0;
    }

    void rate(long segments, long intervalUs) {
        rateDelivered = segments;
        rateIntervalUs = intervalUs;
    }

    // --- view ---

    @Override
    public int cwndSegments() {
        return cwnd;
    }

    @Override
    public int ssthreshSegments() {
        return ssthresh;
    }

    @Override
    public int inFlightSegments() {
        return t.sent.inFlight();
    }

    @Override
    public int packetsOut() {
        return t.sent.packetsOut();
    }

    @Override
    public boolean cwndLimited() {
        if (pipeAck != null) {
            return cwndLimited || pipeAck.isValidated();
        }
        return cwndLimited || inSlowStart() && cwnd < 2 * maxPacketsOut;
    }

    @Override
    public int mssBytes() {
        return t.sendMss;
    }

    @Override
    public long srttUs() {
        return t.rtt.srttUs();
    }

    @Override
    public long minRttUs() {
        return t.rtt.minRttUs();
    }

    @Override
    public int priorCwndSegments() {
        return priorCwnd;
    }

    @Override
    public int sndUna() {
        return t.snd.una;
    }

    @Override
    public int sndNxt() {
        return t.snd.nxt;
    }

    @Override
    public long deliveredSegments() {
        return delivered;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    @Rfc(value = 8511, section = "3")
    public boolean alternativeBackoff() {
        return forMarks && !inSlowStart() && t.host.settings().isOn(Setting.TCP_ABE);
    }

    @Override
    public CongestionPhase phase() {
        return switch (t.recovery.state()) {
            case RECOVERY -> CongestionPhase.RECOVERY;
            case LOSS -> CongestionPhase.LOSS;
            default -> CongestionPhase.OPEN;
        };
    }

    @Override
    public boolean reducingForMarks() {
        return forMarks;
    }

    @Override
    public long lostSegments() {
        return lost;
    }

    /** Segments delivered with CE. */
    public long deliveredCeSegments() {
        return deliveredCe;
    }

    /** Whether samples are application-limited now. */
    public boolean isAppLimited() {
        return appLimitedUntil > 0;
    }

    /** Whether the window is larger than what was used lately (RFC 7661). */
    public boolean usesUnvalidatedWindow() {
        return pipeAck != null && !pipeAck.isValidated();
    }

    /** Delivery rate of the last good sample, bytes per second. */
    public long deliveryRate() {
        return rateIntervalUs <= 0 ? 0 : rateDelivered * t.sendMss * 1_000_000 / rateIntervalUs;
    }
}
