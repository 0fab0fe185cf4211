package sluice.cli.service;

import sluice.core.tcp.user.TcpSocket;

/** Sends the {@link Pattern} without end and throws away what comes (RFC 864), as fast as the peer takes it. */
public final class ChargenHandler extends StreamHandler {
    /**
     * What may wait to be sent (TCP_NOTSENT_LOWAT): enough to be fast, little enough to be in the processor's cache
     * when it leaves.
     */
    public static final int UNSENT_BYTES = 128 * 1024;

    private long position;

    @Override
    void work(TcpSocket connection, long nowNs) {
        int waiting = connection.available();
        if (waiting > 0) {
            connection.consume(waiting, nowNs);
        }
        if (!connection.state().maySend()) {
            close(connection, nowNs);
            return;
        }
        long done = Pattern.fill(connection, position, BYTES_A_CALL, nowNs);
        position += done;
        if (done == BYTES_A_CALL) {
            connection.signalReady();
        }
    }
}
