package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.checksummed;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.sum;
import static sluice.core.TestPackets.u16;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.LinkProperties;
import sluice.core.Settings;
import sluice.core.TestPackets;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** Super-segments that a router passes on: whatever the two links can, what arrives is what was sent. */
class ForwardingTest {
    private static final long OUR_MAC = 0x0200_0000_0002L;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int DF = 0x4000;
    private static final int SEQUENCE = 0xffff_f000;

    /** What somebody sends through us in one piece. */
    private record Sent(boolean v6, int protocol, boolean dontFragment, int segment, byte[] payload) {
        String from() {
            return v6 ? "fd00::1" : "10.0.0.1";
        }

        String to() {
            return v6 ? "fd09::1" : "10.9.0.1";
        }

        int ipHeader() {
            return v6 ? 40 : 20;
        }

        int headers() {
            return ipHeader() + (protocol == TCP ? 32 : 8);
        }

        /** Largest packet it is made of. */
        int wireSize() {
            return headers() + Math.min(segment, payload.length);
        }

        byte[] packet() {
            byte[] transport = new byte[headers() - ipHeader()];
            set16(transport, 0, 4000);
            set16(transport, 2, 5000);
            if (protocol == TCP) {
                set16(transport, 4, SEQUENCE >>> 16);
                set16(transport, 6, SEQUENCE);
                transport[12] = (byte) 0x80;
                transport[13] = 0x19;
                System.arraycopy(hex("0101080a0000000100000002"), 0, transport, 20, 12);
            } else {
                set16(transport, 4, 8 + payload.length);
            }
            byte[] body = cat(transport, payload);
            return v6 ? ipv6(from(), to(), protocol, 64, body)
                    : ipv4(from(), to(), protocol, 77, dontFragment ? DF : 0, 64, new byte[0], body);
        }

        void describe(Packet p, int linkHeader) {
            p.gsoSize = segment;
            p.gsoHeaderLength = linkHeader + headers();
            p.checksumPartial = true;
            p.checksumStart = p.start + linkHeader + ipHeader();
            p.checksumField = protocol == TCP ? 16 : 6;
        }
    }

    /** What came out, put together as the receiver does. */
    private static final class Arrived {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        final List<byte[]> datagrams = new ArrayList<>();
        private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
        private final Sent sent;
        private final LinkProperties link;

        Arrived(Sent sent, LinkProperties link) {
            this.sent = sent;
            this.link = link;
        }

        void packet(Packet p) {
            byte[] frame = new byte[p.end - p.start];
            for (int i = 0; i < frame.length; i++) {
                frame[i] = p.memory.get(ValueLayout.JAVA_BYTE, p.start + i);
            }
            int linkHeader = link.ethernet() ? 14 : 0;
            byte[] ip = slice(frame, linkHeader, frame.length);
            assertThat(p.checksumPartial && !link.checksumOffload()).as("a sum the link cannot finish").isFalse();
            assertThat(ip[sent.v6 ? 7 : 8]).isEqualTo((byte) 63);
            assertThat(sent.v6 ? u16(ip, 4) + 40 : u16(ip, 2)).isEqualTo(ip.length);
            assertThat(sent.v6 ? 0 : sum(slice(ip, 0, 20))).isZero();
            if (p.gsoSize > 0) {
                boolean takes = sent.protocol == UDP ? link.cutsDatagrams() : link.gsoMaxBytes() > link.mtu();
                assertThat(takes && ip.length <= link.gsoMaxBytes() && p.checksumPartial).isTrue();
                assertThat(p.gsoSize).isEqualTo(sent.segment);
                assertThat(p.gsoHeaderLength).isEqualTo(linkHeader + sent.headers());
                assertThat(p.gsoHeaderLength - linkHeader + p.gsoSize).isLessThanOrEqualTo(link.mtu());
                byte[] payload = slice(ip, sent.headers(), ip.length);
                for (int at = 0; at < payload.length; at += sent.segment) {
                    segment(at, slice(payload, at, Math.min(payload.length, at + sent.segment)));
                }
                return;
            }
            assertThat(ip.length).isLessThanOrEqualTo(link.mtu());
            if (p.checksumPartial) {
                byte[] transport = slice(ip, sent.ipHeader(), ip.length);
                System.arraycopy(checksummed(sent.from(), sent.to(), sent.protocol, transport, p.checksumField), 0, ip,
                        sent.ipHeader(), transport.length);
            }
            int fragment = sent.v6 ? 0 : u16(ip, 6);
            assertThat((fragment & DF) != 0).isEqualTo(!sent.v6 && sent.dontFragment);
            assertThat((fragment & 0x1fff) * 8).isEqualTo(fragments.size());
            fragments.writeBytes(slice(ip, sent.ipHeader(), ip.length));
            if ((fragment & 0x2000) == 0) {
                whole(fragments.toByteArray());
                fragments.reset();
            }
        }

