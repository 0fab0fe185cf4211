package sluice.core.tcp.auth;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.tcp.Connection;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;

/**
 * Whether a segment that arrived may be looked at: signed where a key says so, and rightly; unsigned where none does.
 * What fails is dropped and counted, and nothing answers it.
 *
 * <p>The order of checks and the counters are Linux's; unlike there, segments in TIME-WAIT are checked too.
 */
@Rfc(value = 2385, section = "2")
@Rfc(value = 5925, section = "7.5")
public final class InboundAuthentication {
    private InboundAuthentication() {}

    /** True when the segment goes on to SEGMENT ARRIVES. {@code c} and {@code l} are what the tables have for it. */
    public static boolean accepts(TcpContext tcp, Datagram d, Segment seg, @Nullable Connection c, @Nullable Listener l,
            long nowNs) {
        Authentication a = of(c);
        if (a == null && !seg.isSigned() && (l == null || l.options().keys == null)) {
            return true;
        }
        Counter reason;
        if (seg.signedTwice) {
            reason = Counter.SluiceInvalidTcpHeader;
        } else if (c == null || c instanceof TimeWait && l != null && seg.has(Segment.SYN) && !seg.has(Segment.ACK)) {
            reason = l == null ? null : forListener(tcp, l.options().keys, d, seg);
        } else if (c instanceof HalfOpen && a instanceof AoAuthentication != seg.aoAt > 0) {
            reason = Counter.TcpExtTCPAOBad;
        } else if (a == null) {
            reason = seg.md5At > 0 ? Counter.TcpExtTCPMD5Unexpected
                    : seg.aoAt > 0 ? Counter.TcpExtTCPAOKeyNotFound : null;
        } else {
            int before = a.optionBytes();
            reason = a.check(d, seg);
            if (a.optionBytes() != before && c instanceof Tcb t) {
                t.syncMss(nowNs); // the key that the peer asked for has another length
            }
        }
        if (reason != null) {
            tcp.drop(reason, nowNs);
            return false;
        }
        if (seg.aoAt > 0) {
            tcp.host().counters().increment(Counter.TcpExtTCPAOGood);
        }
        return true;
    }

    private static @Nullable Authentication of(@Nullable Connection c) {
        return switch (c) {
            case Tcb t -> t.authentication;
            case HalfOpen h -> h.authentication;
            case TimeWait w -> w.authentication;
            case null -> null;
        };
    }

    private static @Nullable Counter forListener(TcpContext tcp, @Nullable AuthenticationKeys keys, Datagram d,
            Segment seg) {
        if (seg.aoAt > 0) {
            AoKey k = keys == null ? null : keys.aoFor(d.sourceHigh, d.sourceLow, -1, seg.aoKeyId);
            return k == null ? Counter.TcpExtTCPAOKeyNotFound
                    : aoForListener(tcp.digests(), k, d, seg) ? null : Counter.TcpExtTCPAOBad;
        }
        Md5Key md5 = keys == null ? null : keys.md5For(d.sourceHigh, d.sourceLow);
        if (seg.md5At > 0) {
            return md5 == null ? Counter.TcpExtTCPMD5Unexpected
                    : new Md5Authentication(tcp.digests(), tuple(d, seg), md5).check(d, seg);
        }
        if (keys != null && (keys.required() || keys.aoFor(d.sourceHigh, d.sourceLow, -1, -1) != null)) {
            return Counter.TcpExtTCPAORequired;
        }
        return md5 != null ? Counter.TcpExtTCPMD5NotFound : null;
    }

    /** A SYN carries its ISN; an acknowledgment may answer a SYN cookie, and then tells both. */
    @Rfc(value = 5925, section = "7.4")
    private static boolean aoForListener(Digests digests, AoKey k, Datagram d, Segment seg) {
        boolean syn = seg.has(Segment.SYN);
        int peerIsn = syn ? seg.seq : seg.seq - 1;
        int ourIsn = syn ? 0 : seg.ack - 1;
        KeyedMac mac = k.algorithm().keyed(digests,
                KeyDerivation.receiving(k, digests, tuple(d, seg), peerIsn, ourIsn));
        long extended = AoAuthentication.extend(Integer.toUnsignedLong(peerIsn), seg.seq);
        return AoAuthentication.matches(new MacInput(digests), mac, k, d, seg, (int) (extended >>> 32));
    }

    private static FourTuple tuple(Datagram d, Segment seg) {
        return new FourTuple(d.destination(), sluice.wire.Bytes.u16(seg.packet.memory, d.payloadOffset + 2L),
                d.source(),
                sluice.wire.Bytes.u16(seg.packet.memory, d.payloadOffset));
    }
}
