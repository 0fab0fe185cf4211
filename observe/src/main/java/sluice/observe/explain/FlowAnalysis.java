package sluice.observe.explain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.capture.Intervals;
import sluice.wire.Tcp;

/**
 * One direction of a connection while it passes: what its sender sends and what comes back for it. Positions count
 * bytes from the initial sequence number.
 */
public final class FlowAnalysis {
    private static final int MOST_HOLES = 512;
    private static final int MOST_INTERVALS = 1024;
    private static final long REORDERED_NS = 1_000_000L;
    private static final int DUPLICATES = 3;
    private static final int TIMESTAMP_BYTES = 12;
    private static final int GUESSED_SEGMENT = 1448;

    /** A range that was passed over, by whom. */
    private record Hole(long from, long to, long ns, boolean hasTimestamps, int tsVal, int identification) {}

    private final SentRanges sent;
    private final SentRanges.Recent recent = new SentRanges.Recent();
    private final WindowEdges edges = new WindowEdges();
    private final List<Hole> holes = new ArrayList<>(0);
    private final Intervals held = new Intervals();
    private final Retransmissions again = new Retransmissions();
    private final WindowHistory windows = new WindowHistory();
    private final RoundTrips roundTrips = new RoundTrips();
    private final PacketList outOfOrder = new PacketList();
    private final PacketList duplicated = new PacketList();
    private final PacketList duplicateAcks = new PacketList();
    private final PacketList probes = new PacketList();
    private final PacketList keepAlives = new PacketList();
    private final PacketList ackedUnseen = new PacketList();
    private boolean begun;
    private int isn;
    private long next;
    private long ack;
    private long edge;
    private boolean seesData;
    private int shift = -1;
    private int mss;
    private int optionBytes;
    private int fullBytes;
    private long largest;
    private long largestAcked;
    private int hops = -1;
    private long segments;
    private long packets;
    private long payloadBytes;
    private long mostInFlight;
    private long firstDataNs = -1;
    private long lastSentNs;
    private long lastAnswerNs;
    private long progressNs;
    private int duplicateRun;
    private boolean drained;
    private boolean blackHole;
    private long blackHoleBytes;
    private long blackHolePassed;
    private long blackHolePacket;
    private long blackHoleNs;

    /** Nothing has passed. */
    FlowAnalysis(SentRanges.Budget budget) {
        sent = new SentRanges(budget);
    }

    private void begin(int first) {
        if (!begun) {
            begun = true;
            isn = first;
        }
    }

    private long position(int seq) {
        return next + (seq - (isn + (int) next));
    }

    // --- what its sender sends ---

    /** A segment passes; the marks it earns. */
    int sent(CapturedSegment s, long ns, long packet, long rttNs) {
        packets++;
        hops = hops < 0 ? s.hops : hops;
        begin(s.has(Tcp.SYN) ? s.seq : s.seq - 1);
        if (s.has(Tcp.RST)) {
            return 0;
        }
        boolean copy = recent.hasSeen(s, ns, rttNs);
        long from = position(s.seq);
        long to = from + s.payload + (s.has(Tcp.SYN) ? 1 : 0) + (s.has(Tcp.FIN) ? 1 : 0);
        payloadBytes += s.payload;
        segments += s.payload > 0 ? 1 : 0;
        if (s.payload > 0) {
            firstDataNs = firstDataNs < 0 ? ns : firstDataNs;
            largest = Math.max(largest, s.payload);
        }
        if (copy) {
            duplicated.add(packet);
            return Mark.DUPLICATED.bit();
        }
        int probe = probe(s, from, to, packet);
        if (probe != 0) {
            return probe;
        }
        if (to == from) {
            int gap = gap(s, from, ns); // an empty segment tells what was sent before it, too
            next = gap == 0 ? next : from;
            return gap;
        }
        int marks = from >= next ? fresh(s, from, to, ns, packet) : old(s, from, to, ns, packet, rttNs);
        lastSentNs = ns;
        seesData = true;
        mostInFlight = Math.max(mostInFlight, next - ack);
        return marks;
    }

