package sluice.core.tcp.congestion;

import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;

/**
 * Segments spread over time at a rate: the congestion control's, or Linux's multiple of the window by the round trip,
 * which only sizes super-segments (tcp_update_pacing_rate).
 *
 * <p>What was lost by coming late is made good: all of it, up to 10 ms, when pacing alone held the sender back, since
 * then it was woken late; else up to half of the distance, as on Linux, whose timers are not as late as a program's.
 */
public final class Pacing {
    private static final long MAX_LATE_NS = 10_000_000;

    private final StateVariables t;
    private final Congestion congestion;
    private long rate;
    private long nextSendNs = Time.NEVER;
    private boolean heldBack;

    /** No rate yet. */
    public Pacing(StateVariables t, Congestion congestion) {
        this.t = t;
        this.congestion = congestion;
    }

    /** Bytes per second; 0 before the first round trip. */
    public long rate() {
        return rate;
    }

    /** Window, round trip or the congestion control's mind has changed. */
    public void update() {
        rate = congestion.control().pacingRateBytesPerSecond(congestion);
        if (rate == 0) {
            long srtt8 = t.rtt.srtt8Us();
            int cwnd = congestion.cwndSegments();
            int percent = (int) t.host.settings().get(cwnd < congestion.ssthreshSegments() / 2
                    ? Setting.TCP_PACING_SS_RATIO : Setting.TCP_PACING_CA_RATIO);
            long w = Math.max(cwnd, t.sent.packetsOut());
            rate = srtt8 == 0 ? 0 : (long) (w * (double) t.sendMss * 8e6 / srtt8 * percent / 100);
        }
        long most = t.options.maxPacingRate;
        if (most > 0) {
            rate = rate == 0 ? most : Math.min(rate, most);
        }
    }

    /**
     * Whether segments are really held back: the congestion control or the application has a rate, or a window is used
     * again that was not validated (RFC 7661 section 4.4.2).
     */
    private boolean isOn() {
        return congestion.control().pacingRateBytesPerSecond(congestion) > 0 || t.options.maxPacingRate > 0
                || congestion.usesUnvalidatedWindow() && rate > 0;
    }

    /** Whether it is too early for more data. */
    public boolean mustWait(long nowNs) {
        long at = t.timers.deadlineNs(TimerKind.PACING);
        boolean wait = at != Time.NEVER && at > nowNs && isOn();
        if (wait && t.sent.inFlight() < congestion.cwndSegments() && (t.hasUnsent() || t.sent.lostOut() > 0)) {
            heldBack = true;
        }
        return wait;
    }

    /** Something else than pacing holds data back. */
    public void notTheReason() {
        heldBack = false;
    }

    /** So many bytes of data were sent. */
    public void sent(int bytes, long nowNs) {
        if (!isOn()) {
            return;
        }
        long distance = rate <= 0 ? 0 : bytes * 1_000_000_000L / rate;
        long late = nowNs - nextSendNs;
        if (nextSendNs != Time.NEVER && late > 0) {
            distance -= Math.min(late, heldBack ? MAX_LATE_NS : distance / 2);
        }
        heldBack &= distance <= 0;
        nextSendNs = nowNs + distance;
        t.timers.set(TimerKind.PACING, nextSendNs);
    }
}
