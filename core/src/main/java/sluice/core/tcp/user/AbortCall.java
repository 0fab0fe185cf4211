package sluice.core.tcp.user;

import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.segment.TcpState;

/** ABORT: the peer gets a RST, the connection is gone at once. */
@Rfc(value = 9293, section = "3.10.5")
public final class AbortCall {
    private AbortCall() {}

    /** See {@link TcpSocket#abort}. */
    public static void abort(Tcb t, long nowNs) {
        switch (t.state()) {
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                Resets.abort(t, nowNs);
            default -> {
                // CLOSED, SYN-SENT, TIME-WAIT: nobody to tell
            }
        }
        t.orphan = true;
        t.readShutdown = true;
        if (t.state() != TcpState.TIME_WAIT) {
            Closing.finish(t, nowNs);
        }
        t.receiveBuffer.clear();
    }
}