    /** Asks whether the peer is there, or whether its window has opened: with a byte that it has, or with none. */
    private int probe(CapturedSegment s, long from, long to, long packet) {
        if (s.payload > 1 || s.has(Tcp.SYN | Tcp.FIN)) {
            return 0;
        }
        boolean before = from == next - 1 && ack == next && seesData;
        boolean closed = windows.isClosed();
        if (closed && (before || from == next && s.payload == 1)) {
            probes.add(packet);
            return Mark.WINDOW_PROBE.bit();
        }
        if (before && to <= next) {
            keepAlives.add(packet);
            return Mark.KEEP_ALIVE.bit();
        }
        return 0;
    }

    private int fresh(CapturedSegment s, long from, long to, long ns, long packet) {
        int marks = gap(s, from, ns);
        sent.add(from, to, ns, packet);
        next = to;
        if (s.payload > 0) {
            optionBytes = s.hasTimestamps ? TIMESTAMP_BYTES : 0;
            drained = s.has(Tcp.PSH) && s.payload % segmentBytes() != 0;
        }
        return edge > 0 && to >= edge && s.payload > 0 ? marks | Mark.WINDOW_FULL.bit() : marks;
    }

    private int gap(CapturedSegment s, long from, long ns) {
        if (from <= next || !seesData) {
            return 0;
        }
        if (holes.size() < MOST_HOLES) {
            holes.add(new Hole(next, from, ns, s.hasTimestamps, s.tsVal, s.identification));
        }
        return Mark.GAP.bit();
    }

    private int old(CapturedSegment s, long from, long to, long ns, long packet, long rttNs) {
        SentRanges.Sent known = sent.find(from);
        Hole hole = known == null ? takeHole(from, to) : null;
        if (hole != null && isReordered(s, hole, ns, rttNs)) {
            outOfOrder.add(packet);
            sent.add(from, to, ns, packet);
            return Mark.OUT_OF_ORDER.bit();
        }
        boolean reported = held.end(ack) > from && from >= ack || duplicateRun >= DUPLICATES && from == ack;
        long sinceSend = ns - (known != null ? known.lastNs : hole != null ? hole.ns : lastSentNs);
        Retransmissions.Moment m = new Retransmissions.Moment(ack, Math.max(next, to), reported,
                ns - Math.max(lastAnswerNs, progressNs), sinceSend, rttNs, known == null ? 1 : known.copies,
                hole == null);
        int marks = again.add(s, from, to, ns, packet, m);
        if (known != null) {
            known.copies++;
            known.lastNs = ns;
        } else if (hole != null) {
            sent.add(from, to, ns, packet);
            SentRanges.Sent added = sent.find(from);
            if (added != null) {
                added.copies = 2; // no sample of a round trip
            }
        }
        next = Math.max(next, to);
        return marks;
    }

    private @Nullable Hole takeHole(long from, long to) {
        for (int i = 0; i < holes.size(); i++) {
            Hole h = holes.get(i);
            if (from < h.to && to > h.from) {
                holes.remove(i);
                if (h.from < from) {
                    holes.add(part(h, h.from, from));
                }
                if (to < h.to) {
                    holes.add(part(h, to, h.to));
                }
                return h;
            }
        }
        return null;
    }

    private static Hole part(Hole h, long from, long to) {
        return new Hole(from, to, h.ns, h.hasTimestamps, h.tsVal, h.identification);
    }

    /** Whether what fills a gap was sent before what made the gap: by timestamps, identifications, or the time. */
    private boolean isReordered(CapturedSegment s, Hole h, long ns, long rttNs) {
        if (s.hasTimestamps && h.hasTimestamps && s.tsVal != h.tsVal) {
            return s.tsVal - h.tsVal < 0;
        }
        if (s.identification != 0 && h.identification != 0 && s.identification != h.identification) {
            return (short) (s.identification - h.identification) < 0;
        }
        return ns - h.ns < Math.max(REORDERED_NS, rttNs * 3 / 4);
    }

