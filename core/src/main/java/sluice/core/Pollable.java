package sluice.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Something an application waits on: a listener, a connection, a UDP endpoint, a ping. When its readiness gains a bit
 * it goes on the host's ready list once, from where the driver takes it ({@link Host#pollReady}) and tells its
 * listeners. The contract is {@link ReadinessListener}'s.
 *
 * <p>Belongs to one host; used only by the thread that is inside the host.
 */
public abstract class Pollable {
    /** Data, end of stream, or a connection to accept. */
    public static final int READABLE = 1;
    /** Room in the send buffer. */
    public static final int WRITABLE = 2;
    /** Both directions are over. */
    public static final int HANGUP = 4;
    /** An error waits to be taken. */
    public static final int ERROR = 8;
    /** Urgent data has arrived (RFC 9293 section 3.8.5). */
    public static final int URGENT = 16;
    /** The peer will send no more. */
    public static final int READ_HANGUP = 32;

    private static final ReadinessListener[] NOBODY = {};

    /**
     * In the order of adding. Replaced when it changes, never written to: a round of calls goes on with the old one.
     */
    private ReadinessListener[] listeners = NOBODY;

    private final ReadyList readyList;
    boolean onReadyList;
    @Nullable Pollable nextReady;

    /** For an endpoint of the host that owns {@code readyList}. */
    protected Pollable(ReadyList readyList) {
        this.readyList = readyList;
    }

    /** The present readiness: a set of the bits above, computed from the state. */
    public abstract int readiness();

    /** Puts this on the ready list, unless it is there: something an application may wait for has happened. */
    public final void signalReady() {
        readyList.add(this);
    }

    /**
     * Has {@code listener} told from now on, after those that are there; when this is ready already it goes on the
     * ready list, so that the listener is told of that too. One that listens already stays where it is.
     */
    public final void addListener(ReadinessListener listener) {
        if (!hasListener(listener)) {
            ReadinessListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
            more[listeners.length] = listener;
            listeners = more;
        }
        if (readiness() != 0) {
            signalReady();
        }
    }

    /** {@code listener} is not told any more. Nothing happens when it does not listen. */
    public final void removeListener(ReadinessListener listener) {
        ReadinessListener[] all = listeners;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == listener) {
                if (all.length == 1) {
                    listeners = NOBODY;
                } else {
                    ReadinessListener[] fewer = Arrays.copyOf(all, all.length - 1);
                    System.arraycopy(all, i + 1, fewer, i, fewer.length - i);
                    listeners = fewer;
                }
                return;
            }
        }
    }

    /** Nobody is told any more: for whoever takes the endpoint from its application. */
    public final void removeListeners() {
        listeners = NOBODY;
    }

    /** Whether {@code listener} is told. */
    public final boolean hasListener(ReadinessListener listener) {
        for (ReadinessListener l : listeners) {
            if (l == listener) {
                return true;
            }
        }
        return false;
    }

    /** What the first listener that knows says of its {@link ReadinessListener#owner}; "" when none does. */
    public final String owner() {
        for (ReadinessListener l : listeners) {
            String owner = l.owner();
            if (!owner.isEmpty()) {
                return owner;
            }
        }
        return "";
    }

    /** Calls each listener through {@code caller}; for the driver that took this from the ready list. */
    public final void tellListeners(ReadinessListener.Caller caller, long nowNs) {
        ReadinessListener[] all = listeners;
        for (ReadinessListener l : all) {
            if (listeners == all || hasListener(l)) {
                caller.call(l, this, nowNs);
            }
        }
    }
}
