package sluice.drill;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Ip;
import sluice.drill.PacketSpec.Option;
import sluice.drill.PacketSpec.TcpSegment;
import sluice.drill.Script.Event;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/**
 * Expected packets against those that were sent: waits for them, joins successive segments, compares field by field.
 */
final class OutboundMatcher {
    private static final long GRACE_NS = 2_000_000_000L;
    private static final int AE_ECE_CWR = Tcp.AE | Tcp.CWR | Tcp.ECE;
    private final DrillOptions options;
    private final Machine machine;
    private final Flows flows;
    private final Ladder ladder;
    private final Clock clock;

    /** Lets virtual time pass. */
    interface Clock {
        /** To the next thing that happens, or to the limit: then false. */
        boolean step(long limitNs);
    }

    OutboundMatcher(DrillOptions options, Machine machine, Flows flows, Ladder ladder, Clock clock) {
        this.options = options;
        this.machine = machine;
        this.flows = flows;
        this.ladder = ladder;
        this.clock = clock;
    }

    /** What was there when a packet was looked for. */
    record Match(long timeNs, String text) {}

    /** The next segment of the flow as one, joined of successive smaller ones when the script says a longer one. */
    Match tcp(TcpSegment expected, Event event, long untilUs) {
        Flow flow = flows.outbound(expected);
        String wanted = PacketText.of(expected);
        Seen first = null;
        Seen last = null;
        int length = 0;
        do {
            Seen s = next(flow, untilUs);
            if (s == null) {
                throw new FailException(
                        first == null ? "no packet came"
                                : "only " + length + " of " + expected.length() + " bytes came",
                        wanted,
                        first == null ? "nothing for " + GRACE_NS / 1_000_000_000 + " s"
                                : shown(flow, first.part(first.seq(), length, first.flags()), expected));
            }
            synAck(flow, s, expected);
            signature(flow, s, expected);
            if (last != null) {
                joins(flow, last, s, first == null ? s : first, length, expected);
            }
            first = first == null ? s : first;
            last = s;
            length += s.payload();
        } while (length < expected.length() && !options.strictSegments());
        int flags = last.flags() & ~Tcp.CWR | first.flags() & Tcp.CWR;
        Seen whole = first.part(first.seq(), length, flags);
        return new Match(last.timeNs(), compare(flow, whole, expected));
    }

    private static void synAck(Flow flow, Seen s, TcpSegment expected) {
        if (flow.state == Flow.State.PASSIVE_PACKET_RECEIVED && expected.has(Tcp.SYN) && expected.has(Tcp.ACK)) {
            flow.state = Flow.State.PASSIVE_SYNACK_SENT;
            flow.scriptLocalIsn = expected.seq();
            flow.liveLocalIsn = s.seq();
        }
    }

    private static void signature(Flow flow, Seen s, TcpSegment expected) {
        Signature wanted = Signature.of(expected);
        if (wanted != null
                && !wanted.isRight(s.signed(), s.source(), s.destination(), flow.liveLocalIsn, flow.remoteIsn)) {
            throw new FailException("the signature is missing or wrong");
        }
    }

    private void joins(Flow flow, Seen previous, Seen s, Seen first, int length, TcpSegment expected) {
        boolean fits = s.seq() == previous.seq() + previous.payload() && s.ack() == previous.ack()
                && ((s.flags() ^ previous.flags()) & ~(Tcp.PSH | Tcp.FIN | Tcp.CWR)) == 0;
        boolean sized = s.payload() >= expected.length() - length || s.payload() == previous.payload();
        if (!fits || !sized) {
            machine.putBack(s);
            throw new FailException("the segments that came do not join to the expected one", PacketText.of(expected),
                    shown(flow, first.part(first.seq(), length, previous.flags()), expected) + "  and then  "
                            + shown(flow, s, expected));
        }
    }

    private String shown(Flow flow, Seen s, TcpSegment expected) {
        return PacketText
                .of(flow.toScript(s, new TcpSegment(expected.ip(), 0, 0, 0, expected.ace(), 0, 0, 0, expected.window(),
                        0, List.of()), ip(s, expected.ip())));
    }

    /** The next packet of that flow; null when the time is over. Packets of other flows are passed over. */
    private @Nullable Seen next(Flow flow, long untilUs) {
        long limit = untilUs == Long.MAX_VALUE ? Long.MAX_VALUE : Machine.toNs(untilUs) + GRACE_NS;
        for (;;) {
            Seen s = machine.pollSent();
            if (s == null) {
                if (machine.host().nextDeadlineNs() == Long.MAX_VALUE && limit == Long.MAX_VALUE
                        || !clock.step(limit)) {
                    s = machine.pollSent();
                    if (s == null) {
                        return null;
                    }
                } else {
                    continue;
                }
            }
            if (Flows.belongs(s, flow)) {
                if (s.checksumWrong()) {
                    throw new FailException("the packet's checksum is wrong");
                }
                return s;
            }
            ladder.note(machine.scriptUs(),
                    "a packet of another connection: port " + s.sourcePort() + " to " + s.destinationPort());
        }
    }

