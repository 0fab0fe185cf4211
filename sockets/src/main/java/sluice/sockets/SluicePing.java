package sluice.sockets;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.icmp.PingReply;
import sluice.core.icmp.PingSocket;
import sluice.engine.Shard;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.engine.Waiters;
import sluice.wire.IpAddress;

/**
 * Echo requests to one destination, with a blocking {@link #receive}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; one at a time may wait in {@link #receive}. {@link #close} ends that wait. Interrupts as with
 * {@link SluiceSocket}. To be closed: nothing else gives its identifier back.
 */
public final class SluicePing implements AutoCloseable {
    private final Shard shard;
    private final PingSocket ping;
    private final Waiters waiters = new Waiters();
    /** Written inside the shard. */
    private boolean closed;

    /** Pings {@code destination}. */
    public SluicePing(Stack stack, IpAddress destination) throws IOException {
        shard = stack.shard();
        try {
            ping = shard.execute(host -> {
                PingSocket p = host.icmp().openPing(destination);
                p.attachment = waiters;
                return p;
            });
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
    }

    /**
     * Sends one request.
     *
     * @param payloadBytes bytes after the ICMP header
     * @param ttl 1…255; 0 for the host's default
     * @return its sequence number
     */
    public int send(int payloadBytes, int ttl) throws IOException {
        try {
            return shard.execute(host -> ping.send(payloadBytes, ttl, shard.nowNs()));
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
    }

    /** The next answer or error; null when none came within {@code timeout}. */
    public @Nullable PingReply receive(Duration timeout) throws IOException {
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
        try {
            long untilNs = shard.nowNs() + timeout.toNanos();
            while (true) {
                if (closed) {
                    throw Errors.closed();
                }
                PingReply reply = ping.poll();
                if (reply != null || shard.nowNs() >= untilNs) {
                    return reply;
                }
                shard.block(waiters.read, Pollable.READABLE, untilNs);
                Thread me = Thread.currentThread();
                if (me.isVirtual() && me.isInterrupted()) {
                    closeInside();
                    throw new SocketException("Closed by interrupt");
                }
            }
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        } finally {
            shard.exit();
        }
    }

    private void closeInside() {
        if (!closed) {
            closed = true;
            ping.close();
            shard.wake(waiters.read);
        }
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            return; // everything has ended already
        }
        try {
            closeInside();
        } finally {
            shard.exit();
        }
    }
}
