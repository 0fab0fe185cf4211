package sluice.observe.record;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.TraceEvent;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * The segments of one connection as a ladder between its two ends: time, flags, relative sequence and acknowledgment
 * numbers, lengths, windows, and at the margins the states of the ends. Made of the packets captured at one end, or at
 * both: then each arrow knows when it arrived, or that it never did.
 *
 * <p>Reading: numbers are relative to each side's initial sequence number, a segment's data is written {@code seq
 * from:to}; windows are in bytes, scaled once the handshake's window scale is known. {@link #lines} is what printers
 * and drawings read. Not thread-safe.
 */
public final class SequenceDiagram {
    private static final int SHIFT_UNKNOWN = -1;

    /**
     * A line of the ladder: a segment, or else a note or a change of state.
     *
     * @param sentNs when it left, nanoseconds from the first line
     * @param arrivedNs when it arrived, or {@link Time#NEVER} when nobody saw it arrive
     * @param fromLeft its direction, or the side of a note
     * @param lost whether a segment never arrived; known only when both ends were captured
     * @param segment what is written on a segment's arrow; null when this is none
     * @param note a remark: what happened, or what there is to say of the segment
     * @param leftState new state of the left end
     * @param rightState new state of the right end
     */
    public record Line(long sentNs, long arrivedNs, boolean fromLeft, boolean lost, @Nullable String segment,
            @Nullable String note, @Nullable String leftState, @Nullable String rightState) {}

    /** A row of the ladder. */
    private static final class Row {
        final long sentNs;
        final @Nullable DiagramSegment segment;
        boolean fromLeft;
        long arrivedNs = Time.NEVER;
        @Nullable String leftState;
        @Nullable String rightState;
        @Nullable String note;

        Row(long sentNs, @Nullable DiagramSegment segment) {
            this.sentNs = sentNs;
            this.segment = segment;
        }
    }

    private final String leftName;
    private final String rightName;
    private final IpAddress leftAddress;
    private final List<Row> rows = new ArrayList<>();
    private int leftPort = -1;
    private int rightPort = -1;
    private boolean bothSides;
    private boolean started;
    private long originNs;
    private int leftIsn;
    private int rightIsn;
    private boolean leftIsnKnown;
    private boolean rightIsnKnown;
    private int leftShift = SHIFT_UNKNOWN;
    private int rightShift = SHIFT_UNKNOWN;

    /**
     * An empty diagram.
     *
     * @param leftName heading of the left end
     * @param leftAddress address of the left end; what it sends goes to the right
     * @param rightName heading of the right end
     */
    public SequenceDiagram(String leftName, IpAddress leftAddress, String rightName) {
        this.leftName = leftName;
        this.leftAddress = leftAddress;
        this.rightName = rightName;
    }

    /** Restricts the diagram to one connection; otherwise the first segment seen decides. */
    public SequenceDiagram connection(int leftPortNumber, int rightPortNumber) {
        leftPort = leftPortNumber;
        rightPort = rightPortNumber;
        return this;
    }

    /**
     * A packet as it left its sender, or, captured at one end only, as it was seen there. Packets of other connections
     * are ignored.
     */
    public void packet(Packet packet, long nowNs) {
        DiagramSegment s = DiagramSegment.parse(packet);
        if (s != null && belongs(s)) {
            Row row = new Row(nowNs, s);
            row.fromLeft = fromLeft(s);
            add(row);
            learn(s, row.fromLeft);
        }
    }

    /**
     * A packet as it arrived at the other end. From the first call on, segments that never arrive are shown as lost.
     */
    public void arrived(Packet packet, long nowNs) {
        bothSides = true;
        DiagramSegment s = DiagramSegment.parse(packet);
        if (s == null || !belongs(s)) {
            return;
        }
        for (Row row : rows) {
            DiagramSegment sent = row.segment;
            if (sent != null && row.arrivedNs == Time.NEVER && sent.sameAs(s)) {
                row.arrivedNs = nowNs;
                return;
            }
        }
        Row row = new Row(nowNs, s);
        row.fromLeft = fromLeft(s);
        row.arrivedNs = nowNs;
        row.note = "(seen only here)";
        add(row);
    }

    /**
     * What a host's trace said: changes of state go to its margin; retransmissions, timers and decisions to rows of
     * their own.
     */
    public void event(TraceEvent event) {
        switch (event) {
            case TraceEvent.OfConnection c -> {
                if (ours(c.flow())) {
                    ofConnection(c);
                }
            }
            case TraceEvent.Dropped _,TraceEvent.DuplicateAddress _ -> {
                // of no connection
            }
        }
    }

    private void ofConnection(TraceEvent.OfConnection event) {
        switch (event) {
            case TraceEvent.StateChange c ->
                state(c.nowNs(), c.flow().local().equals(leftAddress), shortState(c.to()));
            case TraceEvent.TimerFired _,TraceEvent.Retransmission _,TraceEvent.PathDiagnosis _, //
            TraceEvent.Undo _,TraceEvent.Failed _,TraceEvent.TimeWaitOverflow _, //
            TraceEvent.NegativeAdvice _,TraceEvent.ReadShutdown _,TraceEvent.UrgentAnnounced _, //
            TraceEvent.MtuProbe _,TraceEvent.PathMtuReduced _,TraceEvent.MtuBlackHole _ ->
                note(event.nowNs(), event.flow(), TraceText.words(event));
            case TraceEvent.CongestionEvent _,TraceEvent.Acknowledged _,TraceEvent.WindowUpdate _ -> {
                // for plots, or seen in the segments
            }
        }
    }

