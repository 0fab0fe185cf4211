package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.Segment;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.TcpState;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.ecn.AccEcnReceiver;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.fastopen.FastOpenCookie;
import sluice.core.tcp.option.AccEcnOption;
import sluice.core.tcp.option.FastOpenOption;
import sluice.core.tcp.option.SackOption;
import sluice.core.tcp.option.TimestampsOption;
import sluice.core.tcp.option.UserTimeoutOption;
import sluice.core.tcp.recovery.DeliveryRate;
import sluice.core.tcp.recovery.RecoveryState;
import sluice.core.tcp.recovery.RetransmissionTimer;
import sluice.core.tcp.timer.TimerKind;
import sluice.core.trace.RetransmissionCause;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/**
 * Makes every segment of a connection that has one: retransmissions first, then new data, probes, and at last an
 * acknowledgment alone.
 */
@Rfc(value = 9293, section = "3.7", req = {"SHLD-28", "MUST-61"})
public final class SegmentSender {
    /** The connection has nothing to send now. */
    public static final int IDLE = -2;
    private static final int MAX_OPTIONS = 40;
    private static final int IP = 6;
    /** Payload from which a link that gathers gets it in place; less is copied sooner than described. */
    private static final int GATHER_FROM = 512;

    private final TcpContext tcp;

    /** The sender of one host. */
    public SegmentSender(TcpContext tcp) {
        this.tcp = tcp;
    }

