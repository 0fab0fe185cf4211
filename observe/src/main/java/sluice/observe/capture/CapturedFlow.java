package sluice.observe.capture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import sluice.observe.record.TimeSeries;
import sluice.wire.Tcp;

/**
 * One direction of a captured connection: what its sender sent, and what came back for it, as seen at the point of
 * capture. Positions count bytes from the initial sequence number. Round trips are from a segment's passing to the
 * passing of its acknowledgment (so whole only for a capture at the sender), without those of segments that were
 * retransmitted (Karn).
 */
public final class CapturedFlow {
    private static final int MOST_PENDING = 1 << 16;
    private static final int MOST_HOLES = 1024;

    private record Pending(long end, long timeNs) {}

    /** A range that was passed over: lost before the capture, or out of order. */
    private record Hole(long from, long to) {}

    /**
     * Ranges of sequence numbers and when they passed: point {@code i} of both series is one of them.
     *
     * @param low where each begins, bytes from the initial sequence number
     * @param high where it ends
     */
    public record Ranges(TimeSeries low, TimeSeries high) {
        private void add(long timeNs, long from, long to) {
            low.dot(timeNs, (double) from);
            high.dot(timeNs, (double) to);
        }
    }

    private final String name;
    private final Ranges data = new Ranges(new TimeSeries(), new TimeSeries());
    private final Ranges again = new Ranges(new TimeSeries(), new TimeSeries());
    private final Ranges late = new Ranges(new TimeSeries(), new TimeSeries());
    private final Ranges sacked = new Ranges(new TimeSeries(), new TimeSeries());
    private final TimeSeries acked = new TimeSeries();
    private final TimeSeries edge = new TimeSeries();
    private final TimeSeries window = new TimeSeries();
    private final TimeSeries inFlight = new TimeSeries();
    private final TimeSeries delivered = new TimeSeries();
    /** Above the acknowledgment: what SACK reported, and what was sent again since it was passed over. */
    private final Intervals held = new Intervals();
    private final Intervals onceMore = new Intervals();
    private final TimeSeries rtt = new TimeSeries();
    private final List<Long> duplicateAcks = new ArrayList<>();
    private final List<Long> echoes = new ArrayList<>();
    private final List<Long> zeroWindows = new ArrayList<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final List<Hole> holes = new ArrayList<>();
    private boolean begun;
    private int isn;
    private long next;
    private long ack;
    private long lastWindow = -1;
    private int shift;
    private long payloadBytes;
    private long segments;
    private long againSegments;
    private long lateSegments;

    CapturedFlow(String name) {
        this.name = name;
    }

    private void begin(int firstSeq) {
        if (!begun) {
            begun = true;
            isn = firstSeq;
        }
    }

    private long position(int seq) {
        return next + (seq - (isn + (int) next));
    }

    // --- what passes ---

    /** Its sender sends. */
    void sent(CapturedSegment s, long timeNs) {
        begin(s.has(Tcp.SYN) ? s.seq : s.seq - 1);
        long from = position(s.seq);
        long to = from + s.payload + (s.has(Tcp.SYN) ? 1 : 0) + (s.has(Tcp.FIN) ? 1 : 0);
        if (to == from) {
            return;
        }
        payloadBytes += s.payload;
        segments += s.payload > 0 ? 1 : 0;
        if (from >= next) {
            if (from > next && holes.size() < MOST_HOLES) {
                holes.add(new Hole(next, from));
            }
            data.add(timeNs, from, to);
            next = to;
            if (pending.size() < MOST_PENDING) {
                pending.addLast(new Pending(to, timeNs));
            }
        } else if (fillsAHole(from, to)) {
            lateSegments++;
            late.add(timeNs, from, to);
            pending.removeIf(p -> p.end > from);
        } else {
            againSegments++;
            again.add(timeNs, from, to);
            pending.removeIf(p -> p.end > from);
            next = Math.max(next, to);
            onceMore.add(Math.max(ack, from), to);
        }
        inFlight.add(timeNs, (double) flight());
    }

    /**
     * RFC 6675's pipe as far as a capture can tell: what was sent beyond the last byte that SACK reported, and below it
     * what was retransmitted; the rest there was passed over and counts as lost.
     */
    private long flight() {
        long reported = held.end(ack);
        return Math.max(0, next - reported) + onceMore.totalBelow(reported);
    }

