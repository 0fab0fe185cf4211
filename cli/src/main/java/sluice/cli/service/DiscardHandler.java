package sluice.cli.service;

import sluice.core.ReadinessListener;
import sluice.core.tcp.user.TcpSocket;

/** Takes everything and throws it away where it lies (RFC 863). */
public final class DiscardHandler extends StreamHandler {
    /** One for all connections: it keeps nothing. */
    public static final ReadinessListener INSTANCE = new DiscardHandler();

    private DiscardHandler() {}

    @Override
    void work(TcpSocket connection, long nowNs) {
        int waiting = connection.available();
        if (waiting > 0) {
            connection.consume(waiting, nowNs);
        }
        if (atEnd(connection)) {
            close(connection, nowNs);
        }
    }
}