    /**
     * Builds the next segment of {@code t} into {@code p}: an interface index, {@link IpOutput#DEFERRED} (it left, but
     * not now), or {@link #IDLE}.
     */
    public int next(Tcb t, Packet p, long nowNs) {
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.TIME_WAIT) {
            return IDLE;
        }
        Route route = PathMtu.route(t, nowNs);
        if (route == null) {
            t.ackNow = false;
            tryLater(t, nowNs);
            return IDLE;
        }
        if (t.inHandshake()) {
            int syn = nextInHandshake(t, p, route, nowNs);
            if (syn != IDLE || t.state() == TcpState.SYN_SENT) {
                return syn;
            }
        } else {
            if (t.ecn.optionRoom(t.host) != t.ecnOptionRoom) {
                PathMtu.sync(t, nowNs);
            }
            if (t.ackNow && t.ecn.wantsBareAck()) {
                return bare(t, p, route, t.snd.acceptable(), Segment.ACK, nowNs);
            }
            int again = nextRetransmission(t, p, route, nowNs);
            if (again != IDLE) {
                return again;
            }
            int probe = nextProbe(t, p, route, nowNs);
            if (probe != IDLE) {
                return probe;
            }
            int fresh = nextNewData(t, p, route, nowNs);
            if (fresh == IDLE && t.recovery.nothingNewToSend()) {
                fresh = nextRetransmission(t, p, route, nowNs);
            }
            if (fresh != IDLE) {
                return fresh;
            }
        }
        if (t.probeNow) {
            t.probeNow = false;
            return bare(t, p, route, t.snd.una - 1, Segment.ACK, nowNs);
        }
        if (t.ackNow) {
            return bare(t, p, route, t.snd.acceptable(), Segment.ACK, nowNs);
        }
        return IDLE;
    }

    private int nextRetransmission(Tcb t, Packet p, Route route, long nowNs) {
        int quota = t.congestion.cwndSegments() - t.sent.inFlight();
        if (quota <= 0 || !t.recovery.mayRetransmit() || t.fastOpen.handshakePending() || t.pacing.mustWait(nowNs)) {
            return IDLE;
        }
        SentSegment lost = t.recovery.firstToRetransmit();
        if (lost == null) {
            return IDLE;
        }
        int sent = retransmit(t, p, route, lost, quota, nowNs);
        if (sent != IDLE) {
            t.count(t.recovery.state() == RecoveryState.LOSS ? Counter.TcpExtTCPSlowStartRetrans
                    : Counter.TcpExtTCPFastRetrans);
        }
        return sent;
    }

    /** There is no way to the peer now: looks again after a timeout when nothing else will. */
    private static void tryLater(Tcb t, long nowNs) {
        if (t.state().synchronizedState() && t.sent.isEmpty() && t.hasUnsent() && !t.timers.isSet(TimerKind.PERSIST)) {
            t.timers.set(TimerKind.PERSIST, nowNs + t.rtt.rtoNs());
        }
    }

    // --- handshake ---

    private int nextInHandshake(Tcb t, Packet p, Route route, long nowNs) {
        SentSegment s = t.sent.first();
        if (s == null) {
            if (t.fastOpen.deferred) {
                return IDLE;
            }
            t.sent.add(t.snd.iss, t.snd.iss + 1, 1, t.sendMss, nowNs).syn = true;
            t.snd.nxt = t.snd.iss + 1;
            int n = fastOpen(t, nowNs);
            FastOpenCookie cookie = t.fastOpen.option;
            t.fastOpen.option = null;
            RetransmissionTimer.onSent(t, true, nowNs);
            return syn(t, p, route, cookie, n, nowNs);
        }
        if (s.syn && s.lost && !s.retransmitted) {
            t.sent.resent(s, nowNs);
            t.recovery.retransmitted(s, nowNs);
            countRetransmission(t, s, 0, t.state() == TcpState.SYN_RECEIVED ? RetransmissionCause.SYN_ACK
                    : RetransmissionCause.SYN, nowNs);
            t.count(Counter.TcpExtTCPSynRetrans);
            return syn(t, p, route, null, 0, nowNs);
        }
        if (t.ackNow && t.state() == TcpState.SYN_RECEIVED && s.syn) {
            return syn(t, p, route, null, 0, nowNs);
        }
        return IDLE;
    }

    /**
     * Takes note of what the first SYN carries for Fast Open; returns how many bytes of data. They are kept as a
     * segment of their own, to be sent again without the SYN.
     */
    @Rfc(value = 7413, section = "4.2.1")
    private static int fastOpen(Tcb t, long nowNs) {
        FastOpen f = t.fastOpen;
        FastOpenCookie cookie = f.option;
        f.used = cookie != null;
        f.experimental = cookie != null && cookie.experimental();
        int n = f.synBytes;
        if (n > 0) {
            f.synData = true;
            SentSegment s = t.sent.add(t.snd.nxt, t.snd.nxt + n, 1, Math.max(n, t.sendMss), nowNs);
            s.push = true;
            DeliveryRate.sent(t, s, nowNs);
            t.snd.nxt = s.end;
            t.pieces.sent(n);
            t.bytesSent += n;
            t.dataSegmentsOut++;
            t.lastDataSentNs = nowNs;
            t.sendTime.start(SendTime.Kind.BUSY, nowNs);
            t.count(Counter.TcpExtTCPOrigDataSent);
        }
        return n;
    }

    private int syn(Tcb t, Packet p, Route route, @Nullable FastOpenCookie cookie, int dataBytes, long nowNs) {
        boolean answer = t.state() == TcpState.SYN_RECEIVED;
        t.advertisedMss = PathMtu.announced(t);
        p.clear();
        int options = Authentication.reserve(t.authentication, p.memory, p.start + HeaderWriter.MIN_LENGTH);
        int end = SynOptions.write(p.memory, options, t.advertisedMss, t.sackPermitted, t.timestamps,
                t.timestampClock(nowNs),
                answer ? t.tsRecent : 0, t.windowScaling ? t.rcv.windowShift : -1, answer ? accEcnFields(t) : -1);
        if (cookie != null && end + FastOpenOption.length(cookie) <= p.start + HeaderWriter.MAX_LENGTH) {
            end = FastOpenOption.write(p.memory, end, cookie);
        } else if (cookie != null) {
            t.fastOpen.used = false; // a signature left no room
        }
        if (t.userTimeout.toAnnounce() > 0 && end + UserTimeoutOption.LENGTH <= p.start + HeaderWriter.MAX_LENGTH) {
            end = UserTimeoutOption.write(p.memory, end, t.userTimeout.toAnnounce());
        }
        p.end = end;
        int window = t.window.forSyn();
        int flags = answer ? Segment.SYN | Segment.ACK | t.ecn.synAckFlags()
                : Segment.SYN | t.ecn.synFlags(t.host, t.totalRetransmissions);
        HeaderWriter.write(p, t.tuple, t.snd.iss, answer ? t.rcv.nxt : 0, flags, end - p.start, window, 0);
        int headerLength = end - p.start;
        copyPayload(t, p, t.sendBuffer.start(), dataBytes);
        Authentication.complete(t.authentication, p, headerLength);
        HeaderWriter.checksum(p, t.tuple, route);
        t.ackNow = false;
        return hand(t, p, route, 1, t.ecn.synBits(flags), nowNs);
    }

    private static int accEcnFields(Tcb t) {
        boolean wanted = t.ecn.isAccurate() && t.retransmits < 2 && t.host.settings().get(Setting.TCP_ECN_OPTION) != 0;
        return wanted ? AccEcnOption.fit(0, SynOptions.room(t.sackPermitted, t.timestamps, t.windowScaling)
                - Authentication.bytes(t.authentication), 0) : -1;
    }

    // --- data ---

    private int nextNewData(Tcb t, Packet p, Route route, long nowNs) {
        if (t.pacing.mustWait(nowNs)) {
            return IDLE;
        }
        if (Seq.gt(t.snd.right(), t.snd.nxt)) {
            restartAfterIdle(t, nowNs);
        }
        int probe = t.mtuProbing.next(t, nowNs);
        if (probe == MtuProbing.WAIT) {
            return IDLE;
        }
        if (probe != MtuProbing.NO) {
            t.mtuProbing.sent(t, t.snd.nxt, probe, nowNs);
            return sendNew(t, p, route, probe, probe, nowNs);
        }
        int n = SendDecision.newData(t, maxPayload(t, route), nowNs);
        if (n == SendDecision.NOTHING) {
            t.pacing.notTheReason();
            whyNot(t, nowNs);
            return IDLE;
        }
        return sendNew(t, p, route, n, t.sendMss, nowNs);
    }

    /**
     * A probe with data: one segment beyond cwnd, or the last one again (tail loss probe), or what the peer's small
     * window takes (persist).
     */
    private int nextProbe(Tcb t, Packet p, Route route, long nowNs) {
        if (t.probeWithNewData) {
            t.probeWithNewData = false;
            int n = Math.min(Math.min(t.unsentBytes(), t.sendMss), Seq.diff(t.snd.right(), t.snd.nxt));
            if (n > 0 || n == 0 && t.finDue() && t.unsentBytes() == 0) {
                int result = sendNew(t, p, route, n, t.sendMss, nowNs);
                RetransmissionTimer.restart(t, nowNs); // no probe for the probe
                return result;
            }
        }
        if (t.probeWithTail) {
            t.probeWithTail = false;
            SentSegment last = t.sent.last();
            if (last != null && !last.sacked) {
                if (last.count > 1) {
                    int payload = last.end - last.seq - (last.fin ? 1 : 0);
                    last = t.sent.split(t.sent.size() - 1, last.seq + (payload - 1) / last.mss * last.mss);
                }
                return sendAgain(t, p, route, last, 1, true, nowNs);
            }
        }
        return IDLE;
    }

    private void restartAfterIdle(Tcb t, long nowNs) {
        if (t.sent.packetsOut() == 0 && t.hasUnsent()
                && (t.host.settings().isOn(Setting.TCP_SLOW_START_AFTER_IDLE) || t.congestion.keepsUnusedWindow())
                && nowNs - t.lastDataSentNs > t.rtt.rtoNs() && t.dataSegmentsOut > 0
                && !t.congestion.control().controlsRecovery()) {
            t.congestion.restartAfterIdle(nowNs - t.lastDataSentNs, nowNs);
            t.lastDataSentNs = nowNs;
        }
    }

    /** Nothing may leave: remembers the reason where a timer has to end the wait. */
    @Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-35", "MUST-36"})
    private static void whyNot(Tcb t, long nowNs) {
        if (SendDecision.limitedByWindow(t)) {
            t.sendTime.start(SendTime.Kind.RECEIVE_WINDOW, nowNs);
        } else {
            t.sendTime.stop(t, SendTime.Kind.RECEIVE_WINDOW, nowNs);
        }
        if (!t.hasUnsent()) {
            if (t.sent.inFlight() < t.congestion.cwndSegments()) {
                t.congestion.noteApplicationLimited();
            }
            return;
        }
        if (t.sent.isEmpty() && !t.timers.isSet(TimerKind.PERSIST) && !t.fastOpen.handshakePending()) {
            if (t.unsentBytes() > Seq.diff(t.snd.right(), t.snd.nxt) || t.unsentBytes() == 0) {
                t.timers.set(TimerKind.PERSIST, nowNs + Math.max(t.rtt.rtoNs(), t.rtt.rtoMinNs()));
            } else if (SendDecision.nagleHolds(t)) {
                t.timers.setEarlier(TimerKind.CORK, nowNs + 200_000_000L);
            }
        }
        if (SendDecision.limitedByCwnd(t)) {
            t.congestion.validate(true, nowNs);
        }
    }

    /**
     * Sends {@code n} new bytes in segments of {@code mss}, and the FIN when it follows directly; also used for probes
     * that the windows would not allow.
     */
    @Rfc(value = 9293, section = "3.9.1.2", req = {"MUST-61", "SHLD-27", "MAY-16"})
    private int sendNew(Tcb t, Packet p, Route route, int n, int mss, long nowNs) {
        long position = t.sendPosition(t.snd.nxt);
        boolean fin = t.finDue() && position + n == t.sendBuffer.end();
        int seq = t.snd.nxt;
        int flags = Segment.ACK | (fin ? Segment.FIN : 0);
        boolean push = n > 0 && t.pieces.pushedAt(position + n);
        if (push || n > mss || n > 0 && t.host.settings().isOn(Setting.TCP_PUSH_ALL)) {
            // at the end of each super-segment too, so that a receiver that merges hands it up at once
            flags |= Segment.PSH;
        }
        boolean first = t.sent.isEmpty();
        if (first) {
            t.congestion.transmitStart(nowNs);
        }
        int count = n == 0 ? 1 : (n + mss - 1) / mss;
        SentSegment s = t.sent.add(seq, seq + n + (fin ? 1 : 0), count, mss, nowNs);
        s.fin = fin;
        s.push = push;
        DeliveryRate.sent(t, s, nowNs);
        t.snd.nxt = s.end;
        t.pieces.sent(position + n);
        t.reportSent(nowNs);
        if (fin) {
            t.finSent = true;
        }
        if (mss == t.sendMss && n % SendDecision.boundToHalfWindow(t, mss) != 0 || n == 0) {
            t.smallSent = t.snd.nxt;
            t.smallSentValid = n > 0;
        }
        t.host.counters().add(Counter.TcpExtTCPOrigDataSent, count);
        t.congestion.sentDuringReduction(count);
        int result = data(t, p, route, seq, position, n, mss, flags, true, nowNs);
        t.bytesSent += n;
        RetransmissionTimer.onSent(t, first, nowNs);
        t.congestion.validate(SendDecision.limitedByCwnd(t), nowNs);
        if (t.noSpace && !t.hasUnsent() && !t.congestion.cwndLimited() && t.state().maySend()) {
            t.sendTime.start(SendTime.Kind.SEND_BUFFER, nowNs);
        }
        t.pacing.sent(n, nowNs);
        return result;
    }

    /** Sends a lost segment again, at most {@code quota} wire segments of it. */
    @Rfc(value = 9293, section = "3.8.6", req = {"SHLD-16", "MAY-7"})
    public int retransmit(Tcb t, Packet p, Route route, SentSegment s, int quota, long nowNs) {
        return sendAgain(t, p, route, s, quota, false, nowNs);
    }

    private int sendAgain(Tcb t, Packet p, Route route, SentSegment s, int quota, boolean probe, long nowNs) {
        int window = Seq.diff(t.snd.right(), s.seq);
        boolean beyondWindow = window <= 0;
        if (beyondWindow) {
            if (s.seq != t.snd.una) {
                return IDLE;
            }
            window = t.sendMss;
        }
        int mss = Math.max(1, t.sendMss);
        t.mtuProbing.sentAgain(s);
        int payload = s.end - s.seq - (s.fin ? 1 : 0);
        long most = Math.min(Math.min((long) Math.max(1, quota) * mss, maxPayload(t, route)), window);
        int n = (int) Math.min(payload, Math.max(most, 1));
        if (s.mss != mss && payload > mss) {
            t.sent.recut(s, mss);
        }
        if (n < payload) {
            if (n > mss) {
                n -= n % mss;
            }
            t.sent.split(t.sent.indexOf(s.seq), s.seq + n);
        }
        boolean fin = s.fin && s.seq + n + 1 == s.end;
        RetransmissionCause cause = probe ? RetransmissionCause.TLP
                : beyondWindow ? RetransmissionCause.ZERO_WINDOW : t.recovery.retransmissionCause();
        if (probe) {
            t.sent.probed(s, nowNs);
            t.recovery.probed(s, nowNs);
        } else {
            t.sent.resent(s, nowNs);
            t.recovery.retransmitted(s, nowNs);
            t.congestion.sentDuringReduction(s.count);
        }
        DeliveryRate.sent(t, s, nowNs);
        countRetransmission(t, s, n, cause, nowNs);
        t.bytesRetransmitted += n;
        int flags = Segment.ACK | (fin ? Segment.FIN : 0);
        long position = t.sendPosition(s.seq);
        if (n > 0 && (s.push || n > mss)) {
            flags |= Segment.PSH;
        }
        int result = data(t, p, route, s.seq, position, n, mss, flags, false, nowNs);
        t.pacing.sent(n, nowNs);
        RetransmissionTimer.onRetransmit(t, s, nowNs);
        return result;
    }

    private void countRetransmission(Tcb t, SentSegment s, int length, RetransmissionCause cause, long nowNs) {
        t.totalRetransmissions += s.count;
        t.host.counters().add(Counter.TcpRetransSegs, s.count);
        t.trace.retransmitted(cause, s.seq, t.sendPosition(s.seq), length, s.count, s.firstSentNs, nowNs);
    }

    private static int maxPayload(Tcb t, Route route) {
        int mss = Math.max(1, t.sendMss);
        if (route.link.gsoMaxBytes() <= route.link.mtu() || t.authentication != null) {
            return mss;
        }
        int headers = (t.tuple.remote().isV4() ? 20 : 40) + HeaderWriter.MIN_LENGTH + MAX_OPTIONS;
        int limit = Math.min(route.link.gsoMaxBytes(), 65_535) - headers;
        return limit <= mss ? mss : limit - limit % mss;
    }

    /** Header, options and payload; copies the payload unless the link gathers it from the ring. */
    private int data(Tcb t, Packet p, Route route, int seq, long position, int n, int mss, int flags, boolean fresh,
            long nowNs) {
        p.clear();
        int headerEnd = options(t, p, n, nowNs);
        int headerLength = headerEnd - p.start;
        p.end = headerEnd;
        boolean newData = fresh && n > 0;
        int f = flags | t.ecn.flags(newData, false);
        int up = urgentPointer(t, seq);
        if (up >= 0) {
            f |= Segment.URG;
        }
        HeaderWriter.write(p, t.tuple, seq, t.rcv.nxt, f, headerLength, t.window.select(nowNs), Math.max(0, up));
        if (n > mss) {
            p.gsoSize = mss;
            p.gsoHeaderLength = headerLength;
            p.gsoKeepsCwr = t.ecn.isAccurate();
            p.gsoPushesAll = t.host.settings().isOn(Setting.TCP_PUSH_ALL);
        }
        boolean deviceSums = route.link.checksumOffload() || route.loopback;
        boolean gather = n >= GATHER_FROM && route.link.gathers() && !route.loopback
                && t.sendBuffer.isContiguous(position, n);
        int payloadAt = p.end;
        if (gather) {
            p.tail = t.sendBuffer.memory(position);
            p.tailOffset = t.sendBuffer.offset(position);
            p.tailLength = n;
        } else {
            copyPayload(t, p, position, n);
        }
        Authentication.complete(t.authentication, p, headerLength);
        if (deviceSums || n == 0) {
            HeaderWriter.checksum(p, t.tuple, route);
        } else {
            long sum = gather ? Checksum.sum(t.sendBuffer.memory(position), p.tailOffset, n)
                    : Checksum.sum(p.memory, payloadAt, n);
            HeaderWriter.checksum(p, t.tuple, headerLength, sum);
        }
        acknowledgmentLeaves(t);
        int segments = n > mss ? (n + mss - 1) / mss : 1;
        if (n > 0) {
            t.dataSegmentsOut += segments;
            t.delayedAck.onDataSent(nowNs);
            t.lastDataSentNs = nowNs;
        }
        return hand(t, p, route, segments, ecnBits(t, newData), nowNs);
    }

    /**
     * The urgent pointer of a segment that begins at {@code seq}, also when it carries no data (the window may be
     * closed); -1 for none.
     */
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-31", "MUST-62"})
    private static int urgentPointer(Tcb t, int seq) {
        if (!t.urgentToSend || !Seq.gt(t.snd.up, seq)) {
            return -1;
        }
        int distance = Math.min(t.snd.up - seq, 65_535);
        return t.host.settings().get(Setting.TCP_STDURG) != 0 ? distance - 1 : distance;
    }

    private static void copyPayload(Tcb t, Packet p, long position, int n) {
        if (n > 0) {
            t.sendBuffer.read(position, p.memory, p.end, n);
            p.end += n;
        }
    }

    /** A segment without data at {@code seq}. */
    private int bare(Tcb t, Packet p, Route route, int seq, int flags, long nowNs) {
        p.clear();
        int end = options(t, p, 0, nowNs);
        p.end = end;
        int up = urgentPointer(t, seq);
        int f = flags | t.ecn.flags(false, true) | (up >= 0 ? Segment.URG : 0);
        HeaderWriter.write(p, t.tuple, seq, t.rcv.nxt, f, end - p.start, t.window.select(nowNs), Math.max(0, up));
        Authentication.complete(t.authentication, p, end - p.start);
        HeaderWriter.checksum(p, t.tuple, route);
        acknowledgmentLeaves(t);
        return hand(t, p, route, 1, ecnBits(t, false), nowNs);
    }

    @Rfc(value = 3168, section = "5")
    private static int ecnBits(Tcb t, boolean newData) {
        return t.congestion.control().respondsToMarks() ? t.ecn.ipBits(newData) : 0;
    }

    private static void acknowledgmentLeaves(Tcb t) {
        t.delayedAck.onAckSent();
    }

    private static int options(Tcb t, Packet p, int payload, long nowNs) {
        MemorySegment m = p.memory;
        int at = p.start + HeaderWriter.MIN_LENGTH;
        int end = Authentication.reserve(t.authentication, m, at);
        if (t.timestamps) {
            end = TimestampsOption.write(m, end, t.timestampClock(nowNs), t.tsRecent, false);
        }
        int telling = t.userTimeout.toAnnounce();
        int told = 0;
        if (telling > 0 && (payload == 0 || payload + UserTimeoutOption.LENGTH <= t.sendMss)) {
            end = UserTimeoutOption.write(m, end, telling);
            t.userTimeout.announced(telling);
            told = UserTimeoutOption.LENGTH;
        }
        int room = MAX_OPTIONS - (end - at);
        int kept = 0; // for the accurate ECN option of full segments
        if (payload > 0) {
            kept = t.ecnOptionRoom;
            room = Math.min(room, Math.max(0, t.sendMss - payload - told) + kept);
        }
        int blocks = payload > t.sendMss ? 0 : Math.min(SackOption.blocks(t), Math.max(0, (room - kept - 4) / 8));
        boolean dsack = blocks > 0 && t.dsackPending;
        AccEcnReceiver counters = t.ecn.receiver();
        if (counters != null) {
            int fit = t.ecn.wantsOption(t, nowNs)
                    ? AccEcnOption.fit(counters.fieldsNeeded(), room - (blocks > 0 ? 4 + 8 * blocks : 0), blocks) : -1;
            if (fit >= 0) {
                blocks -= fit >>> 2;
                end = AccEcnOption.write(m, end, fit & 3, counters);
            }
            t.ecn.optionSent(fit >= 0, dsack, nowNs);
        }
        if (blocks > 0) {
            return SackOption.write(m, AccEcnOption.pad(m, at, end, 2), t, blocks);
        }
        return AccEcnOption.pad(m, at, end, 0);
    }

    @Rfc(value = 9293, section = "3.8.1", req = "MAY-4")
    private int hand(Tcb t, Packet p, Route route, int segments, int ecnBits, long nowNs) {
        t.host.counters().add(Counter.TcpOutSegs, segments);
        t.segmentsOut += segments;
        byte @Nullable [] ipOptions = t.options.ipOptions;
        boolean df = !t.options.noPathMtuDiscovery && t.host.settings().get(Setting.IP_NO_PMTU_DISC) == 0;
        return tcp.ip().send(p, route, t.tuple.local(), t.tuple.remote(), IP,
                t.options.hopLimit > 0 ? t.options.hopLimit : tcp.defaultHopLimit(),
                t.options.trafficClass & 0xfc | ecnBits, df, ipOptions, nowNs);
    }
}
