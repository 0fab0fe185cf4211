package sluice.drill;

import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Icmp;
import sluice.drill.PacketSpec.Ip;
import sluice.drill.PacketSpec.UdpDatagram;

/** UDP datagrams and ICMP messages that the stack sent, against those that the script expects. */
final class OtherPackets {
    private OtherPackets() {}

    /** What was sent, as far as {@code expected} says something of it. */
    static PacketSpec seen(Seen s, PacketSpec expected, Ip ip) {
        if (expected instanceof UdpDatagram u) {
            return new UdpDatagram(ip, u.sourcePort() == 0 ? 0 : s.sourcePort(),
                    u.destinationPort() == 0 ? 0 : s.destinationPort(), s.payload());
        }
        if (!(expected instanceof Icmp i)) {
            throw new IllegalStateException("TCP segments are compared elsewhere");
        }
        IcmpNames wanted = IcmpNames.of(i, !s.v6());
        int type = s.flags() >>> 8;
        int code = s.flags() & 0xff;
        int mtu = s.v6() ? s.seq() : s.seq() & 0xffff;
        return new Icmp(ip, type == wanted.type() ? i.type() : "type_" + type,
                type == wanted.type() && code == wanted.code() ? i.code() : "code_" + code, i.mtu() < 0 ? -1 : mtu,
                i.id() == 0 ? 0 : s.seq() >>> 16, i.quoted(), i.quotedSeq(), i.quotedLength());
    }

    /** The first thing that is not as expected; null when all is. */
    static @Nullable String difference(PacketSpec expected, PacketSpec actual) {
        String ip = OutboundMatcher.difference(expected.ip(), actual.ip());
        if (ip != null) {
            return ip;
        }
        if (expected instanceof UdpDatagram e && actual instanceof UdpDatagram a) {
            return e.length() != a.length() ? "the length"
                    : e.sourcePort() != a.sourcePort() || e.destinationPort() != a.destinationPort() ? "a port" : null;
        }
        if (expected instanceof Icmp e && actual instanceof Icmp a) {
            return !e.type().equals(a.type()) ? "the ICMP type"
                    : !e.code().equals(a.code()) ? "the ICMP code"
                            : e.mtu() != a.mtu() ? "the MTU" : e.id() != a.id() ? "the identifier" : null;
        }
        throw new IllegalStateException("packets of two kinds");
    }
}
