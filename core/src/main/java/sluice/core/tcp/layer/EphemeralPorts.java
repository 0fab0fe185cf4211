package sluice.core.tcp.layer;

import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/**
 * Chooses the local port of an active open: a keyed hash of the destination gives the start, a counter moves on, so
 * that successive ports tell outsiders nothing.
 */
@Rfc(value = 6056, section = "3.3.3")
final class EphemeralPorts {
    private final SipHash hash;
    private int next;

    /** Whether a port may be used. */
    interface Check {
        boolean usable(int port);
    }

    EphemeralPorts(Entropy entropy) {
        hash = new SipHash(entropy);
        next = entropy.nextInt(1 << 16);
    }

    /** A port of net.ipv4.ip_local_port_range for which {@code check} holds; 0 when there is none. */
    int choose(Settings settings, IpAddress local, IpAddress remote, int remotePort, Check check) {
        int low = (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 0);
        int high = (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 1);
        int count = high - low + 1;
        int offset = (int) hash.hash(local.high(), local.low(), remote.high(), remote.low(), remotePort) >>> 1;
        int start = (int) ((offset + (long) (next & 0xffffff)) % count);
        for (int i = 0; i < count; i++) {
            int port = low + (start + i) % count;
            if (!settings.isReservedPort(port) && check.usable(port)) {
                next += i + 1;
                return port;
            }
        }
        return 0;
    }
}
