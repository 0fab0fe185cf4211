package sluice.core.tcp.timer;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.data.TimerKind;

/**
 * Data waits behind a closed window: asks the peer whether it opened, ever more rarely, and never gives up on a peer
 * that answers while the application has the connection. One that it has let go of ends when the interval is as long as
 * it gets, or its peer could hold it for ever.
 */
@Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-36", "MUST-37", "SHLD-29", "SHLD-30"})
final class PersistTimeout {
    private PersistTimeout() {}

    static void run(Tcb t, long nowNs) {
        if (!t.sent.isEmpty() || !t.hasUnsent()) {
            t.probes.endOfProbing();
            return;
        }
        if (t.probes.sinceNs == Time.NEVER) {
            t.probes.sinceNs = nowNs;
        } else if (t.userTimeout.isOver(t.probes.sinceNs, nowNs)) {
            Timeouts.abandon(t, nowNs);
            return;
        }
        if (t.orphan && Closing.outOfResources(t, true, nowNs)) {
            return;
        }
        if (t.orphan ? orphanIsOver(t) : t.probes.out >= t.host.settings().get(Setting.TCP_RETRIES2)) {
            Timeouts.abandon(t, nowNs);
            return;
        }
        t.count(Counter.TcpExtTCPWinProbe);
        t.probes.out++;
        if (t.snd.wnd > 0 && t.unsentBytes() > 0) {
            t.probes.withNewData = true;
        } else {
            t.probes.now = true;
        }
        t.probes.backoff = (int) Math.min(t.probes.backoff + 1L, t.host.settings().get(Setting.TCP_RETRIES2));
        long interval = backedOff(t, Math.max(t.rtt.rtoNs(), t.rtt.rtoMinNs()));
        t.timers.set(TimerKind.PERSIST, nowNs + t.userTimeout.shorten(interval, t.probes.sinceNs, nowNs));
        t.wantOutput();
    }

    private static long backedOff(Tcb t, long ns) {
        return Math.min(ns << Math.min(t.probes.backoff, 30), t.rtt.rtoMaxNs());
    }

    /** As tcp_probe_timer of Linux. */
    private static boolean orphanIsOver(Tcb t) {
        boolean alive = backedOff(t, t.rtt.rtoNs()) < t.rtt.rtoMaxNs();
        long retries = Timeouts.orphanRetries(t, alive);
        return !alive && t.probes.backoff >= retries || t.probes.out >= retries;
    }
}
