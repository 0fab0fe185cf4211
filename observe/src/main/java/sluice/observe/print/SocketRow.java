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
 * @param localPort our port
 * @param remote the peer; null when there is none
 * @param remotePort the peer's port; 0 when there is none
 * @param timer name of the timer that runs out first, as ss calls it ("on", "keepalive", "timewait", "persist"); null
 * when none runs
 * @param timerMs milliseconds until then
 * @param timerCount retransmissions or unanswered probes so far
 * @param info a connection's numbers; null for other endpoints
 */
public record SocketRow(String protocol, @Nullable TcpState state, long receiveQueue, long sendQueue, IpAddress local,
        int localPort,
        @Nullable IpAddress remote,
        int remotePort, @Nullable String timer, long timerMs, int timerCount, @Nullable TcpInfo info) {
    /** "10.0.0.1:80", "[fd99::2]:80", "0.0.0.0:80". */
    static String endpoint(@Nullable IpAddress address, int port, boolean v4, boolean brackets) {
        IpAddress a = address != null ? address : v4 ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
        String p = port == 0 ? "*" : Integer.toString(port);
        return a.isV4() || !brackets ? a + ":" + p : "[" + a + "]:" + p;
    }

    String localText(boolean brackets) {
        return endpoint(local, localPort, local.isV4(), brackets);
    }

    String remoteText(boolean brackets) {
        return endpoint(remote, remotePort, local.isV4(), brackets);
    }
}
