package sluice.observe.print;

import org.jspecify.annotations.Nullable;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpInfo;
import sluice.wire.IpAddress;

/**
 * One endpoint as the socket tables show it.
 *
 * @param protocol "tcp" or "udp"
 * @param state TCP's state; null for UDP
 * @param receiveQueue bytes to be read; for a listener the connections that wait for accept
 * @param sendQueue bytes not acknowledged yet; for a listener its backlog
 * @param local our address
 * @param dualStack whether it takes IPv4 too though its address is ::
 * @param localPort our port
 * @param remote the peer; null when there is none
 * @param remotePort the peer's port; 0 when there is none
 * @param timer name of the timer that runs out first, as ss calls it ("on", "keepalive", "timewait", "persist"); null
 * when none runs
 * @param timerMs milliseconds until then
 * @param timerCount retransmissions or unanswered probes so far
 * @param info a connection's numbers; null for other endpoints
 * @param owner who opened or accepted it; "" when that is not known
 */
public record SocketRow(String protocol, @Nullable TcpState state, long receiveQueue, long sendQueue, IpAddress local,
        boolean dualStack, int localPort,
        @Nullable IpAddress remote,
        int remotePort, @Nullable String timer, long timerMs, int timerCount, @Nullable TcpInfo info,
        String owner) {
    /** "10.0.0.1:80", "[fd99::2]:80", "0.0.0.0:80"; "*:80" with brackets for both families. */
    private String endpoint(@Nullable IpAddress address, int port, boolean brackets) {
        IpAddress a = address != null ? address : local.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
        String p = port == 0 ? "*" : Integer.toString(port);
        if (brackets && dualStack && a.isAny()) {
            return "*:" + p;
        }
        return a.isV4() || !brackets ? a + ":" + p : "[" + a + "]:" + p;
    }

    String localText(boolean brackets) {
        return endpoint(local, localPort, brackets);
    }

    String remoteText(boolean brackets) {
        return endpoint(remote, remotePort, brackets);
    }
}
