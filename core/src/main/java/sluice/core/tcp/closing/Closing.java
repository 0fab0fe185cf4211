package sluice.core.tcp.closing;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.TimeWaits;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.output.StatelessAcks;
import sluice.core.tcp.segment.TcpState;

/**
 * Closing a connection: what follows the peer's FIN and the acknowledgment of ours, TIME-WAIT, and what is given back
 * when a connection is over.
 */
@Rfc(value = 9293, section = "3.6")
public final class Closing {
    private static final long SECOND_NS = 1_000_000_000L;

    private Closing() {}

    /** The peer closed: CLOSE-WAIT. */
    public static void enterCloseWait(Tcb t, long nowNs) {
        t.become(TcpState.CLOSE_WAIT, nowNs);
    }

    /** Both closed at once: CLOSING, or TIME-WAIT when our FIN is acknowledged already. */
    public static void enterClosing(Tcb t, long nowNs) {
        if (t.fin.sent && t.snd.una == t.snd.nxt) {
            enterTimeWait(t, nowNs);
        } else {
            t.become(TcpState.CLOSING, nowNs);
        }
    }

    /** Our FIN is acknowledged. */
    public static void enterFinWait2(Tcb t, long nowNs) {
        t.become(TcpState.FIN_WAIT_2, nowNs);
        if (t.orphan) {
            startFinWait2Timer(t, nowNs);
        }
        t.signalReady();
    }

    /** An orphan waits for the peer's FIN only so long. */
    public static void startFinWait2Timer(Tcb t, long nowNs) {
        if (t.options.finTimeoutSeconds < 0) {
            finish(t, nowNs);
            return;
        }
        long seconds = t.options.finTimeoutSeconds > 0 ? t.options.finTimeoutSeconds
                : t.host.settings().get(Setting.TCP_FIN_TIMEOUT);
        t.timers.set(TimerKind.FIN_WAIT_2, nowNs + seconds * SECOND_NS);
    }

    /** Both FINs are acknowledged and we closed first: the small entry takes the place of the connection for 2·MSL. */
    public static void enterTimeWait(Tcb t, long nowNs) {
        t.become(TcpState.TIME_WAIT, nowNs);
        TimeWaits waits = t.tcp.timeWaits();
        boolean room = waits.hasRoom();
        TimeWait w = new TimeWait(t, nowNs);
        release(t, nowNs);
        if (room && waits.lengthNs() > 0) {
            waits.began();
            t.tcp.table().put(w);
            w.restart(nowNs);
        } else if (!room) {
            t.count(Counter.TcpExtTCPTimeWaitOverflow);
            t.trace.timeWaitOverflow(nowNs);
        }
        if (t.ackNow) {
            StatelessAcks.sendFirst(w, t, nowNs);
        }
        t.signalReady();
    }

    /**
     * Takes on a connection that its application let go of; false when there are too many of them
     * (net.ipv4.tcp_max_orphans), or no memory for one with much to send.
     */
    public static boolean takeOrphan(Tcb t) {
        if (holdsTooMuch(t) || !t.tcp.orphans().take()) {
            return false;
        }
        t.countedOrphan = true;
        return true;
    }

    /** SOCK_MIN_SNDBUF: an orphan with less is never too much. */
    private static final int LEAST_BUFFER = 4608;

    private static boolean holdsTooMuch(Tcb t) {
        return t.sendBuffer.memoryBytes() > LEAST_BUFFER && t.memory.budget().isExhausted();
    }

    /**
     * Whether an orphan whose timer ran out has to go, because there are too many or no memory is left
     * (tcp_out_of_resources): one that is silent for long, or whose path reports trouble, counts twice.
     *
     * @param answers the peer may still be there: it is told
     */
    public static boolean outOfResources(Tcb t, boolean answers, long nowNs) {
        long silence = nowNs - t.lastDataSentNs;
        int weight = (silence > 2 * t.rtt.rtoMaxNs() || !answers ? 1 : 0) + (t.softError != null ? 1 : 0);
        if (!t.tcp.orphans().tooMany(weight) && !holdsTooMuch(t)) {
            return false;
        }
        t.count(Counter.TcpExtTCPAbortOnMemory);
        boolean shut = t.snd.wnd == 0 && t.sent.isEmpty();
        if (answers || silence <= TimeWaits.LENGTH_NS || shut) {
            Resets.abort(t, nowNs);
        }
        finish(t, nowNs);
        return true;
    }

    /** The connection failed: the application sees {@code error} once. */
    public static void fail(Tcb t, Errno error, long nowNs) {
        t.error = error;
        t.trace.failed(t.state(), error, nowNs);
        finish(t, nowNs);
    }

    /**
     * The connection is over: CLOSED, out of the tables, memory given back. What was received in order can still be
     * read unless nobody will; one that waits in an accept queue stays there, and whoever accepts it finds the error.
     */
    public static void finish(Tcb t, long nowNs) {
        if (t.state() == TcpState.CLOSED) {
            return;
        }
        t.become(TcpState.CLOSED, nowNs);
        release(t, nowNs);
        t.signalReady();
    }

    private static void release(Tcb t, long nowNs) {
        if (t.countedOrphan) {
            t.countedOrphan = false;
            t.tcp.orphans().release();
        }
        t.tcp.table().remove(t);
        t.memory.budget().forget(t);
        t.memory.close();
        releaseFastOpen(t);
        lookForBlackHole(t, nowNs);
        t.timers.clearAll();
        t.sent.clear();
        t.sendBuffer.clear();
        t.reportDropped();
        t.pieces.clear();
        t.reassembly.clear();
        t.receiveBuffer.dropOutOfOrder();
        if (t.orphan) {
            t.receiveBuffer.clear();
        }
    }

    /** The request of a Fast Open connection is confirmed, or over. */
    public static void releaseFastOpen(Tcb t) {
        HalfOpen h = t.request();
        if (h != null) {
            t.request(null);
            h.listener.fastOpenQueue().remove();
        }
    }

    /**
     * A connection that tried Fast Open ends: a FIN that came without the data before it is a sign that the path
     * swallows things; one that worked clears the suspicion.
     */
    private static void lookForBlackHole(Tcb t, long nowNs) {
        if (!t.fastOpen.used) {
            return;
        }
        Route r = t.route;
        if (t.totals.dataSegmentsIn == 0) {
            if (t.fin.expected && !t.fin.received && t.reassembly.size() == 1) {
                t.tcp.fastOpen().blackHole().suspected(nowNs);
            }
        } else if (t.fastOpen.probing && (r == null || !r.loopback)) {
            t.tcp.fastOpen().blackHole().cleared();
        }
    }
}
