package sluice.core.tcp.user;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.segment.TcpState;

/** RECEIVE: bytes that arrived in order leave the buffer, and the window follows. */
@Rfc(value = 9293, section = "3.10.3")
public final class ReceiveCall {
    private ReceiveCall() {}

    /** See {@link TcpSocket#receive(MemorySegment, long, int, int, long)}. */
    public static int receive(Tcb t, MemorySegment target, long offset, int length, int flags, long nowNs) {
        if ((flags & TcpSocket.FLAG_URGENT) != 0) {
            return urgent(t, target, offset, length, flags);
        }
        int n = t.receiveBuffer.peek(target, offset, wanted(t, length, nowNs));
        if (n > 0) {
            if ((flags & TcpSocket.FLAG_PEEK) == 0) {
                consume(t, n, nowNs);
            }
            return n;
        }
        return length == 0 ? 0 : nothing(t);
    }

    /** See {@link TcpSocket#receive(byte[], int, int, long)}. */
    public static int receive(Tcb t, byte[] target, int offset, int length, long nowNs) {
        int n = t.receiveBuffer.peek(target, offset, wanted(t, length, nowNs));
        if (n > 0) {
            consume(t, n, nowNs);
            return n;
        }
        return length == 0 ? 0 : nothing(t);
    }

    private static int wanted(Tcb t, int length, long nowNs) {
        return t.urgent.octet() >= 0 ? aroundUrgent(t, length, nowNs) : length;
    }

    /** Reading stops before the urgent byte, and steps over it unless it is in line. */
    private static int aroundUrgent(Tcb t, int length, long nowNs) {
        long at = t.receiveBuffer.readPosition();
        if (at == t.urgent.position() && t.options.oobInline) {
            return length;
        }
        if (at == t.urgent.position()) {
            take(t, 1);
            t.window.onRead(nowNs);
            return length;
        }
        return (int) Math.min(length, t.urgent.position() - at);
    }

    /** See {@link TcpSocket#readable}. */
    static @Nullable MemorySegment readable(Tcb t) {
        long urgent = t.urgent.position();
        long at = t.receiveBuffer.readPosition();
        if (t.urgent.octet() < 0 || t.options.oobInline && at == urgent) {
            return t.receiveBuffer.readable();
        }
        if (at == urgent) {
            take(t, 1);
            return t.receiveBuffer.readable();
        }
        MemorySegment m = t.receiveBuffer.readable();
        return m == null ? null : m.asSlice(0, Math.min(m.byteSize(), urgent - at));
    }

    private static int urgent(Tcb t, MemorySegment target, long offset, int length, int flags) {
        if (t.options.oobInline || !t.urgent.received()) {
            throw new ErrnoException(Errno.EINVAL, "receive of urgent data on " + t.tuple);
        }
        if (t.urgent.octet() < 0) {
            if (t.fin.received || t.readShutdown || t.state() == TcpState.CLOSED) {
                return -1;
            }
            throw new ErrnoException(Errno.EAGAIN, "receive of urgent data on " + t.tuple);
        }
        if (length > 0) {
            target.set(ValueLayout.JAVA_BYTE, offset, (byte) t.urgent.octet());
        }
        if ((flags & TcpSocket.FLAG_PEEK) == 0) {
            t.urgent.takenOutOfBand();
        }
        return Math.min(1, length);
    }

    private static int nothing(Tcb t) {
        if (t.fin.received) {
            return -1;
        }
        Errno e = t.error;
        if (e != null) {
            t.error = null;
            throw new ErrnoException(e, "receive on " + t.tuple);
        }
        if (t.readShutdown) {
            return -1;
        }
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.TIME_WAIT) {
            return -1;
        }
        return 0;
    }

    /** See {@link TcpSocket#consume}. */
    public static void consume(Tcb t, int bytes, long nowNs) {
        if (bytes < 0 || bytes > t.receiveBuffer.available()) {
            throw new IllegalArgumentException(
                    "consume(" + bytes + ") with " + t.receiveBuffer.available() + " bytes readable");
        }
        take(t, bytes);
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.TIME_WAIT) {
            return;
        }
        t.window.onRead(nowNs);
        t.delayedAck.onRead(bytes > 0, nowNs);
    }

    private static void take(Tcb t, int bytes) {
        t.receiveBuffer.consume(bytes);
        t.urgent.readUpTo(t.receiveBuffer.readPosition());
    }
}
