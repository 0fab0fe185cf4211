package sluice.observe.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.wire.Bytes;
import sluice.wire.CaptureReader;
import sluice.wire.Icmpv4;
import sluice.wire.Icmpv6;
import sluice.wire.IpAddress;
import sluice.wire.IpProtocol;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Ipv6Extensions;
import sluice.wire.Ipv6Fragment;
import sluice.wire.OptionCursor;
import sluice.wire.Packet;
import sluice.wire.PacketDirection;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/**
 * A TCP segment in a capture whose payload may be cut off: lengths are those of the IP header. Or an ICMP error that
 * quotes one: addresses, ports and {@link #seq} are then those of the quoted segment. One object reads one after the
 * other; its fields are what {@link #read} found, and good until the next call.
 */
public final class CapturedSegment {
    private static final int MOST_SACKS = 4;
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_NEXT_HEADER = 6;

    /** What a packet is. */
    public enum Kind {
        /** A TCP segment. */
        TCP,
        /** An ICMP error that quotes a TCP segment. */
        ICMP_ERROR,
        /** A fragment, while others of its datagram are missing. */
        FRAGMENT,
        /** Cut off before its headers end, or with headers that contradict themselves. */
        CUT,
        /** Anything else. */
        OTHER
    }

    private final OptionCursor options = new OptionCursor();
    private final LinkHeader link = new LinkHeader();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final Fragments fragments = new Fragments();
    private int captured;

    /** Who sent it. */
    public IpAddress source = IpAddress.ANY_V4;
    /** To whom. */
    public IpAddress destination = IpAddress.ANY_V4;
    /** Source port. */
    public int sourcePort;
    /** Destination port. */
    public int destinationPort;
    /** Sequence number. */
    public int seq;
    /** Acknowledgment number. */
    public int ack;
    /** Flags: bits of {@link Tcp}. */
    public int flags;
    /** Window as it stands in the header. */
    public int window;
    /** TCP checksum as it stands in the header. */
    public int checksum;
    /** Bytes of payload on the wire; those of all segments for a super-segment. */
    public int payload;
    /** Window scale of a SYN, 0…14, -1 without. */
    public int shift;
    /** MSS of a SYN, -1 without. */
    public int mss;
    /** Whether it permits SACK. */
    public boolean sackPermitted;
    /** Whether it has timestamps. */
    public boolean hasTimestamps;
    /** Its timestamp. */
    public int tsVal;
    /** The timestamp it echoes. */
    public int tsEcr;
    /** SACK blocks. */
    public int sackBlocks;
    /** Their first sequence numbers. */
    public final int[] sackLeft = new int[MOST_SACKS];
    /** The sequence numbers after their last. */
    public final int[] sackRight = new int[MOST_SACKS];
    /** TTL or hop limit. */
    public int hops;
    /** Identification of an IPv4 packet; 0 for IPv6. */
    public int identification;
    /** Traffic class: DSCP and ECN. */
    public int trafficClass;
    /** Which way it went. */
    public PacketDirection direction = PacketDirection.UNKNOWN;
    /** The VLAN, -1 without a tag. */
    public int vlan;
    /** Bytes before the IP header. */
    public int linkBytes;
    /** Offset of the TCP or ICMP header from the IP header; 0 for a datagram put together from fragments. */
    public int transportOffset;
    /** Who sent an ICMP error. */
    public IpAddress icmpSource = IpAddress.ANY_V4;
    /** Type of an ICMP error. */
    public int icmpType;
    /** Its code. */
    public int icmpCode;
    /** The MTU it tells of, 0 when none. */
    public long icmpMtu;

    /** Nothing read yet. */
    public CapturedSegment() {}

    /** Whether one of these flags is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Copies the bare IP packet that was read; as long as on the wire also when its data was not kept. IPv6 extension
     * headers are left out, so that TCP stands behind the fixed header. Nothing sensible comes of a datagram that was
     * put together from fragments ({@link #transportOffset} 0).
     */
    public void copyIpPacket(CaptureReader r, Packet into) {
        into.clear();
        boolean v6 = Bytes.u8(r.memory(), r.offset() + linkBytes) >> 4 == 6;
        int passed = v6 ? Math.max(0, transportOffset - IPV6_HEADER) : 0;
        int head = v6 ? IPV6_HEADER : 0;
        int there = Math.min(r.length() - linkBytes - passed, into.room());
        MemorySegment.copy(r.memory(), r.offset() + linkBytes, into.memory, into.start, head);
        MemorySegment.copy(r.memory(), r.offset() + linkBytes + head + passed, into.memory, into.start + head,
                there - head);
        if (v6) {
            into.memory.set(ValueLayout.JAVA_BYTE, into.start + IPV6_NEXT_HEADER, (byte) IpProtocol.TCP);
        }
        into.end = into.start + Math.min(Math.max(there, r.wireLength() - linkBytes - passed), into.room());
    }

