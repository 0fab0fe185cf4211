package sluice.core.tcp.fastopen;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Setting;

/**
 * Middleboxes that let a Fast Open handshake pass and swallow what follows: after a sign of one, no active open uses
 * Fast Open for net.ipv4.tcp_fastopen_blackhole_timeout_sec, twice as long after each further sign, up to 64 times. 0,
 * the default, switches this off.
 */
@Rfc(value = 7413, section = "7.1")
public final class FastOpenBlackHole {
    private static final int MAX_DOUBLINGS = 6;
    private static final long SECOND = 1_000_000_000L;
    private final HostContext host;
    private int times;
    private long sinceNs;

    FastOpenBlackHole(HostContext host) {
        this.host = host;
    }

    private long timeoutSeconds() {
        return host.settings().get(Setting.TCP_FASTOPEN_BLACKHOLE_TIMEOUT_SEC);
    }

    /** A connection shows signs of one. */
    public void suspected(long nowNs) {
        if (timeoutSeconds() == 0) {
            return;
        }
        times++;
        sinceNs = nowNs;
        host.counters().increment(Counter.TcpExtTCPFastOpenBlackhole);
    }

    /** Whether Fast Open rests now. */
    public boolean resting(long nowNs) {
        return times > 0 && timeoutSeconds() > 0
                && nowNs - sinceNs < timeoutSeconds() * SECOND << Math.min(times - 1, MAX_DOUBLINGS);
    }

    /** Whether there were signs, so that a connection that works means something. */
    public boolean remembered() {
        return times > 0 && timeoutSeconds() > 0;
    }

    /** A connection worked. */
    public void cleared() {
        times = 0;
    }
}
