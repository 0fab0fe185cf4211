package sluice.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.icmp.PingReply;
import sluice.core.icmp.PingSocket;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/**
 * Echo requests to one destination, with a blocking {@link #receive}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; one at a time may wait in {@link #receive}. {@link #close}
 * ends that wait. Interrupts as with {@link SluiceSocket}. To be closed: nothing else gives its identifier back.
 */
public final class SluicePing implements AutoCloseable {
    private final Ping end;

    private static final class Ping extends End {
        final PingSocket socket;

        Ping(HostAccess access, PingSocket socket) {
            super(access);
            this.socket = socket;
            socket.addListener(waiters);
        }

        @Override
        void end() {
            socket.close();
        }
    }

    /** Pings {@code destination}. */
    public SluicePing(Stack stack, IpAddress destination) throws IOException {
        this(stack.access(), destination);
    }

    /** The same, wherever the host runs. */
    public SluicePing(HostAccess access, IpAddress destination) throws IOException {
        End.enter(access);
        try {
            end = new Ping(access, access.host().icmp().openPing(destination));
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } finally {
            access.exit();
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
        return end.count(() -> end.socket.send(payloadBytes, ttl, end.access.nowNs()));
    }

    /** The next answer or error; null when none came within {@code timeout}. */
    public @Nullable PingReply receive(Duration timeout) throws IOException {
        return end.inside(() -> Optional.ofNullable(awaitReply(end.access.nowNs() + timeout.toNanos()))).orElse(null);
    }

    private @Nullable PingReply awaitReply(long untilNs) throws IOException {
        while (true) {
            end.ensureOpen();
            PingReply reply = end.socket.poll();
            if (reply != null || end.access.nowNs() >= untilNs) {
                return reply;
            }
            end.block(end.waiters.read, Pollable.READABLE, untilNs);
        }
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        end.run();
    }
}