        private void whole(byte[] transport) {
            int field = sent.protocol == TCP ? 16 : 6;
            int summed = u16(transport, field);
            assertThat(summed).isEqualTo(u16(checksummed(sent.from(), sent.to(), sent.protocol, transport.clone(),
                    field), field));
            byte[] payload = slice(transport, sent.headers() - sent.ipHeader(), transport.length);
            if (sent.protocol == UDP) {
                assertThat(u16(transport, 4)).isEqualTo(transport.length);
                segment(0, payload);
                return;
            }
            int at = (u16(transport, 4) << 16 | u16(transport, 6)) - SEQUENCE;
            boolean last = at + payload.length == sent.payload.length;
            assertThat(transport[13]).as("flags at %d", at).isEqualTo((byte) (last ? 0x19 : 0x10));
            segment(at, payload);
        }

        private void segment(int at, byte[] payload) {
            assertThat(payload.length).isLessThanOrEqualTo(sent.segment);
            if (sent.protocol == TCP) {
                assertThat(at).isEqualTo(stream.size());
                stream.writeBytes(payload);
            } else {
                datagrams.add(payload);
            }
        }
    }

    private static List<LinkProperties> links() {
        List<LinkProperties> kinds = new ArrayList<>();
        for (int mtu : new int[]{68, 576, 1280, 1500, 9000, 65_535}) {
            for (LinkProperties bare : List.of(LinkProperties.plain(mtu), LinkProperties.plain(mtu).withGathering())) {
                for (LinkProperties p : List.of(bare, bare.withOffloads(mtu), bare.withOffloads(20_000),
                        bare.withOffloads(65_535), bare.withOffloads(65_535).withDatagramCutting(),
                        new LinkProperties(false, 0, mtu, 65_535, false, bare.gathers(), false))) {
                    kinds.add(p);
                    kinds.add(p.withEthernet(OUR_MAC));
                }
            }
        }
        return kinds;
    }

    private static Conversation router(LinkProperties in, LinkProperties out) {
        Settings s = new Settings();
        s.set("ip_forward", "1");
        s.set("net.ipv6.conf.all.forwarding", "1");
        Conversation c = Conversation.onTun(in, s);
        c.host.addInterface("out0", out);
        c.host.addAddress(2, IpAddress.parse("10.9.0.2"), 24);
        c.host.addAddress(2, IpAddress.parse("fd09::2"), 64);
        c.after(3000);
        if (in.ethernet()) {
            meet(c, 1, "0a000001", "0a000002", "fd00::1", "fd00::2");
        }
        if (out.ethernet()) {
            meet(c, 2, "0a090001", "0a090002", "fd09::1", "fd09::2");
        }
        c.drain();
        return c;
    }

