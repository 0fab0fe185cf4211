package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * RFC 7661: a window that the application does not use is kept for five minutes instead of shrinking, grows only while
 * it is used up, and on congestion falls to half of what was really used. Offered by
 * {@code sluice.tcp_cwnd_validation=rfc7661}. {@link PipeAck} measures what was used.
 */
@Rfc(value = 7661, section = "4")
final class Rfc7661Validation implements CwndValidation {
    private final Sender sender;
    private final PipeAck pipeAck;

    Rfc7661Validation(Sender sender, long nowNs) {
        this.sender = sender;
        pipeAck = new PipeAck(nowNs);
    }

    @Override
    public boolean keepsUnusedWindow() {
        return true;
    }

    @Override
    public boolean usesUnvalidatedWindow() {
        return !pipeAck.isValidated();
    }

    @Override
    public boolean used(CwndUsage usage, int cwnd, boolean inSlowStart) {
        return usage.limited() || pipeAck.isValidated();
    }

    @Override
    public void onAck(CongestionWindow w, long delivered, long nowNs) {
        pipeAck.onAck(delivered, sender.srttUs() * 1000, w.cwndSegments, nowNs);
    }

    /** The window was not used for five minutes, or for several times that. */
    @Override
    @Rfc(value = 7661, section = "4.4.3")
    public void onSent(CongestionWindow w, boolean used, long nowNs) {
        while (pipeAck.periodOver(nowNs)) {
            w.ssthreshSegments = Math.max(w.ssthreshSegments, w.cwndSegments * 3 / 4);
            w.cwndSegments = Math.max(w.cwndSegments / 2, Math.min(w.cwndSegments, Congestion.INITIAL_CWND));
        }
    }

    @Override
    public void onIdle(CongestionWindow w, long idleNs, long nowNs) {
        pipeAck.idle(idleNs, sender.srttUs() * 1000, nowNs);
        onSent(w, false, nowNs);
    }

    @Override
    public int onCongestion(int cwnd) {
        return pipeAck.onCongestion(cwnd, sender.packetsOut(), sender.retransmissions());
    }

    @Override
    public void afterReduction(CongestionWindow w, long delivered, long nowNs) {
        int window = pipeAck.afterRecovery(sender.retransmissions());
        if (window > 0) {
            w.cwndSegments = window;
            w.ssthreshSegments = Math.max(window, 2);
        }
        pipeAck.forget(delivered, nowNs);
    }

    @Override
    public void onTimeout(long delivered, long nowNs) {
        pipeAck.forget(delivered, nowNs);
    }

    @Override
    public void windowSet(long nowNs) {}
}
