package sluice.cli.service;

import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.tcp.user.TcpSocket;

/** What the handlers of connections have in common: they let go of a connection that failed. */
abstract class StreamHandler implements ReadinessListener {
    /** Bytes worked on in one call; more is left for after the packets that wait. */
    static final int BYTES_A_CALL = 1 << 20;

    @Override
    public final void ready(Pollable endpoint, int readiness, long nowNs) {
        TcpSocket connection = (TcpSocket) endpoint;
        if ((readiness & Pollable.ERROR) != 0 || !connection.isEstablished()) {
            close(connection, nowNs);
            return;
        }
        work(connection, nowNs);
    }

    /** Does what can be done now. */
    abstract void work(TcpSocket connection, long nowNs);

    /** The peer will send no more and everything was taken. */
    static boolean atEnd(TcpSocket connection) {
        return connection.available() == 0 && (connection.readiness() & Pollable.READ_HANGUP) != 0;
    }

    final void close(TcpSocket connection, long nowNs) {
        connection.takeError();
        connection.removeListener(this);
        connection.close(nowNs);
    }
}