    /** The neighbour asks for us, and is known from then on. */
    private static void meet(Conversation c, int index, String neighbour, String ours, String neighbour6,
            String ours6) {
        c.receives(index, TestPackets.ethernet(OUR_MAC, OUR_MAC - 1, 0x0806,
                hex("0001080006040001 020000000001" + neighbour + "000000000000" + ours)));
        byte[] question = cat(address(ours6), hex("0101020000000001"));
        c.receives(index, TestPackets.ethernet(OUR_MAC, OUR_MAC - 1, 0x86dd,
                TestPackets.icmp6Packet(neighbour6, ours6, 255, 135, 0, 0, question)));
    }

    private static void passes(Conversation c, LinkProperties in, Sent sent) {
        byte[] packet = sent.packet();
        byte[] frame = in.ethernet()
                ? TestPackets.ethernet(OUR_MAC, OUR_MAC - 1, sent.v6 ? 0x86dd : 0x0800, packet)
                : packet;
        c.receives(frame, p -> {
            int linkHeader = in.ethernet() ? 14 : 0;
            sent.describe(p, linkHeader);
            partial(p, sent);
        });
    }

    /** The sum of the pseudo-header, as the sender's stack left it for a device. */
    private static void partial(Packet p, Sent sent) {
        byte[] pseudo = new byte[8];
        set16(pseudo, 2, p.end - p.checksumStart);
        set16(pseudo, 6, sent.protocol);
        int folded = ~sum(cat(address(sent.from()), address(sent.to()), pseudo)) & 0xffff;
        int at = p.checksumStart + p.checksumField;
        p.memory.set(ValueLayout.JAVA_BYTE, at, (byte) (folded >>> 8));
        p.memory.set(ValueLayout.JAVA_BYTE, at + 1, (byte) folded);
    }

    private static byte[] address(String text) {
        boolean v6 = text.contains(":");
        byte[] packet = v6 ? ipv6(text, text, 0, 0, new byte[0]) : ipv4(text, text, 0, new byte[0]);
        return v6 ? slice(packet, 8, 24) : slice(packet, 12, 16);
    }

    @Test
    @Rfc(value = 1812, section = "5.3.1")
    @Rfc(value = 8200, section = "3")
    void eachRouterCountsAHopAndTheLastOneSaysSo() {
        Conversation c = router(LinkProperties.plain(1500), LinkProperties.plain(1500));
        byte[] body = cat(hex("0fa01388000c0000"), data(4));
        c.receives(ipv4("10.0.0.1", "10.9.0.1", UDP, 7, 0, 2, new byte[0], body));
        assertThat(c.sends()[8]).as("one less").isEqualTo((byte) 1);
        c.receives(ipv6("fd00::1", "fd09::1", UDP, 2, body));
        assertThat(c.sends()[7]).as("one less").isEqualTo((byte) 1);
        c.receives(ipv4("10.0.0.1", "10.9.0.1", UDP, 7, 0, 1, new byte[0], body));
        byte[] exceeded = c.sends();
        assertThat(exceeded[9]).isEqualTo((byte) 1);
        assertThat(exceeded[20]).as("time exceeded").isEqualTo((byte) 11);
        c.receives(ipv6("fd00::1", "fd09::1", UDP, 1, body));
        assertThat(c.sends()[40]).as("time exceeded").isEqualTo((byte) 3);
        c.sendsNothing();
    }

    @Test
    @Rfc(value = 4291, section = "2.5.6")
    void whatIsOfALinkStaysOnIt() {
        Conversation c = router(LinkProperties.plain(1500), LinkProperties.plain(1500));
        byte[] body = cat(hex("0fa01388000c0000"), data(4));
        c.receives(ipv6("fe80::1", "fd09::1", UDP, 64, body));
        byte[] answer = c.drain().isEmpty() ? new byte[0] : null;
        assertThat(answer).as("nothing goes on, by any way").isNotNull();
    }

