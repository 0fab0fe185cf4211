package sluice.core.tcp.timer;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.segment.TcpState;

/** Probes an idle peer when the application asked for it, and gives up after a number of probes without an answer. */
@Rfc(value = 9293, section = "3.8.4",
        req = {"MUST-24", "MUST-25", "MUST-26", "MUST-27", "MUST-28", "MUST-29", "SHLD-12", "MAY-5"})
public final class Keepalive {
    private static final long SECOND = 1_000_000_000L;

    private Keepalive() {}

    private static long idleNs(Tcb t) {
        return (t.options.keepIdleSeconds > 0 ? t.options.keepIdleSeconds
                : t.host.settings().get(Setting.TCP_KEEPALIVE_TIME)) * SECOND;
    }

    private static long intervalNs(Tcb t) {
        return (t.options.keepIntervalSeconds > 0 ? t.options.keepIntervalSeconds
                : t.host.settings().get(Setting.TCP_KEEPALIVE_INTVL)) * SECOND;
    }

    private static long count(Tcb t) {
        return t.options.keepCount > 0 ? t.options.keepCount : t.host.settings().get(Setting.TCP_KEEPALIVE_PROBES);
    }

    /** Starts or stops the timer after the option changed or the connection was established. */
    public static void update(Tcb t, long nowNs) {
        boolean wanted = t.options.keepAlive && t.state().synchronizedState() && t.state() != TcpState.TIME_WAIT;
        if (!wanted) {
            t.timers.clear(TimerKind.KEEPALIVE);
            t.probes.keepalive = 0;
        } else {
            t.timers.set(TimerKind.KEEPALIVE, Math.max(nowNs, t.lastReceivedNs + idleNs(t)));
        }
    }

    static void onTimeout(Tcb t, long nowNs) {
        if (!t.options.keepAlive || t.state() == TcpState.SYN_SENT) {
            return;
        }
        long idle = idleNs(t);
        if (!t.sent.isEmpty() || t.hasUnsent()) {
            t.timers.set(TimerKind.KEEPALIVE, nowNs + idle);
            return;
        }
        long silent = nowNs - t.lastReceivedNs;
        if (silent < idle) {
            t.probes.keepalive = 0;
            t.timers.set(TimerKind.KEEPALIVE, t.lastReceivedNs + idle);
            return;
        }
        boolean dead = t.userTimeout.ms() > 0 ? t.userTimeout.isOver(t.lastReceivedNs, nowNs) && t.probes.keepalive > 0
                : t.probes.keepalive >= count(t);
        if (dead) {
            Timeouts.abandonWithReset(t, nowNs);
            return;
        }
        t.probes.keepalive++;
        t.count(Counter.TcpExtTCPKeepAlive);
        t.probes.now = true;
        t.timers.set(TimerKind.KEEPALIVE, nowNs + intervalNs(t));
        t.wantOutput();
    }
}
