package sluice.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Whole packets between 10.0.0.1 (fd99::1) and 10.0.0.2 (fd99::2), checksums included. */
final class TestPackets {
    private final IpAddress a4 = IpAddress.parse("10.0.0.1");
    private final IpAddress b4 = IpAddress.parse("10.0.0.2");
    private final IpAddress a6 = IpAddress.parse("fd99::1");
    private final IpAddress b6 = IpAddress.parse("fd99::2");

    private static int ipLength(int version) {
        return version == 4 ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH;
    }

    private MemorySegment packet(int version, int protocol, int payload) {
        MemorySegment m = Arena.ofAuto().allocate(ipLength(version) + payload, 8);
        if (version == 4) {
            Ipv4.write(m, 0, 0, 20 + payload, 0, Ipv4.DF, 64, protocol, a4.v4Bits(), b4.v4Bits());
        } else {
            Ipv6.write(m, 0, 0, 0, payload, protocol, 64, a6.high(), a6.low(), b6.high(), b6.low());
        }
        for (int i = 0; i < payload; i++) {
            Bytes.put8(m, ipLength(version) + i, i);
        }
        return m;
    }

    MemorySegment syn(int version) {
        return tcp(version, 1, 0, Tcp.SYN, 64_240, "020405b4 0402 080a 00000001 00000000 01 030307", 0);
    }

    MemorySegment tcp(int version, int seq, int ack, int flags, int window, String options, int data) {
        MemorySegment o = Hex.bytes(options);
        int header = 20 + (int) o.byteSize();
        int ip = ipLength(version);
        MemorySegment m = packet(version, IpProtocol.TCP, header + data);
        Tcp.write(m, ip, 40_000, 80, seq, ack, header, flags, window, 0);
        MemorySegment.copy(o, 0, m, ip + 20L, o.byteSize());
        IpAddress a = version == 4 ? a4 : a6;
        IpAddress b = version == 4 ? b4 : b6;
        Tcp.updateChecksum(m, ip, header + data, a.high(), a.low(), b.high(), b.low());
        return m;
    }

    MemorySegment udp(int version, int data) {
        int ip = ipLength(version);
        MemorySegment m = packet(version, IpProtocol.UDP, 8 + data);
        Udp.write(m, ip, 40_000, 53, 8 + data);
        IpAddress a = version == 4 ? a4 : a6;
        IpAddress b = version == 4 ? b4 : b6;
        Udp.updateChecksum(m, ip, 8 + data, a.high(), a.low(), b.high(), b.low());
        return m;
    }

    MemorySegment icmp4(int type, int code, int rest, String body, int more) {
        MemorySegment b = Hex.bytes(body);
        int length = 8 + (int) b.byteSize() + more;
        MemorySegment m = packet(4, IpProtocol.ICMP, length);
        Icmpv4.write(m, 20, type, code, rest);
        MemorySegment.copy(b, 0, m, 28, b.byteSize());
        Icmpv4.updateChecksum(m, 20, length);
        return m;
    }

    MemorySegment icmp6(int type, int code, int rest, String body, int more) {
        MemorySegment b = Hex.bytes(body);
        int length = 8 + (int) b.byteSize() + more;
        MemorySegment m = packet(6, IpProtocol.ICMPV6, length);
        Icmpv6.write(m, 40, type, code, rest);
        MemorySegment.copy(b, 0, m, 48, b.byteSize());
        Icmpv6.updateChecksum(m, 40, length, a6.high(), a6.low(), b6.high(), b6.low());
        return m;
    }

    /**
     * The same IPv4 segment in the other direction: addresses and ports change places, which leaves all checksums
     * right.
     */
    MemorySegment swapped(MemorySegment m) {
        int source = Ipv4.source(m, 0);
        Ipv4.setSource(m, 0, Ipv4.destination(m, 0));
        Ipv4.setDestination(m, 0, source);
        int port = Tcp.sourcePort(m, 20);
        Tcp.setSourcePort(m, 20, Tcp.destinationPort(m, 20));
        Tcp.setDestinationPort(m, 20, port);
        return m;
    }
}
