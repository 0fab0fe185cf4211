package sluice.core.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6;
import static sluice.core.TestPackets.icmp6Packet;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.u16;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/** Echo answered and pings sent. */
class EchoTest {
    private final Conversation c = Conversation.onTun();

    @Test
    @Rfc(value = 1122, section = "3.2.2.6")
    void answersAnEchoRequestByteForByte() {
        // 10.0.0.1 > 10.0.0.2: ICMP echo request, id 0x1234, seq 1, "hello!", as Linux sends it
        c.receives(hex("4500 0022 0001 4000 4001 26d8 0a00 0001 0a00 0002  0800 a1d7 1234 0001 6865 6c6c 6f21"));
        byte[] reply = c.sends();
        // Identification and header checksum are ours; all else is fixed.
        assertThat(slice(reply, 0, 4)).isEqualTo(hex("4500 0022"));
        assertThat(slice(reply, 8, 10)).isEqualTo(hex("4001"));
        assertThat(slice(reply, 12, 34)).isEqualTo(hex("0a00 0002 0a00 0001 0000 a9d7 1234 0001 6865 6c6c 6f21"));
        c.sendsNothing();
        assertThat(c.counter(Counter.IcmpInEchos)).isOne();
        assertThat(c.counter(Counter.IcmpOutEchoReps)).isOne();
        assertThat(c.dropped()).isEmpty();
    }

    @Test
    @Rfc(value = 4443, section = "4.2")
    void answersAnIpv6EchoRequest() {
        byte[] body = data(100);
        c.receives(icmp6Packet("fd00::1", "fd00::2", 64, 128, 0, 0x00050007, body));
        byte[] reply = c.sends();
        assertThat(slice(reply, 40, reply.length)).isEqualTo(icmp6("fd00::2", "fd00::1", 129, 0, 0x00050007, body));
        assertThat(reply[7]).isEqualTo((byte) 64);
        c.sendsNothing();
    }

    @Test
    void aLargeEchoIsReassembledAnsweredAndFragmented() {
        byte[] echo = icmp(8, 0, 7 << 16 | 1, data(5000));
        for (int at = 0; at < echo.length; at += 1480) {
            int to = Math.min(echo.length, at + 1480);
            c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, 99, at >>> 3 | (to < echo.length ? 0x2000 : 0), 64, new byte[0],
                    slice(echo, at, to)));
        }
        List<byte[]> sent = c.drain();
        assertThat(sent).hasSize(4).allMatch(p -> p.length <= 1500);
        byte[] whole = new byte[0];
        for (byte[] p : sent) {
            assertThat((u16(p, 6) & 0x1fff) << 3).isEqualTo(whole.length);
            whole = cat(whole, slice(p, 20, p.length));
        }
        assertThat(whole).isEqualTo(icmp(0, 0, 7 << 16 | 1, data(5000)));
        assertThat(c.counter(Counter.IpReasmOKs)).isOne();
        assertThat(c.counter(Counter.IpFragCreates)).isEqualTo(4);
    }

    @Test
    void aLargeIpv6EchoIsFragmentedToo() {
        byte[] echo = icmp6("fd00::1", "fd00::2", 128, 0, 1, data(3000));
        byte[] first = cat(hex("3a00 0001 0000 0009"), slice(echo, 0, 1448));
        byte[] second = cat(hex("3a00 05a9 0000 0009"), slice(echo, 1448, 2896));
        byte[] third = cat(hex("3a00 0b50 0000 0009"), slice(echo, 2896, echo.length));
        c.receives(ipv6("fd00::1", "fd00::2", 44, 64, third));
        c.receives(ipv6("fd00::1", "fd00::2", 44, 64, first));
        c.sendsNothing();
        c.receives(ipv6("fd00::1", "fd00::2", 44, 64, second));
        List<byte[]> sent = c.drain();
        assertThat(sent).hasSize(3).allMatch(p -> p.length <= 1500 && p[6] == 44);
        byte[] whole = cat(slice(sent.get(0), 48, sent.get(0).length), slice(sent.get(1), 48, sent.get(1).length),
                slice(sent.get(2), 48, sent.get(2).length));
        assertThat(whole).isEqualTo(icmp6("fd00::2", "fd00::1", 129, 0, 1, data(3000)));
    }

    @Test
    void anEchoToABroadcastAddressIsIgnoredUnlessAllowed() {
        byte[] ping = ipv4("10.0.0.1", "10.0.0.255", 1, icmp(8, 0, 1, data(8)));
        c.receives(ping).sendsNothing();
        Settings s = new Settings();
        s.set("icmp_echo_ignore_broadcasts", "0");
        Conversation other = Conversation.onTun(sluice.core.LinkProperties.plain(1500), s);
        byte[] reply = other.receives(ping).sends();
        assertThat(slice(reply, 12, 16)).isEqualTo(hex("0a000002"));
    }

    @Test
    void pingsAndMeasures() {
        PingSocket ping = c.host.icmp().openPing(IpAddress.parse("10.9.9.9"));
        int seq = ping.send(56, 0, c.now());
        byte[] request = c.sends();
        assertThat(slice(request, 16, 20)).isEqualTo(hex("0a090909"));
        assertThat(request[20]).isEqualTo((byte) 8);
        assertThat(request).hasSize(84);
        c.after(25);
        byte[] reply = slice(request, 20, 84);
        reply[0] = 0;
        c.receives(
                ipv4("10.9.9.9", "10.0.0.2", 1, icmp(0, 0, u16(reply, 4) << 16 | u16(reply, 6), slice(reply, 8, 64))));
        assertThat(c.host.pollReady()).isSameAs(ping);
        assertThat(ping.poll())
                .isEqualTo(new PingReply(IpAddress.parse("10.9.9.9"), seq, 64, 25_000_000, 64, false, null));
        assertThat(ping.poll()).isNull();
        ping.close();
    }

    @Test
    void pingsItself() {
        for (String a : List.of("127.0.0.1", "::1", "10.0.0.2", "fd00::2")) {
            PingSocket ping = c.host.icmp().openPing(IpAddress.parse(a));
            ping.send(1000, 0, c.now());
            c.sendsNothing();
            PingReply reply = ping.poll();
            assertThat(reply).as(a).isNotNull();
            assertThat(reply.from()).isEqualTo(IpAddress.parse(a));
            ping.close();
        }
        assertThat(c.dropped()).isEmpty();
        assertThat(c.host.ip().queues().packets().inUse()).isZero();
    }

    @Test
    void aPingHearsOfErrors() {
        PingSocket ping = c.host.icmp().openPing(IpAddress.parse("10.9.9.9"));
        ping.send(8, 1, c.now());
        byte[] request = c.sends();
        assertThat(request[8]).isEqualTo((byte) 1);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(11, 0, 0, slice(request, 0, 28))));
        PingReply reply = ping.poll();
        assertThat(reply).isNotNull();
        assertThat(reply.error()).isEqualTo("Time to live exceeded");
    }

    @Test
    void badMessagesAreCountedOnce() {
        byte[] bad = icmp(8, 0, 1, data(8));
        bad[9] ^= 1;
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, bad)).sendsNothing();
        assertThat(c.dropped()).containsExactly(Counter.IcmpInErrors);
        assertThat(c.rise(Counter.IcmpInCsumErrors)).isOne();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(99, 0, 0, data(8)))).sendsNothing();
        assertThat(c.dropped()).containsExactly(Counter.IcmpInErrors);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(4, 0, 0, data(28)))).sendsNothing();
        assertThat(c.rise(Counter.IcmpInSrcQuenchs)).isOne();
        assertThat(c.dropped()).isEmpty();
    }
}
