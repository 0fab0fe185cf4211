package sluice.bench.attack;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.IpAddress;

/**
 * Writes packets with sources and fields of its choice, each from the start of its memory; all methods answer the
 * packet's length. Used by one thread.
 */
final class Forge {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    /** Options of a SYN: MSS 1460, SACK-permitted, timestamps, window scale 7. */
    static final byte[] SYN_OPTIONS = {2, 4, 5, (byte) 0xb4, 4, 2, 8, 10, 0, 1, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7};
    static final byte[] NONE = {};
    /** The port where a request is answered and the server closes. */
    static final int HTTP = 80;
    /** What is said there. */
    static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int IP = 20;
    private static final int TCP = 20;

    /** Spoofed sources: 10.128.0.0/9. */
    private static final int NETWORK = 0x0a800000;
    private static final int NETWORK_MASK = 0x007fffff;

    private final int target;
    final SplittableRandom random;

    /** Packets to an IPv4 address. */
    Forge(int target, long seed) {
        this.target = target;
        this.random = new SplittableRandom(seed);
    }

    /** An address that nobody has. */
    int anySource() {
        return NETWORK | random.nextInt() & NETWORK_MASK;
    }

    /** Any port of those that clients have. */
    int anyPort() {
        return 1024 + random.nextInt(64_000);
    }

    /** An IPv4 header for so many bytes. */
    int ip(MemorySegment m, int source, int protocol, int id, int flagsAndOffset, int payload) {
        Bytes.put16(m, 0, 0x4500);
        Bytes.put16(m, 2, IP + payload);
        Bytes.put16(m, 4, id);
        Bytes.put16(m, 6, flagsAndOffset);
        Bytes.put16(m, 8, 64 << 8 | protocol);
        Bytes.put16(m, 10, 0);
        Bytes.put32(m, 12, source);
        Bytes.put32(m, 16, target);
        Bytes.put16(m, 10, Checksum.of(m, 0, IP));
        return IP + payload;
    }

    /** Where a TCP segment comes from and goes to, and what stands in its header. */
    record Tcp(int source, int sourcePort, int port, int seq, int ack, int flags, int window) {}

    /** A TCP segment with options (a multiple of four bytes) and so many bytes of data. */
    int tcp(MemorySegment m, Tcp t, byte[] options, int data) {
        int header = TCP + options.length;
        Bytes.put16(m, IP, t.sourcePort);
        Bytes.put16(m, IP + 2, t.port);
        Bytes.put32(m, IP + 4, t.seq);
        Bytes.put32(m, IP + 8, t.ack);
        Bytes.put16(m, IP + 12, header << 10 | t.flags);
        Bytes.put16(m, IP + 14, t.window);
        Bytes.put32(m, IP + 16, 0);
        for (int i = 0; i < options.length; i++) {
            Bytes.put8(m, IP + TCP + i, options[i]);
        }
        for (int i = 0; i < data; i++) {
            Bytes.put8(m, IP + header + i, t.port == HTTP ? REQUEST[i] : 'x');
        }
        sum(m, t.source, 6, 16, header + data);
        return ip(m, t.source, 6, 0, 0x4000, header + data);
    }

    /** A UDP datagram with so many bytes. */
    int udp(MemorySegment m, int source, int port, int data) {
        Bytes.put16(m, IP, anyPort());
        Bytes.put16(m, IP + 2, port);
        Bytes.put16(m, IP + 4, 8 + data);
        Bytes.put16(m, IP + 6, 0);
        return ip(m, source, 17, random.nextInt() & 0xffff, 0, 8 + data);
    }

    /** An ICMP echo request with so many bytes. */
    int ping(MemorySegment m, int source, int data) {
        Bytes.put32(m, IP, 0x08000000);
        Bytes.put32(m, IP + 4, random.nextInt());
        Bytes.put16(m, IP + 2, Checksum.of(m, IP, 8 + data));
        return ip(m, source, 1, random.nextInt() & 0xffff, 0, 8 + data);
    }

    /** A fragment of a UDP datagram: its offset in bytes, a multiple of eight. */
    int fragment(MemorySegment m, int source, int id, int offset, boolean more, int bytes) {
        return ip(m, source, 17, id, (more ? 0x2000 : 0) | offset >> 3, bytes);
    }

    /** An ARP request from some address of the target's network, for the target. */
    int arp(MemorySegment m) {
        Bytes.put64(m, 0, 0x0001_0800_0604_0001L);
        Bytes.put16(m, 8, 0x0200);
        Bytes.put32(m, 10, random.nextInt());
        Bytes.put32(m, 14, target & 0xffff0000 | random.nextInt() & 0xfffe);
        Bytes.put16(m, 18, 0);
        Bytes.put32(m, 20, 0);
        Bytes.put32(m, 24, target);
        return 28;
    }

    private void sum(MemorySegment m, int source, int protocol, int field, int bytes) {
        long pseudo = Checksum.pseudoHeader(0, IpAddress.V4_PREFIX | source & 0xffff_ffffL, 0,
                IpAddress.V4_PREFIX | target & 0xffff_ffffL, protocol, bytes);
        Bytes.put16(m, IP + (long) field, Checksum.finish(pseudo + Checksum.sum(m, IP, bytes)));
    }
}
