package sluice.core.icmp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IpHeader;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.ip.ErrorReplies;
import sluice.core.ip.IpLayer;
import sluice.core.ip.Sums;
import sluice.wire.Bytes;
import sluice.wire.Icmpv4;
import sluice.wire.Icmpv6;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** Makes ICMP error messages, about nothing that the standards forbid them about, and not too many. */
@Rfc(value = 1122, section = "3.2.2")
@Rfc(value = 4443, section = "2.4")
public final class IcmpErrorSender implements ErrorReplies {
    /** Longest IPv4 error, headers included, bytes (RFC 1812 section 4.3.2.3). */
    static final int MAX_V4 = 576;
    /** Longest IPv6 error, headers included, bytes: the minimum MTU (RFC 4443 section 2.4 (c)). */
    static final int MAX_V6 = 1280;

    private final IpHeader header = new IpHeader();
    private final Settings settings;
    private final Counters counters;
    private final IcmpRateLimit limit;
    private @Nullable IpLayer layer;

    /** For one host; {@link #attach} comes before the first packet. */
    public IcmpErrorSender(HostContext context) {
        this.settings = context.settings();
        this.counters = context.counters();
        this.limit = new IcmpRateLimit(settings, counters);
    }

    /** Tells how to send. */
    public void attach(IpLayer ip) {
        layer = ip;
    }

    @Override
    public void protocolUnreachable(Datagram about, int nextHeaderOffset, long nowNs) {
        if (about.v6) {
            send(about, Icmpv6.PARAMETER_PROBLEM, Icmpv6.CODE_NEXT_HEADER, nextHeaderOffset, nowNs);
        } else {
            send(about, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.CODE_PROTOCOL, 0, nowNs);
        }
    }

    @Override
    public void parameterProblem(Datagram about, int code, int pointer, long nowNs) {
        if (about.v6) {
            send(about, Icmpv6.PARAMETER_PROBLEM, code, pointer, nowNs);
        } else {
            send(about, Icmpv4.PARAMETER_PROBLEM, code, pointer << 24, nowNs);
        }
    }

    @Override
    public void timeExceeded(Datagram about, int code, long nowNs) {
        send(about, about.v6 ? Icmpv6.TIME_EXCEEDED : Icmpv4.TIME_EXCEEDED, code, 0, nowNs);
    }

    @Override
    public void tooBig(Datagram about, int mtu, long nowNs) {
        if (about.v6) {
            send(about, Icmpv6.PACKET_TOO_BIG, 0, mtu, nowNs);
        } else {
            send(about, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.CODE_FRAGMENTATION_NEEDED, mtu, nowNs);
        }
    }

    @Override
    public void portUnreachable(Datagram about, long nowNs) {
        if (about.v6) {
            send(about, Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.CODE_PORT, 0, nowNs);
        } else {
            send(about, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.CODE_PORT, 0, nowNs);
        }
    }

    @Override
    public void noRoute(Datagram about, long nowNs) {
        send(about, about.v6 ? Icmpv6.DESTINATION_UNREACHABLE : Icmpv4.DESTINATION_UNREACHABLE, 0, 0, nowNs);
    }

