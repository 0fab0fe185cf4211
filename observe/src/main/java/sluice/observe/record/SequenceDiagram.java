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
 * from:to}; windows are in bytes, scaled once the handshake's window scale is known. Where ports are used once more,
 * each connection counts from its own initial numbers. {@link #lines} is what printers and drawings read. Not
 * thread-safe.
 */
public final class SequenceDiagram {
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
     * @param leftIsn what the left end's sequence numbers are counted from at this line, unsigned
     * @param rightIsn the same of the right end
     */
    public record Line(long sentNs, long arrivedNs, boolean fromLeft, Fate fate, @Nullable String segment,
            @Nullable String note, @Nullable String leftState, @Nullable String rightState,
            @Nullable String headers, long leftIsn, long rightIsn) {}

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
        InitialNumbers numbers = new InitialNumbers();
        /** Of a copy: what it is a copy of. */
        @Nullable Row original;

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
        packet(packet, nowNs, null);
    }

    /**
     * The same with a remark on the segment.
     *
     * @return whether it is a segment of this connection, and stands in the diagram now
     */
    public boolean packet(Packet packet, long nowNs, @Nullable String remark) {
        DiagramSegment s = DiagramSegment.parse(packet);
        if (s == null || !belongs(s)) {
            return false;
        }
        Row row = new Row(nowNs, s);
        row.fromLeft = fromLeft(s);
        row.note = remark;
        add(row);
        return true;
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
        Row seen = rows.stream().filter(r -> r.segment != null && r.segment.sameAs(s)).findFirst().orElse(null);
        Row changed = seen != null ? null : onTheWay(s::sameButWindow);
        if (changed != null && changed.note == null) {
            changed.note = "(its window is " + s.window() + " when it arrives)";
            changed.arrivedNs = nowNs;
            return;
        }
        Row row = new Row(nowNs, s);
        row.fromLeft = fromLeft(s);
        row.arrivedNs = nowNs;
        row.original = seen;
        row.note = seen != null ? "(a copy: the network doubled it)" : "(seen only here)";
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

    /** The rows in order of time, each with the initial numbers of the connection that it is of. */
    private List<Row> ordered() {
        List<Row> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparingLong(r -> r.sentNs)); // stable
        InitialNumbers numbers = new InitialNumbers();
        for (Row row : ordered) {
            if (row.segment != null && row.original == null) {
                numbers = numbers.after(row.segment, row.fromLeft);
            }
            row.numbers = row.original == null ? numbers : row.original.numbers;
        }
        return ordered;
    }

    private static String shortState(TcpState state) {
        return state == TcpState.ESTABLISHED ? "ESTAB" : state.name().replace('_', '-');
    }

    /** What stands on an arrow. */
    private String label(DiagramSegment s, Row row) {
        boolean left = row.fromLeft;
        InitialNumbers numbers = absolute ? InitialNumbers.ABSOLUTE : row.numbers;
        long from = numbers.relative(s.seq(), left);
        StringBuilder b = new StringBuilder(s.flagNames());
        if (s.sequenceLength() > 0 || !s.has(DiagramSegment.ACK)) {
            b.append(" seq ").append(from);
            if (s.payload() > 0) {
                b.append(':').append(from + s.payload()).append(" (").append(s.payload()).append(')');
            }
        }
        if (s.has(DiagramSegment.ACK)) {
            b.append(" ack ").append(numbers.relative(s.ack(), !left));
        }
        b.append(" win ").append((long) s.window() << (s.has(DiagramSegment.SYN) ? 0 : row.numbers.shift(left)));
        for (String o : s.options()) {
            if (o.startsWith("sack ")) {
                b.append(" sack").append(relativeBlocks(o, left, numbers));
            } else if (s.has(DiagramSegment.SYN)) {
                b.append(", ").append(o);
            }
        }
        return b.toString();
    }

    private static String relativeBlocks(String option, boolean left, InitialNumbers numbers) {
        StringBuilder b = new StringBuilder();
        for (String block : option.substring(5).split(" ", -1)) {
            int colon = block.indexOf(':');
            b.append(' ').append(numbers.relative(Integer.parseInt(block.substring(0, colon)), !left))
                    .append(':').append(numbers.relative(Integer.parseInt(block.substring(colon + 1)), !left));
        }
        return b.toString();
    }

    /** What was recorded, in order of time; what happened at one moment stays in the order it came. */
    public List<Line> lines() {
        List<Row> ordered = ordered();
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
                fate(row), s == null ? null : label(s, row), note,
                stateless ? null : states.leftState, stateless ? null : states.rightState,
                s == null ? null : s.headers(), row.numbers.isn(true), row.numbers.isn(false));
    }

    /** Writes sequence and acknowledgment numbers as they are on the wire, not counted from the initial ones. */
    public SequenceDiagram absolute() {
        absolute = true;
        return this;
    }

    /** The initial sequence number of an end, unsigned: of the last connection when there are several. */
    public long initialSequence(boolean left) {
        List<Row> ordered = ordered();
        return ordered.isEmpty() ? 0 : ordered.getLast().numbers.isn(left);
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