    @Test
    @Rfc(value = 1812, section = "5.2.6")
    void whatArrivesBehindARouterIsWhatWasSentWhateverTheLinksCan() {
        SplittableRandom random = new SplittableRandom(18);
        for (LinkProperties in : List.of(LinkProperties.plain(1500),
                LinkProperties.plain(1500).withEthernet(OUR_MAC))) {
            for (LinkProperties out : links()) {
                Conversation c = router(in, out);
                for (int i = 0; i < 12; i++) {
                    int segment = random.nextInt(4) == 0 ? 1 + random.nextInt(100) : 500 + random.nextInt(2000);
                    int most = Math.min(60_000, segment * 120);
                    Sent sent = new Sent(i % 3 == 2, random.nextInt(3) == 0 ? UDP : TCP, random.nextBoolean(), segment,
                            data(1 + random.nextInt(most)));
                    passes(c, in, sent);
                    check(c, out, sent);
                }
                assertThat(c.host.ip().queues().packets().inUse()).as("%s, %s", in, out).isZero();
            }
        }
    }

    private static void check(Conversation c, LinkProperties out, Sent sent) {
        List<Integer> interfaces = new ArrayList<>();
        Arrived arrived = new Arrived(sent, out);
        Packet p = Packet.ofMaxSize();
        for (int i = c.host.pollTransmit(p, c.now()); i >= 0; i = c.host.pollTransmit(p, c.now())) {
            p.flatten();
            interfaces.add(i);
            if (i == 2) {
                arrived.packet(p);
            }
        }
        boolean mayCut = !sent.v6 && !sent.dontFragment;
        if (sent.wireSize() > out.mtu() && !mayCut) {
            assertThat(interfaces).as("an error or silence for %s", sent).doesNotContain(2);
            return;
        }
        byte[][] pieces = new byte[(sent.payload.length + sent.segment - 1) / sent.segment][];
        Arrays.setAll(pieces, i -> slice(sent.payload, i * sent.segment,
                Math.min(sent.payload.length, (i + 1) * sent.segment)));
        if (sent.protocol == TCP) {
            assertThat(arrived.stream.toByteArray()).as("%s over %s", sent, out).isEqualTo(sent.payload);
        } else {
            assertThat(arrived.datagrams).as("%s over %s", sent, out).containsExactly(pieces);
        }
    }

    /** Linux's ip_exceeds_mtu looks at a segment of it, not at the whole. */
    @Test
    @Rfc(value = 1191, section = "4")
    void aSuperSegmentWithDontFragmentIsRefusedByTheSizeOfItsSegments() {
        LinkProperties in = LinkProperties.plain(9000).withOffloads(65_535);
        Conversation c = router(in, LinkProperties.plain(1500));
        passes(c, in, new Sent(false, TCP, true, 1448, data(30_000)));
        assertThat(c.drain()).hasSize(21).allMatch(p -> p.length <= 1500);
        passes(c, in, new Sent(false, TCP, true, 1449, data(30_000)));
        byte[] needed = c.sends();
        assertThat(c.lastInterface()).isOne();
        assertThat(slice(needed, 20, 22)).isEqualTo(hex("0304"));
        assertThat(u16(needed, 26)).isEqualTo(1500);
        c.sendsNothing();
        passes(c, in, new Sent(true, TCP, false, 1429, data(30_000)));
        byte[] tooBig = c.sends();
        assertThat(slice(tooBig, 40, 48)).startsWith(hex("0200")).endsWith(hex("000005dc"));
        c.sendsNothing();
    }

    /** More pieces than the queue holds would leave a hole in any case. */
    @Test
    void aSuperSegmentOfMorePiecesThanTheQueueHoldsIsDroppedWhole() {
        LinkProperties in = LinkProperties.plain(1500).withOffloads(65_535);
        Conversation c = router(in, LinkProperties.plain(1500));
        passes(c, in, new Sent(false, TCP, false, 1, data(IpQueues.MAX_CONTROL + 1)));
        c.sendsNothing();
        assertThat(c.dropped()).hasSize(1);
        passes(c, in, new Sent(false, TCP, false, 1, data(IpQueues.MAX_CONTROL)));
        assertThat(c.drain()).hasSize(IpQueues.MAX_CONTROL);
    }
}
