package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.core.Host;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.IpAddress;

/**
 * The endpoints of a host in the manner of /proc/net/tcp: addresses and ports in hexadecimal, the state as a number.
 */
final class ProcNetTcp {
    private ProcNetTcp() {}

    static List<String> lines(Host host) {
        List<String> lines = new ArrayList<>();
        host.tcp().forEachEndpoint(e -> lines.add(line(lines.size(), e)));
        return lines;
    }

    private static String line(int number, Endpoint e) {
        return String.format(Locale.ROOT, "%4d: %s:%04X %s:%04X %02X ", number, address(e.localAddress()),
                e.localPort(), address(e.remoteAddress()),
                e.remotePort(),
                state(e.state()));
    }

    private static String address(@org.jspecify.annotations.Nullable IpAddress a) {
        if (a == null || a.isV4()) {
            return String.format(Locale.ROOT, "%08X", a == null ? 0 : Integer.reverseBytes(a.v4Bits()));
        }
        return String.format(Locale.ROOT, "%016X%016X", a.high(), a.low());
    }

    private static int state(TcpState s) {
        return InfoVariables.state(s);
    }
}
