package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Ipv6;
import sluice.wire.Ipv6Fragment;
import sluice.wire.Packet;

/**
 * IPv6 packets from a link to a transport: validation, destination, extension headers in their order, reassembly,
 * delivery.
 */
@Rfc(value = 8200, section = "3")
@Rfc(value = 8200, section = "4")
final class Ipv6Input {
    /**
     * Most extension headers of one packet, fragments of it included; a packet with more is dropped (RFC 8504 section
     * 5.3).
     */
    static final int MAX_EXTENSION_HEADERS = 8;
    /** Most options of one extension header (RFC 8504 section 5.3). */
    static final int MAX_OPTIONS = 16;

    private static final Counter[] ECN = {Counter.Ip6InNoECTPkts, Counter.Ip6InECT1Pkts, Counter.Ip6InECT0Pkts,
        Counter.Ip6InCEPkts};
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    private final HostContext context;
    private final Counters counters;
    private final Drops drops;
    private final Interfaces interfaces;
    private final Reassembly reassembly;
    private final Delivery delivery;
    private final ErrorReplies errors;
    private final Forwarder forwarder;
    private final Datagram d;

    Ipv6Input(HostContext context, IpParts parts, Datagram datagram) {
        this.context = context;
        this.counters = context.counters();
        this.drops = parts.drops();
        this.interfaces = parts.interfaces();
        this.reassembly = parts.reassembly();
        this.delivery = parts.delivery();
        this.errors = parts.errors();
        this.forwarder = parts.forwarder();
        this.d = datagram;
    }

    /**
     * A packet without link header.
     *
     * @param linkGroup whether the frame was sent to a group of the link
     * @param looped whether we sent it ourselves
     */
    void receive(NetworkInterface in, Packet p, boolean linkGroup, boolean looped, long nowNs) {
        MemorySegment m = p.memory;
        int s = p.start;
        int length = p.end - s;
        counters.increment(Counter.Ip6InReceives);
        counters.add(Counter.Ip6InOctets, length);
        if (length < Ipv6.HEADER_LENGTH || Ipv6.version(m, s) != 6) {
            drops.drop(Counter.Ip6InHdrErrors, nowNs);
            return;
        }
        int total = Ipv6.HEADER_LENGTH + Ipv6.payloadLength(m, s);
        if (total > length) {
            drops.drop(Counter.Ip6InTruncatedPkts, nowNs);
            return;
        }
        p.end = s + total;
        if (p.gsoSize > 0 && p.gsoHeaderLength >= total) {
            p.gsoSize = 0;
        }
        fill(in, p);
        counters.add(ECN[d.trafficClass & 3], p.segments());
        if (destined(in, linkGroup, looped, total, nowNs)) {
            walk(in, Ipv6.nextHeader(m, s), s + Ipv6.HEADER_LENGTH, s + 6, 0, nowNs);
        }
    }

    private void fill(NetworkInterface in, Packet p) {
        MemorySegment m = p.memory;
        int s = p.start;
        d.packet = p;
        d.interfaceIndex = in.index();
        d.v6 = true;
        d.ipOffset = s;
        d.ipHeaderLength = Ipv6.HEADER_LENGTH;
        d.sourceHigh = Ipv6.sourceHigh(m, s);
        d.sourceLow = Ipv6.sourceLow(m, s);
        d.destinationHigh = Ipv6.destinationHigh(m, s);
        d.destinationLow = Ipv6.destinationLow(m, s);
        d.protocol = Ipv6.nextHeader(m, s);
        d.hopLimit = Ipv6.hopLimit(m, s);
        d.trafficClass = Ipv6.trafficClass(m, s);
        d.payloadOffset = s + Ipv6.HEADER_LENGTH;
        d.payloadLength = p.end - s - Ipv6.HEADER_LENGTH;
        d.toUnicast = false;
        d.sourceRoute = null;
    }

    /** Whether the packet is for us; drops and counts it, or forwards it, when not. */
    @Rfc(value = 4291, section = "2.7")
    private boolean destined(NetworkInterface in, boolean linkGroup, boolean looped, int total, long nowNs) {
        if (martian(in, looped)) {
            drops.drop(Counter.Ip6InAddrErrors, nowNs);
            return false;
        }
        if (d.destinationHigh >>> 56 == 0xff) {
            counters.increment(Counter.Ip6InMcastPkts);
            counters.add(Counter.Ip6InMcastOctets, total);
            if (!in.inGroup(d.destinationHigh, d.destinationLow)) {
                drops.drop(Counter.Ip6InAddrErrors, nowNs);
                return false;
            }
            return true;
        }
        if (interfaces.isLocal(d.destinationHigh, d.destinationLow)) {
            d.toUnicast = !linkGroup;
            return true;
        }
        if (!linkGroup && context.settings().isOn(Setting.IP6_FORWARDING)) {
            forwarder.forward(d, nowNs);
        } else {
            drops.drop(Counter.Ip6InAddrErrors, nowNs);
        }
        return false;
    }

    /**
     * Addresses that cannot stand in a packet: multicast source, unspecified destination, mapped IPv4, loopback or our
     * own from a wire.
     */
    private boolean martian(NetworkInterface in, boolean looped) {
        long sh = d.sourceHigh;
        long dh = d.destinationHigh;
        if (sh >>> 56 == 0xff || IpAddress.isV4(sh, d.sourceLow) || IpAddress.isV4(dh, d.destinationLow)
                || (dh == 0 && d.destinationLow == 0)) {
            return true;
        }
        boolean groupOfNoScope = dh >>> 56 == 0xff && (dh >>> 48 & 15) == 0;
        boolean groupOfInterface = dh >>> 56 == 0xff && (dh >>> 48 & 15) == 1;
        if (groupOfNoScope || looped || in.loopback()) {
            return groupOfNoScope;
        }
        return groupOfInterface || (sh == 0 && d.sourceLow == 1) || (dh == 0 && d.destinationLow == 1)
                || interfaces.isLocal(sh, d.sourceLow);
    }

