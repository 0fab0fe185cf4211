package sluice.core;

import org.jspecify.annotations.Nullable;

/**
 * Something an application waits on: a listener, a connection, a UDP endpoint, a ping. When its readiness gains a bit
 * it goes on the host's ready list once, from where the engine takes it ({@link Host#pollReady}).
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

    /** Whatever the engine or application hangs here: a waiter, a handler. */
    public @Nullable Object attachment;

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
}
