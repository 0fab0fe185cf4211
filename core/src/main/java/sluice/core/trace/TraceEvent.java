package sluice.core.trace;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.IpAddress;

/**
 * Something the stack decided or saw, at event rate. Times are nanoseconds on the host's clock, windows of congestion
 * control are in segments, the peers' windows in bytes, round trips in microseconds, rates in bytes per second.
 *
 * <p>Readers switch over the records without a default, so that the compiler names whoever has to know a new one.
 */
public sealed interface TraceEvent {
    /** When. */
    long nowNs();

    /** An event of one connection. */
    sealed interface OfConnection extends TraceEvent {
        /** Which, as seen from this host. */
        FourTuple flow();
    }

    /**
     * Bytes of the send stream.
     *
     * @param seq sequence number of the first
     * @param position position of the first in the stream: 0 is the first byte after the SYN, -1 the SYN
     * @param bytes payload bytes; 0 for a SYN or a FIN alone
     */
    record Range(int seq, long position, int bytes) {}

    /**
     * What a sender holds, after the event it comes with.
     *
     * @param state what it does about congestion
     * @param cwndSegments congestion window (RFC 5681)
     * @param ssthreshSegments slow-start threshold (RFC 5681); {@link Integer#MAX_VALUE} while there is none
     * @param inFlightSegments sent, neither acknowledged nor reported nor marked lost (RFC 6675 pipe)
     * @param mssBytes payload bytes of a full segment
     * @param srttUs smoothed round trip (RFC 6298), microseconds; 0 before the first sample
     * @param rtoUs retransmission timeout with its doublings (RFC 6298), microseconds
     * @param pacingRate bytes per second; 0 before the first round trip
     */
    record Sender(RecoveryState state, int cwndSegments, int ssthreshSegments, int inFlightSegments, int mssBytes,
            long srttUs, long rtoUs, long pacingRate) {}

    // --- life of a connection ---

    /**
     * A connection changed its state (RFC 9293 figure 5); told before anything that follows of it. Of a passive open
     * LISTEN to SYN-RECEIVED is told when the SYN arrives, although there is only a half-open connection then; behind a
     * SYN cookie, which keeps no state, when the cookie comes back. A half-open connection that comes to nothing goes
     * to LISTEN when the peer resets it, else to CLOSED.
     */
    record StateChange(long nowNs, FourTuple flow, TcpState from, TcpState to) implements OfConnection {}

    /**
     * A connection failed (RFC 9293 section 3.10.7.4 "connection reset", 3.10.8 "connection aborted due to user
     * timeout", 3.9.2.2): told before its change to CLOSED.
     *
     * @param state in which it was
     * @param error what the application is told
     */
    record Failed(long nowNs, FourTuple flow, TcpState state, Errno error) implements OfConnection {}

    /** The table of time-waits is full (tcp_max_tw_buckets): the connection ends without its 2 MSL (RFC 9293 3.6.1). */
    record TimeWaitOverflow(long nowNs, FourTuple flow) implements OfConnection {}

    /** The application will read no more (shutdown for reading). */
    record ReadShutdown(long nowNs, FourTuple flow) implements OfConnection {}

    /**
     * The peer announced urgent data, or more of it (RFC 9293 section 3.8.5).
     *
     * @param up RCV.UP, the sequence number after the urgent byte
     */
    record UrgentAnnounced(long nowNs, FourTuple flow, int up) implements OfConnection {}

    // --- timers and retransmission ---

    /**
     * A timer ran out (RFC 9293 section 3.10.8), before what it does. PACING, which runs at packet rate, is not told. A
     * half-open connection's SYN-ACK timer is an RTO.
     *
     * @param unanswered timeouts or probes of this kind before, since the peer was last heard of as they want it; 0 for
     * timers that do not count
     */
    record TimerFired(long nowNs, FourTuple flow, TimerKind timer, int unanswered) implements OfConnection {}

    /**
     * A segment is retransmitted, or, where a device cuts, several in one packet; told as it leaves.
     *
     * @param cause what made it so
     * @param range the bytes
     * @param segments wire segments
     * @param firstSentNs when they were sent first
     */
    record Retransmission(long nowNs, FourTuple flow, RetransmissionCause cause, Range range, int segments,
            long firstSentNs) implements OfConnection {}

