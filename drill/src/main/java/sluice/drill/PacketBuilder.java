package sluice.drill;

import java.util.List;
import sluice.drill.PacketSpec.Icmp;
import sluice.drill.PacketSpec.Ip;
import sluice.drill.PacketSpec.Option;
import sluice.drill.PacketSpec.TcpSegment;
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

/** Makes the packets that come in; all numbers are live ones already. */
final class PacketBuilder {
    private static final int TTL = 255;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int QUOTED_TRANSPORT = 8;

    private PacketBuilder() {}

    /** A segment from the peer; the ISNs are for a signature. */
    static void tcp(Packet p, TcpSegment t, IpAddress from, int fromPort, IpAddress to, int toPort, int fromIsn,
            int toIsn) {
        p.clear();
        int transport = p.start + (from.isV4() ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
        int end = options(p, transport + Tcp.MIN_HEADER_LENGTH, t.options());
        int header = end - transport;
        Tcp.write(p.memory, transport, t.sourcePort() != 0 ? t.sourcePort() : fromPort,
                t.destinationPort() != 0 ? t.destinationPort() : toPort, t.seq(),
                t.ack(),
                header, t.flags(), Math.max(0, t.window()), t.urgent());
        zero(p, end, t.length());
        p.end = end + t.length();
        sign(p, transport, Signature.of(t), from, to, fromIsn, toIsn);
        ip(p, t.ip(), from, to, Seen.TCP, p.end - transport);
        Tcp.updateChecksum(p.memory, transport, p.end - transport, from.high(), from.low(), to.high(), to.low());
    }

    private static void sign(Packet p, int transport, @org.jspecify.annotations.Nullable Signature s, IpAddress from,
            IpAddress to, int fromIsn, int toIsn) {
        if (s != null) {
            byte[] segment = p.memory.asSlice(transport, p.end - transport)
                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            int at = s.codeAt(segment);
            byte[] code = s.code(segment, at, from, to, fromIsn, toIsn);
            for (int i = 0; i < code.length; i++) {
                Bytes.put8(p.memory, transport + at + i, code[i]);
            }
        }
    }

    private static void zero(Packet p, int at, int length) {
        p.memory.asSlice(at, length).fill((byte) 0);
    }

    /** Options, padded with zeros to a multiple of four. */
    private static int options(Packet p, int at, @org.jspecify.annotations.Nullable List<Option> options) {
        int o = at;
        for (Option option : options == null ? List.<Option>of() : options) {
            Bytes.put8(p.memory, o++, option.kind());
            if (option.kind() > TcpOption.NOP) {
                Bytes.put8(p.memory, o++, option.body().length + 2);
                for (byte b : option.body()) {
                    Bytes.put8(p.memory, o++, b);
                }
            }
        }
        while ((o - at) % 4 != 0) {
            Bytes.put8(p.memory, o++, TcpOption.END);
        }
        return o;
    }

    /** A datagram from the peer. */
    static void udp(Packet p, PacketSpec.UdpDatagram u, IpAddress from, int fromPort, IpAddress to, int toPort) {
        p.clear();
        int transport = p.start + (from.isV4() ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
        int length = Udp.HEADER_LENGTH + u.length();
        Udp.write(p.memory, transport, u.sourcePort() != 0 ? u.sourcePort() : fromPort,
                u.destinationPort() != 0 ? u.destinationPort() : toPort, length);
        zero(p, transport + Udp.HEADER_LENGTH, u.length());
        p.end = transport + length;
        ip(p, u.ip(), from, to, Seen.UDP, length);
        Udp.updateChecksum(p.memory, transport, length, from.high(), from.low(), to.high(), to.low());
    }

    private static void ip(Packet p, Ip ip, IpAddress from, IpAddress to, int protocol, int length) {
        int ttl = ip.ttl() > 0 ? ip.ttl() : TTL;
        if (from.isV4()) {
            Ipv4.write(p.memory, p.start, ip.tos(), Ipv4.MIN_HEADER_LENGTH + length, 0, 0, ttl, protocol, from.v4Bits(),
                    to.v4Bits());
        } else {
            Ipv6.write(p.memory, p.start, ip.tos(), Math.max(0, ip.flowLabel()), length, protocol, ttl, from.high(),
                    from.low(), to.high(), to.low());
        }
    }

    /**
     * An ICMP message about a packet of ours.
     *
     * @param seq live sequence number of the quoted segment
     */
    static void icmp(Packet p, Icmp i, int seq, IpAddress from, IpAddress local, int localPort, IpAddress remote,
            int remotePort) {
        boolean v4 = from.isV4();
        p.clear();
        int transport = p.start + (v4 ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
        IcmpNames names = IcmpNames.of(i, v4);
        int type = names.type();
        int rest = i.type().startsWith("echo") ? i.id() << 16 : Math.max(0, i.mtu());
        if (v4) {
            Icmpv4.write(p.memory, transport, type, names.code(), rest);
        } else {
            Icmpv6.write(p.memory, transport, type, names.code(), rest);
        }
        int at = transport + Icmpv4.HEADER_LENGTH;
        if (v4 ? Icmpv4.isError(type) : Icmpv6.isError(type)) {
            at = quote(p, at, i, seq, local, localPort, remote, remotePort);
        }
        p.end = at;
        int length = at - transport;
        if (v4) {
            Icmpv4.updateChecksum(p.memory, transport, length);
        } else {
            Icmpv6.updateChecksum(p.memory, transport, length, from.high(), from.low(), local.high(), local.low());
        }
        ip(p, i.ip(), from, local, v4 ? ICMP : ICMPV6, length);
    }

    private static int quote(Packet p, int at, Icmp i, int seq, IpAddress local, int localPort, IpAddress remote,
            int remotePort) {
        int header = i.quoted() == Seen.TCP ? Tcp.MIN_HEADER_LENGTH : i.quoted() == Seen.UDP ? Udp.HEADER_LENGTH : 0;
        int inner;
        if (local.isV4()) {
            Ipv4.write(p.memory, at, 0, Ipv4.MIN_HEADER_LENGTH + header + i.quotedLength(), 0, 0, TTL, i.quoted(),
                    local.v4Bits(), remote.v4Bits());
            inner = at + Ipv4.MIN_HEADER_LENGTH;
        } else {
            Ipv6.write(p.memory, at, 0, 0, header + i.quotedLength(), i.quoted(), TTL, local.high(), local.low(),
                    remote.high(), remote.low());
            inner = at + Ipv6.HEADER_LENGTH;
        }
        Bytes.put16(p.memory, inner, localPort);
        Bytes.put16(p.memory, inner + 2L, remotePort);
        Bytes.put32(p.memory, inner + 4L, i.quoted() == Seen.UDP ? header + i.quotedLength() << 16 : seq);
        return inner + QUOTED_TRANSPORT;
    }
}
