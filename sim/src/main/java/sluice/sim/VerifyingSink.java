package sluice.sim;

import sluice.base.ErrnoException;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;

/** Reads everything at once, or slowly, and compares every byte with what the peer must have sent. */
public final class VerifyingSink implements Runnable {
    private final SimHost host;
    private final TcpSocket t;
    private final PatternStream stream;
    private long received;
    private boolean ended;
    private boolean failed;
    private boolean closes;
    private int most = Integer.MAX_VALUE;
    private double everyMs;

    /** Starts reading {@code t}, a connection of {@code host}. */
    public VerifyingSink(SimHost host, TcpSocket t) {
        this.host = host;
        this.t = t;
        stream = PatternStream.receivedBy(host.world().pattern(), t.tuple());
        host.on(t, this);
    }

    /** Closes when the peer has. */
    public VerifyingSink thenClose() {
        closes = true;
        return this;
    }

    /** From now on reads at most {@code bytes} every {@code ms}, so that the window may close. */
    public VerifyingSink slowly(int bytes, double ms) {
        most = bytes;
        everyMs = ms;
        host.world().after(ms, this::tick);
        return this;
    }

    private void tick() {
        read();
        if (!ended && !failed) {
            host.world().after(everyMs, this::tick);
        }
    }

    @Override
    public void run() {
        if (everyMs == 0) {
            read();
        }
    }

    private void read() {
        if (ended || failed) {
            return;
        }
        try {
            int n = host.read(t, stream, most);
            received += Math.max(0, n);
            if (n < 0 || n > 0 && t.state() != TcpState.ESTABLISHED && t.available() == 0
                    && host.read(t, stream, 1) < 0) {
                ended = true;
                if (closes) {
                    t.close(host.nowNs());
                }
            }
        } catch (ErrnoException e) {
            failed = true;
        }
    }

    /** Bytes read, all of them right. */
    public long received() {
        return received;
    }

    /** Whether the stream came to its end. */
    public boolean hasEnded() {
        return ended;
    }

    /** Whether the connection broke. */
    public boolean hasFailed() {
        return failed;
    }
}
