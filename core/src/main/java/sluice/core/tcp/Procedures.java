package sluice.core.tcp;

import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.TimerKind;

/** What happens to the endpoints in the tables is the business of the floors above; from here they are called. */
public interface Procedures {
    /** A timer of a connection ran out: 3.10.8. */
    void onTimeout(Tcb t, TimerKind kind, long nowNs);

    /** The SYN-ACK of a half-open connection was not answered in time. */
    void onTimeout(HalfOpen h, long nowNs);

    /** A connection that a listener makes, as an application will see it. */
    Tcb accepted(HalfOpen request, SocketOptions options, long nowNs);
}
