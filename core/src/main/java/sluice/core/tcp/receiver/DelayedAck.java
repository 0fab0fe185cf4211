package sluice.core.tcp.receiver;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.option.TimestampsOption;
import sluice.core.tcp.segment.Segment;

/**
 * When arriving data is acknowledged: at once while the sender is starting (quick mode), out of order, or for every
 * second full segment; else after 40–200 ms, or with data going the other way. Linux's policy, within RFC 9293's
 * bounds.
 */
@Rfc(value = 9293, section = "3.8.6.3", req = {"MUST-40", "SHLD-18", "SHLD-19"})
@Rfc(value = 9293, section = "3.10.7.4", req = {"MUST-58", "MUST-59"})
public final class DelayedAck {
    private static final long ATO_MIN_NS = 40_000_000;
    private static final long DELAY_MIN_NS = 40_000_000;
    private static final long DELAY_MAX_NS = 200_000_000;
    private static final int MAX_QUICK = 16;
    private static final int MIN_MSS = 88;
    private static final int USUAL_MSS = 536;

    private final StateVariables t;
    private final WindowAdvertiser window;
    private boolean scheduled;
    private boolean pushed;
    private boolean pushedAgain;
    /** Acknowledgments that are owed beside the next one: without SACK the sender counts them. */
    private int repeats;
    private int quick;
    private int pingpong;
    private long atoNs;
    private int rcvMss;
    /** Length of the last segment, when it was shorter than {@link #rcvMss} and may have been a full one; else 0. */
    private int lastShort;
    private long lastDataNs = Time.NEVER;

    /** Nothing received yet. */
    public DelayedAck(StateVariables t, WindowAdvertiser window) {
        this.t = t;
        this.window = window;
    }

    /**
     * The handshake is over: the size of the peer's segments is guessed until it is seen, and its silence begins now.
     */
    public void start(long nowNs) {
        lastDataNs = nowNs;
        int hint = Math.min(t.agreed.advertisedMss, Math.max(1, t.sendMss));
        hint = Math.min(hint, Math.max(t.rcv.wnd, 1) / 2);
        rcvMss = Math.max(Math.min(hint, 536), MIN_MSS);
    }

    /** The peer's segment size as observed, bytes. */
    public int receiveMss() {
        return rcvMss;
    }

    /** Whether an acknowledgment waits for its timer. */
    public boolean isScheduled() {
        return scheduled;
    }

    /** The delay in use, nanoseconds. */
    public long atoNs() {
        return atoNs;
    }

    /** In-order data was taken in. */
    public void onData(Segment seg, long nowNs) {
        scheduled = true;
        repeats = 0;
        measure(seg);
        if (atoNs == 0) {
            enterQuick(MAX_QUICK);
            atoNs = ATO_MIN_NS;
        } else {
            long gap = lastDataNs == Time.NEVER ? Long.MAX_VALUE : nowNs - lastDataNs;
            if (gap <= ATO_MIN_NS / 2) {
                atoNs = atoNs / 2 + ATO_MIN_NS / 2;
            } else if (gap < atoNs) {
                atoNs = Math.min(atoNs / 2 + gap, Math.min(t.rtt.rtoNs(), DELAY_MAX_NS));
            } else if (gap > t.rtt.rtoNs()) {
                enterQuick(MAX_QUICK);
            }
        }
        lastDataNs = nowNs;
    }

    /** An acknowledgment is owed for something that brought no new data. */
    public void owed() {
        scheduled = true;
    }

    /**
     * Data came before what is missing. What comes at once is acknowledged once, since SACK says it all; without SACK
     * it takes three duplicates to tell the sender (RFC 5681 section 3.2), and each segment has its own.
     */
    @Rfc(value = 5681, section = "4.2")
    public void onOutOfOrder(Segment seg) {
        if (t.ackNow && !t.agreed.sackPermitted) {
            repeats++;
        }
        scheduled = true;
        measure(seg);
    }

    /**
     * The peer's segment size grows with the first larger segment, and shrinks with the second of the same length in a
     * row, where that is a usual length or nothing says that a write ended with it. As tcp_measure_rcv_mss of Linux.
     */
    private void measure(Segment seg) {
        int length = seg.segmentSize;
        int before = lastShort;
        lastShort = 0;
        if (length >= rcvMss) {
            rcvMss = Math.min(length, Math.max(t.agreed.advertisedMss, MIN_MSS));
            pushed |= seg.has(Segment.PSH);
            return;
        }
        if (mayBeFull(seg)) {
            int missing = t.agreed.timestamps && !seg.hasTimestamps ? TimestampsOption.LENGTH : 0;
            lastShort = length - missing;
            if (lastShort == before) {
                rcvMss = lastShort;
                return;
            }
        }
        if (pushed) {
            pushedAgain = true;
        }
        pushed = true;
    }

    private static boolean mayBeFull(Segment seg) {
        int withOptions = seg.segmentSize + (seg.hasTimestamps ? TimestampsOption.LENGTH : 0);
        boolean plain = (seg.flags & (Segment.FIN | Segment.URG | Segment.SYN | Segment.PSH)) == 0;
        return withOptions >= USUAL_MSS || plain && withOptions >= MIN_MSS;
    }