    /** Reads the packet the reader stands at. */
    public Kind read(CaptureReader r) {
        linkBytes = link.read(r);
        direction = link.direction;
        vlan = link.vlan;
        if (linkBytes < 0) {
            return Kind.OTHER;
        }
        long at = r.offset() + linkBytes;
        captured = r.length() - linkBytes;
        if (captured < Ipv4.MIN_HEADER_LENGTH) {
            return Kind.CUT;
        }
        MemorySegment m = r.memory();
        return switch (Bytes.u8(m, at) >> 4) {
            case 4 -> v4(m, at, r.wireLength() - linkBytes);
            case 6 -> v6(m, at, r.wireLength() - linkBytes);
            default -> Kind.OTHER;
        };
    }

    private Kind v4(MemorySegment m, long at, int onWire) {
        int header = Ipv4.headerLength(m, at);
        int total = Ipv4.totalLength(m, at);
        total = total == 0 ? onWire : total; // 0: a super-segment
        if (header < Ipv4.MIN_HEADER_LENGTH || header > captured || total < header) {
            return Kind.CUT;
        }
        source = IpAddress.readV4(m, at + 12);
        destination = IpAddress.readV4(m, at + 16);
        hops = Ipv4.ttl(m, at);
        identification = Ipv4.identification(m, at);
        trafficClass = Ipv4.trafficClass(m, at);
        transportOffset = header;
        if (Ipv4.isFragment(m, at)) {
            return Ipv4.protocol(m, at) == IpProtocol.TCP ? fragment(m, at + header, identification,
                    new Fragments.Piece(Ipv4.fragmentOffset(m, at), total - header, captured - header,
                            Ipv4.moreFragments(m, at)))
                    : Kind.OTHER;
        }
        return switch (Ipv4.protocol(m, at)) {
            case IpProtocol.TCP -> tcp(m, at + header, captured - header, total - header);
            case IpProtocol.ICMP -> icmp(m, at + header, captured - header, false);
            default -> Kind.OTHER;
        };
    }

    private Kind v6(MemorySegment m, long at, int onWire) {
        if (captured < Ipv6.HEADER_LENGTH) {
            return Kind.CUT;
        }
        int bytes = Ipv6.payloadLength(m, at);
        int total = bytes == 0 ? onWire : Ipv6.HEADER_LENGTH + bytes;
        source = IpAddress.readV6(m, at + 8);
        destination = IpAddress.readV6(m, at + 24);
        hops = Ipv6.hopLimit(m, at);
        identification = 0;
        trafficClass = Ipv6.trafficClass(m, at);
        extensions.reset(m, at, at + Math.min(captured, total));
        while (extensions.next()) {
            long e = extensions.offset();
            if (extensions.type() == IpProtocol.FRAGMENT && !Ipv6Fragment.isAtomic(m, e)) {
                int before = (int) (e - at) + Ipv6Fragment.HEADER_LENGTH;
                return Ipv6Fragment.nextHeader(m, e) == IpProtocol.TCP && total >= before
                        ? fragment(m, e + Ipv6Fragment.HEADER_LENGTH, Ipv6Fragment.identification(m, e),
                                new Fragments.Piece(Ipv6Fragment.fragmentOffset(m, e), total - before,
                                        captured - before, Ipv6Fragment.moreFragments(m, e)))
                        : Kind.OTHER;
            }
        }
        if (extensions.isMalformed()) {
            return Kind.CUT;
        }
        int before = (int) (extensions.nextOffset() - at);
        transportOffset = before;
        return switch (extensions.nextHeader()) {
            case IpProtocol.TCP -> tcp(m, at + before, captured - before, total - before);
            case IpProtocol.ICMPV6 -> icmp(m, at + before, captured - before, true);
            default -> Kind.OTHER;
        };
    }

    private Kind fragment(MemorySegment m, long at, int id, Fragments.Piece piece) {
        Fragments.Datagram d = fragments.add(source, destination, id, m, at, piece);
        if (d == null) {
            return Kind.FRAGMENT;
        }
        transportOffset = 0;
        return tcp(d.head, 0, d.headBytes, d.total);
    }

