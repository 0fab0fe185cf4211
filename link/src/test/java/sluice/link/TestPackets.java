package sluice.link;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import sluice.wire.Bytes;
import sluice.wire.Packet;

/**
 * Packets for the tests and checks that do not use the code under test: the checksum here is the plain loop over 16-bit
 * words.
 */
final class TestPackets {
    static final int ACK = 0x10;

    private TestPackets() {}

    /** A UDP packet over IPv4 whose data begins with {@code number}; {@code length} bytes of IP in all, at least 32. */
    static Packet numbered(int number, int length) {
        Packet p = Packet.ofMaxSize();
        int t = ipv4(p, 17, length - 20);
        Bytes.put16(p.memory, t, 1000);
        Bytes.put16(p.memory, t + 2, 2000);
        Bytes.put16(p.memory, t + 4, length - 20);
        Bytes.put32(p.memory, t + 8, number);
        Bytes.put16(p.memory, t + 6, ~transportSum(p) & 0xffff);
        return p;
    }

    static int number(Packet p) {
        return Bytes.i32(p.memory, p.start + 28);
    }

    /** A TCP segment with 12 bytes of options; payload byte i is (seq + i) & 255. The checksum is partial. */
    static Packet tcp(boolean v6, int seq, int flags, int payload, int gsoSize) {
        Packet p = Packet.ofMaxSize();
        int t = v6 ? ipv6(p, 6, 32 + payload) : ipv4(p, 6, 32 + payload);
        Bytes.put16(p.memory, t, 1000);
        Bytes.put16(p.memory, t + 2, 80);
        Bytes.put32(p.memory, t + 4, seq);
        Bytes.put32(p.memory, t + 8, 0x01020304);
        Bytes.put8(p.memory, t + 12, 8 << 4);
        Bytes.put8(p.memory, t + 13, flags);
        Bytes.put16(p.memory, t + 14, 5000);
        Bytes.put32(p.memory, t + 20, 0x0101080a);
        Bytes.put32(p.memory, t + 24, 7);
        Bytes.put32(p.memory, t + 28, 9);
        for (int i = 0; i < payload; i++) {
            p.memory.set(ValueLayout.JAVA_BYTE, t + 32 + i, (byte) (seq + i));
        }
        p.checksumPartial = true;
        p.checksumStart = t;
        p.checksumField = 16;
        Bytes.put16(p.memory, t + 16, fold(pseudoSum(p, t)));
        p.gsoSize = gsoSize;
        p.gsoHeaderLength = gsoSize == 0 ? 0 : t + 32 - p.start;
        return p;
    }

    private static int ipv4(Packet p, int protocol, int payload) {
        int n = p.start;
        Bytes.put8(p.memory, n, 0x45);
        Bytes.put8(p.memory, n + 1, 2); // ECT(0)
        Bytes.put16(p.memory, n + 2, 20 + payload);
        Bytes.put16(p.memory, n + 4, 0xfffe);
        Bytes.put16(p.memory, n + 6, 0x4000);
        Bytes.put8(p.memory, n + 8, 64);
        Bytes.put8(p.memory, n + 9, protocol);
        Bytes.put32(p.memory, n + 12, 0x0a630002);
        Bytes.put32(p.memory, n + 16, 0x0a630001);
        Bytes.put16(p.memory, n + 10, ~fold(sum(p, n, 20)) & 0xffff);
        p.end = n + 20 + payload;
        return n + 20;
    }

    private static int ipv6(Packet p, int protocol, int payload) {
        int n = p.start;
        Bytes.put32(p.memory, n, 0x60000000);
        Bytes.put16(p.memory, n + 4, payload);
        Bytes.put8(p.memory, n + 6, protocol);
        Bytes.put8(p.memory, n + 7, 64);
        Bytes.put32(p.memory, n + 8, 0xfd990000);
        Bytes.put32(p.memory, n + 20, 2);
        Bytes.put32(p.memory, n + 24, 0xfd990000);
        Bytes.put32(p.memory, n + 36, 1);
        p.end = n + 40 + payload;
        return n + 40;
    }

    static boolean v6(Packet p) {
        return Bytes.u8(p.memory, p.start) >>> 4 == 6;
    }

    static int transport(Packet p) {
        return p.start + (v6(p) ? 40 : 20);
    }

    static long sum(Packet p, int offset, int length) {
        long s = 0;
        for (int i = 0; i < length; i++) {
            int b = Bytes.u8(p.memory, offset + i);
            s += (i & 1) == 0 ? b << 8 : b;
        }
        return s;
    }

    static int fold(long sum) {
        long s = sum;
        while (s >>> 16 != 0) {
            s = (s & 0xffff) + (s >>> 16);
        }
        return (int) s;
    }

    private static long pseudoSum(Packet p, int transport) {
        int protocol = Bytes.u8(p.memory, p.start + (v6(p) ? 6 : 9));
        return (v6(p) ? sum(p, p.start + 8, 32) : sum(p, p.start + 12, 8)) + protocol + (p.end - transport);
    }

    /** Folded sum over pseudo-header and transport part: 0xffff when the checksum is right. */
    static int transportSum(Packet p) {
        int t = transport(p);
        return fold(pseudoSum(p, t) + sum(p, t, p.end - t));
    }

    static int networkSum(Packet p) {
        return fold(sum(p, p.start, 20));
    }

    static Packet copy(Packet p) {
        Packet c = Packet.ofMaxSize();
        c.copyFrom(p);
        return c;
    }

    /** All that a link gives at this time. */
    static List<Packet> drain(Link link, long nowNs) {
        List<Packet> all = new ArrayList<>();
        for (Packet p = Packet.ofMaxSize(); link.receive(p, nowNs); p = Packet.ofMaxSize()) {
            all.add(p);
        }
        return all;
    }
}