    // --- what comes back ---

    /** A segment of the receiver passes; the marks it earns. */
    int answered(CapturedSegment s, long ns, long packet, boolean scaled) {
        if (s.has(Tcp.SYN)) {
            shift = s.shift;
            mss = s.mss;
        }
        if (!s.has(Tcp.ACK) || s.has(Tcp.RST)) {
            return 0;
        }
        begin(s.ack - 1);
        long a = position(s.ack);
        int marks = 0;
        if (a > next) {
            if (seesData) {
                ackedUnseen.add(packet);
                marks |= Mark.ACKED_UNSEEN.bit();
            }
            next = a;
        }
        long w = (long) s.window << (scaled && !s.has(Tcp.SYN) && shift > 0 ? shift : 0);
        marks |= acknowledgment(s, a, w, packet);
        if (windows.announced(w, ns, packet) && !s.has(Tcp.SYN)) {
            marks |= Mark.ZERO_WINDOW.bit();
        }
        if (a > ack) {
            progress(s, a, ns);
        }
        lastAnswerNs = ns;
        if (a + w > edge) {
            edge = a + w;
            edges.add(ns, edge);
        }
        return marks | sack(s, packet);
    }

    private int acknowledgment(CapturedSegment s, long a, long w, long packet) {
        if (a != ack || s.payload > 0 || s.has(Tcp.SYN | Tcp.FIN)) {
            return 0;
        }
        if (w == windows.last() && next > a) {
            duplicateAcks.add(packet);
            duplicateRun++;
            return Mark.DUPLICATE_ACK.bit();
        }
        return w != windows.last() && w != 0 ? Mark.WINDOW_UPDATE.bit() : 0;
    }

    private void progress(CapturedSegment s, long a, long ns) {
        if (again.stuckCopies() >= 2 && again.stuckLastBytes() < again.stuckBytes() && again.stuckBytes() >= largest) {
            blackHole(again.stuckBytes(), again.stuckLastBytes(), ns);
        }
        boolean whole = !again.isRecovering() && holes.isEmpty() && held.total() == 0;
        SentRanges.Sent first = sent.first();
        if (first != null && first.to <= a) {
            largestAcked = Math.max(largestAcked, first.copies > 1 ? 0 : first.to - first.from);
        }
        long sample = sent.acknowledged(a, ns);
        if (sample >= 0 && whole) {
            roundTrips.add(sample);
        }
        again.acknowledged(s, ack, a);
        ack = a;
        progressNs = ns;
        duplicateRun = 0;
        held.remove(Long.MIN_VALUE, a);
        holes.removeIf(h -> h.to <= a);
    }

    private void blackHole(long bytes, long passed, long ns) {
        blackHole = true;
        blackHoleBytes = bytes;
        blackHolePassed = passed;
        blackHolePacket = again.stuckPacket();
        blackHoleNs += Math.max(0, ns - again.stuckSinceNs());
        learnedSegmentBytes(passed);
    }

    private int sack(CapturedSegment s, long packet) {
        int marks = 0;
        for (int i = 0; i < s.sackBlocks; i++) {
            long left = position(s.sackLeft[i]);
            long right = position(s.sackRight[i]);
            boolean inSecond = i == 0 && s.sackBlocks > 1 && left >= position(s.sackLeft[1])
                    && right <= position(s.sackRight[1]);
            if (i == 0 && left < right && (left < ack || inSecond)) {
                again.dsack(left, right, packet);
                marks |= Mark.D_SACK.bit();
            } else if (left >= ack && right <= next) {
                held.add(left, right);
            }
        }
        if (held.size() > MOST_INTERVALS) {
            held.remove(Long.MIN_VALUE, Long.MAX_VALUE);
        }
        return marks;
    }

