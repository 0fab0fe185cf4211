package sluice.core.tcp.congestion;

import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.Ecn;

/**
 * The congestion window of one connection, and who moves it when: the algorithm outside recovery, {@link Prr} inside,
 * {@link CwndValidation} when the application sends little, an undo. Windows in segments, as on Linux.
 */
@Rfc(value = 5681, section = "3")
public final class Congestion implements CongestionView, CwndValidation.Sender {
    /** Initial window, segments (RFC 6928). */
    public static final int INITIAL_CWND = 10;
    private static final int MAX_CWND = 1 << 22;

    private final StateVariables t;
    private final Ecn ecn;
    private RecoveryState state = RecoveryState.OPEN;
    private CongestionControl control;
    private final CongestionWindow window = new CongestionWindow(INITIAL_CWND);
    private final CongestionWindow answer;
    private final Prr prr = new Prr();
    private final CwndUsage usage = new CwndUsage();
    private CwndValidation validation;
    // what an undo goes back to
    private int priorCwnd;
    private int priorSsthresh;
    private long nowNs;

    /** The sample of the acknowledgment being processed. */
    public final RateSample sample;
    /** What was delivered, and how fast. */
    public final DeliveryRate delivery;

    /** A connection that has not sent yet. */
    public Congestion(StateVariables t, Ecn ecn, CongestionControl control, AckWorkspace workspace) {
        this.t = t;
        this.ecn = ecn;
        this.control = control;
        sample = workspace.sample;
        answer = workspace.answer;
        validation = new Rfc2861Validation(this);
        delivery = new DeliveryRate(t, sample);
    }

    /** The state of recovery (tcp_ca_state): the episode of recovery changes it. */
    public RecoveryState state() {
        return state;
    }

    public void enter(RecoveryState next) {
        state = next;
    }

    /** The algorithm. */
    public CongestionControl control() {
        return control;
    }

    /** Another algorithm from now on. */
    public void control(CongestionControl other, long now) {
        at(now);
        control = other;
        other.onStart(this);
    }

    /**
     * The connection is established: the initial window, smaller when our SYN was lost (RFC 6298 section 5.7, RFC 5681
     * section 3.1).
     */
    @Rfc(value = 6928, section = "2")
    public void established(boolean synWasRetransmitted, long now) {
        at(now);
        int initcwnd = t.route == null ? 0 : t.route.metrics.initcwnd();
        window.cwndSegments = control.initialCwnd(synWasRetransmitted ? 1 : initcwnd > 0 ? initcwnd : INITIAL_CWND);
        usage.begin(t.snd.una);
        delivery.begin(now);
        boolean keep = t.host.settings().text(Setting.TCP_CWND_VALIDATION).equals("rfc7661")
                && !control.controlsRecovery();
        validation = keep ? new Rfc7661Validation(this, now) : new Rfc2861Validation(this);
        validation.windowSet(now);
        control.onStart(this);
    }

    private void at(long now) {
        nowNs = now;
    }

    /** Whether a window that is not used is kept (RFC 7661). */
    public boolean keepsUnusedWindow() {
        return validation.keepsUnusedWindow();
    }

    /** Whether the window is larger than what was used lately (RFC 7661). */
    public boolean usesUnvalidatedWindow() {
        return validation.usesUnvalidatedWindow();
    }

    /** For experiments and tests: sets window and threshold. */
    public void set(int cwndSegments, int ssthreshSegments) {
        window.cwndSegments = cwndSegments;
        window.ssthreshSegments = ssthreshSegments;
    }

    // --- acknowledgments ---

    /**
     * An acknowledgment was processed, and {@link #sample} is complete: the algorithm hears of it, once; then the
     * window is what it answers, or what PRR allows while it is reduced.
     */
    public void onAck(long now) {
        at(now);
        if (!inReduction() && state != RecoveryState.LOSS) {
            validation.onAck(window, delivery.deliveredSegments(), now);
        }
        answer.set(window);
        control.onAck(this, sample, answer);
        if (control.controlsRecovery()) {
            window.cwndSegments = clamp(answer.cwndSegments);
        } else if (inReduction()) {
            reduce(sample.ackedSackedSegments, sample.lostSegments, sample.unaAdvanced);
        } else if (sample.mayGrow) {
            window.ssthreshSegments = answer.ssthreshSegments;
            window.cwndSegments = clamp(answer.cwndSegments);
            validation.windowSet(now);
        }
    }

    private static int clamp(int cwnd) {
        return Math.max(1, Math.min(cwnd, MAX_CWND));
    }

    // --- reductions ---

    /** Whether the window is being reduced by PRR. */
    public boolean inReduction() {
        return state == RecoveryState.CWR || state == RecoveryState.RECOVERY;
    }

    /** Starts a reduction of the window to what the algorithm says. */
    public void beginReduction(CongestionSignal signal, long now) {
        at(now);
        priorCwnd = window.cwndSegments;
        window.ssthreshSegments = control.onCongestion(this, signal);
        int used = validation.onCongestion(window.cwndSegments);
        if (used < window.cwndSegments) {
            priorCwnd = used;
            window.ssthreshSegments = Math.max(used / 2, 2);
        }
        prr.begin(priorCwnd);
    }

    /** Segments went out. */
    public void sentDuringReduction(int segments) {
        if (inReduction()) {
            prr.sent(segments);
        }
    }

