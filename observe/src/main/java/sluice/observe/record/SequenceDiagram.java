package sluice.observe.record;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
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

    /** What became of a segment. Only where both ends were captured is it known whether one was lost. */
    public enum Fate {
        /** It was seen. */
        SEEN,
        /** It never arrived. */
        LOST,
        /** It was on its way when the capture ended. */
        IN_FLIGHT
    }

    /**
     * A line of the ladder: a segment, or else a note or a change of state.
     *
     * @param sentNs when it left, nanoseconds from the first line
     * @param arrivedNs when it arrived, or {@link Time#NEVER} when nobody saw it arrive
     * @param fromLeft its direction, or the side of a note
     * @param fate what became of a segment; {@link Fate#SEEN} when this is none
     * @param segment what is written on a segment's arrow; null when this is none
     * @param note a remark: what happened, or what there is to say of the segment
     * @param leftState new state of the left end
     * @param rightState new state of the right end
     * @param headers a segment's IP and TCP headers as they were sent, in hexadecimal digits; null when this is none
     */
    public record Line(long sentNs, long arrivedNs, boolean fromLeft, Fate fate, @Nullable String segment,
            @Nullable String note, @Nullable String leftState, @Nullable String rightState,
            @Nullable String headers) {}

    /** A row of the ladder. */
    private static final class Row {
        final long sentNs;
        final @Nullable DiagramSegment segment;
        boolean fromLeft;
        long arrivedNs = Time.NEVER;
        boolean inFlight;
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
    private boolean absolute;
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
        Row sentRow = onTheWay(s::sameAs);
        if (sentRow != null) {
            sentRow.arrivedNs = nowNs;
            return;
        }
        boolean seen = rows.stream().anyMatch(r -> r.segment != null && r.segment.sameAs(s));
        Row changed = seen ? null : onTheWay(s::sameButWindow);
        if (changed != null && changed.note == null) {
            changed.note = "(its window is " + s.window() + " when it arrives)";
            changed.arrivedNs = nowNs;
            return;
        }
        Row row = new Row(nowNs, s);
        row.fromLeft = fromLeft(s);
        row.arrivedNs = nowNs;
        row.note = seen ? "(a copy: the network doubled it)" : "(seen only here)";
        add(row);
    }

    /** The first segment like this that nobody saw arrive; null when there is none. */
    private @Nullable Row onTheWay(Predicate<DiagramSegment> like) {
        for (Row row : rows) {
            DiagramSegment sent = row.segment;
            if (sent != null && row.arrivedNs == Time.NEVER && like.test(sent)) {
                return row;
            }
        }
        return null;
    }

    /** What never arrives is lost, also when nothing arrives at all: both ends are captured. */
    public SequenceDiagram ofBothEnds() {
        bothSides = true;
        return this;
    }

    /** A packet that is on its way when the capture ends. */
    public void inFlight(Packet packet) {
        DiagramSegment s = DiagramSegment.parse(packet);
        if (s == null || !belongs(s)) {
            return;
        }
        for (int i = rows.size() - 1; i >= 0; i--) {
            Row row = rows.get(i);
            DiagramSegment sent = row.segment;
            if (sent != null && row.arrivedNs == Time.NEVER && !row.inFlight && sent.sameAs(s)) {
                row.inFlight = true;
                return;
            }
        }
    }

    /** Something that happened to the path between the two. */
    public void remark(String text, long nowNs) {
        Row row = new Row(nowNs, null);
        row.fromLeft = true;
        row.note = "– – " + text + " – –";
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
        if (!left && !f.remote().equals(leftAddress)) {
            return false;
        }
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

    /** A number of the left or the right end's stream as it is written. */
    private long relative(int number, boolean ofLeft) {
        return Integer.toUnsignedLong(absolute ? number : number - (ofLeft ? leftIsn : rightIsn));
    }

    /** What stands on an arrow. */
    private String label(DiagramSegment s, boolean left) {
        long from = relative(s.seq(), left);
        StringBuilder b = new StringBuilder(s.flagNames());
        if (s.sequenceLength() > 0 || !s.has(DiagramSegment.ACK)) {
            b.append(" seq ").append(from);
            if (s.payload() > 0) {
                b.append(':').append(from + s.payload()).append(" (").append(s.payload()).append(')');
            }
        }
        if (s.has(DiagramSegment.ACK)) {
            b.append(" ack ").append(relative(s.ack(), !left));
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
        StringBuilder b = new StringBuilder();
        for (String block : option.substring(5).split(" ", -1)) {
            int colon = block.indexOf(':');
            b.append(' ').append(relative(Integer.parseInt(block.substring(0, colon)), !left)).append(':')
                    .append(relative(Integer.parseInt(block.substring(colon + 1)), !left));
        }
        return b.toString();
    }

    /** What was recorded, in order of time; what happened at one moment stays in the order it came. */
    public List<Line> lines() {
        List<Row> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparingLong(r -> r.sentNs)); // stable
        IdentityHashMap<Row, Row> closings = closings(ordered);
        markOvertaken(ordered);
        return ordered.stream().map(r -> line(r, closings)).toList();
    }

    /**
     * Whoever closes is in FIN-WAIT-1 or LAST-ACK from that call on (RFC 9293 section 3.10.4), though the FIN has to
     * wait for its turn behind the data. The ladder says so at the call and names the state where the FIN leaves: from
     * the call to the FIN and back, for those where other segments are between.
     */
    private static IdentityHashMap<Row, Row> closings(List<Row> ordered) {
        IdentityHashMap<Row, Row> found = new IdentityHashMap<>();
        Row call = null;
        boolean between = false;
        for (boolean left : new boolean[]{true, false}) {
            for (Row row : ordered) {
                String state = left ? row.leftState : row.rightState;
                DiagramSegment s = row.segment;
                if ("FIN-WAIT-1".equals(state) || "LAST-ACK".equals(state)) {
                    call = row;
                    between = false;
                } else if (call != null && s != null && row.fromLeft == left) {
                    if (s.has(DiagramSegment.FIN) && between) {
                        found.put(call, row);
                        found.put(row, call);
                    }
                    between = true;
                    call = s.has(DiagramSegment.FIN) ? null : call;
                }
            }
            call = null;
        }
        return found;
    }

    /** Who left later and arrived earlier has overtaken. */
    private static void markOvertaken(List<Row> ordered) {
        long[] earliest = {Time.NEVER, Time.NEVER};
        for (Row row : ordered.reversed()) {
            int side = row.fromLeft ? 0 : 1;
            if (row.segment == null || row.arrivedNs == Time.NEVER) {
                continue;
            }
            if (row.arrivedNs > earliest[side] && row.note == null) {
                row.note = "(late: overtaken)";
            }
            earliest[side] = Math.min(earliest[side], row.arrivedNs);
        }
    }

    private Fate fate(Row row) {
        boolean lost = row.segment != null && bothSides && row.arrivedNs == Time.NEVER;
        return row.inFlight ? Fate.IN_FLIGHT : lost ? Fate.LOST : Fate.SEEN;
    }

    private Line line(Row row, IdentityHashMap<Row, Row> closings) {
        DiagramSegment s = row.segment;
        boolean arrived = row.arrivedNs != Time.NEVER;
        Row other = closings.get(row);
        Row states = other != null && s != null ? other : row;
        String note = other != null && s == null ? "closes; the FIN goes behind the data" : row.note;
        boolean stateless = other != null && s == null;
        return new Line(row.sentNs - originNs, arrived ? row.arrivedNs - originNs : Time.NEVER, row.fromLeft,
                fate(row), s == null ? null : label(s, row.fromLeft), note,
                stateless ? null : states.leftState, stateless ? null : states.rightState,
                s == null ? null : s.headers());
    }

    /** Writes sequence and acknowledgment numbers as they are on the wire, not counted from the initial ones. */
    public SequenceDiagram absolute() {
        absolute = true;
        return this;
    }

    /** The initial sequence number of an end, unsigned; what relative numbers are counted from. */
    public long initialSequence(boolean left) {
        return Integer.toUnsignedLong(left ? leftIsn : rightIsn);
    }

    /** When the first line is, in the time of the packets; {@link Time#NEVER} while there is none. */
    public long originNs() {
        return started ? originNs : Time.NEVER;
    }

    /** Port of the left end; -1 while no segment was seen. */
    public int leftPort() {
        return leftPort;
    }

    /** Port of the right end; -1 while no segment was seen. */
    public int rightPort() {
        return rightPort;
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
