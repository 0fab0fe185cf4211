package sluice.core.tcp.output;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.data.SendTime;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.option.AccEcnOption;
import sluice.core.tcp.option.FastOpenOption;
import sluice.core.tcp.option.UserTimeoutOption;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.recovery.RetransmissionTimer;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.wire.Packet;

/**
 * The segments of a handshake that a connection makes itself: its SYN, the SYN-ACK when SYNs crossed, and what the
 * first SYN carries for Fast Open. (The SYN-ACK of a listener is {@link SynAckSender}'s.)
 */
@Rfc(value = 9293, section = "3.5")
final class HandshakeSender {
    private final SegmentEncoder encoder;

    HandshakeSender(SegmentEncoder encoder) {
        this.encoder = encoder;
    }

    /** As {@link SegmentSender#next}, of the handshake alone. */
    int next(Tcb t, Packet p, Route route, long nowNs) {
        SentSegment s = t.sent.first();
        if (s == null) {
            if (t.fastOpen.deferred) {
                return SegmentSender.IDLE;
            }
            t.sent.add(t.snd.iss, t.snd.iss + 1, 1, t.sendMss, nowNs).syn = true;
            t.snd.nxt = t.snd.iss + 1;
            int n = fastOpen(t, nowNs);
            FastOpenCookie cookie = t.fastOpen.option;
            t.fastOpen.option = null;
            RetransmissionTimer.onSent(t, t.recovery().rackTlp(), true, nowNs);
            return send(t, p, route, cookie, n, nowNs);
        }
        if (s.syn && s.lost && !s.retransmitted) {
            t.sent.resent(s, nowNs);
            t.recovery().retransmitted(s, nowNs);
            SegmentSender.countRetransmission(t, s, 0, t.state() == TcpState.SYN_RECEIVED ? RetransmissionCause.SYN_ACK
                    : RetransmissionCause.SYN, nowNs);
            t.count(Counter.TcpExtTCPSynRetrans);
            return send(t, p, route, null, 0, nowNs);
        }
        if (t.synAckDue && t.state() == TcpState.SYN_RECEIVED && s.syn) {
            return send(t, p, route, null, 0, nowNs);
        }
        return SegmentSender.IDLE;
    }

    /**
     * Takes note of what the first SYN carries for Fast Open; returns how many bytes of data. They are kept as a
     * segment of their own, to be retransmitted without the SYN.
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
            t.congestion.delivery.sent(s, nowNs);
            t.snd.nxt = s.end;
            t.pieces.sent(n);
            t.totals.bytesSent += n;
            t.totals.dataSegmentsOut++;
            t.lastDataSentNs = nowNs;
            t.sendTime.start(SendTime.Kind.BUSY, nowNs);
            t.count(Counter.TcpExtTCPOrigDataSent);
        }
        return n;
    }

    private int send(Tcb t, Packet p, Route route, @Nullable FastOpenCookie cookie, int dataBytes, long nowNs) {
        boolean answer = t.state() == TcpState.SYN_RECEIVED;
        t.agreed.advertisedMss = PathMtu.announced(t);
        p.clear();
        int options = Authentication.reserve(t.authentication, p.memory, p.start + HeaderWriter.MIN_LENGTH);
        int end = SynOptions.write(p.memory, options, t.agreed, t.timestampClock(nowNs), answer ? t.tsRecent : 0,
                answer ? accEcnFields(t) : -1);
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
                : Segment.SYN | t.ecn.synFlags(t.host, t.totals.retransmissions);
        HeaderWriter.write(p, t.tuple, t.snd.iss, answer ? t.rcv.nxt : 0, flags, window);
        int headerLength = end - p.start;
        SegmentEncoder.copyPayload(t, p, t.sendBuffer.start(), dataBytes);
        Authentication.complete(t.authentication, p, headerLength);
        HeaderWriter.checksum(p, t.tuple, route);
        t.synAckDue = false;
        t.ackNow = false;
        return encoder.hand(t, p, route, 1, t.ecn.synBits(flags), nowNs);
    }

    private static int accEcnFields(Tcb t) {
        boolean wanted = t.ecn.isAccurate() && t.retransmits < 2 && t.host.settings().get(Setting.TCP_ECN_OPTION) != 0;
        return wanted ? AccEcnOption.fit(0, SynOptions.room(t.agreed)
                - Authentication.bytes(t.authentication), 0) : -1;
    }
}
