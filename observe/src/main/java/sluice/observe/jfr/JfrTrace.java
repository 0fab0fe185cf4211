package sluice.observe.jfr;

import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.TraceSink;

/**
 * Writes what a host decides as events of the Flight Recorder ({@code sluice.TcpRetransmission} and its like):
 *
 * <pre>{@code
 * HostConfig.builder(new SystemEntropy()).trace(new JfrTrace())
 * }</pre>
 *
 * <p>Costs nothing while no recording wants any of them: the host makes no events then. Acknowledgments, which come at
 * packet rate, are not written.
 */
public final class JfrTrace implements TraceSink {
    /** Not loaded before somebody records: it takes a tenth of a second. */
    private static final class Kinds {
        static final List<Event> ALL = List.of(new TcpEvents.Connect(), new TcpEvents.Accept(),
                new TcpEvents.State(), new TcpEvents.Failure(), new TcpEvents.Retransmission(), new TcpEvents.Timeout(),
                new TcpEvents.Window(), new TcpEvents.Congestion(), new TcpEvents.PathFault(), new TcpEvents.PathMtu(),
                new TcpEvents.Notice(), new TcpEvents.Drop(), new TcpEvents.DuplicateAddress());
    }

    /** Whether a recording wants any; looked at anew whenever a recording begins or ends. */
    private static volatile boolean wanted;

    static {
        FlightRecorder.addListener(new FlightRecorderListener() {
            @Override
            public void recordingStateChanged(Recording recording) {
                look();
            }
        });
        if (FlightRecorder.isInitialized()) {
            look();
        }
    }

    private static void look() {
        wanted = Kinds.ALL.stream().anyMatch(Event::isEnabled);
    }

    @Override
    public boolean enabled() {
        return wanted;
    }

    @Override
    public void on(TraceEvent event) {
        switch (event) {
            case TraceEvent.StateChange e -> state(e);
            case TraceEvent.Failed e -> {
                TcpEvents.Failure f = new TcpEvents.Failure();
                f.state = e.state().ssName();
                f.error = e.error().name();
                f.commitFor(e.flow());
            }
            case TraceEvent.Retransmission e -> {
                TcpEvents.Retransmission r = new TcpEvents.Retransmission();
                r.cause = e.cause().name();
                r.position = e.range().position();
                r.bytes = e.range().bytes();
                r.segments = e.segments();
                r.sinceFirstSent = e.nowNs() - e.firstSentNs();
                r.commitFor(e.flow());
            }
            case TraceEvent.TimerFired e -> {
                TcpEvents.Timeout t = new TcpEvents.Timeout();
                t.timer = e.timer().name();
                t.unanswered = e.unanswered();
                t.commitFor(e.flow());
            }
            case TraceEvent.WindowUpdate e -> {
                TcpEvents.Window w = new TcpEvents.Window();
                w.ours = e.ours();
                w.change = e.change().name();
                w.before = e.beforeBytes();
                w.bytes = e.bytes();
                w.commitFor(e.flow());
            }
            case TraceEvent.CongestionEvent e ->
                congestion(e.flow(), e.change().name(), e.from().name(), e.sender());
            case TraceEvent.Undo e ->
                congestion(e.flow(), "UNDO_BY_" + e.proof().name(), e.during().name(), e.sender());
            case TraceEvent.PathDiagnosis e -> {
                TcpEvents.PathFault p = new TcpEvents.PathFault();
                p.fault = e.fault().name();
                p.segments = e.segments();
                p.commitFor(e.flow());
            }
            case TraceEvent.PathMtuReduced e -> mtu(e.flow(), "ICMP", e.mtuBytes());
            case TraceEvent.MtuProbe e -> mtu(e.flow(), "PROBE_" + e.outcome().name(), e.packetBytes());
            case TraceEvent.MtuBlackHole e -> mtu(e.flow(), "BLACK_HOLE", e.mssBytes());
            case TraceEvent.TimeWaitOverflow e -> notice(e.flow(), "ends without TIME-WAIT: the table is full");
            case TraceEvent.ReadShutdown e -> notice(e.flow(), "the application reads no more");
            case TraceEvent.UrgentAnnounced e -> notice(e.flow(), "the peer announced urgent data");
            case TraceEvent.NegativeAdvice e ->
                notice(e.flow(), "no answer to " + e.retransmissions() + " retransmissions: another route is wanted");
            case TraceEvent.Acknowledged _ -> {
                // at packet rate
            }
            case TraceEvent.Dropped e -> {
                TcpEvents.Drop d = new TcpEvents.Drop();
                d.counter = e.reason().name();
                d.meaning = e.reason().text();
                d.commit();
            }
            case TraceEvent.DuplicateAddress e -> {
                TcpEvents.DuplicateAddress d = new TcpEvents.DuplicateAddress();
                d.address = e.address().toString();
                d.networkInterface = e.interfaceName();
                d.commit();
            }
        }
    }

    private static void state(TraceEvent.StateChange e) {
        if (e.to() == TcpState.ESTABLISHED) {
            ConnectionEvent opened = e.from() == TcpState.SYN_SENT ? new TcpEvents.Connect() : new TcpEvents.Accept();
            opened.commitFor(e.flow());
        }
        TcpEvents.State s = new TcpEvents.State();
        s.from = e.from().ssName();
        s.to = e.to().ssName();
        s.commitFor(e.flow());
    }

    private static void congestion(FourTuple flow, String change, String from, TraceEvent.Sender sender) {
        TcpEvents.Congestion c = new TcpEvents.Congestion();
        c.change = change;
        c.from = from;
        c.to = sender.state().name();
        c.cwnd = sender.cwndSegments();
        c.ssthresh = sender.ssthreshSegments();
        c.inFlight = sender.inFlightSegments();
        c.srtt = sender.srttUs();
        c.rto = sender.rtoUs();
        c.commitFor(flow);
    }

    private static void mtu(FourTuple flow, String reason, int bytes) {
        TcpEvents.PathMtu m = new TcpEvents.PathMtu();
        m.reason = reason;
        m.bytes = bytes;
        m.commitFor(flow);
    }

    private static void notice(FourTuple flow, String text) {
        TcpEvents.Notice n = new TcpEvents.Notice();
        n.text = text;
        n.commitFor(flow);
    }
}
