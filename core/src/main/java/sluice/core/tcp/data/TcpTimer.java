package sluice.core.tcp.data;

import sluice.base.Deadlines;

/** Something of TCP that waits for a time: the timers of a connection, a half-open connection, a time-wait. */
public abstract class TcpTimer extends Deadlines.Entry {
    /** The time has come. Runs 3.10.8 and queues itself again when it still waits for something. */
    public abstract void onDeadline(long nowNs);
}
