package sluice.core.trace;

import sluice.base.Counter;
import sluice.wire.IpAddress;

/** Something the stack decided or saw, at event rate. Times are nanoseconds on the host's clock. */
public sealed interface TraceEvent {
    /** When. */
    long nowNs();

    /** A connection, as seen from this host. */
    record Flow(IpAddress local, int localPort, IpAddress remote, int remotePort) {
        @Override
        public String toString() {
            return local + ":" + localPort + " > " + remote + ":" + remotePort;
        }
    }

    /** A connection changed its state (RFC 9293 figure 5). */
    record StateChange(long nowNs, Flow flow, String from, String to) implements TraceEvent {}

    /** A timer of a connection ran out. */
    record TimerFired(long nowNs, Flow flow, String timer) implements TraceEvent {}

    /** A segment is sent again. {@code reason} names the mechanism: RTO, fast, TLP, SYN. */
    record Retransmit(long nowNs, Flow flow, int seq, int length, String reason) implements TraceEvent {}

    /**
     * Congestion state after a change worth showing; windows in segments, times in microseconds, rate in bytes per
     * second.
     */
    record Congestion(long nowNs, Flow flow, String state, int cwndSegments, int ssthreshSegments, int inFlightSegments,
            long srttUs, long rtoUs,
            long pacingRate)
            implements TraceEvent {}

    /** A packet or segment was dropped and this counter says why. */
    record Drop(long nowNs, Counter reason) implements TraceEvent {}

    /** A decision in words: "undo: the retransmission was spurious (D-SACK)". */
    record Note(long nowNs, Flow flow, String text) implements TraceEvent {}
}
