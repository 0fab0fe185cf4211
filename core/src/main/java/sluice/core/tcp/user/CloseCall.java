package sluice.core.tcp.user;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.data.SendTime;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.segment.TcpState;

/** CLOSE: a FIN after what is queued; and what becomes of a connection that its application has let go of. */
@Rfc(value = 9293, section = "3.10.4", req = {"SHLD-3", "MAY-1"})
public final class CloseCall {
    private CloseCall() {}

    /** Half-close. */
    public static void shutdownWrite(Tcb t, long nowNs) {
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.SYN_SENT) {
            throw new ErrnoException(Errno.ENOTCONN, "shutdown of " + t.tuple);
        }
        queueFin(t, nowNs);
        t.signalReady();
    }

    /** Reads end; what still arrives is acknowledged as always. */
    public static void shutdownRead(Tcb t, long nowNs) {
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.SYN_SENT) {
            throw new ErrnoException(Errno.ENOTCONN, "shutdown of " + t.tuple);
        }
        t.readShutdown = true;
        t.trace.readShutdown(nowNs);
        t.signalReady();
    }

    /** The application lets go. */
    public static void close(Tcb t, long nowNs) {
        if (t.orphan) {
            return;
        }
        t.orphan = true;
        t.readShutdown = true;
        boolean unread = t.receiveBuffer.available() > 0;
        t.receiveBuffer.consume(t.receiveBuffer.available());
        switch (t.state()) {
            case CLOSED, TIME_WAIT -> t.receiveBuffer.clear();
            case SYN_SENT -> Closing.finish(t, nowNs);
            default -> {
                if (unread) {
                    t.count(Counter.TcpExtTCPAbortOnClose);
                    reset(t, nowNs);
                } else if (t.options.lingerSeconds == 0) {
                    t.count(Counter.TcpExtTCPAbortOnData);
                    reset(t, nowNs);
                } else if (t.state() == TcpState.FIN_WAIT_2 && t.options.finTimeoutSeconds < 0) {
                    t.count(Counter.TcpExtTCPAbortOnLinger);
                    reset(t, nowNs);
                } else if (!Closing.takeOrphan(t)) {
                    t.count(Counter.TcpExtTCPAbortOnMemory);
                    reset(t, nowNs);
                } else {
                    queueFin(t, nowNs);
                    if (t.state() == TcpState.SYN_RECEIVED && t.fastOpen.handshakePending()) {
                        t.become(TcpState.FIN_WAIT_1, nowNs);
                    }
                    if (t.state() == TcpState.FIN_WAIT_2) {
                        Closing.startFinWait2Timer(t, nowNs);
                    }
                }
            }
        }
    }

    private static void reset(Tcb t, long nowNs) {
        Resets.abort(t, nowNs);
        Closing.finish(t, nowNs);
    }

    @Rfc(value = 9293, section = "3.10.4")
    private static void queueFin(Tcb t, long nowNs) {
        if (t.fin.queued) {
            return;
        }
        t.fin.queued = true;
        t.sendTime.start(SendTime.Kind.BUSY, nowNs);
        t.pieces.push();
        t.nagle.moreFollows = false;
        switch (t.state()) {
            case ESTABLISHED -> t.become(TcpState.FIN_WAIT_1, nowNs);
            case CLOSE_WAIT -> t.become(TcpState.LAST_ACK, nowNs);
            default -> {
                // SYN-RECEIVED: the FIN waits for the handshake
            }
        }
        t.wantOutput();
    }
}
