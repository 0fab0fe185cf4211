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

    private static final int KINDS = 4;
    private final long[] spentNs = new long[KINDS];
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
            spentNs[kind.ordinal()] += nowNs - sinceNs;
            sinceNs = nowNs;
            kind = next;
        }
    }

    private long spentNs(Kind k, long nowNs) {
        return spentNs[k.ordinal()] + (k == kind ? nowNs - sinceNs : 0);
    }

    /** tcpi_busy_time: everything but idle, nanoseconds. */
    public long busyNs(long nowNs) {
        return spentNs(Kind.BUSY, nowNs) + spentNs(Kind.RECEIVE_WINDOW, nowNs) + spentNs(Kind.SEND_BUFFER, nowNs);
    }

    /** tcpi_rwnd_limited, nanoseconds. */
    public long receiveWindowNs(long nowNs) {
        return spentNs(Kind.RECEIVE_WINDOW, nowNs);
    }

    /** tcpi_sndbuf_limited, nanoseconds. */
    public long sendBufferNs(long nowNs) {
        return spentNs(Kind.SEND_BUFFER, nowNs);
    }
}