    private void send(Datagram d, int type, int code, int rest, long nowNs) {
        IpLayer ip = layer;
        if (ip == null || !(d.v6 ? allowedV6(d, type, code) : allowedV4(ip, d))) {
            return;
        }
        IpAddress to = d.source();
        boolean ours = ip.interfaces().isLocal(d.destinationHigh, d.destinationLow);
        Route route = ip.routeOnce(ours ? d.destination() : null, to);
        if (route == null) {
            counters.increment(d.v6 ? Counter.Icmp6OutErrors : Counter.IcmpOutErrors);
            return;
        }
        boolean aboutMtu = d.v6 ? type == Icmpv6.PACKET_TOO_BIG
                : type == Icmpv4.DESTINATION_UNREACHABLE && code == Icmpv4.CODE_FRAGMENTATION_NEEDED;
        boolean limited = !route.loopback && !aboutMtu
                && (d.v6 || (settings.get(Setting.ICMP_RATEMASK) >>> type & 1) != 0);
        if (limited && !limit.allow(to, d.v6, nowNs)) {
            return;
        }
        IpAddress from = route.source;
        Packet p = ip.allocate();
        MemorySegment m = p.memory;
        int quote = Math.min(d.packet.end - d.ipOffset, d.v6 ? MAX_V6 - 48 : MAX_V4 - 28);
        Bytes.put32(m, p.start, type << 24 | code << 16);
        Bytes.put32(m, p.start + 4, rest);
        MemorySegment.copy(d.packet.memory, d.ipOffset, m, p.start + 8, quote);
        p.end = p.start + 8 + quote;
        if (d.v6) {
            Sums.fillTransport(p, 2, route, from, to, 58, false);
        } else {
            Sums.fillPlain(p, 2);
        }
        IcmpCounters.out(counters, d.v6, type);
        ip.enqueue(p, route, header.set(from, to, d.v6 ? 58 : 1, ip.defaultHopLimit(route, !d.v6)), nowNs);
    }

    /**
     * RFC 1122 3.2.2: not about ICMP errors, broadcasts and multicasts of IP or link, later fragments, sources that are
     * not one host.
     */
    @Rfc(value = 1122, section = "3.2.2")
    @Rfc(value = 1812, section = "4.3.2.7")
    private static boolean allowedV4(IpLayer ip, Datagram d) {
        boolean forwarded = !ip.interfaces().isLocal(0, d.destinationLow);
        if (!d.toUnicast && (!forwarded || (int) d.destinationLow >>> 28 == 14
                || ip.interfaces().isBroadcast(0, d.destinationLow))) {
            return false;
        }
        int source = (int) d.sourceLow;
        boolean loopback = source >>> 24 == 127 && d.interfaceIndex != 0;
        if (source >>> 24 == 0 || loopback || source >>> 28 >= 14 || ip.interfaces().isBroadcast(0, d.sourceLow)) {
            return false;
        }
        MemorySegment m = d.packet.memory;
        if ((Bytes.u16(m, d.ipOffset + 6) & 0x1fff) != 0) {
            return false;
        }
        if (Bytes.u8(m, d.ipOffset + 9) != 1) {
            return true;
        }
        int payload = d.ipOffset + d.ipHeaderLength;
        return payload < d.packet.end && !Icmpv4.isError(Bytes.u8(m, payload)) && Bytes.u8(m, payload) <= 18;
    }

    /**
     * RFC 4443 2.4 (e): not about ICMPv6 errors and redirects, groups (two exceptions), sources that are not one node.
     */
    @Rfc(value = 4443, section = "2.4")
    private static boolean allowedV6(Datagram d, int type, int code) {
        boolean evenToGroups = type == Icmpv6.PACKET_TOO_BIG
                || (type == Icmpv6.PARAMETER_PROBLEM && code == Icmpv6.CODE_OPTION);
        boolean group = d.destinationHigh >>> 56 == 0xff;
        if ((group || !d.toUnicast) && !evenToGroups && !(type == Icmpv6.TIME_EXCEEDED && code == 0 && !group)
                && !(type == Icmpv6.DESTINATION_UNREACHABLE && code == 0 && !group)) {
            return false;
        }
        if (d.sourceHigh >>> 56 == 0xff || (d.sourceHigh == 0 && d.sourceLow == 0)) {
            return false;
        }
        MemorySegment m = d.packet.memory;
        int at = IcmpQuote.transportOffset(m, d.ipOffset, d.packet.end);
        if (at < 0 || IcmpQuote.transportProtocol(m, d.ipOffset, d.packet.end) != 58) {
            return true;
        }
        return at < d.packet.end && Bytes.u8(m, at) >= 128 && Bytes.u8(m, at) != Icmpv6.REDIRECT;
    }
}
