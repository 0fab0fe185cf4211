package sluice.core.tcp.data;

/**
 * Where the time of a busy sender goes, as Linux's chronographs count it for tcpi_busy_time, tcpi_rwnd_limited and
 * tcpi_sndbuf_limited: the connection is idle, or busy, or busy and held back by one thing. A later kind takes the
 * clock over from an earlier one, never the reverse.
 */
public final class SendTime {
    /** What the clock runs for. */
    public enum Kind {
        /** Nothing waits and nothing is unacknowledged. */
        IDLE,
        /** Data waits or is unacknowledged. */
        BUSY,
        /** The peer's window holds data back. */
        RECEIVE_WINDOW,
        /** All is sent, the windows would take more, and the application's last write found the send buffer full. */
        SEND_BUFFER
    }

    private long busyNs;
    private long receiveWindowNs;
    private long sendBufferNs;
    private Kind kind = Kind.IDLE;
    private long sinceNs;

    /** The clock runs for this from now on, unless it runs for something later in the list. */
    public void start(Kind next, long nowNs) {
        if (next.ordinal() > kind.ordinal()) {
            to(next, nowNs);
        }
    }

    /** This holds back no longer: the connection is only busy, or idle when nothing is left. */
    public void stop(StateVariables t, Kind ended, long nowNs) {
        if (kind == Kind.IDLE) {
            return;
        }
        if (t.sent.isEmpty() && !t.hasUnsent()) {
            to(Kind.IDLE, nowNs);
        } else if (ended == kind) {
            to(Kind.BUSY, nowNs);
        }
    }

    private void to(Kind next, long nowNs) {
        if (next != kind) {
            long spent = nowNs - sinceNs;
            switch (kind) {
                case IDLE -> {
                }
                case BUSY -> busyNs += spent;
                case RECEIVE_WINDOW -> receiveWindowNs += spent;
                case SEND_BUFFER -> sendBufferNs += spent;
            }
            sinceNs = nowNs;
            kind = next;
        }
    }

    private long since(Kind k, long nowNs) {
        return k == kind ? nowNs - sinceNs : 0;
    }

    /** tcpi_busy_time: everything but idle, nanoseconds. */
    public long busyNs(long nowNs) {
        return busyNs + since(Kind.BUSY, nowNs) + receiveWindowNs(nowNs) + sendBufferNs(nowNs);
    }

    /** tcpi_rwnd_limited, nanoseconds. */
    public long receiveWindowNs(long nowNs) {
        return receiveWindowNs + since(Kind.RECEIVE_WINDOW, nowNs);
    }

    /** tcpi_sndbuf_limited, nanoseconds. */
    public long sendBufferNs(long nowNs) {
        return sendBufferNs + since(Kind.SEND_BUFFER, nowNs);
    }
}