    private boolean ours(FourTuple f) {
        boolean left = f.local().equals(leftAddress);
        int lp = left ? f.localPort() : f.remotePort();
        int rp = left ? f.remotePort() : f.localPort();
        return (leftPort < 0 || lp == leftPort) && (rightPort < 0 || rp == rightPort);
    }

    private void state(long nowNs, boolean left, String state) {
        Row row = new Row(nowNs, null);
        row.fromLeft = left;
        if (left) {
            row.leftState = state;
        } else {
            row.rightState = state;
        }
        add(row);
    }

    private void note(long nowNs, FourTuple flow, String text) {
        Row row = new Row(nowNs, null);
        row.fromLeft = flow.local().equals(leftAddress);
        row.note = text;
        add(row);
    }

    private void add(Row row) {
        if (!started) {
            started = true;
            originNs = row.sentNs;
        }
        originNs = Math.min(originNs, row.sentNs);
        rows.add(row);
    }

    private boolean fromLeft(DiagramSegment s) {
        return s.source().equals(leftAddress) && (!s.destination().equals(leftAddress) || s.sourcePort() == leftPort);
    }

    private boolean belongs(DiagramSegment s) {
        boolean left = s.source().equals(leftAddress);
        if (!left && !s.destination().equals(leftAddress)) {
            return false;
        }
        int lp = left ? s.sourcePort() : s.destinationPort();
        int rp = left ? s.destinationPort() : s.sourcePort();
        if (leftPort < 0 && rightPort < 0) {
            leftPort = lp;
            rightPort = rp;
        }
        return (leftPort < 0 || lp == leftPort) && (rightPort < 0 || rp == rightPort);
    }

    private void learn(DiagramSegment s, boolean left) {
        boolean syn = s.has(DiagramSegment.SYN);
        int shift = SHIFT_UNKNOWN;
        for (String o : s.options()) {
            if (o.startsWith("wscale ")) {
                shift = Integer.parseInt(o.substring(7));
            }
        }
        // Without the handshake the first number seen stands for the initial one, so that data starts at 1.
        int isn = syn ? s.seq() : s.seq() - 1;
        if (left && (syn || !leftIsnKnown)) {
            leftIsn = isn;
            leftIsnKnown = true;
            leftShift = syn ? shift : leftShift;
        } else if (!left && (syn || !rightIsnKnown)) {
            rightIsn = isn;
            rightIsnKnown = true;
            rightShift = syn ? shift : rightShift;
        }
        if (s.has(DiagramSegment.ACK)) {
            if (left && !rightIsnKnown) {
                rightIsn = s.ack() - 1;
                rightIsnKnown = true;
            } else if (!left && !leftIsnKnown) {
                leftIsn = s.ack() - 1;
                leftIsnKnown = true;
            }
        }
    }

    private static String shortState(TcpState state) {
        return state == TcpState.ESTABLISHED ? "ESTAB" : state.name().replace('_', '-');
    }

    /** What stands on an arrow. */
    private String label(DiagramSegment s, boolean left) {
        long from = Integer.toUnsignedLong(s.seq() - (left ? leftIsn : rightIsn));
        StringBuilder b = new StringBuilder(s.flagNames());
        if (s.sequenceLength() > 0 || !s.has(DiagramSegment.ACK)) {
            b.append(" seq ").append(from);
            if (s.payload() > 0) {
                b.append(':').append(from + s.payload()).append(" (").append(s.payload()).append(')');
            }
        }
        if (s.has(DiagramSegment.ACK)) {
            b.append(" ack ").append(Integer.toUnsignedLong(s.ack() - (left ? rightIsn : leftIsn)));
        }
        boolean scaled = !s.has(DiagramSegment.SYN) && leftShift >= 0 && rightShift >= 0;
        b.append(" win ").append((long) s.window() << (scaled ? left ? leftShift : rightShift : 0));
        for (String o : s.options()) {
            if (o.startsWith("sack ")) {
                b.append(" sack").append(relativeBlocks(o, left));
            } else if (s.has(DiagramSegment.SYN)) {
                b.append(", ").append(o);
            }
        }
        return b.toString();
    }

    private String relativeBlocks(String option, boolean left) {
        int isn = left ? rightIsn : leftIsn;
        StringBuilder b = new StringBuilder();
        for (String block : option.substring(5).split(" ", -1)) {
            int colon = block.indexOf(':');
            b.append(' ').append(Integer.toUnsignedLong(Integer.parseInt(block.substring(0, colon)) - isn)).append(':')
                    .append(Integer.toUnsignedLong(Integer.parseInt(block.substring(colon + 1)) - isn));
        }
        return b.toString();
    }

    /** What was recorded, in order of time; what happened at one moment stays in the order it came. */
    public List<Line> lines() {
        List<Row> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparingLong(r -> r.sentNs)); // stable
        return ordered.stream().map(this::line).toList();
    }

    private Line line(Row row) {
        DiagramSegment s = row.segment;
        boolean arrived = row.arrivedNs != Time.NEVER;
        return new Line(row.sentNs - originNs, arrived ? row.arrivedNs - originNs : Time.NEVER, row.fromLeft,
                bothSides && !arrived, s == null ? null : label(s, row.fromLeft), row.note, row.leftState,
                row.rightState);
    }

    /** Heading of the left end. */
    public String leftName() {
        return leftName;
    }

    /** Heading of the right end. */
    public String rightName() {
        return rightName;
    }
}