    private Kind tcp(MemorySegment m, long at, int there, int length) {
        if (there < Tcp.MIN_HEADER_LENGTH || length < Tcp.MIN_HEADER_LENGTH) {
            return Kind.CUT;
        }
        int header = Tcp.dataOffset(m, at);
        if (header < Tcp.MIN_HEADER_LENGTH || header > length) {
            return Kind.CUT;
        }
        sourcePort = Tcp.sourcePort(m, at);
        destinationPort = Tcp.destinationPort(m, at);
        seq = Tcp.seq(m, at);
        ack = Tcp.ack(m, at);
        flags = Tcp.flags(m, at);
        window = Tcp.window(m, at);
        checksum = Tcp.checksum(m, at);
        payload = length - header;
        shift = -1;
        mss = -1;
        sackPermitted = false;
        hasTimestamps = false;
        sackBlocks = 0;
        if (header <= there) {
            Tcp.options(options, m, at, header);
            while (options.next()) {
                option(m);
            }
        }
        return Kind.TCP;
    }

    private void option(MemorySegment m) {
        long o = options.offset();
        int length = options.length();
        switch (options.kind()) {
            case TcpOption.MSS -> mss = length == TcpOption.MSS_LENGTH ? TcpOption.mss(m, o) : mss;
            case TcpOption.SACK_PERMITTED -> sackPermitted = true;
            case TcpOption.WINDOW_SCALE -> {
                if (length == TcpOption.WINDOW_SCALE_LENGTH) {
                    shift = Math.min(TcpOption.MAX_WINDOW_SHIFT, TcpOption.windowShift(m, o));
                }
            }
            case TcpOption.TIMESTAMPS -> {
                if (length == TcpOption.TIMESTAMPS_LENGTH) {
                    hasTimestamps = true;
                    tsVal = TcpOption.timestampValue(m, o);
                    tsEcr = TcpOption.timestampEcho(m, o);
                }
            }
            case TcpOption.SACK -> {
                sackBlocks = Math.clamp(TcpOption.sackBlocks(length), 0, MOST_SACKS);
                for (int i = 0; i < sackBlocks; i++) {
                    sackLeft[i] = TcpOption.sackLeft(m, o, i);
                    sackRight[i] = TcpOption.sackRight(m, o, i);
                }
            }
            default -> {
                // says nothing that is followed here
            }
        }
    }

    /** An ICMP error: what it quotes takes the place of its own addresses. */
    private Kind icmp(MemorySegment m, long at, int there, boolean v6) {
        if (there < Icmpv4.HEADER_LENGTH) {
            return Kind.CUT;
        }
        icmpType = Icmpv4.type(m, at);
        icmpCode = Icmpv4.code(m, at);
        if (!(v6 ? Icmpv6.isError(icmpType) : Icmpv4.isError(icmpType))) {
            return Kind.OTHER;
        }
        icmpSource = source;
        icmpMtu = v6 ? icmpType == Icmpv6.PACKET_TOO_BIG ? Icmpv6.mtu(m, at) : 0
                : icmpType == Icmpv4.DESTINATION_UNREACHABLE && icmpCode == Icmpv4.CODE_FRAGMENTATION_NEEDED
                        ? Icmpv4.nextHopMtu(m, at) : 0;
        long quoted = at + Icmpv4.HEADER_LENGTH;
        int rest = there - Icmpv4.HEADER_LENGTH;
        int header = v6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
        if (rest < header + 8 || Bytes.u8(m, quoted) >> 4 != (v6 ? 6 : 4)) {
            return Kind.OTHER;
        }
        if (!v6) {
            header = Ipv4.headerLength(m, quoted);
        }
        if (header < Ipv4.MIN_HEADER_LENGTH || rest < header + 8
                || (v6 ? Ipv6.nextHeader(m, quoted) : Ipv4.protocol(m, quoted)) != IpProtocol.TCP) {
            return Kind.OTHER;
        }
        source = v6 ? IpAddress.readV6(m, quoted + 8) : IpAddress.readV4(m, quoted + 12);
        destination = v6 ? IpAddress.readV6(m, quoted + 24) : IpAddress.readV4(m, quoted + 16);
        sourcePort = Tcp.sourcePort(m, quoted + header);
        destinationPort = Tcp.destinationPort(m, quoted + header);
        seq = Tcp.seq(m, quoted + header);
        return Kind.ICMP_ERROR;
    }

    /** Which interface saw it, by the file or by Linux's cooked header. */
    int interfaceIndex() {
        return link.interfaceIndex;
    }

    static String side(IpAddress address, int port) {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }

    static @Nullable String named(@Nullable String name) {
        return name == null || name.isEmpty() ? null : name;
    }
}
