package sluice.cli.iperf3;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;
import sluice.engine.Waiters;

/** Blocking reads and writes on a connection that came out of a handler. One thread uses it. */
final class TcbTransport implements Iperf3Channel.Transport {
    private final HostAccess access;
    private final TcpSocket tcb;
    private final Waiters waiters;
    private long patienceNs = Time.NEVER;

    /** Takes over the connection; inside the shard. */
    TcbTransport(HostAccess access, TcpSocket tcb) {
        this.access = access;
        this.tcb = tcb;
        waiters = new Waiters(access);
        tcb.addListener(waiters);
    }

    /** Waits until the handshake is over. */
    void awaitOpen() throws IOException {
        inside(() -> {
            while (!tcb.isEstablished()) {
                check();
                access.block(waiters.write, Pollable.WRITABLE, Time.NEVER);
            }
            return 0;
        });
    }

    /** Payload of a full segment; inside the shard. */
    int segmentBytes() {
        return tcb.segmentBytes();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return inside(() -> {
            long untilNs = patienceEndsNs();
            while (true) {
                MemorySegment ring = tcb.readable();
                if (ring != null) {
                    int n = (int) Math.min(length, ring.byteSize());
                    MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, 0, into, offset, n);
                    tcb.consume(n, access.nowNs());
                    return n;
                }
                check();
                if ((tcb.readiness() & Pollable.READ_HANGUP) != 0) {
                    return -1;
                }
                await(waiters.read, Pollable.READABLE, untilNs);
            }
        });
    }

    @Override
    public void write(byte[] from) throws IOException {
        inside(() -> {
            int done = 0;
            long untilNs = patienceEndsNs();
            while (done < from.length) {
                MemorySegment room = tcb.writable(from.length - done);
                if (room == null) {
                    check();
                    await(waiters.write, Pollable.WRITABLE, untilNs);
                    continue;
                }
                int n = (int) room.byteSize();
                MemorySegment.copy(from, done, room, ValueLayout.JAVA_BYTE, 0, n);
                tcb.commit(n, 0, access.nowNs());
                done += n;
                untilNs = patienceEndsNs();
            }
            return done;
        });
    }

    @Override
    public void setPatience(long ms) {
        patienceNs = ms * 1_000_000;
    }

    private long patienceEndsNs() {
        return patienceNs == Time.NEVER ? Time.NEVER : access.nowNs() + patienceNs;
    }

    private void await(Waiter waiter, int interest, long untilNs) throws SocketTimeoutException {
        if (access.nowNs() >= untilNs) {
            throw new SocketTimeoutException("nothing was heard for " + patienceNs / 1_000_000 + " ms");
        }
        access.block(waiter, interest, untilNs);
    }

    private void check() throws IOException {
        var error = tcb.takeError();
        if (error != null) {
            throw new IOException(error.text());
        }
        if (tcb.state() == sluice.core.tcp.segment.TcpState.CLOSED) {
            throw new EOFException("the connection is closed");
        }
    }

    private interface Action {
        int run() throws IOException;
    }

    private int inside(Action action) throws IOException {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            throw new IOException("the stack is closed", e);
        }
        try {
            return action.run();
        } catch (ErrnoException | ShardStoppedException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            access.exit();
        }
    }

    @Override
    public void close() {
        try {
            access.execute(host -> {
                tcb.removeListener(waiters);
                tcb.close(access.nowNs());
                return null;
            });
        } catch (ErrnoException | ShardStoppedException e) {
            // gone already
        }
    }
}
