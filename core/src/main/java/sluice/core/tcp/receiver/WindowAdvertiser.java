package sluice.core.tcp.receiver;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.data.BufferSizes;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.segment.Segment;

/**
 * What the receive window says: buffer minus what was received in order and not read; the right edge never moves left,
 * and moves right only by a worthwhile step (silly-window avoidance). With tcp_shrink_window, and a window that is
 * scaled, it follows the free space both ways. Grows the buffer with what the application really takes per round trip.
 */
@Rfc(value = 9293, section = "3.8.6", req = {"SHLD-14", "MUST-39", "MAY-8"})
public final class WindowAdvertiser {
    private final StateVariables t;
    private int limitBytes;
    private int lastField = 1;
    private boolean automatic;
    private boolean dataSeen;
    /** There was no memory for a segment: the next acknowledgment says so. */
    private boolean closed;
    private long roundReadPosition;
    private long roundStartNs;
    private int spacePerRound;
    private long rttNs;
    private int rttSeq;
    private long rttStartNs = Time.NEVER;

    /** A window of the initial size. */
    public WindowAdvertiser(StateVariables t) {
        this.t = t;
        limitBytes = t.sizes().initialReceiveBytes(t.options);
        automatic = t.options.receiveBufferBytes == 0;
        clampLimit();
    }

    private void clampLimit() {
        if (t.options.windowClampBytes > 0) {
            limitBytes = Math.min(limitBytes, t.options.windowClampBytes);
        }
    }

    /** MaxRcvBuffer: bytes that may wait for the application. */
    public int limitBytes() {
        return limitBytes;
    }

    /**
     * Sets the buffer (SO_RCVBUF). The window already promised stays promised: a smaller buffer takes effect as data
     * arrives, never by moving the right edge left (unless tcp_shrink_window says so, with the next segment).
     */
    public void limitBytes(int bytes) {
        limitBytes = Math.max(1, bytes);
        automatic = false;
        clampLimit();
    }

    /** There is no memory for what the peer sends: the next window that is told is 0, whatever was promised. */
    public void closeOnce() {
        closed = true;
    }

    /** The handshake is over. */
    public void start(long nowNs) {
        roundStartNs = nowNs;
        roundReadPosition = t.receiveBuffer.readPosition();
        spacePerRound = Math.min(limitBytes, 10 * t.agreed.advertisedMss);
    }

    /** The window for a SYN, unscaled: the initial buffer in whole segments. */
    public int forSyn() {
        int w = BufferSizes.synWindow(limitBytes, t.agreed.advertisedMss);
        t.rcv.wnd = w;
        t.rcv.wup = t.rcv.nxt;
        return w;
    }

    /**
     * The window field of a segment that goes out now; takes note of what it promises. A scaled window can only be told
     * in steps: it is rounded up while the buffer has room for that, else down, by less than a step; what was promised
     * before is honoured all the same. One step is told while half of the buffer is free, however small that is: the
     * window would be closed for ever.
     */
    @Rfc(value = 7323, section = "2.3")
    @Rfc(value = 7323, section = "2.4")
    public int select(long nowNs) {
        int shift = t.agreed.ourShift;
        int current = closed ? 0 : t.rcv.windowLeft();
        boolean shrinks = mayShrink();
        int field = closed ? 0 : field(candidate(current, shrinks), current);
        if (field == 0 && lastField != 0) {
            t.count(Counter.TcpExtTCPToZeroWindowAdv);
        } else if (field != 0 && lastField == 0) {
            t.count(Counter.TcpExtTCPFromZeroWindowAdv);
        }
        t.trace.ourWindow(lastField << shift, field << shift, nowNs);
        lastField = field;
        if (closed || shrinks) {
            closed = false;
            t.rcv.advertise(field << shift);
        } else {
            if (current > 0 && isTooLittle(free())) {
                t.count(Counter.TcpExtTCPWantZeroWindowAdv);
            }
            t.rcv.advertise(Math.max(field << shift, current));
        }
        return field;
    }

    /** The window field that tells of {@code offered} bytes, of which {@code current} were told before. */
    private int field(int offered, int current) {
        int shift = t.agreed.ourShift;
        int unit = (1 << shift) - 1;
        int field = offered + unit >>> shift;
        boolean beyondBuffer = (long) field << shift > Math.max(offered, free());
        if (beyondBuffer
                || offered > current && (long) field << shift > offered && offered >> shift << shift >= current) {
            field = offered >>> shift;
        }
        if (field == 0 && offered > 0 && free() >= limitBytes / 2) {
            return 1;
        }
        return Math.min(field, 65_535);
    }

    /**
     * The window that should be offered, given what is left of the promise: silly-window avoidance of RFC 9293 section
     * 3.8.6.2.2.
     */
    private int candidate(int current, boolean shrinks) {
        int free = offerable();
        if (shrinks) {
            return following(free);
        }
        if (free <= current) {
            return current;
        }
        if (free - current < Math.min(limitBytes / 2, t.agreed.advertisedMss) && !t.options.sillyWindows) {
            return current;
        }
        return Math.min(free, 65_535 << t.agreed.ourShift);
    }

