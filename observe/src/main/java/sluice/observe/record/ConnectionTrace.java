package sluice.observe.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.CongestionChange;
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.TraceEvent;

/**
 * What the sender of one connection held over time: windows, round trips, rates, and the events that its host's trace
 * told. All of it is read from the connection itself; nothing is reckoned again.
 *
 * <p>Call {@link #sample} whenever something may have changed and {@link #on} for every trace event. Bounded: see
 * {@link TimeSeries}; the first {@link #MOST_EVENTS} events are kept.
 */
public final class ConnectionTrace {
    /** Events kept at most. */
    public static final int MOST_EVENTS = 100_000;

    /** What kind of event. */
    public enum Kind {
        /** A segment was retransmitted because it was marked lost. */
        RETRANSMIT,
        /** The retransmission timer ran out. */
        RTO,
        /** A tail loss probe was sent. */
        TLP,
        /** A reduction was found to be a mistake. */
        UNDO,
        /** The peer reported marks and the window was reduced. */
        ECN,
        /** A window or keepalive probe. */
        PROBE,
        /** What was retransmitted turned out to have been lost. */
        DATA_LOST,
        /** What was retransmitted had arrived: its acknowledgment was lost. */
        ACK_LOST,
        /** What was retransmitted was only late. */
        DELAYED,
        /** The network doubled a segment. */
        DUPLICATED,
        /** Something about the path MTU. */
        PATH_MTU,
        /** Anything else that the stack found worth a note. */
        NOTE
    }

    /** Something that happened. */
    public record Event(long timeNs, Kind kind, String text) {}

    /** A stretch of time in one congestion state (OPEN is not listed). */
    public record Span(String state, long fromNs, long toNs) {}

    private final TcpSocket tcb;
    private final TimeSeries cwnd = new TimeSeries();
    private final TimeSeries ssthresh = new TimeSeries();
    private final TimeSeries inFlight = new TimeSeries();
    private final TimeSeries peerWindow = new TimeSeries();
    private final TimeSeries rtt = new TimeSeries();
    private final TimeSeries srtt = new TimeSeries();
    private final TimeSeries minRtt = new TimeSeries();
    private final TimeSeries rto = new TimeSeries();
    private final TimeSeries pacing = new TimeSeries();
    private final TimeSeries delivery = new TimeSeries();
    private final TimeSeries acked = new TimeSeries();
    private final TimeSeries arrived = new TimeSeries();
    private final TimeSeries queue = new TimeSeries();
    private final List<Event> events = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private @Nullable String state;
    private long stateSinceNs;
    private int rttSamples;
    private long endNs;

    /** Nothing yet of the connection. */
    public ConnectionTrace(TcpSocket tcb) {
        this.tcb = tcb;
        rttSamples = tcb.rtt.samples();
    }

    /** The connection now. */
    public void sample(long nowNs) {
        TcpSocket t = tcb;
        endNs = nowNs;
        if (!t.isEstablished()) {
            return;
        }
        cwnd.add(nowNs, t.congestion.cwndSegments());
        int threshold = t.congestion.ssthreshSegments();
        ssthresh.add(nowNs, threshold == CongestionControl.INFINITE_SSTHRESH ? Double.NaN : threshold);
        inFlight.add(nowNs, t.congestion.inFlightSegments());
        peerWindow.add(nowNs, t.sendMss == 0 ? Double.NaN : (double) t.snd.wnd / t.sendMss);
        if (t.rtt.samples() != rttSamples) {
            rttSamples = t.rtt.samples();
            rtt.dot(nowNs, t.rtt.latestUs() / 1e6);
        }
        if (t.rtt.srttUs() > 0) {
            srtt.add(nowNs, t.rtt.srttUs() / 1e6);
            minRtt.add(nowNs, t.rtt.minRttUs() / 1e6);
            rto.add(nowNs, t.rtt.rtoUs() / 1e6);
        }
        pacing.add(nowNs, t.pacing.rate() * 8.0);
        delivery.add(nowNs, t.congestion.delivery.bytesPerSecond() * 8.0);
        acked.add(nowNs, (double) t.totals.bytesAcked);
        become(t.congestion.state().name(), nowNs);
    }

    /** How much waits at the bottleneck now, bytes: for those who know. */
    public void queue(long nowNs, long bytes) {
        queue.add(nowNs, (double) bytes);
    }

    /** How many bytes have arrived at the peer, those out of order too: for those who know. */
    public void arrived(long nowNs, long bytes) {
        arrived.add(nowNs, (double) bytes);
    }

    private void become(String next, long nowNs) {
        String before = state;
        if (next.equals(before)) {
            return;
        }
        if (before != null && !before.equals("OPEN")) {
            spans.add(new Span(before, stateSinceNs, nowNs));
        }
        state = next;
        stateSinceNs = nowNs;
    }