    /** The capture or the connection ends. */
    void end(long ns) {
        windows.end(ns);
        sent.release();
    }

    // --- as it stands ---

    /** Bytes sent and not acknowledged. */
    long inFlight() {
        return next - ack;
    }

    /** Whether segments were lost or reported missing and the gap is not filled yet. */
    boolean isRecovering() {
        return again.isRecovering() || duplicateRun >= DUPLICATES && next > ack;
    }

    /** Whether what begins there passed before. */
    boolean isOld(int seq) {
        return begun && position(seq) < next;
    }

    /** Room in the receiver's window as the sender knows it, when what passes now leaves it, bytes. */
    long room(long ns, long toSenderNs) {
        return edges.before(ns - toSenderNs) - next;
    }

    /** Whether the last new segment was not a full one and was pushed: the sender had no more. */
    boolean isDrained() {
        return drained;
    }

    /** Bytes of a full segment: as agreed, less the timestamps; without a handshake the largest seen. */
    int segmentBytes() {
        return fullBytes > 0 ? fullBytes : mss > 0 ? Math.max(1, mss - optionBytes)
                : Math.clamp(largest, 1, GUESSED_SEGMENT);
    }

    /** Segments are at most that large from now on: a path MTU was learned. */
    void learnedSegmentBytes(long bytes) {
        fullBytes = Math.clamp(bytes, 1, 65_535);
    }

    long lastSentNs() {
        return lastSentNs;
    }

    long lastAnswerNs() {
        return lastAnswerNs;
    }

    // --- what came of it ---

    /** Packets of it, those without data too. */
    public long packets() {
        return packets;
    }

    /** Segments with payload. */
    public long segments() {
        return segments;
    }

    /** Payload bytes, those sent again counted again. */
    public long payloadBytes() {
        return payloadBytes;
    }

    /** Payload bytes acknowledged (and the SYN and FIN). */
    public long ackedBytes() {
        return ack;
    }

    /** The largest segment, bytes of payload; above the MSS when the capture was taken before segmentation. */
    public long largest() {
        return largest;
    }

    /** The largest that was acknowledged without being sent again. */
    long largestAcked() {
        return largestAcked;
    }

    /** The most that was in flight, bytes. */
    public long mostInFlight() {
        return mostInFlight;
    }

    /** When data passed first; -1 when none did. */
    long firstDataNs() {
        return firstDataNs;
    }

    /** TTL or hop limit of its first packet; -1 without. */
    public int hops() {
        return hops;
    }

    /** Round trips from the point of capture to the receiver and back. */
    public RoundTrips roundTrips() {
        return roundTrips;
    }

    /** What was sent again. */
    public Retransmissions retransmissions() {
        return again;
    }

    /** The receiver's windows. */
    public WindowHistory windows() {
        return windows;
    }

    /** Segments that the network delivered late. */
    public PacketList outOfOrder() {
        return outOfOrder;
    }

    /** Copies made by the network. */
    public PacketList duplicated() {
        return duplicated;
    }

    /** Acknowledgments for it that said nothing new while something was missing. */
    public PacketList duplicateAcks() {
        return duplicateAcks;
    }

    /** Probes of a closed window. */
    public PacketList windowProbes() {
        return probes;
    }

    /** Keep-alives. */
    public PacketList keepAlives() {
        return keepAlives;
    }

    /** Acknowledgments of what never passed. */
    public PacketList ackedUnseen() {
        return ackedUnseen;
    }

    /** Whether large segments vanished and smaller ones passed. */
    boolean foundBlackHole() {
        return blackHole;
    }

    long blackHoleBytes() {
        return blackHoleBytes;
    }

    long blackHolePassed() {
        return blackHolePassed;
    }

    long blackHolePacket() {
        return blackHolePacket;
    }

    long blackHoleNs() {
        return blackHoleNs;
    }
}
