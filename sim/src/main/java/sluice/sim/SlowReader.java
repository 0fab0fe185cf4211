package sluice.sim;

import sluice.core.tcp.user.TcpSocket;

/** Reads a fixed number of bytes at fixed times, and checks them. */
public final class SlowReader {
    private final SimHost host;
    private final TcpSocket t;
    private final int bytes;
    private final double everyMs;
    private long received;
    private boolean ended;

    /** Starts reading {@code bytes} every {@code everyMs}. */
    public SlowReader(SimHost host, TcpSocket t, int bytes, double everyMs) {
        this.host = host;
        this.t = t;
        this.bytes = bytes;
        this.everyMs = everyMs;
        host.world().after(everyMs, this::tick);
    }

    private void tick() {
        int n = host.read(t, bytes);
        if (n < 0) {
            ended = true;
            return;
        }
        received += n;
        host.world().after(everyMs, this::tick);
    }

    /** Bytes read. */
    public long received() {
        return received;
    }

    /** Whether the stream came to its end. */
    public boolean hasEnded() {
        return ended;
    }
}
