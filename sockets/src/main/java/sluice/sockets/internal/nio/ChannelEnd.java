package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;
import sluice.engine.Waiters;

/**
 * The host's side of one channel: its endpoint, who waits for it, which keys follow it. All of it is used inside the
 * host, except where a method says otherwise.
 */
abstract class ChannelEnd implements ReadinessListener {
    /** Of a transfer: nothing can be moved now. */
    static final int UNAVAILABLE = -2;
    /** Of a transfer: the stream is over. */
    static final int EOF = -1;
    /** {@link Pollable} bits that make a key ready for whatever it is interested in. */
    static final int EXCEPTIONAL = Pollable.ERROR | Pollable.HANGUP;

    private static final SluiceSelectionKey[] NO_KEYS = {};

    final Site site;
    final HostAccess access;
    final Waiters waiters;
    /** The channel is closed. Written inside the host. */
    volatile boolean closed;
    private SluiceSelectionKey[] keys = NO_KEYS;
    private final @Nullable Throwable made = Maker.here();

    ChannelEnd(Site site) {
        this.site = site;
        access = site.access;
        waiters = new Waiters(access);
    }

    @Override
    public final String owner() {
        return Maker.text(made);
    }

    /** The bits of {@link Pollable} that poll(2) would report now. */
    abstract int poll();

    /** Lets go of the endpoint. Called once. */
    abstract void release();

    /** Goes inside, or says why that cannot be done. From outside. */
    final void enter() throws SocketException {
        enter(access);
    }

    /** The same before there is an end. */
    static void enter(HostAccess access) throws SocketException {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        }
    }

    /**
     * Waits; the caller looks again at what it waits for.
     *
     * @param interruptible whether an interrupt of the calling thread ends the wait, as it does for channels
     * @return false when it is over: closed, or interrupted
     * @throws InterruptedIOException not interruptible, but a virtual thread, which parks no more once it is
     * interrupted: as with the JDK's sockets
     */
    final boolean await(Waiter waiter, int interest, long untilNs, boolean interruptible) throws IOException {
        if (closed) {
            return false;
        }
        try {
            access.block(waiter, interest, untilNs);
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        }
        if (closed) {
            return false;
        }
        Thread me = Thread.currentThread();
        if (!interruptible && me.isVirtual() && me.isInterrupted()) {
            throw new InterruptedIOException();
        }
        return !interruptible || !me.isInterrupted();
    }

    /** When a wait that begins now has to end. */
    final long deadline(long nanos) {
        return nanos == Time.NEVER || nanos > Time.NEVER - Math.max(0, access.nowNs())
                ? Time.NEVER
                : access.nowNs() + nanos;
    }

    /** Closes, and ends all waits. From outside; more calls do nothing. */
    final void close() {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            closed = true; // the stack has ended it with everything else
            return;
        }
        try {
            if (!closed) {
                closed = true;
                try {
                    release();
                } finally {
                    access.wake(waiters.read);
                    access.wake(waiters.write);
                }
            }
        } finally {
            access.exit();
        }
    }

    /** Something changed of which the endpoint tells nobody. */
    final void changed() {
        for (SluiceSelectionKey key : keys) {
            key.look();
        }
    }

    /** Those that follow it; not changed by later calls. */
    final SluiceSelectionKey[] keys() {
        return keys;
    }

    final void add(SluiceSelectionKey key) {
        SluiceSelectionKey[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = key;
        keys = more;
        key.look();
    }

    final void remove(SluiceSelectionKey key) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == key) {
                SluiceSelectionKey[] fewer = keys.length == 1 ? NO_KEYS : Arrays.copyOf(keys, keys.length - 1);
                System.arraycopy(keys, i + 1, fewer, i, keys.length - 1 - i);
                keys = fewer;
                return;
            }
        }
    }

    @Override
    public final void ready(Pollable endpoint, int readiness, long nowNs) {
        waiters.ready(endpoint, readiness, nowNs);
        changed();
    }

    @Override
    public final boolean worksInTheCall() {
        return false;
    }
}
