package sluice.sim;

import sluice.base.ErrnoException;
import sluice.core.tcp.Tcb;

/** Reads everything at once and compares every byte with what the peer must have sent. */
public final class VerifyingSink implements Runnable {
    private final SimHost host;
    private final Tcb t;
    private final Stream stream;
    private long received;
    private boolean ended;
    private boolean failed;
    private boolean closes;

    /** Starts reading {@code t}, a connection of {@code host}. */
    public VerifyingSink(SimHost host, Tcb t) {
        this.host = host;
        this.t = t;
        stream = Stream.receivedBy(host.world().pattern(), t.tuple());
        host.on(t, this);
    }

    /** Closes when the peer has. */
    public VerifyingSink thenClose() {
        closes = true;
        return this;
    }

    @Override
    public void run() {
        if (ended || failed) {
            return;
        }
        try {
            int n = host.read(t, stream, Integer.MAX_VALUE);
            if (n > 0) {
                received += n;
                n = host.read(t, stream, 1);
            }
            if (n < 0) {
                ended = true;
                if (closes) {
                    t.close(host.world().nowNs());
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
