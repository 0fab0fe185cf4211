package sluice.core.tcp.user;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.Listener;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.data.SocketOptions;
import sluice.wire.IpAddress;

/** A port in LISTEN as its application sees it. Only the thread inside the host may call it. */
@Rfc(value = 9293, section = "3.10.1")
public final class TcpListener extends Listener {
    /** Listens on {@code localAddress} and {@code localPort}. */
    public TcpListener(TcpContext tcp, SocketOptions options, IpAddress localAddress, int localPort, int backlog) {
        super(tcp, options, localAddress, localPort, backlog);
    }

    /** The next finished connection, or null. */
    public @Nullable TcpSocket accept() {
        return (TcpSocket) takeFinished();
    }

    /** Stops listening; half-open connections vanish and unaccepted ones are reset (as on Linux). */
    public void close(long nowNs) {
        if (!stop()) {
            return;
        }
        for (Tcb t = takeFinished(); t != null; t = takeFinished()) {
            t.orphan = true;
            AbortCall.abort(t, nowNs);
        }
        signalReady();
    }
}
