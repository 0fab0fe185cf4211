package sluice.sim;

import java.util.HashMap;
import java.util.Map;
import sluice.base.Seq;
import sluice.core.Host;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;

/** What must hold of a connection whenever its host is at rest, and of a host when everything is over. */
final class StateChecker {
    private static final int FULL_COUNT_LIMIT = 64;
    private final SimHost host;
    /** The largest limit a buffer ever had: what was promised under it is honoured. */
    private final Map<TcpSocket, Integer> receiveLimits = new HashMap<>();

    StateChecker(SimHost host) {
        this.host = host;
    }

    void check(TcpSocket t) {
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.TIME_WAIT) {
            return;
        }
        require(Seq.leq(t.snd.una, t.snd.nxt), "SND.UNA ≤ SND.NXT", t);
        boolean recovering = t.timers.isSet(TimerKind.RTO) || t.timers.isSet(TimerKind.TLP)
                || t.timers.isSet(TimerKind.RACK_REORDER);
        require(t.sent.isEmpty() || recovering, "a timer runs while something is outstanding", t);
        require(t.sent.isEmpty() == (t.snd.una == t.snd.nxt), "the scoreboard covers SND.UNA to SND.NXT", t);
        boolean stuck = t.sent.isEmpty() && t.hasUnsent() && t.state().synchronizedState();
        require(!stuck || t.timers.isSet(TimerKind.PERSIST) || t.timers.isSet(TimerKind.CORK)
                || t.timers.isSet(TimerKind.PACING),
                "a timer runs while something waits to be sent", t);
        require(t.sent.inFlight() >= 0, "nothing is counted out of flight twice", t);
        require(t.sendBuffer.size() <= Math.max(t.sendBuffer.limitBytes(), 1) + 65_536,
                "the send buffer keeps its limit", t);
        int limit = receiveLimits.merge(t, t.window.limitBytes(), Math::max);
        require(t.receiveBuffer.available() <= limit + (1 << t.agreed.ourShift), "the receive buffer keeps its limit",
                t);
        if (t.sent.size() <= FULL_COUNT_LIMIT) {
            recount(t);
        }
    }

    private void recount(TcpSocket t) {
        int out = 0;
        int lost = 0;
        int sacked = 0;
        int again = 0;
        int next = t.snd.una;
        for (int i = 0; i < t.sent.size(); i++) {
            SentSegment s = t.sent.get(i);
            require(s.seq == next, "sent segments follow each other", t);
            next = s.end;
            out += s.count;
            lost += s.lost ? s.count : 0;
            sacked += s.sacked ? s.count : 0;
            again += s.retransmitted ? s.count : 0;
        }
        require(t.sent.packetsOut() == out && t.sent.lostOut() == lost && t.sent.retransOut() == again,
                "the scoreboard's counts are right", t);
        require(!t.agreed.sackPermitted || t.sent.sackedOut() == sacked, "the count of reported segments is right", t);
    }

    void checkClean(Host h) {
        if (h.pool().inUseBytes() != 0) {
            throw new SimFailure(host.world(),
                    host.name() + " still holds " + h.pool().inUseBytes() + " bytes of ring memory");
        }
        long charged = h.memory().tcp().allocatedBytes();
        if (charged != 0 || h.memory().tcp().sockets() != 0) {
            throw new SimFailure(host.world(), host.name() + ": " + charged + " bytes are still charged to TCP and "
                    + h.memory().tcp().sockets() + " sockets counted");
        }
        h.tcp().forEachEndpoint(this::over);
    }

    private void over(Endpoint e) {
        if (!(e instanceof TimeWait) && e.state() != TcpState.LISTEN) {
            throw new SimFailure(host.world(), host.name() + " still has " + e + " in " + e.state());
        }
    }

    private void require(boolean holds, String what, TcpSocket t) {
        if (!holds) {
            throw new SimFailure(host.world(),
                    host.name() + ": broken: " + what + " [" + t.tuple() + " " + t.state() + " una "
                            + (t.snd.una - t.snd.iss) + " nxt "
                            + (t.snd.nxt - t.snd.iss) + " wnd " + t.snd.wnd + " unsent " + t.unsentBytes() + " out "
                            + t.sent.packetsOut() + " sacked "
                            + t.sent.sackedOut() + " lost " + t.sent.lostOut() + " again " + t.sent.retransOut()
                            + " cwnd " + t.congestion.cwndSegments() + " "
                            + t.congestion.state() + "]");
        }
    }
}