    /** Follows the chain of next headers from offset {@code start} on; delivers, keeps a fragment, or drops. */
    @Rfc(value = 8200, section = "4.1")
    private void walk(NetworkInterface in, int firstNext, int start, int firstField, int alreadySeen, long nowNs) {
        MemorySegment m = d.packet.memory;
        int next = firstNext;
        int at = start;
        int field = firstField;
        int end = d.packet.end;
        for (int seen = alreadySeen;; seen++) {
            boolean misplaced = next == HOP_BY_HOP && field != d.ipOffset + 6;
            boolean extension = next == HOP_BY_HOP || next == DESTINATION_OPTIONS || next == ROUTING
                    || next == FRAGMENT;
            if (misplaced || !extension) {
                finish(misplaced, next, at, field, nowNs);
                return;
            }
            if (seen >= MAX_EXTENSION_HEADERS || at + 8 > end) {
                drops.drop(Counter.Ip6InHdrErrors, nowNs);
                return;
            }
            if (next == FRAGMENT) {
                fragment(in, at, field, seen, nowNs);
                return;
            }
            int length = (Bytes.u8(m, at + 1) + 1) << 3;
            if (at + length > end) {
                drops.drop(Counter.Ip6InHdrErrors, nowNs);
                return;
            }
            if (next == ROUTING) {
                if (Bytes.u8(m, at + 3) != 0) {
                    drops.drop(Counter.Ip6InHdrErrors, nowNs);
                    errors.parameterProblem(d, 0, at + 2 - d.ipOffset, nowNs);
                    return;
                }
            } else if (!optionsAccepted(m, at + 2, at + length, nowNs)) {
                return;
            }
            next = Bytes.u8(m, at);
            field = at;
            at += length;
        }
    }

    private void finish(boolean misplaced, int protocol, int at, int field, long nowNs) {
        d.ipHeaderLength = at - d.ipOffset;
        d.protocol = protocol;
        d.payloadOffset = at;
        d.payloadLength = d.packet.end - at;
        if (protocol == Delivery.NONE && !misplaced) {
            counters.increment(Counter.Ip6InDelivers);
            return;
        }
        if (misplaced || !delivery.deliver(d, nowNs)) {
            drops.drop(Counter.Ip6InUnknownProtos, nowNs);
            errors.protocolUnreachable(d, field - d.ipOffset, nowNs);
        }
    }

    /** Options of a hop-by-hop or destination header: unknown ones by the two upper bits of their type. */
    @Rfc(value = 8200, section = "4.2")
    private boolean optionsAccepted(MemorySegment m, int from, int to, long nowNs) {
        int at = from;
        for (int n = 0; at < to; n++) {
            int kind = Bytes.u8(m, at);
            if (kind == 0) {
                at++;
                continue;
            }
            if (n >= MAX_OPTIONS || at + 2 > to || at + 2 + Bytes.u8(m, at + 1) > to) {
                drops.drop(Counter.Ip6InHdrErrors, nowNs);
                return false;
            }
            if (kind > 1 && kind >>> 6 != 0) {
                drops.drop(Counter.Ip6InHdrErrors, nowNs);
                if (kind >>> 6 == 2 || (kind >>> 6 == 3 && d.toUnicast)) {
                    errors.parameterProblem(d, 2, at - d.ipOffset, nowNs);
                }
                return false;
            }
            at += 2 + Bytes.u8(m, at + 1);
        }
        return true;
    }

    @Rfc(value = 8200, section = "4.5")
    @Rfc(value = 6946, section = "4")
    private void fragment(NetworkInterface in, int at, int field, int seen, long nowNs) {
        MemorySegment m = d.packet.memory;
        if (Ipv6Fragment.isAtomic(m, at)) {
            walk(in, Bytes.u8(m, at), at + 8, at, seen + 1, nowNs);
            return;
        }
        if (Ipv6Fragment.fragmentOffset(m, at) == 0
                && !headersComplete(m, Ipv6Fragment.nextHeader(m, at), at + Ipv6Fragment.HEADER_LENGTH)) {
            counters.increment(Counter.Ip6ReasmReqds);
            drops.drop(Counter.Ip6ReasmFails, nowNs);
            errors.parameterProblem(d, 3, 0, nowNs);
            return;
        }
        Packet whole = reassembly.addV6(d, at, field, nowNs);
        if (whole == null) {
            return;
        }
        boolean unicast = d.toUnicast;
        fill(in, whole);
        d.toUnicast = unicast;
        int resume = whole.start + reassembly.resumeOffset();
        int resumeField = whole.start + reassembly.resumeField();
        walk(in, Bytes.u8(whole.memory, resumeField), resume, resumeField, seen + 1, nowNs);
    }

    /** Whether the first fragment holds every header up to the upper layer's, as far as can be told. */
    @Rfc(value = 8200, section = "4.5")
    private boolean headersComplete(MemorySegment m, int firstNext, int start) {
        int end = d.packet.end;
        int next = firstNext;
        int at = start;
        while (next == DESTINATION_OPTIONS || next == ROUTING || next == HOP_BY_HOP) {
            if (at + 8 > end) {
                return false;
            }
            next = Bytes.u8(m, at);
            at += (Bytes.u8(m, at + 1) + 1) << 3;
        }
        int least = switch (next) {
            case Delivery.TCP -> 20;
            case Delivery.UDP, Delivery.ICMPV6 -> 8;
            default -> 0;
        };
        return at + least <= end;
    }
}
