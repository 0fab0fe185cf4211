package sluice.core.tcp.user;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpState;

/** SEND: bytes go into the send buffer; the sender takes them from there. */
@Rfc(value = 9293, section = "3.10.2", req = {"MUST-60", "MUST-61"})
public final class SendCall {
    private SendCall() {}

    /** See {@link Tcb#send}. */
    public static int send(Tcb t, MemorySegment source, long offset, int length, int flags, long nowNs) {
        check(t);
        if (length == 0 || t.state() == TcpState.CLOSED) {
            return 0;
        }
        grow(t);
        int n = t.sendBuffer.write(source, offset, length);
        if (n < 0) {
            throw new ErrnoException(Errno.ENOBUFS, "send on " + t.tuple);
        }
        queued(t, n, n == length ? flags : flags & ~(Tcb.FLAG_URGENT | Tcb.FLAG_END_OF_RECORD) | Tcb.FLAG_MORE);
        return n;
    }

    private static void check(Tcb t) {
        Errno e = t.error;
        if (e != null) {
            t.error = null;
            throw new ErrnoException(e, "send on " + t.tuple);
        }
        if (t.finQueued || t.state() == TcpState.CLOSED || t.orphan) {
            throw new ErrnoException(Errno.EPIPE, "send on " + t.tuple);
        }
    }

    private static void queued(Tcb t, int n, int flags) {
        if (n == 0) {
            return;
        }
        t.moreFollows = (flags & Tcb.FLAG_MORE) != 0 && t.sendBuffer.room() > 0;
        if (!t.moreFollows) {
            t.pushPosition = t.sendBuffer.end();
        }
        if ((flags & Tcb.FLAG_URGENT) != 0) {
            t.urgentToSend = true;
            t.snd.up = t.sendSeq(t.sendBuffer.end());
        }
        if ((flags & Tcb.FLAG_END_OF_RECORD) != 0) {
            ArrayDeque<Long> ends = t.recordEnds;
            if (ends == null) {
                ends = new ArrayDeque<>();
                t.recordEnds = ends;
            }
            ends.addLast(t.sendBuffer.end());
        }
        t.corkExpired = false;
        t.wantOutput();
    }

    /** A region of the send buffer to fill in place; null when it is full or the connection does not take data. */
    public static @Nullable MemorySegment writableRegion(Tcb t, int wanted) {
        check(t);
        grow(t);
        return t.sendBuffer.writable(wanted);
    }

    /** See {@link Tcb#commit}. */
    public static void commit(Tcb t, int bytes, int flags, long nowNs) {
        t.sendBuffer.commit(bytes);
        queued(t, bytes, flags);
    }

    /** Whether an application should be told that it can write: a third of the buffer is free and not too much is unsent. */
    public static boolean writable(Tcb t) {
        long lowat = t.options.notSentLowatBytes > 0 ? t.options.notSentLowatBytes : t.host.settings().get(Setting.TCP_NOTSENT_LOWAT);
        if (t.state() == TcpState.SYN_SENT || t.state() == TcpState.SYN_RECEIVED) {
            return false;
        }
        grow(t);
        return t.sendBuffer.room() >= Math.max(1, t.sendBuffer.limitBytes() / 3) && t.unsentBytes() < lowat;
    }

    /** Autotuning: the buffer holds twice what the congestion window lets go, within tcp_wmem. */
    private static void grow(Tcb t) {
        if (t.options.sendBufferBytes > 0 || !t.state().synchronizedState()) {
            return;
        }
        long wanted = 2L * t.sendMss * Math.max(t.congestion.cwndSegments(), 10);
        long max = t.host.settings().get(Setting.TCP_WMEM, 2);
        if (wanted > t.sendBuffer.limitBytes() && t.host.pool().inUseBytes() < t.host.pool().limitBytes() / 2) {
            t.sendBuffer.limitBytes((int) Math.min(wanted, max));
        }
    }
}