    /** The IP header of a packet, as far as the script says something of it. */
    private static Ip ip(Seen s, Ip expected) {
        int ttl = expected.ttl() > 0 ? s.ttl() : 0;
        int label = expected.flowLabel() >= 0 ? s.flowLabel() : -1;
        int ecn = s.trafficClass() & 3;
        return switch (expected.check()) {
            case NONE -> new Ip(Ip.Check.NONE, 0, ttl, label);
            case ECN -> new Ip(Ip.Check.ECN, ecn, ttl, label);
            case ECT01 -> ecn == 1 || ecn == 2 ? new Ip(Ip.Check.ECT01, 0, ttl, label)
                    : new Ip(Ip.Check.ECN, ecn, ttl, label);
            case TOS -> new Ip(Ip.Check.TOS, s.trafficClass(), ttl, label);
        };
    }

    private String compare(Flow flow, Seen s, TcpSegment expected) {
        TcpSegment actual = flow.toScript(s, expected, ip(s, expected.ip()));
        String what = difference(expected, actual);
        String text = PacketText.of(actual);
        if (what != null) {
            throw new FailException(what + " differs", PacketText.of(expected), text);
        }
        return text;
    }

    /** What of the IP header is not as the script says. */
    static @Nullable String difference(Ip e, Ip a) {
        if (e.check() != a.check() || e.tos() != a.tos()) {
            return "the ECN field or traffic class";
        }
        if (e.ttl() != a.ttl()) {
            return "the TTL";
        }
        return e.flowLabel() != a.flowLabel() ? "the flow label" : null;
    }

    private @Nullable String difference(TcpSegment e, TcpSegment a) {
        String ip = difference(e.ip(), a.ip());
        if (ip != null) {
            return ip;
        }
        if (e.flags() != a.flags()) {
            return ((e.flags() ^ a.flags()) & ~AE_ECE_CWR) != 0 ? "a flag" : "an ECN flag";
        }
        if (e.seq() != a.seq()) {
            return "the sequence number";
        }
        if (e.length() != a.length()) {
            return "the length";
        }
        if (e.has(Tcp.ACK) && e.ack() != a.ack()) {
            return "the acknowledgment number";
        }
        if (e.window() >= 0 && e.window() != a.window()) {
            return "the window";
        }
        if (e.urgent() != a.urgent()) {
            return "the urgent pointer";
        }
        return optionDifference(e.options(), a.options());
    }

    private @Nullable String optionDifference(@Nullable List<Option> wanted, @Nullable List<Option> found) {
        if (wanted == null || found == null) {
            return null;
        }
        if (wanted.size() != found.size()) {
            return "the number of options";
        }
        for (int i = 0; i < wanted.size(); i++) {
            Option w = wanted.get(i);
            Option f = found.get(i);
            if (w.kind() != f.kind()) {
                return "the order of options";
            }
            if (w.signature() != null) {
                if (w.body().length != f.body().length
                        || w.kind() == TcpOption.AUTHENTICATION && !Arrays.equals(w.body(), 0, 2, f.body(), 0, 2)) {
                    return "option " + PacketText.option(w);
                }
                continue;
            }
            if (w.kind() == TcpOption.TIMESTAMPS ? !sameTimestamp(w.body(), f.body())
                    : !Arrays.equals(w.body(), f.body())) {
                return "option " + PacketText.option(w);
            }
        }
        return null;
    }

    /** The echo is exact; the value only as exact as the script asks for. */
    private boolean sameTimestamp(byte[] wanted, byte[] found) {
        if (wanted.length != 8 || found.length != 8) {
            return false;
        }
        java.nio.ByteBuffer w = java.nio.ByteBuffer.wrap(wanted);
        java.nio.ByteBuffer f = java.nio.ByteBuffer.wrap(found);
        long off = Math.abs((long) (f.getInt() - w.getInt())) * options.timestampTickUs();
        long tolerance = Math.max(options.toleranceUs(),
                (long) (machine.scriptUs() * options.tolerancePercent() / 100));
        return off <= tolerance && w.getInt() == f.getInt();
    }

    /** A UDP datagram or ICMP message. */
    Match other(PacketSpec expected, long untilUs) {
        int protocol = expected instanceof PacketSpec.UdpDatagram ? Seen.UDP : options.local().isV4() ? 1 : 58;
        long limit = Machine.toNs(untilUs) + GRACE_NS;
        for (;;) {
            Seen s = machine.pollSent();
            if (s == null) {
                if (clock.step(limit)) {
                    continue;
                }
                throw new FailException("no packet came", PacketText.of(expected), "nothing");
            }
            if (s.protocol() == protocol) {
                if (s.checksumWrong()) {
                    throw new FailException("the packet's checksum is wrong");
                }
                PacketSpec actual = OtherPackets.seen(s, expected, ip(s, expected.ip()));
                String what = OtherPackets.difference(expected, actual);
                if (what != null) {
                    throw new FailException(what + " differs", PacketText.of(expected), PacketText.of(actual));
                }
                return new Match(s.timeNs(), PacketText.of(expected));
            }
        }
    }
}
