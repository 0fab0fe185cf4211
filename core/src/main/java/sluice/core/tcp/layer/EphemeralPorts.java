package sluice.core.tcp.layer;

import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/**
 * Chooses local ports as Linux does: an active open starts at a keyed hash of its two addresses and the remote port,
 * and where it starts moves on by one of many counters that the same hash picks (RFC 6056's double hash). So what is
 * opened to one peer moves no port of another, and successive ports to the same destination do not meet each other
 * soon.
 *
 * <p>Opens take ports of the parity of the range's first, binding to port 0 those of the other, until there are none
 * left: neither uses up what the other wants.
 */
@Rfc(value = 6056, section = "3.3.4")
final class EphemeralPorts {
    /**
     * Counters, a power of two; with few of them an outsider finds two destinations that share one (CVE-2022-32296).
     */
    static final int COUNTERS = 1 << 16;
    /** Places that an open may leave out. */
    private static final int MOST_SKIPPED = 8;

    private final Entropy entropy;
    private final SipHash hash;
    private int @Nullable [] counters;

    /** Whether a port may be used. */
    interface Check {
        boolean usable(int port);
    }

    EphemeralPorts(Entropy entropy) {
        this.entropy = entropy;
        hash = new SipHash(entropy);
    }

    /**
     * A port of net.ipv4.ip_local_port_range for a connection to {@code remote}, for which {@code check} holds; 0 when
     * there is none.
     */
    int forOpen(Settings settings, IpAddress local, IpAddress remote, int remotePort, Check check) {
        long h = hash.hash(local.high(), local.low(), remote.high(), remote.low(), remotePort);
        int[] table = counters();
        int which = (int) h & (COUNTERS - 1);
        int places = places(settings);
        int first = (int) (((h >>> 32) + (table[which] & 0xffff_ffffL)) % places) & -2;
        int at = search(settings, first, check);
        if (at < 0) {
            return 0;
        }
        int passed = Math.floorMod(at - first, places) & -2;
        table[which] += Math.max(passed, 2 * entropy.nextInt(MOST_SKIPPED)) + 2;
        return low(settings) + at;
    }

    /** A port of the range, anywhere in it, for a socket that has no destination yet; 0 when there is none. */
    @Rfc(value = 6056, section = "3.3.1")
    int forBind(Settings settings, Check check) {
        int at = search(settings, entropy.nextInt(places(settings)) | 1, check);
        return at < 0 ? 0 : low(settings) + at;
    }

    /** The first usable place, in steps of two from {@code first} and round, then among the others; -1 for none. */
    private static int search(Settings settings, int first, Check check) {
        int low = low(settings);
        int high = (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 1);
        int places = places(settings);
        for (int parity = 0; parity < 2; parity++) {
            for (int i = 0; i < places; i += 2) {
                int at = ((first ^ parity) + i) % places;
                int port = low + at;
                if (port <= high && !settings.isReservedPort(port) && check.usable(port)) {
                    return at;
                }
            }
        }
        return -1;
    }

    private static int low(Settings settings) {
        return (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 0);
    }

    /** Ports of the range, rounded up to a whole pair. */
    private static int places(Settings settings) {
        int count = (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 1) - low(settings) + 1;
        return count + (count & 1);
    }

    /** 256 KiB, which a host that opens nothing does not need. */
    private int[] counters() {
        int[] table = counters;
        if (table == null) {
            table = new int[COUNTERS];
            counters = table;
        }
        return table;
    }
}