    /** Duplicate or out-of-order data: the next acknowledgments go at once. */
    public void enterQuick(int max) {
        int n = Math.max(t.rcv.wnd, 0) / (2 * Math.max(1, rcvMss));
        n = Math.min(n == 0 ? 2 : n, max);
        if (n > quick) {
            quick = n;
        }
    }

    /** As {@link #enterQuick}, and forgets that data flows both ways. */
    public void enterQuickMode() {
        enterQuickMode(MAX_QUICK);
    }

    /** As {@link #enterQuickMode()}, for at most {@code max} acknowledgments. */
    public void enterQuickMode(int max) {
        enterQuick(max);
        pingpong = 0;
        atoNs = ATO_MIN_NS;
    }

    /** TCP_QUICKACK: on sends what is owed and stays quick until both directions carry data; off waits. */
    public void setQuick(boolean on) {
        if (on) {
            pingpong = 0;
            quick = Math.max(quick, 1);
            if (scheduled) {
                t.acknowledgeNow();
            }
        } else {
            pingpong = threshold();
        }
    }

    /**
     * The peer has closed: the application's answer, most often its own FIN, is about to come and can take the
     * acknowledgment along. Where no data ever came, nothing is known that would speak for waiting.
     */
    public void peerClosed() {
        scheduled = true;
        pingpong = threshold();
        if (atoNs == 0) {
            onTimeout();
        }
    }

    private int threshold() {
        return (int) Math.max(1, t.host.settings().get(Setting.TCP_PINGPONG_THRESH));
    }

    private boolean quickMode() {
        return t.options.quickAck || quick > 0 && pingpong < threshold();
    }

    /** A segment was processed: decides whether the acknowledgment goes at once. */
    public void afterSegment(long nowNs) {
        if (!scheduled || t.ackNow) {
            return;
        }
        boolean fullFrames = t.rcv.nxt - t.rcv.wup > rcvMss
                && (t.receiveBuffer.available() < t.options.receiveLowatBytes || window.wouldNotShrink());
        if (fullFrames || quickMode() || !t.reassembly.isEmpty()) {
            t.acknowledgeNow();
        } else {
            schedule(nowNs);
        }
    }

    private void schedule(long nowNs) {
        long delay = Math.max(atoNs, ATO_MIN_NS);
        if (delay > ATO_MIN_NS) {
            long max = pingpong >= threshold() || pushed ? DELAY_MAX_NS : 500_000_000L;
            if (t.rtt.srttUs() > 0) {
                max = Math.min(max, Math.max(t.rtt.srttUs() * 1000, DELAY_MIN_NS));
            }
            delay = Math.min(delay, max);
        }
        delay = Math.min(delay, DELAY_MAX_NS);
        t.timers.setEarlier(TimerKind.DELAYED_ACK, nowNs + delay);
    }

    /** The timer ran out, or there is nothing to wait for. */
    public void onTimeout() {
        if (!scheduled) {
            return;
        }
        if (pingpong < threshold()) {
            atoNs = Math.min(atoNs << 1, t.rtt.rtoNs());
        } else {
            pingpong = 0;
            atoNs = ATO_MIN_NS;
        }
        t.count(Counter.TcpExtDelayedACKs);
        t.acknowledgeNow();
    }

    /** The application read: tells the sender about room, or acknowledges small segments it has answered. */
    public void onRead(boolean copied, long nowNs) {
        boolean now = false;
        if (scheduled) {
            now = t.rcv.nxt - t.rcv.wup > rcvMss
                    || copied && (pushedAgain || pushed && pingpong < threshold()) && t.receiveBuffer.available() == 0;
        }
        if (!now && copied && !t.fin.received) {
            now = window.updateWorthwhile();
        }
        if (now) {
            t.acknowledgeNow();
        }
    }

    /**
     * An acknowledgment left, alone or with data. One that nothing of the peer's called for (a window update, a
     * challenge) leaves quick mode as it is; with its end the delay is the least again.
     */
    public void onAckSent() {
        if (quick > 0 && scheduled && --quick == 0) {
            atoNs = ATO_MIN_NS;
        }
        scheduled = false;
        pushed = false;
        pushedAgain = false;
        t.ackNow = repeats > 0;
        if (repeats > 0) {
            repeats--;
        }
        t.timers.clear(TimerKind.DELAYED_ACK);
    }

    /**
     * Data left: when it answers data that came a moment ago, both directions are busy and acknowledgments can ride
     * along.
     */
    public void onDataSent(long nowNs) {
        if (lastDataNs != Time.NEVER && nowNs - lastDataNs < atoNs && pingpong < 255) {
            pingpong++;
        }
    }

    /** The acknowledgment of a SYN-ACK can go with the data that is about to be written. */
    public void afterHandshake(long nowNs) {
        scheduled = true;
        lastDataNs = nowNs;
        enterQuickMode();
        t.timers.setEarlier(TimerKind.DELAYED_ACK, nowNs + DELAY_MAX_NS);
    }
}
