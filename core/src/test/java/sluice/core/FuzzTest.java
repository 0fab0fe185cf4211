package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6Packet;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.sum;
import static sluice.core.TestPackets.udp;
import static sluice.core.TestPackets.udpBody;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * Mutated packets of every kind: no exception, at most one drop for a packet, all memory back when the timeouts are
 * over.
 */
class FuzzTest {
    private static final int ROUNDS = 200_000;

    private static List<byte[]> seeds() {
        List<byte[]> s = new ArrayList<>();
        byte[] u = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(64));
        byte[] u6 = udpBody("fd00::1", 4000, "fd00::2", 5000, data(64));
        s.add(udp("10.0.0.1", 4000, "10.0.0.2", 5000, data(64)));
        s.add(udp("10.0.0.1", 4000, "10.0.0.2", 9, data(64)));
        s.add(udp("fd00::1", 4000, "fd00::2", 5000, data(64)));
        s.add(udp("fd00::1", 4000, "fd00::2", 9, data(64)));
        s.add(udp("10.0.0.1", 4000, "10.0.0.255", 5000, data(5)));
        s.add(udp("fd00::1", 4000, "ff02::1", 5000, data(5)));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(8, 0, 7 << 16 | 1, data(40))));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 47, data(40)));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 17, 7, 0x2000, 64, new byte[0], slice(u, 0, 32)));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 17, 7, 4, 64, new byte[0], slice(u, 32, 72)));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 17, 8, 0, 64, hex("83070400000000 00"), u));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 1,
                icmp(3, 4, 1000, slice(udp("10.0.0.2", 5000, "10.0.0.1", 4000, data(9)), 0, 28))));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 1,
                icmp(3, 3, 0, slice(udp("10.0.0.2", 5000, "10.0.0.1", 4000, data(9)), 0, 28))));
        s.add(icmp6Packet("fd00::1", "fd00::2", 64, 128, 0, 0x70001, data(30)));
        s.add(icmp6Packet("fd00::1", "fd00::2", 64, 2, 0, 1280, udp("fd00::2", 5000, "fd00::1", 4000, data(9))));
        s.add(icmp6Packet("fe80::1", "fd00::2", 255, 135, 0, 0,
                hex("fd000000000000000000000000000002 0101020000000001")));
        s.add(icmp6Packet("fe80::1", "fd00::2", 255, 136, 0, 0x60000000,
                hex("fd000000000000000000000000000001 0201020000000001")));
        s.add(icmp6Packet("fe80::1", "ff02::1", 255, 134, 0, 0x40000e10,
                hex("0000000000000000 030440c000000e1000000e1000000000 fd770000000000000000000000000000 "
                        + "0101020000000001")));
        s.add(ipv6("fd00::1", "fd00::2", 0, 64, cat(hex("3c00010400000000 1100010400000000"), u6)));
        s.add(ipv6("fd00::1", "fd00::2", 43, 64, cat(hex("1100000000000000"), u6)));
        s.add(ipv6("fd00::1", "fd00::2", 44, 64, cat(hex("1100000100000007"), slice(u6, 0, 40))));
        s.add(ipv6("fd00::1", "fd00::2", 44, 64, cat(hex("1100002800000007"), slice(u6, 40, 72))));
        s.add(ipv6("fd00::1", "fd00::2", 200, 64, u6));
        s.add(ipv4("10.0.0.1", "10.0.0.2", 6, hex("1f90 0016 00000001 00000000 5002 ffff 0000 0000")));
        return s;
    }

    @Test
    void nothingThatArrivesBreaksTheHost() {
        run(Conversation.onTun(), 1, false);
        Settings s = new Settings();
        s.set("accept_source_route", "1");
        s.set("ip_forward", "1");
        s.set("net.ipv6.conf.all.forwarding", "1");
        run(Conversation.onTun(LinkProperties.plain(1500), s), 2, false);
        Conversation ethernet = Conversation.onEthernet(new Settings());
        ethernet.host.addAddress(1, IpAddress.parse("10.0.0.2"), 24);
        ethernet.host.addAddress(1, IpAddress.parse("fd00::2"), 64);
        ethernet.after(3000);
        run(ethernet, 3, true);
    }

    /** The kinds of links a packet may come from and leave by. */
    private static List<LinkProperties> links() {
        List<LinkProperties> kinds = new ArrayList<>();
        for (int mtu : new int[]{68, 1280, 1500, 65_535}) {
            LinkProperties plain = LinkProperties.plain(mtu);
            kinds.add(plain);
            kinds.add(plain.withGathering());
            kinds.add(plain.withOffloads(65_535));
            kinds.add(plain.withOffloads(mtu).withGathering());
            kinds.add(plain.withOffloads(65_535).withGathering().withDatagramCutting());
            kinds.add(plain.withEthernet(0x0200_0000_0002L));
            kinds.add(plain.withOffloads(65_535).withEthernet(0x0200_0000_0002L));
        }
        return kinds;
    }

    /** What a link says beside the bytes (sums to finish, segments, a tail) is believed as little as the bytes. */
    @Test
    void nothingThatALinkSaysOfAPacketBreaksTheHost() {
        SplittableRandom random = new SplittableRandom(4);
        List<byte[]> seeds = seeds();
        seeds.add(udp("10.0.0.1", 4000, "10.9.0.1", 5000, data(64)));
        seeds.add(udp("fd00::1", 4000, "fd09::1", 5000, data(64)));
        seeds.add(udp("10.0.0.1", 4000, "10.9.0.1", 5000, data(1400)));
        for (LinkProperties in : links()) {
            for (LinkProperties out : links()) {
                Conversation c = forwarding(in, out);
                for (int i = 0; i < 150; i++) {
                    byte[] packet = mutate(seeds.get(random.nextInt(seeds.size())).clone(), random);
                    if (in.ethernet()) {
                        packet = TestPackets.ethernet(0x0200_0000_0002L, 0x0200_0000_0001L,
                                packet[0] >>> 4 == 4 ? 0x0800 : 0x86dd, packet);
                    }
                    c.receives(packet, p -> claim(p, random));
                    c.drain();
                }
                c.after(130_000);
                assertThat(c.host.ip().queues().packets().inUse()).as("%s, %s", in, out).isZero();
                assertThat(c.host.pool().inUseBytes()).as("%s, %s", in, out).isZero();
            }
        }
    }

    private static Conversation forwarding(LinkProperties in, LinkProperties out) {
        Settings s = new Settings();
        s.set("ip_forward", "1");
        s.set("net.ipv6.conf.all.forwarding", "1");
        Conversation c = Conversation.onTun(in, s);
        int other = c.host.addInterface("out0", out);
        c.host.addAddress(other, IpAddress.parse("10.9.0.2"), 24);
        c.host.addAddress(other, IpAddress.parse("fd09::2"), 64);
        return c;
    }

    private static void claim(Packet p, SplittableRandom random) {
        int length = p.end - p.start;
        p.checksumPartial = random.nextInt(4) != 0;
        p.checksumValid = random.nextBoolean();
        p.checksumStart = p.start + random.nextInt(random.nextInt(4) == 0 ? 70_000 : length + 8);
        p.checksumField = random.nextInt(4) == 0 ? random.nextInt(65_536) : random.nextBoolean() ? 6 : 16;
        p.gsoSize = random.nextInt(3) == 0 ? random.nextInt(random.nextBoolean() ? 65_536 : 64) : 0;
        p.gsoHeaderLength = random.nextInt(random.nextInt(4) == 0 ? 65_536 : length + 8);
        if (random.nextInt(4) == 0) {
            p.tail = Conversation.nativeCopy(data(64));
            p.tailOffset = random.nextInt(32);
            p.tailLength = random.nextInt(32);
        }
    }

    /** Behind the IPv4 packet there is padding, and a sum that begins there is none of this packet's. */
    @Test
    void aSumThatLiesOutsideThePacketIsDropped() {
        Conversation c = forwarding(LinkProperties.plain(1500), LinkProperties.plain(1500));
        for (byte[] packet : List.of(udp("10.0.0.1", 4000, "10.9.0.1", 5000, data(8)),
                udp("fd00::1", 4000, "fd09::1", 5000, data(8)))) {
            boolean v4 = packet[0] >>> 4 == 4;
            int header = v4 ? 20 : 40;
            byte[] padded = cat(packet, new byte[60]);
            for (int[] sum : new int[][]{{packet.length, 6}, {header, packet.length - header - 1}, {4, 6},
                {header, 65_000}, {packet.length + 40, 6}}) {
                c.receives(padded, p -> {
                    p.checksumPartial = true;
                    p.checksumStart = p.start + sum[0];
                    p.checksumField = sum[1];
                });
                assertThat(c.dropped()).as("a sum from %d, field at %d", sum[0], sum[1])
                        .containsExactly(v4 ? Counter.IpInDiscards : Counter.Ip6InDiscards);
                c.sendsNothing();
            }
            c.receives(padded, p -> {
                p.checksumPartial = true;
                p.checksumStart = p.start + header;
                p.checksumField = 6;
            });
            assertThat(c.sends()).hasSize(packet.length);
        }
    }

    private static void run(Conversation c, long seed, boolean ethernet) {
        SplittableRandom random = new SplittableRandom(seed);
        UdpSocket socket = c.host.udp().open();
        socket.bind(IpAddress.ANY_V6, 5000);
        List<byte[]> seeds = seeds();
        if (ethernet) {
            seeds.add(hex("0001080006040001 020000000001 0a000001 000000000000 0a000002"));
            seeds.add(hex("0001080006040002 020000000001 0a000001 020000000002 0a000002"));
        }
        for (int i = 0; i < ROUNDS / 3; i++) {
            byte[] packet = mutate(seeds.get(random.nextInt(seeds.size())).clone(), random);
            if (ethernet) {
                int type = packet.length > 0 && packet[0] >>> 4 == 4 ? 0x0800
                        : packet.length > 0 && packet[0] >>> 4 == 6 ? 0x86dd : 0x0806;
                packet = TestPackets.ethernet(random.nextInt(8) == 0 ? 0xffff_ffff_ffffL : 0x0200_0000_0002L,
                        0x0200_0000_0001L, type, packet);
            }
            int pending = c.host.ip().reassembly().size();
            c.dropped();
            c.receives(packet);
            List<Counter> drops = c.dropped();
            assertThat(drops.size()).as("drops of packet %s: %s", java.util.HexFormat.of().formatHex(packet), drops)
                    .isLessThanOrEqualTo(1 + pending);
            if (i % 7 == 0) {
                c.drain();
            }
            if (i % 1000 == 0) {
                c.after(100);
            }
        }
        c.after(130_000);
        c.drain();
        socket.close();
        assertThat(c.host.ip().reassembly().memoryBytes()).isZero();
        assertThat(c.host.ip().reassembly().size()).isZero();
        assertThat(c.host.ip().queues().packets().inUse()).isZero();
        assertThat(c.host.udp().queuedBytes()).isZero();
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    private static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] p = original;
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(p.length);
            switch (random.nextInt(5)) {
                case 0 -> p[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> p[at] = (byte) random.nextInt(256);
                case 2 -> p[at] = (byte) (random.nextBoolean() ? 0 : 255);
                case 3 -> p = slice(p, 0, Math.max(1, at));
                default -> p = cat(p, data(random.nextInt(50)));
            }
        }
        if (p.length >= 20 && p[0] >>> 4 == 4 && random.nextInt(4) != 0) {
            repair(p, random);
        }
        return p;
    }

    /** Sets length and checksums right again, so that mutations reach deeper. */
    private static void repair(byte[] p, SplittableRandom random) {
        int header = Math.min(p.length, (p[0] & 15) * 4);
        if (header < 20) {
            return;
        }
        if (random.nextBoolean()) {
            set16(p, 2, p.length);
        }
        set16(p, 10, 0);
        set16(p, 10, sum(slice(p, 0, header)));
        if (p[9] == 1 && p.length >= header + 8) {
            set16(p, header + 2, 0);
            set16(p, header + 2, sum(slice(p, header, p.length)));
        }
    }
}