    /** The window while it is reduced, after an acknowledgment that delivered so much. */
    public void reduce(int newlyDelivered, int newlyLost, boolean unaAdvanced) {
        if (!prr.counts(newlyDelivered)) {
            return;
        }
        int inFlight = inFlightSegments();
        int ssthresh = window.ssthreshSegments;
        if (control.proportionalReduction()) {
            boolean safeAck = unaAdvanced && newlyLost == 0;
            window.cwndSegments = prr.onAck(newlyDelivered, safeAck, inFlight, ssthresh);
        } else { // the threshold at once; only the fast retransmission goes in any case
            window.cwndSegments = prr.nothingSent() ? Math.max(ssthresh, inFlight + 1) : ssthresh;
        }
    }

    /** The reduction is over: the window is the threshold. */
    public void endReduction(boolean hadLoss, long now) {
        at(now);
        if (control.controlsRecovery()) {
            return;
        }
        if (window.ssthreshSegments < CongestionControl.INFINITE_SSTHRESH
                && (state == RecoveryState.CWR || hadLoss)) {
            window.cwndSegments = window.ssthreshSegments;
            validation.afterReduction(window, delivery.deliveredSegments(), now);
        }
    }

    /** A retransmission timeout: threshold by the algorithm when this is a new episode. */
    public void timeout(boolean newEpisode, long now) {
        at(now);
        if (newEpisode) {
            priorSsthresh = worthKeeping();
            priorCwnd = window.cwndSegments;
            window.ssthreshSegments = control.onCongestion(this, CongestionSignal.TIMEOUT);
            validation.onTimeout(delivery.deliveredSegments(), now);
        }
        ecn.reduced(); // in any case: the window collapses
    }

    /** What was in flight at the timeout is lost: one segment more than what is left goes. */
    public void collapseAfterTimeout() {
        window.cwndSegments = inFlightSegments() + 1;
        validation.windowSet(nowNs);
    }

    // --- undo ---

    /** Remembers what an undo would go back to. */
    public void rememberSsthresh() {
        priorSsthresh = worthKeeping();
    }

    public void forgetPriorSsthresh() {
        priorSsthresh = 0;
    }

    /** The threshold when the window is given up now: three quarters of it, unless it is being reduced already. */
    @Override
    public int worthKeeping() {
        int cwnd = window.cwndSegments;
        return inReduction() ? window.ssthreshSegments
                : Math.max(window.ssthreshSegments, (cwnd >> 1) + (cwnd >> 2));
    }

    /** The reduction was a mistake: window and threshold go back (RFC 4015). */
    @Rfc(value = 4015, section = "3")
    public void undo(long now) {
        at(now);
        if (priorSsthresh > 0) {
            window.cwndSegments = Math.min(control.onUndo(this), MAX_CWND);
            if (window.ssthreshSegments < priorSsthresh) {
                window.ssthreshSegments = priorSsthresh;
                ecn.takenBack();
            }
        }
        validation.windowSet(now);
    }

    // --- sending ---

    /** New data is about to be sent, the first of a flight when nothing is outstanding. */
    public void onSent(long now) {
        nowNs = now;
        if (t.sent.isEmpty()) {
            delivery.flightStarts(now);
        }
        control.onSent(this);
    }

    /** New data was handed to the network, or cwnd held it back. */
    public void validate(boolean limitedByCwnd, long now) {
        usage.onSent(limitedByCwnd, t.sent.packetsOut(), t.snd.una, t.snd.nxt);
        validation.onSent(window, cwndLimited(), now);
    }

    /** Data is to be sent after {@code idleNs} without any. */
    public void restartAfterIdle(long idleNs, long now) {
        at(now);
        validation.onIdle(window, idleNs, now);
    }

    // --- what validation sees ---

    @Override
    public boolean isUntroubled() {
        return state == RecoveryState.OPEN;
    }

    @Override
    public boolean shrinksUnused() {
        return t.host.settings().get(Setting.TCP_SLOW_START_AFTER_IDLE) != 0 && !control.controlsRecovery();
    }

    @Override
    public long retransmissions() {
        return t.totals.retransmissions;
    }

    @Override
    public long rtoNs() {
        return t.rtt.rtoNs();
    }

    // --- path MTU probes ---

    /** A probe went out, which takes the place of two segments. */
    public void mtuProbeSent() {
        window.cwndSegments = Math.max(1, window.cwndSegments - 1);
    }

    /** It was lost, alone: that is no congestion. */
    @Rfc(value = 4821, section = "7.6.2")
    public void mtuProbeLost() {
        window.cwndSegments++;
    }

    /**
     * It arrived: segments grow from packets of {@code before} bytes to {@code after}, and the window keeps its bytes.
     */
    public void mtuProbeArrived(int before, int after, long now) {
        window.cwndSegments = (int) Math.max(1, (long) window.cwndSegments * before / after);
        validation.windowSet(now);
        window.ssthreshSegments = worthKeeping();
    }

    // --- view ---

    @Override
    public int cwndSegments() {
        return window.cwndSegments;
    }

    @Override
    public int ssthreshSegments() {
        return window.ssthreshSegments;
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
    public boolean cwndLimited(boolean inSlowStart) {
        return validation.used(usage, window.cwndSegments, inSlowStart);
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
        return delivery.deliveredSegments();
    }

    @Override
    public long lostSegments() {
        return delivery.lostSegments();
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    @Rfc(value = 8511, section = "3")
    public boolean alternativeBackoff() {
        return !inSlowStart() && t.host.settings().isOn(Setting.TCP_ABE);
    }

    @Override
    public CongestionPhase phase() {
        return switch (state) {
            case RECOVERY -> CongestionPhase.RECOVERY;
            case LOSS -> CongestionPhase.LOSS;
            default -> CongestionPhase.OPEN;
        };
    }
}
