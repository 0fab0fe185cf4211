package sluice.core.tcp.output;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.data.UserTimeout;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.ecn.EcnNegotiation;
import sluice.core.tcp.option.AccEcnOption;
import sluice.core.tcp.option.FastOpenOption;
import sluice.core.tcp.option.UserTimeoutOption;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Packet;

/** Makes the SYN-ACK of a half-open connection or of a cookie. */
@Rfc(value = 9293, section = "3.10.7.2")
public final class SynAckSender {
    private SynAckSender() {}

    /** Sends it, or sends it again. */
    public static void send(HalfOpen h, long nowNs) {
        h.lastSynAckNs = nowNs;
        Route route = h.tcp.ip().routeOnce(h.tuple().local(), h.tuple().remote());
        if (route != null) {
            send(h, route, h.agreed.timestampClock(nowNs), nowNs);
        }
    }

    /** Sends it with the given TSval. */
    public static void send(HalfOpen h, Route route, int tsVal, long nowNs) {
        Packet p = h.tcp.ip().allocate();
        int options = Authentication.reserve(h.authentication, p.memory, p.start + HeaderWriter.MIN_LENGTH);
        p.end = SynOptions.write(p.memory, options, h.agreed, tsVal, h.tsRecent, accEcnFields(h));
        if (UserTimeout.enabled(h.tcp.host().settings(), h.listener.options())
                && p.end + UserTimeoutOption.LENGTH <= p.start + HeaderWriter.MAX_LENGTH) {
            p.end = UserTimeoutOption.write(p.memory, p.end, UserTimeout.advertisedSeconds(h.listener.options()));
        }
        if (h.cookie != null && p.end + FastOpenOption.length(h.cookie) <= p.start + HeaderWriter.MAX_LENGTH) {
            p.end = FastOpenOption.write(p.memory, p.end, h.cookie); // a signature may leave no room
        }
        h.cookie = null;
        int ecn = ecnFlags(h);
        HeaderWriter.write(p, h.tuple(), h.iss, h.irs + 1 + h.synData, Segment.SYN | Segment.ACK | ecn, h.ourWindow);
        Authentication.complete(h.authentication, p, p.end - p.start);
        HeaderWriter.checksum(p, h.tuple(), route);
        h.tcp.host().counters().increment(Counter.TcpOutSegs);
        h.answered = true;
        IpFields fields = IpFields.of(h);
        StatelessSender.enqueue(h.tcp, p, route, h.tuple(), h.marksAll && ecn != 0 ? fields.marked(Ecn.ECT_0) : fields,
                nowNs);
    }

    /**
     * Fields of the accurate ECN option. The first one has it, unless the host never sends it: a path that drops
     * unknown options is not tried twice.
     */
    @Rfc(value = 9768, section = "3.2.3.2.2")
    private static int accEcnFields(HalfOpen h) {
        if (h.agreed.ecn != EcnMode.ACCECN || h.answered || h.tcp.host().settings().get(Setting.TCP_ECN_OPTION) == 0) {
            return -1;
        }
        int others = Authentication.bytes(h.authentication) + (h.cookie == null ? 0 : FastOpenOption.length(h.cookie));
        return AccEcnOption.fit(0, SynOptions.room(h.agreed) - others, 0);
    }

    /**
     * Agrees to ECN in the first one and once more; after that a path is assumed that drops such segments, and nothing
     * of ours is marked.
     */
    @Rfc(value = 9768, section = "3.2.3.2.2")
    private static int ecnFlags(HalfOpen h) {
        if (h.retransmissions > 1) {
            if (h.agreed.ecn == EcnMode.ACCECN) {
                h.ecnFailures |= Ecn.ACE_FAIL_SEND;
            }
            return 0;
        }
        return switch (h.agreed.ecn) {
            case ACCECN -> EcnNegotiation.reflect(h.synEcn);
            case RFC3168 -> Segment.ECE;
            default -> 0;
        };
    }
}
