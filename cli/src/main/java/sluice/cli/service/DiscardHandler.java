package sluice.cli.service;

import sluice.core.tcp.Tcb;
import sluice.engine.Handler;

/** Takes everything and throws it away where it lies (RFC 863). */
public final class DiscardHandler extends StreamHandler {
    /** One for all connections: it keeps nothing. */
    public static final Handler INSTANCE = new DiscardHandler();

    private DiscardHandler() {}

    @Override
    void work(Tcb connection, long nowNs) {
        int waiting = connection.available();
        if (waiting > 0) {
            connection.consume(waiting, nowNs);
        }
        if (atEnd(connection)) {
            close(connection, nowNs);
        }
    }
}
