package sluice.observe.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The types of events that {@link JfrTrace} writes. Their names and fields are told in docs/observability.md. */
final class TcpEvents {
    private TcpEvents() {}

    @Name("sluice.TcpConnect")
    @Label("TCP Connect")
    @Description("A connection that was opened from here is established")
    static final class Connect extends ConnectionEvent {}

    @Name("sluice.TcpAccept")
    @Label("TCP Accept")
    @Description("A connection that was opened by a peer is established")
    static final class Accept extends ConnectionEvent {}

    @Name("sluice.TcpState")
    @Label("TCP State")
    @Description("A connection changed its state (RFC 9293 figure 5)")
    static final class State extends ConnectionEvent {
        @Label("From")
        @Nullable String from;
        @Label("To")
        @Nullable String to;
    }

    @Name("sluice.TcpFailure")
    @Label("TCP Failure")
    @Description("A connection failed: reset, timed out, unreachable")
    static final class Failure extends ConnectionEvent {
        @Label("State")
        @Nullable String state;
        @Label("Error")
        @Nullable String error;
    }

    @Name("sluice.TcpRetransmission")
    @Label("TCP Retransmission")
    @Description("Something was sent again")
    static final class Retransmission extends ConnectionEvent {
        @Label("Cause")
        @Nullable String cause;
        @Label("Stream Position")
        long position;
        @Label("Bytes")
        @DataAmount
        int bytes;
        @Label("Segments")
        int segments;
        @Label("Since First Sent")
        @Timespan(Timespan.NANOSECONDS)
        long sinceFirstSent;
    }

    @Name("sluice.TcpTimeout")
    @Label("TCP Timeout")
    @Description("A timer of a connection ran out: retransmission (RTO), tail loss probe, persist, keepalive …")
    static final class Timeout extends ConnectionEvent {
        @Label("Timer")
        @Nullable String timer;
        @Label("Unanswered Before")
        int unanswered;
    }

    @Name("sluice.TcpWindow")
    @Label("TCP Window")
    @Description("A window closed or opened (zero window), or the peer said nothing but a new one")
    static final class Window extends ConnectionEvent {
        @Label("Ours")
        @Description("The window that we offer, not the peer's")
        boolean ours;
        @Label("Change")
        @Nullable String change;
        @Label("Before")
        @DataAmount
        int before;
        @Label("Bytes")
        @DataAmount
        int bytes;
    }

    @Name("sluice.TcpCongestion")
    @Label("TCP Congestion")
    @Description("The sender changed what it does about congestion, or took a reduction back")
    static final class Congestion extends ConnectionEvent {
        @Label("Change")
        @Nullable String change;
        @Label("From")
        @Nullable String from;
        @Label("To")
        @Nullable String to;
        @Label("Congestion Window")
        @Description("Segments")
        int cwnd;
        @Label("Slow Start Threshold")
        @Description("Segments")
        int ssthresh;
        @Label("In Flight")
        @Description("Segments")
        int inFlight;
        @Label("Smoothed Round Trip")
        @Timespan(Timespan.MICROSECONDS)
        long srtt;
        @Label("Retransmission Timeout")
        @Timespan(Timespan.MICROSECONDS)
        long rto;
    }

    @Name("sluice.TcpPathFault")
    @Label("TCP Path Fault")
    @Description("What the network did to something: lost it or its acknowledgment, delayed or duplicated it")
    static final class PathFault extends ConnectionEvent {
        @Label("Fault")
        @Nullable String fault;
        @Label("Segments")
        long segments;
    }

    @Name("sluice.TcpPathMtu")
    @Label("TCP Path MTU")
    @Description("The path carries less, or what a probe found out")
    static final class PathMtu extends ConnectionEvent {
        @Label("Reason")
        @Nullable String reason;
        @Label("Bytes")
        @DataAmount
        int bytes;
    }

    @Name("sluice.TcpNotice")
    @Label("TCP Notice")
    @Description("What happens seldom: urgent data announced, reading shut down, another route wanted …")
    static final class Notice extends ConnectionEvent {
        @Label("Text")
        @Nullable String text;
    }

    @Name("sluice.PacketDrop")
    @Label("Packet Drop")
    @Category({"Sluice", "Host"})
    @Description("A packet was dropped, and the counter says why")
    @StackTrace(false)
    static final class Drop extends Event {
        @Label("Counter")
        @Nullable String counter;
        @Label("Meaning")
        @Nullable String meaning;
    }

    @Name("sluice.DuplicateAddress")
    @Label("Duplicate Address")
    @Category({"Sluice", "Host"})
    @Description("Somebody else has an address that this host wanted")
    @StackTrace(false)
    static final class DuplicateAddress extends Event {
        @Label("Address")
        @Nullable String address;
        @Label("Interface")
        @Nullable String networkInterface;
    }
}
