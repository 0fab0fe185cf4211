package sluice.core.tcp;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Invariant;
import sluice.core.Route;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.congestion.Pacing;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.data.SendTime;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.path.MtuProbing;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.receiver.DelayedAck;
import sluice.core.tcp.receiver.WindowAdvertiser;
import sluice.core.tcp.recovery.Recovery;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;

/**
 * A connection as the procedures of RFC 9293 see it: its {@link StateVariables}, and what works on them and remembers:
 * congestion, recovery, pacing, acknowledgments and windows, ECN, path MTU probing. What an application may see and
 * call is {@link sluice.core.tcp.user.TcpSocket}, which every one of them is.
 *
 * <p>The procedures are classes of their own (packages output, closing, timer, input, user); that is why its fields are
 * open to them. Only the thread inside the host may touch it.
 */
public abstract non-sealed class Tcb extends StateVariables implements Connection {
    public final TcpContext tcp;
    public final Congestion congestion;
    public final Pacing pacing;
    public final DelayedAck delayedAck;
    public final WindowAdvertiser window;
    public final Ecn ecn;
    public final MtuProbing mtuProbing;
    public final SendTime sendTime = new SendTime();
    /** The listener that made it, until it is accepted. */
    public @Nullable Listener listener;
    /** Segments go back the way the peer's come: a source route received replaces {@link SocketOptions#ipOptions}. */
    public boolean routeFromPeer;
    /** Counts against net.ipv4.tcp_max_orphans. */
    public boolean countedOrphan;

    /** Links of the layer's output list. */
    @Nullable Tcb nextOutput;
    boolean onOutputList;
    private @Nullable HalfOpen request;
    private @Nullable Recovery recovery;

    /** A connection in CLOSED. */
    protected Tcb(TcpContext tcp, FourTuple tuple, SocketOptions options, boolean activeOpen, Negotiated agreed,
            long nowNs) {
        super(tcp, tuple, options, activeOpen, agreed, nowNs);
        this.tcp = tcp;
        ecn = new Ecn(agreed);
        congestion = new Congestion(this, ecn, CongestionControls.forSocket(options, host.settings()),
                tcp.workspace());
        pacing = new Pacing(this, congestion);
        mtuProbing = new MtuProbing(this, ecn, congestion);
        window = new WindowAdvertiser(this);
        delayedAck = new DelayedAck(this, window);
    }

    /** Loss recovery; made when it is asked for first, and again after a {@link #rest}. */
    public Recovery recovery() {
        Recovery r = recovery;
        return r == null ? newRecovery() : r;
    }

    private Recovery newRecovery() {
        Recovery r = new Recovery(this, congestion, ecn, mtuProbing, pacing);
        recovery = r;
        return r;
    }

    /** The same when there is one: a connection that rests need not wake to be looked at. */
    public @Nullable Recovery recoveryIfAwake() {
        return recovery;
    }

    /**
     * Lets go of what an idle connection can make again when something happens on it. For whoever has time to look
     * through all connections now and then: nothing that the connection does depends on it.
     *
     * @param idleNs how long nothing may have come or gone, nanoseconds
     */
    public void rest(long idleNs, long nowNs) {
        if (!sent.isEmpty() || nowNs - Math.max(lastReceivedNs, lastDataSentNs) < idleNs) {
            return;
        }
        if (recovery != null && recovery.isUntouched()) {
            recovery = null;
        }
        sent.rest();
        pieces.rest();
        timers.rest();
    }

    /**
     * The request that is still to be confirmed by the last step of the handshake, of a Fast Open connection; null when
     * it is over, or was no Fast Open.
     */
    public @Nullable HalfOpen request() {
        return request;
    }

    /** Fast Open: the request that is to be confirmed; null: it was, or is over. */
    public void request(@Nullable HalfOpen h) {
        request = h;
        fastOpen.handshakePending(h != null);
    }

    /** The way to the peer, looked up again when it is no longer valid; null when there is none now. */
    public @Nullable Route currentRoute(long nowNs) {
        return PathMtu.route(this, ecn, mtuProbing, nowNs);
    }

    /** Computes Eff.snd.MSS anew: see {@link PathMtu#sync}. */
    public void syncMss(long nowNs) {
        PathMtu.sync(this, ecn, mtuProbing, nowNs);
    }

    /** Moves to another state; the only way to. */
    public void become(TcpState next, long nowNs) {
        TcpState state = state();
        if (next == state) {
            return;
        }
        Invariant.check(state.mayBecome(next), "no such transition in RFC 9293 figure 5", state.ordinal(),
                next.ordinal());
        trace.became(state, next, nowNs);
        boolean was = counted(state);
        boolean is = counted(next);
        if (was != is) {
            host.counters().add(Counter.TcpCurrEstab, is ? 1 : -1);
        }
        if (next == TcpState.ESTABLISHED) {
            establishedNs = nowNs;
        } else if (next == TcpState.CLOSED && was) {
            count(Counter.TcpEstabResets);
        }
        if (next == TcpState.CLOSED || next == TcpState.TIME_WAIT) {
            Recovery r = recovery;
            if (r != null) {
                r.diagnosis().settle(true, nowNs);
            }
        }
        enter(next);
    }

    /** Begins in SYN-RECEIVED: no change for the trace, to which the half-open connection told it. */
    public void beginReceived() {
        enter(TcpState.SYN_RECEIVED);
    }

    private static boolean counted(TcpState s) {
        return s == TcpState.ESTABLISHED || s == TcpState.CLOSE_WAIT;
    }

    @Override
    public void onTimeout(TimerKind kind, long nowNs) {
        tcp.procedures().onTimeout(this, kind, nowNs);
    }

    @Override
    public void wantOutput() {
        tcp.output().add(this);
    }

}
