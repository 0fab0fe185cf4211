package sluice.cli.service;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import sluice.core.Host;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;

/**
 * A listening port inside the shard, whose connections are each given a handler: no thread of their own and no
 * hand-off. Their number is bounded by {@link Places}.
 */
public final class StreamService implements ReadinessListener {
    private static final System.Logger LOG = System.getLogger(StreamService.class.getName());
    private static final int BACKLOG = 4096;
    private static final int ACCEPTS_A_CALL = 64;

    private final Supplier<ReadinessListener> handlers;
    private final Places<TcpSocket> places;

    private StreamService(Supplier<ReadinessListener> handlers, Places<TcpSocket> places) {
        this.handlers = handlers;
        this.places = places;
    }

    /** Listens on all addresses of both families. Before the stack starts, or inside its shard. */
    public static TcpListener listen(Host host, int port, SocketOptions options, Supplier<ReadinessListener> handlers) {
        TcpListener listener = host.tcp().listen(options, IpAddress.ANY_V6, port, BACKLOG);
        listener.addListener(new StreamService(handlers, Places.of(host)));
        return listener;
    }

    /** The same with the host's default options. */
    public static TcpListener listen(Host host, int port, Supplier<ReadinessListener> handlers) {
        return listen(host, port, new SocketOptions(), handlers);
    }

    @Override
    public void ready(Pollable endpoint, int readiness, long nowNs) {
        switch (endpoint) {
            case TcpListener listener -> accept(listener, nowNs);
            case TcpSocket connection -> {
                if (connection.isReleased() || connection.state() == TcpState.CLOSED) {
                    places.leave(connection);
                } else {
                    places.progressed(connection);
                }
            }
            default -> throw new IllegalArgumentException("neither a listener nor a connection: " + endpoint);
        }
    }

    private void accept(TcpListener listener, long nowNs) {
        for (int i = 0; i < ACCEPTS_A_CALL; i++) {
            TcpSocket connection = listener.accept();
            if (connection == null) {
                return;
            }
            try {
                admit(connection, nowNs);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, "a connection could not be served: " + e);
                places.leave(connection);
                connection.removeListeners();
                connection.abort(nowNs);
            }
        }
        listener.signalReady();
    }

    private void admit(TcpSocket connection, long nowNs) {
        TcpSocket slowest = places.enter(connection);
        if (slowest != null) {
            slowest.abort(nowNs); // its handler is told
        }
        connection.addListener(this);
        connection.addListener(handlers.get()); // told at once when data is there already
    }
}
