package sluice.core.icmp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.IcmpError;
import sluice.core.IcmpError.Kind;
import sluice.core.ip.IpLayer;
import sluice.core.ip.PathMtuCache;
import sluice.wire.Bytes;
import sluice.wire.Ipv6;

/**
 * ICMP errors received: whose packet they quote, what they mean, and on to the transport, which decides whether to
 * believe them.
 */
@Rfc(value = 1122, section = "3.2.2")
@Rfc(value = 4443, section = "2.4")
@Rfc(value = 5927)
final class IcmpErrorInput {
    private final IpLayer ip;
    private final IcmpError error = new IcmpError();

    IcmpErrorInput(IpLayer ip) {
        this.ip = ip;
    }

    /**
     * An error message whose checksum is good. Every IPv6 link carries 1280 bytes: who reports less is not believed.
     */
    @Rfc(value = 8201, section = "4")
    void receive(Datagram d, long nowNs) {
        MemorySegment m = d.packet.memory;
        int s = d.payloadOffset;
        int type = Bytes.u8(m, s);
        int code = Bytes.u8(m, s + 1);
        Counter bad = d.v6 ? Counter.Icmp6InErrors : Counter.IcmpInErrors;
        Kind kind = d.v6 ? kindV6(type, code) : kindV4(type, code);
        if (kind == null || !IcmpQuote.parse(m, s + 8, s + d.payloadLength, error) || error.v6 != d.v6
                || !ip.interfaces().isLocal(error.localHigh, error.localLow)) {
            ip.drops().drop(bad, nowNs);
            return;
        }
        error.kind = kind;
        error.type = type;
        error.code = code;
        error.mtu = kind == Kind.PACKET_TOO_BIG ? mtu(m, s, d.v6) : 0;
        boolean impossible = kind == Kind.PACKET_TOO_BIG && d.v6 && error.mtu < Ipv6.MIN_MTU;
        if (impossible || !ip.delivery().error(error, nowNs)) {
            ip.drops().drop(bad, nowNs);
        }
    }

    /**
     * The MTU reported; where an old router reports none, the next plateau below the length of the packet that did not
     * fit.
     */
    @Rfc(value = 1191, section = "5")
    private static int mtu(MemorySegment m, int s, boolean v6) {
        if (v6) {
            return (int) Math.min(Bytes.u32(m, s + 4), 65_535);
        }
        int reported = Bytes.u16(m, s + 6);
        return reported != 0 ? reported : PathMtuCache.plateauBelow(Bytes.u16(m, s + 8 + 2));
    }

    private static @Nullable Kind kindV4(int type, int code) {
        return switch (type) {
            case 3 -> switch (code) {
                case 0, 11 -> Kind.NET_UNREACHABLE;
                case 1, 12 -> Kind.HOST_UNREACHABLE;
                case 2 -> Kind.PROTOCOL_UNREACHABLE;
                case 3 -> Kind.PORT_UNREACHABLE;
                case 4 -> Kind.PACKET_TOO_BIG;
                case 5 -> Kind.SOURCE_ROUTE_FAILED;
                case 6, 9 -> Kind.NET_REFUSED;
                case 7 -> Kind.HOST_UNKNOWN;
                case 8 -> Kind.HOST_ISOLATED;
                case 10, 13, 14, 15 -> Kind.HOST_REFUSED;
                default -> null;
            };
            case 11 -> Kind.TIME_EXCEEDED;
            case 12 -> Kind.PARAMETER_PROBLEM;
            default -> null;
        };
    }

    private static @Nullable Kind kindV6(int type, int code) {
        return switch (type) {
            case 1 -> switch (code) {
                case 0 -> Kind.NET_UNREACHABLE;
                case 1, 5, 6 -> Kind.PROHIBITED;
                case 2, 3 -> Kind.HOST_UNREACHABLE;
                case 4 -> Kind.PORT_UNREACHABLE;
                default -> Kind.UNREACHABLE;
            };
            case 2 -> Kind.PACKET_TOO_BIG;
            case 3 -> Kind.TIME_EXCEEDED;
            case 4 -> Kind.PARAMETER_PROBLEM;
            default -> Kind.OTHER;
        };
    }
}
