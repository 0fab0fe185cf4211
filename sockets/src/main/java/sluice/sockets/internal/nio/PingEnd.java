package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.icmp.PingReply;
import sluice.core.icmp.PingSocket;
import sluice.wire.IpAddress;

/** The host's side of echo requests to one destination. Its public methods are called from outside. */
public final class PingEnd extends ChannelEnd {
    private final PingSocket socket;

    private PingEnd(Site site, PingSocket socket) {
        super(site);
        this.socket = socket;
        socket.addListener(this);
    }

    /** To {@code destination}. */
    public static PingEnd open(Site site, IpAddress destination) throws IOException {
        enter(site.access);
        try {
            return new PingEnd(site, site.access.host().icmp().openPing(destination));
        } catch (ErrnoException e) {
            throw Failures.call(e);
        } finally {
            site.access.exit();
        }
    }

    /** Sends one request; its sequence number. */
    public int send(int payloadBytes, int ttl) throws IOException {
        return Inside.call(this, () -> {
            ensureOpen();
            return socket.send(payloadBytes, ttl, access.nowNs());
        });
    }

    /** The next answer or error; null when none came within {@code nanos}. */
    public @Nullable PingReply receive(long nanos) throws IOException {
        try {
            return Inside.ask(this, () -> awaitReply(deadline(nanos)));
        } catch (InterruptedIOException e) {
            close();
            SocketException s = new SocketException("Closed by interrupt");
            s.initCause(e);
            throw s;
        }
    }

    private @Nullable PingReply awaitReply(long untilNs) throws IOException {
        while (true) {
            ensureOpen();
            PingReply reply = socket.poll();
            if (reply != null || access.nowNs() >= untilNs) {
                return reply;
            }
            await(waiters.read, Pollable.READABLE, untilNs, false);
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    /** Gives its identifier back, and ends a wait. */
    public void end() {
        close();
    }

    @Override
    int poll() {
        return closed ? 0 : socket.readiness();
    }

    @Override
    void release() {
        socket.close();
    }
}