    /**
     * It is known what the network did to something that was retransmitted, or that came twice (RFC 2883 section 5, RFC
     * 3522 section 3). Mostly a round trip later than the retransmission.
     *
     * @param range the bytes that this is about
     * @param segments how many segments that is in the counters
     */
    record PathDiagnosis(long nowNs, FourTuple flow, PathFault fault, Range range, long segments)
            implements OfConnection {}

    /** R1 timeouts without an answer (RFC 9293 section 3.8.3, SHLD-9): IP is asked for another route. Once only. */
    record NegativeAdvice(long nowNs, FourTuple flow, int retransmissions) implements OfConnection {}

    // --- congestion ---

    /**
     * The sender changed what it does about congestion (RFC 5681 section 3, RFC 6582, RFC 6675); a timeout is told each
     * time.
     *
     * @param change what happened
     * @param from the state before; {@code sender} has the one after
     * @param priorCwndSegments the window when the last reduction began; 0 when there was none
     * @param sender after the change. A reduction has only its goal set, ssthresh; the window follows by PRR (RFC 6937)
     */
    record CongestionEvent(long nowNs, FourTuple flow, CongestionChange change, RecoveryState from,
            int priorCwndSegments, Sender sender) implements OfConnection {}

    /**
     * A reduction turned out to be a mistake and is undone (RFC 4015 section 3).
     *
     * @param during the state in which that was found
     * @param proof what showed it
     * @param sender with window and threshold put back
     */
    record Undo(long nowNs, FourTuple flow, RecoveryState during, UndoProof proof, Sender sender)
            implements OfConnection {}

    /**
     * An acknowledgment was processed: at the rate of acknowledgments, for series and plots.
     *
     * @param una SND.UNA now
     * @param latestRttUs the last round-trip sample, microseconds; -1 before the first
     * @param minRttUs least round trip, microseconds; {@link Long#MAX_VALUE} before the first sample
     * @param deliveryRate of the last good sample, bytes per second
     */
    record Acknowledged(long nowNs, FourTuple flow, Sender sender, int una, long latestRttUs, long minRttUs,
            long deliveryRate) implements OfConnection {}

    // --- windows and sizes ---

    /**
     * A window closed or opened, or the peer said nothing but a new window (RFC 9293 sections 3.8.6 and 3.10.7.4). That
     * acknowledgments of data move the window is not told.
     *
     * @param ours true for the window that we offer (RCV.WND), false for the peer's (SND.WND)
     * @param change what is worth telling
     * @param beforeBytes the window before, scaled
     * @param bytes the window now, scaled
     */
    record WindowUpdate(long nowNs, FourTuple flow, boolean ours, WindowChange change, int beforeBytes, int bytes)
            implements OfConnection {}

    /**
     * A path MTU probe and what became of it (RFC 4821 section 7).
     *
     * @param packetBytes size of the probe as an IP packet
     * @param searchLow largest IP packet known to arrive, bytes
     * @param searchHigh largest IP packet that may arrive, bytes
     */
    record MtuProbe(long nowNs, FourTuple flow, MtuProbeOutcome outcome, int packetBytes, int searchLow,
            int searchHigh) implements OfConnection {}

    /** An ICMP error said that the path carries less (RFC 1191, RFC 8201): {@code mtuBytes} is believed from now on. */
    record PathMtuReduced(long nowNs, FourTuple flow, int mtuBytes) implements OfConnection {}

    /**
     * The peer is silent, perhaps because the path swallows what is too large for it (RFC 4821 section 7.7).
     *
     * @param mssBytes payload bytes of the segments that are tried from now on
     */
    record MtuBlackHole(long nowNs, FourTuple flow, int mssBytes) implements OfConnection {}

    // --- the host ---

    /** A packet or segment was dropped and this counter, just incremented, says why. */
    record Dropped(long nowNs, Counter reason) implements TraceEvent {}

    /** Somebody else has this tentative address (RFC 4862 section 5.4.5): it is not used. */
    record DuplicateAddress(long nowNs, IpAddress address, String interfaceName) implements TraceEvent {}
}
