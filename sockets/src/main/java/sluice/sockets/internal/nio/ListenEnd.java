package sluice.sockets.internal.nio;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.layer.BoundPort;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/** The host's side of a listening channel. Inside the host. */
final class ListenEnd extends TcpEnd {
    private final SocketOptions options = new SocketOptions();
    private @Nullable BoundPort bound;
    private @Nullable TcpListener listener;

    ListenEnd(Site site) {
        super(site);
    }

    @Override
    int poll() {
        TcpListener l = listener;
        return closed ? 0 : l == null ? Pollable.WRITABLE | Pollable.HANGUP : l.readiness();
    }

    /** Takes an address and port, to listen there later; returns them. */
    InetSocketAddress bind(IpAddress local, int port) {
        BoundPort b = access.host().tcp().bind(local, port, options);
        bound = b;
        return Addresses.toInet(b.address(), b.port());
    }

    /** Listens where it is bound. */
    void listen(int backlog) {
        BoundPort b = bound;
        if (b == null) {
            throw new IllegalStateException("not bound");
        }
        b.release();
        bound = null;
        listen(b.address(), b.port(), backlog);
    }

    boolean isListening() {
        return listener != null;
    }

    /** Listens; returns where. */
    InetSocketAddress listen(IpAddress local, int port, int backlog) {
        TcpListener l = access.host().tcp().listen(options, local, port, backlog);
        listener = l;
        l.addListener(this);
        changed();
        return Addresses.toInet(l.localAddress(), l.localPort());
    }

    /** The next connection; null when there is none. */
    @Nullable StreamEnd accept() {
        TcpListener l = listener;
        TcpSocket t = l == null ? null : l.accept();
        if (t == null) {
            return null;
        }
        try {
            return new StreamEnd(site, t);
        } catch (Error e) { // no memory for it, and nobody else would close it
            t.abort(access.nowNs());
            throw e;
        }
    }

    @Override
    SocketOptions options() {
        TcpListener l = listener;
        return l == null ? options : l.options();
    }

    @Override
    void change(Consumer<SocketOptions> change) {
        change.accept(options());
    }

    @Override
    @Nullable TcpSocket tcb() {
        return null;
    }

    @Override
    void release() {
        BoundPort b = bound;
        if (b != null) {
            b.release();
            bound = null;
        }
        TcpListener l = listener;
        if (l != null) {
            l.close(access.nowNs());
        }
    }
}
