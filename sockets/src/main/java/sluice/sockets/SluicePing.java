package sluice.sockets;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.core.icmp.PingReply;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.sockets.internal.nio.PingEnd;
import sluice.sockets.internal.nio.Site;
import sluice.wire.IpAddress;

/**
 * Echo requests to one destination, with a blocking {@link #receive}: the one kind of socket that the JDK has no type
 * for.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; one at a time may wait in {@link #receive}. {@link #close}
 * ends that wait. A blocked platform thread cannot be interrupted; interrupting a virtual thread closes it, and the
 * call throws {@link java.net.SocketException}. To be closed: nothing else gives its identifier back.
 */
public final class SluicePing implements AutoCloseable {
    private final PingEnd end;

    /** Pings {@code destination}. */
    public SluicePing(Stack stack, IpAddress destination) throws IOException {
        this(stack.access(), destination);
    }

    /** The same, wherever the host runs. */
    public SluicePing(HostAccess access, IpAddress destination) throws IOException {
        end = PingEnd.open(new Site(access), destination);
    }

    /**
     * Sends one request.
     *
     * @param payloadBytes bytes after the ICMP header
     * @param ttl 1…255; 0 for the host's default
     * @return its sequence number
     */
    public int send(int payloadBytes, int ttl) throws IOException {
        return end.send(payloadBytes, ttl);
    }

    /** The next answer or error; null when none came within {@code timeout}. */
    public @Nullable PingReply receive(Duration timeout) throws IOException {
        return end.receive(timeout.toNanos());
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        end.end();
    }
}
