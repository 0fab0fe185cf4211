package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Option;
import sluice.wire.Bytes;
import sluice.wire.Icmpv4;
import sluice.wire.Icmpv6;
import sluice.wire.IpAddress;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Packet;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;
import sluice.wire.Udp;

/**
 * A packet that the stack sent, taken apart; numbers are live ones. Of an ICMP message {@code flags} are type and code,
 * {@code seq} is the rest of its header. {@code signed} is the TCP segment itself when it is
 * signed, else empty.
 */
record Seen(long timeNs, boolean v6, IpAddress source, IpAddress destination, int trafficClass, int ttl, int flowLabel,
        int protocol, int sourcePort,
        int destinationPort, int flags, int seq, int ack, int window, int urgent, List<Option> options, int payload,
        boolean checksumWrong,
        byte[] signed) {
    static final int TCP = 6;
    static final int UDP = 17;
    private static final byte[] NOT_SIGNED = new byte[0];

    /** The packets on the wire: one, or the segments of a super-segment. Null for what is neither IPv4 nor IPv6. */
    static @Nullable List<Seen> of(Packet p, long nowNs) {
        int at = p.start;
        boolean v6 = Bytes.u8(p.memory, at) >> 4 == 6;
        int header = v6 ? Ipv6.HEADER_LENGTH : Ipv4.headerLength(p.memory, at);
        int protocol = v6 ? Ipv6.nextHeader(p.memory, at) : Ipv4.protocol(p.memory, at);
        IpAddress source = v6 ? IpAddress.readV6(p.memory, at + 8) : IpAddress.readV4(p.memory, at + 12);
        IpAddress destination = v6 ? IpAddress.readV6(p.memory, at + 24) : IpAddress.readV4(p.memory, at + 16);
        int tos = v6 ? Ipv6.trafficClass(p.memory, at) : Ipv4.trafficClass(p.memory, at);
        int ttl = v6 ? Ipv6.hopLimit(p.memory, at) : Ipv4.ttl(p.memory, at);
        int label = v6 ? Ipv6.flowLabel(p.memory, at) : -1;
        int transport = at + header;
        int length = p.end - transport;
        boolean wrong = false;
        if (!p.checksumPartial) {
            wrong = switch (protocol) {
                case TCP -> !Tcp.isChecksumValid(p.memory, transport, length, source.high(), source.low(),
                        destination.high(), destination.low());
                case UDP -> !Udp.isChecksumValid(p.memory, transport, length, source.high(), source.low(),
                        destination.high(), destination.low());
                case 1 -> !Icmpv4.isChecksumValid(p.memory, transport, length);
                case 58 -> !Icmpv6.isChecksumValid(p.memory, transport, length, source.high(), source.low(),
                        destination.high(), destination.low());
                default -> false;
            };
        }
        if (protocol == UDP) {
            return List.of(new Seen(nowNs, v6, source, destination, tos, ttl, label, protocol,
                    Udp.sourcePort(p.memory, transport),
                    Udp.destinationPort(p.memory, transport), 0, 0, 0, 0, 0, List.of(), length - Udp.HEADER_LENGTH,
                    wrong, NOT_SIGNED));
        }
        if (protocol != TCP) {
            return List.of(new Seen(nowNs, v6, source, destination, tos, ttl, label, protocol, 0, 0,
                    Bytes.u16(p.memory, transport), Bytes.i32(p.memory, transport + 4L), 0, 0, 0, List.of(),
                    Math.max(0, length - 8), wrong, NOT_SIGNED));
        }
        return segments(p,
                new Seen(nowNs, v6, source, destination, tos, ttl, label, protocol, Tcp.sourcePort(p.memory, transport),
                        Tcp.destinationPort(p.memory, transport), Tcp.flags(p.memory, transport),
                        Tcp.seq(p.memory, transport), Tcp.ack(p.memory, transport),
                        Tcp.window(p.memory, transport), Tcp.urgentPointer(p.memory, transport), options(p, transport),
                        length - Tcp.dataOffset(p.memory, transport),
                        wrong, signed(p, transport)));
    }

    private static List<Seen> segments(Packet p, Seen whole) {
        if (p.gsoSize == 0 || whole.payload <= p.gsoSize) {
            return List.of(whole);
        }
        List<Seen> list = new ArrayList<>();
        for (int from = 0; from < whole.payload; from += p.gsoSize) {
            int n = Math.min(p.gsoSize, whole.payload - from);
            boolean last = from + n == whole.payload;
            int f = whole.flags;
            f &= last ? ~0 : ~(Tcp.FIN | Tcp.PSH);
            f &= from == 0 ? ~0 : ~Tcp.CWR;
            list.add(whole.part(whole.seq + from, n, f));
        }
        return list;
    }

    Seen part(int newSeq, int newPayload, int newFlags) {
        return new Seen(timeNs, v6, source, destination, trafficClass, ttl, flowLabel, protocol, sourcePort,
                destinationPort, newFlags, newSeq, ack, window,
                urgent,
                options, newPayload, checksumWrong, signed);
    }

    private static List<Option> options(Packet p, int transport) {
        List<Option> list = new ArrayList<>();
        int at = transport + Tcp.MIN_HEADER_LENGTH;
        int end = transport + Tcp.dataOffset(p.memory, transport);
        while (at < end) {
            int kind = Bytes.u8(p.memory, at);
            if (kind == TcpOption.END || kind == TcpOption.NOP) {
                list.add(new Option(kind, new byte[0]));
                at++;
                if (kind == TcpOption.END) {
                    break;
                }
                continue;
            }
            int length = at + 1 < end ? Bytes.u8(p.memory, at + 1) : 0;
            if (length < 2 || at + length > end) {
                break;
            }
            byte[] body = p.memory.asSlice(at + 2L, length - 2L).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            list.add(new Option(kind, body));
            at += length;
        }
        return list;
    }

    /** The TCP segment when an option signs it. */
    private static byte[] signed(Packet p, int transport) {
        boolean is = options(p, transport).stream()
                .anyMatch(o -> o.kind() == TcpOption.MD5 || o.kind() == TcpOption.AUTHENTICATION);
        return is ? p.memory.asSlice(transport, p.end - transport).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)
                : NOT_SIGNED;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
