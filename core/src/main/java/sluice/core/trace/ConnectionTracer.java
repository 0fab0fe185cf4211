package sluice.core.trace;

import sluice.base.Errno;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;

/**
 * Tells the trace of its host what happens to one connection. Makes an event only when somebody listens: its arguments
 * cost nothing else. One method for each event; what they say and when is told at {@link TraceEvent}'s records.
 *
 * <p>On the thread inside the host.
 */
public final class ConnectionTracer {
    private final TraceSink sink;
    private final FourTuple flow;

    /** For the connection {@code flow}. */
    public ConnectionTracer(TraceSink sink, FourTuple flow) {
        this.sink = sink;
        this.flow = flow;
    }

    /** Whether anybody listens: to be asked only where the arguments themselves cost something. */
    public boolean enabled() {
        return sink.enabled();
    }

    /** See {@link TraceEvent.StateChange}. */
    public void became(TcpState from, TcpState to, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.StateChange(nowNs, flow, from, to));
        }
    }

    /** See {@link TraceEvent.Failed}. */
    public void failed(TcpState state, Errno error, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.Failed(nowNs, flow, state, error));
        }
    }

    /** See {@link TraceEvent.TimeWaitOverflow}. */
    public void timeWaitOverflow(long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.TimeWaitOverflow(nowNs, flow));
        }
    }

    /** See {@link TraceEvent.ReadShutdown}. */
    public void readShutdown(long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.ReadShutdown(nowNs, flow));
        }
    }

    /** See {@link TraceEvent.UrgentAnnounced}. */
    public void urgentAnnounced(int up, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.UrgentAnnounced(nowNs, flow, up));
        }
    }

    /** See {@link TraceEvent.TimerFired}. */
    public void timerFired(TimerKind timer, int unanswered, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.TimerFired(nowNs, flow, timer, unanswered));
        }
    }

    /** See {@link TraceEvent.Retransmission}. */
    public void retransmitted(RetransmissionCause cause, int seq, long position, int bytes, int segments,
            long firstSentNs, long nowNs) {
        if (sink.enabled()) {
            TraceEvent.Range range = new TraceEvent.Range(seq, position, bytes);
            sink.on(new TraceEvent.Retransmission(nowNs, flow, cause, range, segments, firstSentNs));
        }
    }

    /** See {@link TraceEvent.PathDiagnosis}. */
    public void diagnosed(PathFault fault, int seq, long position, int bytes, long segments, long nowNs) {
        if (sink.enabled()) {
            TraceEvent.Range range = new TraceEvent.Range(seq, position, bytes);
            sink.on(new TraceEvent.PathDiagnosis(nowNs, flow, fault, range, segments));
        }
    }

    /** See {@link TraceEvent.NegativeAdvice}. */
    public void negativeAdvice(int retransmissions, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.NegativeAdvice(nowNs, flow, retransmissions));
        }
    }

    /** See {@link TraceEvent.CongestionEvent}. */
    public void congestion(CongestionChange change, RecoveryState from, int priorCwndSegments, SenderSnapshot now,
            long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.CongestionEvent(nowNs, flow, change, from, priorCwndSegments, now.sender()));
        }
    }

    /** See {@link TraceEvent.Undo}. */
    public void undone(RecoveryState during, UndoProof proof, SenderSnapshot now, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.Undo(nowNs, flow, during, proof, now.sender()));
        }
    }

    /** See {@link TraceEvent.Acknowledged}. */
    public void acknowledged(SenderSnapshot now, int una, long latestRttUs, long minRttUs, long deliveryRate,
            long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.Acknowledged(nowNs, flow, now.sender(), una, latestRttUs, minRttUs, deliveryRate));
        }
    }

    /**
     * Our window goes from one size to another with the segment that leaves now; tells when it closes or opens. See
     * {@link TraceEvent.WindowUpdate}.
     */
    public void ourWindow(int beforeBytes, int bytes, long nowNs) {
        if (sink.enabled() && (bytes == 0) != (beforeBytes == 0)) {
            WindowChange change = bytes == 0 ? WindowChange.CLOSED : WindowChange.OPENED;
            sink.on(new TraceEvent.WindowUpdate(nowNs, flow, true, change, beforeBytes, bytes));
        }
    }

    /**
     * The peer's window goes from one size to another. See {@link TraceEvent.WindowUpdate}.
     *
     * @param shrunk its right edge moves left, by more than rounding to its scale makes it (RFC 7323 section 2.4)
     * @param nothingElse the segment has no data and acknowledges none
     */
    public void peerWindow(int beforeBytes, int bytes, boolean shrunk, boolean nothingElse, long nowNs) {
        if (!sink.enabled()) {
            return;
        }
        WindowChange change;
        if ((bytes == 0) != (beforeBytes == 0)) {
            change = bytes == 0 ? WindowChange.CLOSED : WindowChange.OPENED;
        } else if (shrunk) {
            change = WindowChange.SHRUNK;
        } else if (nothingElse && bytes != beforeBytes) {
            change = WindowChange.UPDATED;
        } else {
            return;
        }
        sink.on(new TraceEvent.WindowUpdate(nowNs, flow, false, change, beforeBytes, bytes));
    }

    /** See {@link TraceEvent.MtuProbe}. */
    public void mtuProbe(MtuProbeOutcome outcome, int packetBytes, int searchLow, int searchHigh, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.MtuProbe(nowNs, flow, outcome, packetBytes, searchLow, searchHigh));
        }
    }

    /** See {@link TraceEvent.PathMtuReduced}. */
    public void pathMtuReduced(int mtuBytes, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.PathMtuReduced(nowNs, flow, mtuBytes));
        }
    }

    /** See {@link TraceEvent.MtuBlackHole}. */
    public void mtuBlackHole(int mssBytes, long nowNs) {
        if (sink.enabled()) {
            sink.on(new TraceEvent.MtuBlackHole(nowNs, flow, mssBytes));
        }
    }
}
