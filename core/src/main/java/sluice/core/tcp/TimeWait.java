package sluice.core.tcp;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.data.TcpTimer;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;

/** A connection that is over on our side and waits 2·MSL for old segments to die: only what answering them needs. */
@Rfc(value = 9293, section = "3.6.1", req = {"MUST-13"})
public final class TimeWait extends TcpTimer implements Connection {
    public final TcpContext tcp;
    private final FourTuple tuple;
    public final int sndNxt;
    public int rcvNxt;
    public final int window;
    public final boolean timestamps;
    public final int timestampOffset;
    public int tsRecent;
    public long tsRecentNs;
    public final int trafficClass;
    /** Flags of accurate ECN. */
    public final int ecnFlags;
    public final int hopLimit;
    /** What signs its segments; null when they are not. */
    public final @Nullable Authentication authentication;
    public long sinceNs;
    public long lastInvalidAckNs = Time.NEVER;

    /** Takes over from a connection. */
    public TimeWait(Tcb t, long nowNs) {
        tcp = t.tcp;
        tuple = t.tuple;
        sndNxt = t.snd.nxt;
        rcvNxt = t.rcv.nxt;
        // rounded up: the right edge never moves left
        window = t.rcv.windowLeft() + (1 << t.agreed.ourShift) - 1 >>> t.agreed.ourShift;
        timestamps = t.agreed.timestamps;
        timestampOffset = t.agreed.timestampOffset;
        tsRecent = t.tsRecent;
        tsRecentNs = t.tsRecentNs;
        trafficClass = t.options.trafficClass & 0xfc;
        hopLimit = t.options.hopLimit;
        authentication = t.authentication;
        ecnFlags = t.ecn.lastFlags();
        sinceNs = nowNs;
    }

    @Override
    public TcpState state() {
        return TcpState.TIME_WAIT;
    }

    @Override
    public FourTuple tuple() {
        return tuple;
    }

    /** ISS of a connection that takes its place: beyond all that was used (RFC 9293 MAY-2). */
    @Rfc(value = 9293, section = "3.6.1", req = "MAY-2")
    public int nextIss() {
        return sndNxt + 65_535 + 2;
    }

    /** Starts or restarts 2·MSL. */
    public void restart(long nowNs) {
        sinceNs = nowNs;
        tcp.deadlines().schedule(this, nowNs + tcp.timeWaits().lengthNs());
    }

    /** Ends it early. */
    public void drop() {
        tcp.deadlines().cancel(this);
        tcp.table().remove(this);
        tcp.timeWaits().ended();
    }

    @Override
    public void onDeadline(long nowNs) {
        tcp.host().counters().increment(Counter.TcpExtTW);
        drop();
    }
}
