package sluice.cli.service;

import java.util.function.Supplier;
import sluice.core.Host;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;

/**
 * A listening port inside the shard, whose connections are each given a handler: no thread of their own and no
 * hand-off.
 */
public final class StreamService implements ReadinessListener {
    private static final int BACKLOG = 4096;
    private static final int ACCEPTS_A_CALL = 64;

    private final Supplier<ReadinessListener> handlers;

    private StreamService(Supplier<ReadinessListener> handlers) {
        this.handlers = handlers;
    }

    /** Listens on all addresses of both families. Before the stack starts, or inside its shard. */
    public static TcpListener listen(Host host, int port, SocketOptions options, Supplier<ReadinessListener> handlers) {
        TcpListener listener = host.tcp().listen(options, IpAddress.ANY_V6, port, BACKLOG);
        listener.addListener(new StreamService(handlers));
        return listener;
    }

    /** The same with the host's default options. */
    public static TcpListener listen(Host host, int port, Supplier<ReadinessListener> handlers) {
        return listen(host, port, new SocketOptions(), handlers);
    }

    @Override
    public void ready(Pollable endpoint, int readiness, long nowNs) {
        TcpListener listener = (TcpListener) endpoint;
        for (int i = 0; i < ACCEPTS_A_CALL; i++) {
            TcpSocket connection = listener.accept();
            if (connection == null) {
                return;
            }
            connection.addListener(handlers.get()); // told at once when data is there already
        }
        listener.signalReady();
    }
}
