package sluice.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sluice.core.tcp.user.TcpSocket;

/** Sends back what it receives, and closes when its peer has. */
public final class Echo implements Runnable {
    private final SimHost host;
    private final TcpSocket t;
    private final MemorySegment buffer = Arena.ofAuto().allocate(4096);
    private int filled;
    private int done;
    private long echoed;
    private boolean over;

    /** Starts echoing on {@code t}, a connection of {@code host}. */
    public Echo(SimHost host, TcpSocket t) {
        this.host = host;
        this.t = t;
        host.on(t, this);
    }

    @Override
    public void run() {
        long now = host.nowNs();
        while (!over) {
            if (done == filled) {
                done = 0;
                filled = Math.max(0, t.receive(buffer, 0, (int) buffer.byteSize(), 0, now));
                if (filled == 0) {
                    over = t.fin.received;
                    if (over) {
                        t.close(now);
                    }
                    return;
                }
            }
            int n = t.send(buffer, done, filled - done, 0, now);
            if (n == 0) {
                return;
            }
            done += n;
            echoed += n;
        }
    }

    /** Bytes sent back. */
    public long echoed() {
        return echoed;
    }
}
