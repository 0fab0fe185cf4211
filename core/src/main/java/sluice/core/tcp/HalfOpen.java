package sluice.core.tcp;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.data.DeferredAccept;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.data.TcpTimer;
import sluice.core.tcp.ecn.AccEcnSender.OptionSeen;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.ConnectionTracer;
import sluice.core.trace.TraceSink;

/**
 * A connection request that was answered and not confirmed: SYN-RECEIVED of a passive open, in a few dozen bytes,
 * because a flood makes many.
 *
 * <p>Its timer sends the SYN-ACK again, doubling from one second, {@code net.ipv4.tcp_synack_retries} times.
 */
@Rfc(value = 9293, section = "3.10.7.2", req = {"MUST-11"})
public final class HalfOpen extends TcpTimer implements Connection {
    private static final long FIRST_TIMEOUT_NS = 1_000_000_000L;

    public final TcpContext tcp;
    public final Listener listener;
    private final FourTuple tuple;
    /** What our SYN-ACK says: handed on to the connection. */
    public final Negotiated agreed = new Negotiated();
    public int iss;
    public int irs;
    /** User timeout that the SYN told, seconds; 0 for none. */
    public int userTimeoutSeconds;
    /** What signs its segments; null when they are not. */
    public @Nullable Authentication authentication;
    /** Whether our SYN-ACK is marked ECT too. */
    public boolean marksAll;
    /** IP-ECN field of the peer's latest SYN. */
    public byte synEcn;
    /** What went wrong with accurate ECN: see {@link sluice.core.tcp.ecn.Ecn#failures}. */
    public byte ecnFailures;
    /** What was seen of the peer's accurate ECN option. */
    public OptionSeen optionSeen = OptionSeen.NOT_SEEN;
    /** A SYN-ACK was sent. */
    public boolean answered;
    public int tsRecent;
    public long tsRecentNs;
    public int ourWindow;
    public byte[] sourceRoute = NO_ROUTE;
    public int retransmissions;
    /** How often its timer ran out; not each time does the SYN-ACK go again. */
    public int timeouts;
    public short synTrafficClass;
    /** Bytes of the SYN that were taken (Fast Open): acknowledged with it. */
    public int synData;
    /** Fast Open cookie that goes out with the first SYN-ACK; null for none. */
    public @Nullable FastOpenCookie cookie;
    /** The handshake was completed while the accept queue was full. */
    public boolean acknowledged;
    public long createdNs;
    public long lastSynAckNs = Time.NEVER;
    public long lastInvalidAckNs = Time.NEVER;
    int indexInListener = -1;

    private static final byte[] NO_ROUTE = new byte[0];

    /** A request for {@code tuple} at {@code listener}. */
    public HalfOpen(TcpContext tcp, Listener listener, FourTuple tuple, long nowNs) {
        this.tcp = tcp;
        this.listener = listener;
        this.tuple = tuple;
        createdNs = nowNs;
    }

    @Override
    public TcpState state() {
        return TcpState.SYN_RECEIVED;
    }

    @Override
    public FourTuple tuple() {
        return tuple;
    }

    /** Takes its place in the tables and starts its timer. */
    public void enter(long nowNs) {
        listener.add(this);
        tcp.table().put(this);
        tcp.deadlines().schedule(this, nowNs + FIRST_TIMEOUT_NS);
        received(nowNs);
    }

    /** Whether it has its place in the tables; one that a cookie brought back never has. */
    public boolean isEntered() {
        return indexInListener >= 0;
    }

    /** LISTEN becomes SYN-RECEIVED, for the trace. */
    public void received(long nowNs) {
        ConnectionTracer tracer = tracer();
        if (tracer != null) {
            tracer.became(TcpState.LISTEN, TcpState.SYN_RECEIVED, nowNs);
        }
    }

    /** For the trace; null when nobody listens. Not kept, since a flood makes many half-open connections. */
    public @Nullable ConnectionTracer tracer() {
        TraceSink sink = tcp.host().trace();
        return sink.enabled() ? new ConnectionTracer(sink, tuple) : null;
    }

    /** It comes to nothing: back to LISTEN when the peer resets it (RFC 9293 section 3.10.7.4), else CLOSED. */
    public void end(TcpState next, long nowNs) {
        drop();
        ConnectionTracer tracer = tracer();
        if (tracer != null) {
            tracer.became(TcpState.SYN_RECEIVED, next, nowNs);
        }
    }

    /** Leaves the tables. */
    public void drop() {
        tcp.deadlines().cancel(this);
        tcp.table().remove(this);
        listener.remove(this);
    }

    @Override
    public void onDeadline(long nowNs) {
        tcp.procedures().onTimeout(this, nowNs);
    }

    /** After how many timeouts a bare acknowledgment is enough (TCP_DEFER_ACCEPT); 0: at once. */
    public int deferredTimeouts() {
        int seconds = listener.options().deferAcceptSeconds;
        return seconds <= 0 ? 0
                : DeferredAccept.timeouts(seconds, tcp.host().settings().get(Setting.TCP_RTO_MAX_MS) / 1000);
    }

    /** How long to wait for the answer to the last SYN-ACK. */
    public long timeoutNs() {
        long max = tcp.host().settings().get(Setting.TCP_RTO_MAX_MS) * 1_000_000L;
        return Math.min(FIRST_TIMEOUT_NS << Math.min(timeouts, 30), max);
    }
}