    /**
     * An event of the host's trace, at {@code nowNs} of the time of the samples; those of other connections are
     * ignored.
     */
    public void on(TraceEvent event, long nowNs) {
        switch (event) {
            case TraceEvent.OfConnection c -> {
                if (c.flow().equals(tcb.tuple)) {
                    ofConnection(c, nowNs);
                }
            }
            case TraceEvent.Dropped _,TraceEvent.DuplicateAddress _ -> {
                // of no connection
            }
        }
    }

    private void ofConnection(TraceEvent.OfConnection event, long nowNs) {
        switch (event) {
            case TraceEvent.Retransmission r -> add(nowNs, kind(r.cause()), TraceText.words(r));
            case TraceEvent.TimerFired f -> timer(f.timer(), nowNs);
            case TraceEvent.Undo u -> add(nowNs, Kind.UNDO, TraceText.words(u));
            case TraceEvent.CongestionEvent c -> {
                if (c.change() == CongestionChange.MARKS) {
                    add(nowNs, Kind.ECN, "the window is reduced for marks");
                }
            }
            case TraceEvent.PathDiagnosis d -> add(nowNs, kind(d.fault()), TraceText.words(d));
            case TraceEvent.MtuProbe _,TraceEvent.PathMtuReduced _,TraceEvent.MtuBlackHole _ ->
                add(nowNs, Kind.PATH_MTU, TraceText.words(event));
            case TraceEvent.Failed _,TraceEvent.TimeWaitOverflow _,TraceEvent.NegativeAdvice _, //
            TraceEvent.ReadShutdown _,TraceEvent.UrgentAnnounced _ -> add(nowNs, Kind.NOTE, TraceText.words(event));
            case TraceEvent.StateChange _,TraceEvent.Acknowledged _,TraceEvent.WindowUpdate _ -> {
                // not for the picture, or read from the connection itself
            }
        }
    }

    private static Kind kind(RetransmissionCause cause) {
        return switch (cause) {
            case TLP -> Kind.TLP;
            case ZERO_WINDOW -> Kind.PROBE;
            case RTO, FAST, SYN, SYN_ACK, PATH_MTU, FAST_OPEN -> Kind.RETRANSMIT;
        };
    }

    private static Kind kind(PathFault fault) {
        return switch (fault) {
            case DATA_LOST -> Kind.DATA_LOST;
            case ACK_LOST -> Kind.ACK_LOST;
            case DELAYED -> Kind.DELAYED;
            case DUPLICATED -> Kind.DUPLICATED;
        };
    }

    private void timer(TimerKind timer, long nowNs) {
        switch (timer) {
            case RTO -> add(nowNs, Kind.RTO, "retransmission timeout");
            case TLP -> add(nowNs, Kind.TLP, "tail loss probe");
            case PERSIST -> add(nowNs, Kind.PROBE, "persist probe");
            case KEEPALIVE -> add(nowNs, Kind.PROBE, "keepalive probe");
            case RACK_REORDER, DELAYED_ACK, FIN_WAIT_2, PACING, CORK -> {
                // too many to show, or seen otherwise
            }
        }
    }

    private void add(long nowNs, Kind kind, String text) {
        if (events.size() < MOST_EVENTS) {
            events.add(new Event(nowNs, kind, text));
        }
    }

    // --- what was seen ---

    /** The connection. */
    public TcpSocket connection() {
        return tcb;
    }

    /** Congestion window, segments. */
    public TimeSeries cwnd() {
        return cwnd;
    }

    /** Slow-start threshold, segments; NaN while there is none. */
    public TimeSeries ssthresh() {
        return ssthresh;
    }

    /** Segments held for in flight. */
    public TimeSeries inFlight() {
        return inFlight;
    }

    /** The window the peer advertises, segments. */
    public TimeSeries peerWindow() {
        return peerWindow;
    }

    /** Round-trip samples, seconds. */
    public TimeSeries rtt() {
        return rtt;
    }

    /** Smoothed round trip, seconds. */
    public TimeSeries srtt() {
        return srtt;
    }

    /** Least round trip, seconds. */
    public TimeSeries minRtt() {
        return minRtt;
    }

    /** Retransmission timeout, seconds. */
    public TimeSeries rto() {
        return rto;
    }

    /** Pacing rate, bits per second. */
    public TimeSeries pacing() {
        return pacing;
    }

    /** Rate samples, bits per second. */
    public TimeSeries delivery() {
        return delivery;
    }

    /** Bytes acknowledged so far. */
    public TimeSeries acked() {
        return acked;
    }

    /** Bytes that had arrived at the peer; empty when nobody said. */
    public TimeSeries arrived() {
        return arrived;
    }

    /** Bytes that waited at the bottleneck; empty when nobody said. */
    public TimeSeries queue() {
        return queue;
    }

    /** What happened, in order. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** When the sender was in which state, OPEN left out. */
    public List<Span> spans() {
        List<Span> all = new ArrayList<>(spans);
        String now = state;
        if (now != null && !now.equals("OPEN")) {
            all.add(new Span(now, stateSinceNs, endNs));
        }
        return all;
    }
}
