package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * Linux's way (RFC 2861): a window that is not used shrinks half-way towards what was, once a timeout, and halves for
 * each timeout of a pause.
 */
final class Rfc2861Validation implements CwndValidation {
    private final Sender sender;
    private int used;
    /** When the window was used or set last, nanoseconds. */
    private long stampNs;

    Rfc2861Validation(Sender sender) {
        this.sender = sender;
    }

    @Override
    public boolean keepsUnusedWindow() {
        return false;
    }

    @Override
    public boolean usesUnvalidatedWindow() {
        return false;
    }

    @Override
    public boolean used(CwndUsage usage, int cwnd, boolean inSlowStart) {
        return usage.limited() || inSlowStart && cwnd < 2 * usage.maxPacketsOut();
    }

    @Override
    public void onAck(CongestionWindow w, long delivered, long nowNs) {}

    @Override
    public void onSent(CongestionWindow w, boolean allUsed, long nowNs) {
        if (allUsed) {
            used = 0;
            stampNs = nowNs;
            return;
        }
        used = Math.max(used, sender.packetsOut());
        if (sender.shrinksUnused() && nowNs - stampNs >= sender.rtoNs()) {
            applicationLimited(w, nowNs);
        }
    }

    /** The application used less than the window for a whole RTO. */
    private void applicationLimited(CongestionWindow w, long nowNs) {
        if (sender.isUntroubled()) {
            int most = Math.max(used, Congestion.INITIAL_CWND);
            if (most < w.cwndSegments) {
                w.ssthreshSegments = sender.worthKeeping();
                w.cwndSegments = w.cwndSegments + most >> 1;
            }
            used = 0;
        }
        stampNs = nowNs;
    }

    /** The window is halved for each RTO that passed, down to the restart window. */
    @Override
    @Rfc(value = 5681, section = "4.1")
    public void onIdle(CongestionWindow w, long idleNs, long nowNs) {
        int restart = Math.min(Congestion.INITIAL_CWND, w.cwndSegments);
        w.ssthreshSegments = sender.worthKeeping();
        long left = idleNs - sender.rtoNs();
        while (left > 0 && w.cwndSegments > restart) {
            w.cwndSegments >>= 1;
            left -= sender.rtoNs();
        }
        w.cwndSegments = Math.max(w.cwndSegments, restart);
        stampNs = nowNs;
        used = 0;
    }

    @Override
    public int onCongestion(int cwnd) {
        return cwnd;
    }

    @Override
    public void afterReduction(CongestionWindow w, long delivered, long nowNs) {
        stampNs = nowNs;
    }

    @Override
    public void onTimeout(long delivered, long nowNs) {}

    @Override
    public void windowSet(long nowNs) {
        stampNs = nowNs;
    }
}