    /** Room that may be offered: under pressure no more than four segments to a reader who is behind, as Linux. */
    private int offerable() {
        int free = free();
        return t.memory.budget().underPressure() && free < limitBytes / 2
                ? Math.min(free, 4 * t.agreed.advertisedMss)
                : free;
    }

    /** Room in the buffer. */
    private int free() {
        return Math.max(0, limitBytes - t.receiveBuffer.available());
    }

    /** As Linux, only with a window that is scaled; or for teaching. */
    private boolean mayShrink() {
        return t.options.shrinksWindow
                || t.agreed.ourShift > 0 && t.host.settings().get(Setting.TCP_SHRINK_WINDOW) != 0;
    }

    /**
     * The window that follows the free space, in whole steps of the scale; none while there is too little. A buffer
     * smaller than a step is offered as one when it is empty, else it would be closed for ever.
     */
    private int following(int free) {
        int step = 1 << t.agreed.ourShift;
        if (limitBytes < step) {
            return free == limitBytes ? step : 0;
        }
        int whole = free & -step;
        return isTooLittle(whole) ? 0 : Math.min(whole, 65_535 << t.agreed.ourShift);
    }

    /** Whether free space is so little that none should be offered: of a buffer mostly full, less than a segment. */
    private boolean isTooLittle(int free) {
        return free < limitBytes / 2 && free < Math.max(limitBytes / 16, t.agreed.advertisedMss)
                && !t.options.sillyWindows;
    }

    /**
     * Bytes from RCV.NXT on that are taken: those of the window, and of what was promised before it shrank, as far as
     * there is room.
     */
    @Rfc(value = 7323, section = "2.4")
    public int acceptable() {
        int left = t.rcv.windowLeft();
        return t.rcv.retracted == 0 ? left : Math.max(left, Math.min(t.rcv.promiseLeft(), free()));
    }

    /**
     * Whether the application has read so much that the sender should be told: the window at least doubles. What is
     * left of a promise counts for nothing when it was too little to be told in a step of the scale. Not for data that
     * came with the SYN (Fast Open): it took nothing of it.
     */
    public boolean updateWorthwhile() {
        if (!dataSeen) {
            return false;
        }
        int current = t.rcv.windowLeft();
        int offered = candidate(current, mayShrink());
        if (t.options.sillyWindows) {
            return offered > current;
        }
        boolean muchMore = lastField == 0
                ? free() >= Math.min(limitBytes / 2, t.agreed.advertisedMss)
                : offered >= 2L * current && offered != current;
        return muchMore && offered != 0 && field(offered, current) != 0;
    }

    /** Whether an acknowledgment sent now would not offer less than the last one. */
    public boolean wouldNotShrink() {
        return candidate(t.rcv.windowLeft(), mayShrink()) >= t.rcv.wnd;
    }

    /** Data arrived: measures the round trip as the receiver sees it. */
    public void onData(Segment seg, long nowNs) {
        dataSeen = true;
        if (t.agreed.timestamps && seg.hasTimestamps && seg.tsEcr != 0) {
            int ms = t.timestampClock(nowNs) - seg.tsEcr;
            if (ms >= 0 && ms < 10_000) {
                sampleRtt(Math.max(1, ms) * 1_000_000L);
            }
            rttStartNs = Time.NEVER; // its sequence number would grow old
        } else if (rttStartNs == Time.NEVER || Seq.geq(t.rcv.nxt, rttSeq)) {
            if (rttStartNs != Time.NEVER) {
                sampleRtt(nowNs - rttStartNs);
            }
            rttSeq = t.rcv.nxt + Math.max(t.rcv.wnd, 1);
            rttStartNs = nowNs;
        }
    }

    private void sampleRtt(long ns) {
        rttNs = rttNs == 0 ? ns : ns < rttNs ? ns : rttNs + (ns - rttNs) / 8;
    }

    /**
     * The application took data: at the end of a round trip the buffer follows twice what was taken in it (dynamic
     * right-sizing).
     */
    public void onRead(long nowNs) {
        long rtt = rttNs;
        if (rtt == 0 || nowNs - roundStartNs < rtt) {
            return;
        }
        long read = t.receiveBuffer.readPosition();
        long copied = read - roundReadPosition;
        if (copied > spacePerRound) {
            if (automatic && t.host.settings().get(Setting.TCP_MODERATE_RCVBUF) != 0
                    && t.memory.budget().mayGrow()) {
                long wanted = 2 * copied + 16L * t.agreed.advertisedMss;
                wanted += 2 * (wanted * (copied - spacePerRound) / Math.max(1, spacePerRound));
                limitBytes = (int) Math.max(limitBytes, Math.min(wanted, t.sizes().maxReceiveBytes()));
                clampLimit();
            }
            spacePerRound = (int) Math.min(copied, Integer.MAX_VALUE);
        }
        roundStartNs = nowNs;
        roundReadPosition = read;
    }

    /** The most that the application took in a round trip so far, bytes; what the handshake left to it before. */
    public int spacePerRound() {
        return spacePerRound;
    }

    /** Round trip as the receiver sees it, nanoseconds; 0 when unknown. */
    public long rttNs() {
        return rttNs;
    }
}