    private boolean fillsAHole(long from, long to) {
        for (int i = 0; i < holes.size(); i++) {
            Hole h = holes.get(i);
            if (from < h.to && to > h.from) {
                holes.remove(i);
                if (h.from < from) {
                    holes.add(new Hole(h.from, from));
                }
                if (to < h.to) {
                    holes.add(new Hole(to, h.to));
                }
                return true;
            }
        }
        return false;
    }

    /** Its receiver answers. */
    void answered(CapturedSegment s, long timeNs, boolean scaled) {
        if (s.has(Tcp.SYN)) {
            shift = s.shift;
        }
        if (!s.has(Tcp.ACK) || s.has(Tcp.RST)) {
            return;
        }
        begin(s.ack - 1);
        long a = position(s.ack);
        if (a > next) { // what it acknowledges passed unseen
            next = a;
        }
        long w = (long) s.window << (scaled && !s.has(Tcp.SYN) && shift > 0 ? shift : 0);
        if (a == ack && w == lastWindow && s.payload == 0 && !s.has(Tcp.SYN) && !s.has(Tcp.FIN) && next > a) {
            duplicateAcks.add(timeNs);
        }
        if (s.has(Tcp.ECE) && !s.has(Tcp.SYN)) {
            echoes.add(timeNs);
        }
        if (w == 0 && lastWindow != 0) {
            zeroWindows.add(timeNs);
        }
        lastWindow = w;
        if (a >= ack) {
            sample(a, timeNs);
            ack = a;
            acked.add(timeNs, (double) a);
            edge.add(timeNs, (double) (a + w));
            window.add(timeNs, (double) w);
        }
        for (int i = 0; i < s.sackBlocks; i++) {
            long left = position(s.sackLeft[i]);
            long right = position(s.sackRight[i]);
            sacked.add(timeNs, left, right);
            if (left >= ack && right <= next) { // no D-SACK, nothing made up
                held.add(left, right);
                onceMore.remove(left, right);
            }
        }
        held.remove(Long.MIN_VALUE, ack);
        onceMore.remove(Long.MIN_VALUE, ack);
        delivered.add(timeNs, (double) (ack + held.total()));
        inFlight.add(timeNs, (double) flight());
    }

    private void sample(long a, long timeNs) {
        Pending last = null;
        while (!pending.isEmpty() && pending.peekFirst().end <= a) {
            last = pending.pollFirst();
        }
        if (last != null) {
            rtt.dot(timeNs, (timeNs - last.timeNs) / 1e9);
        }
    }

    // --- what came of it ---

    /** "10.0.0.1:4000 > 10.0.0.2:80". */
    public String name() {
        return name;
    }

    /** Payload bytes that passed, retransmitted ones counted again. */
    public long payloadBytes() {
        return payloadBytes;
    }

    /** Segments with payload. */
    public long segments() {
        return segments;
    }

    /** Segments that had passed before. */
    public long retransmitted() {
        return againSegments;
    }

    /** Segments that filled a gap: retransmitted after a loss before the point of capture, or out of order. */
    public long late() {
        return lateSegments;
    }

    /** Round trips seen from the point of capture, seconds. */
    public TimeSeries rtt() {
        return rtt;
    }

    /** Bytes acknowledged. */
    public TimeSeries acked() {
        return acked;
    }

    /** Bytes that are acknowledged or reported by SACK. */
    public TimeSeries delivered() {
        return delivered;
    }

    /** Bytes that passed and are neither acknowledged, reported by SACK, nor passed over by it (RFC 6675's pipe). */
    public TimeSeries inFlight() {
        return inFlight;
    }

    /** What passed for the first time and in order. */
    public Ranges data() {
        return data;
    }

    /** What had passed before. */
    public Ranges again() {
        return again;
    }

    /** What filled a gap. */
    public Ranges outOfOrder() {
        return late;
    }

    /** What the receiver reported by SACK. */
    public Ranges sacked() {
        return sacked;
    }

    /** The right edge of the receiver's window, bytes from the initial sequence number. */
    public TimeSeries edge() {
        return edge;
    }

    /** The receiver's window, bytes. */
    public TimeSeries window() {
        return window;
    }

    /** When duplicate acknowledgments came, nanoseconds. */
    public List<Long> duplicateAcks() {
        return Collections.unmodifiableList(duplicateAcks);
    }

    /** When acknowledgments with ECE came, nanoseconds. */
    public List<Long> echoes() {
        return Collections.unmodifiableList(echoes);
    }

    /** When the window closed, nanoseconds. */
    public List<Long> zeroWindows() {
        return Collections.unmodifiableList(zeroWindows);
    }
}
