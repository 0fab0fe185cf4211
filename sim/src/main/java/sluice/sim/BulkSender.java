package sluice.sim;

import sluice.base.ErrnoException;
import sluice.core.tcp.user.TcpSocket;

/**
 * Sends a number of bytes of its stream as fast as the connection takes them; without copying them, if the connection
 * was opened with {@code SocketOptions.zeroCopy}.
 */
public final class BulkSender implements Runnable {
    private final SimHost host;
    private final TcpSocket t;
    private final PatternStream stream;
    private final long total;
    private long sent;
    private boolean closes;
    private boolean closed;
    private boolean failed;

    /** Starts sending {@code total} bytes on {@code t}, a connection of {@code host} that has sent nothing yet. */
    public BulkSender(SimHost host, TcpSocket t, long total) {
        this.host = host;
        this.t = t;
        this.total = total;
        stream = PatternStream.sentBy(host.world().pattern(), t.tuple());
        host.on(t, this);
    }

    /** Half-closes after the last byte. */
    public BulkSender thenClose() {
        closes = true;
        return this;
    }

    @Override
    public void run() {
        long now = host.nowNs();
        try {
            while (sent < total && t.isEstablished()) {
                int n = stream.send(t, sent, (int) Math.min(total - sent, PatternStream.PERIOD),
                        TcpSocket.FLAG_ZEROCOPY,
                        now);
                if (n == 0) {
                    return;
                }
                sent += n;
            }
            if (sent == total && closes && !closed && t.isEstablished()) {
                closed = true;
                t.shutdownWrite(now);
            }
        } catch (ErrnoException e) {
            failed = true;
        }
    }

    /** Bytes the connection has taken. */
    public long sent() {
        return sent;
    }

    /** Whether every byte was acknowledged. */
    public boolean isDone() {
        return sent == total && t.totals.bytesAcked == total;
    }

    /** Whether the connection broke. */
    public boolean hasFailed() {
        return failed;
    }
}
