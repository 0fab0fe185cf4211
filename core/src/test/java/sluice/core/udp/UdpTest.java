package sluice.core.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6Packet;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.u16;
import static sluice.core.TestPackets.udp;
import static sluice.core.TestPackets.udpBody;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.Settings;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** UDP sockets. */
class UdpTest {
    private final Conversation c = Conversation.onTun();
    private final MemorySegment buffer = Arena.ofAuto().allocate(70_000);

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private UdpSocket bound(String address, int port) {
        UdpSocket s = c.host.udp().open();
        s.bind(ip(address), port);
        return s;
    }

    private byte[] received(UdpSocket s) {
        UdpReceived r = s.receive(buffer, 0, 70_000);
        return r == null ? null : buffer.asSlice(0, r.length).toArray(ValueLayout.JAVA_BYTE);
    }

    private void send(UdpSocket s, byte[] bytes, String to, int port) {
        s.send(Conversation.nativeCopy(bytes), 0, bytes.length, to == null ? null : ip(to), port, c.now());
    }

    private static void fails(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ErrnoException.class,
                e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    @Rfc(value = 768)
    void sendsGoldenDatagrams() {
        UdpSocket s = bound("0.0.0.0", 5000);
        send(s, data(11), "10.9.9.9", 7);
        byte[] p = c.sends();
        assertThat(slice(p, 20, p.length)).isEqualTo(udpBody("10.0.0.2", 5000, "10.9.9.9", 7, data(11)));
        assertThat(slice(p, 0, 12)).startsWith(0x45, 0, 0, 39).endsWith(u16(p, 10) >>> 8, u16(p, 10) & 0xff);
        UdpSocket s6 = bound("::", 5001);
        send(s6, data(11), "fd00::9", 7);
        p = c.sends();
        assertThat(slice(p, 40, p.length)).isEqualTo(udpBody("fd00::2", 5001, "fd00::9", 7, data(11)));
        c.sendsNothing();
        assertThat(c.counter(Counter.UdpOutDatagrams)).isOne();
        assertThat(c.counter(Counter.Udp6OutDatagrams)).isOne();
    }

    @Test
    void receivesWithAllItTells() {
        UdpSocket s = bound("::", 5000);
        byte[] p = udp("10.0.0.1", 4000, "10.0.0.2", 5000, data(100));
        c.receives(p);
        assertThat(c.host.pollReady()).isSameAs(s);
        assertThat(s.readiness() & Pollable.READABLE).isNotZero();
        UdpReceived r = s.receive(buffer, 0, 60);
        assertThat(r).isNotNull();
        assertThat(r.length).isEqualTo(60);
        assertThat(r.fullLength).isEqualTo(100);
        assertThat(r.truncated()).isTrue();
        assertThat(r.source()).isEqualTo(ip("10.0.0.1"));
        assertThat(r.sourcePort).isEqualTo(4000);
        assertThat(r.destination()).isEqualTo(ip("10.0.0.2"));
        assertThat(r.ttl).isEqualTo(64);
        assertThat(r.interfaceIndex).isOne();
        assertThat(s.receive(buffer, 0, 60)).isNull();
        c.receives(udp("10.0.0.1", 4000, "10.0.0.2", 5000, new byte[0]));
        assertThat(received(s)).isEmpty();
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    @Test
    void theBestSocketGetsTheDatagram() {
        UdpSocket any = c.host.udp().open();
        any.options().reuseAddress = true;
        any.bind(ip("::"), 5000);
        UdpSocket own = c.host.udp().open();
        own.options().reuseAddress = true;
        own.bind(ip("10.0.0.2"), 5000);
        UdpSocket connected = c.host.udp().open();
        connected.options().reuseAddress = true;
        connected.bind(ip("10.0.0.2"), 5000);
        connected.connect(ip("10.0.0.1"), 4000);
        c.receives(udp("10.0.0.1", 4000, "10.0.0.2", 5000, data(1)));
        c.receives(udp("10.0.0.1", 4001, "10.0.0.2", 5000, data(2)));
        c.receives(udp("fd00::1", 4001, "fd00::2", 5000, data(3)));
        assertThat(received(connected)).hasSize(1);
        assertThat(received(own)).hasSize(2);
        assertThat(received(any)).hasSize(3);
        connected.close();
        c.receives(udp("10.0.0.1", 4000, "10.0.0.2", 5000, data(4)));
        assertThat(received(own)).hasSize(4);
    }

    @Test
    @Rfc(value = 1122, section = "4.1.3.4")
    @Rfc(value = 8200, section = "8.1")
    void checksums() {
        UdpSocket s = bound("::", 5000);
        byte[] none = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(3));
        set16(none, 6, 0);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, none));
        assertThat(received(s)).hasSize(3);
        byte[] none6 = udpBody("fd00::1", 4000, "fd00::2", 5000, data(3));
        set16(none6, 6, 0);
        c.receives(ipv6("fd00::1", "fd00::2", 17, 64, none6));
        assertThat(c.dropped()).containsExactly(Counter.Udp6InCsumErrors);
        byte[] bad = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(3));
        bad[9] ^= 4;
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, bad));
        assertThat(c.dropped()).containsExactly(Counter.UdpInCsumErrors);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, bad), p -> p.checksumValid = true);
        assertThat(received(s)).hasSize(3);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, set16(bad.clone(), 4, 12)));
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, set16(bad.clone(), 4, 7)));
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, slice(bad, 0, 7)));
        assertThat(c.dropped()).containsOnly(Counter.UdpInErrors).hasSize(3);
    }

    @Test
    void aSuperDatagramIsManyDatagrams() {
        UdpSocket s = bound("::", 5000);
        c.receives(udp("10.0.0.1", 4000, "10.0.0.2", 5000, data(2500)), p -> {
            p.gsoSize = 1000;
            p.gsoHeaderLength = 28;
            p.checksumPartial = true;
        });
        assertThat(c.rise(Counter.UdpInDatagrams)).isEqualTo(3);
        assertThat(c.rise(Counter.IpInReceives)).isOne();
        assertThat(c.rise(Counter.IpExtInNoECTPkts)).isEqualTo(3);
        assertThat(received(s)).isEqualTo(slice(data(2500), 0, 1000));
        assertThat(received(s)).isEqualTo(slice(data(2500), 1000, 2000));
        assertThat(received(s)).isEqualTo(slice(data(2500), 2000, 2500));
        assertThat(received(s)).isNull();
    }

    /** 0 would say that there is no checksum: a sum of 0 is sent as all ones. */
    @Test
    @Rfc(value = 768)
    @Rfc(value = 8200, section = "8.1")
    void aChecksumOfZeroIsSentAsAllOnes() {
        for (boolean v6 : new boolean[]{false, true}) {
            UdpSocket s = c.host.udp().open();
            s.bind(ip(v6 ? "fd00::2" : "10.0.0.2"), 5001);
            s.connect(ip(v6 ? "fd00::1" : "10.0.0.1"), 7);
            int header = v6 ? 40 : 20;
            s.send(Conversation.nativeCopy(new byte[2]), 0, 2, null, 0, c.now());
            byte[] payload = slice(c.sends(), header + 6, header + 8);
            s.send(Conversation.nativeCopy(payload), 0, 2, null, 0, c.now());
            assertThat(slice(c.sends(), header + 6, header + 8)).isEqualTo(new byte[]{-1, -1});
            s.close();
        }
    }

    @Test
    void theDeviceFinishesTheChecksumWhereItCan() {
        Conversation o = Conversation.onTun(LinkProperties.plain(1500).withOffloads(65_535).withGathering(),
                new Settings());
        UdpSocket s = o.host.udp().open();
        s.connect(ip("10.0.0.1"), 7);
        s.send(Conversation.nativeCopy(data(10)), 0, 10, null, 0, o.now());
        Packet p = o.sendsPacket();
        assertThat(p.checksumPartial).isTrue();
        assertThat(p.checksumStart).isEqualTo(p.start + 20);
        assertThat(p.checksumField).isEqualTo(6);
        s.send(Conversation.nativeCopy(data(2000)), 0, 2000, null, 0, o.now());
        assertThat(o.sendsPacket().checksumPartial).isFalse();
    }

    @Test
    @Rfc(value = 1122, section = "4.1.3.3")
    void errorsReachConnectedSockets() {
        UdpSocket s = c.host.udp().open();
        s.connect(ip("10.0.0.1"), 9);
        send(s, data(10), null, 0);
        byte[] sent = c.sends();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 1, 0, slice(sent, 0, 28))));
        assertThat(s.takeError()).as("not lasting").isNull();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 3, 0, slice(sent, 0, 28))));
        assertThat(s.readiness() & Pollable.ERROR).isNotZero();
        fails(Errno.ECONNREFUSED, () -> send(s, data(10), null, 0));
        send(s, data(10), null, 0);
        c.sends();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 3, 0, slice(sent, 0, 28))));
        fails(Errno.ECONNREFUSED, () -> s.receive(buffer, 0, 10));
        UdpSocket six = c.host.udp().open();
        six.connect(ip("fd00::9"), 9);
        send(six, data(10), null, 0);
        c.receives(icmp6Packet("fd00::9", "fd00::2", 64, 1, 4, 0, c.sends()));
        assertThat(six.takeError()).isEqualTo(Errno.ECONNREFUSED);
    }

    /**
     * Made by a kernel 6.18: what SO_ERROR says after an ICMP error of this type and code, for a connected socket
     * without and with IP_RECVERR (IPV6_RECVERR), and for one that is not connected.
     */
    @ParameterizedTest
    @CsvFileSource(resources = "icmp-errors-of-linux.txt", delimiter = ' ')
    void icmpErrorsAreThoseOfLinux(String family, int type, int code, String connected, String connectedWhoAsks,
            String unconnected, String unconnectedWhoAsks) {
        boolean v6 = family.equals("v6");
        assertThat(errorOf(v6, type, code, true, false)).as("connected").isEqualTo(connected);
        assertThat(errorOf(v6, type, code, true, true)).as("connected, asks").isEqualTo(connectedWhoAsks);
        assertThat(errorOf(v6, type, code, false, false)).as("unconnected").isEqualTo(unconnected);
        assertThat(errorOf(v6, type, code, false, true)).as("unconnected, asks").isEqualTo(unconnectedWhoAsks);
    }

    private String errorOf(boolean v6, int type, int code, boolean connected, boolean asks) {
        String peer = v6 ? "fd00::9" : "10.0.0.1";
        UdpSocket s = c.host.udp().open();
        s.options().receiveErrors = asks;
        if (connected) {
            s.connect(ip(peer), 9);
        }
        send(s, data(10), connected ? null : peer, 9);
        byte[] sent = c.sends();
        boolean tooBig = v6 ? type == 2 : type == 3 && code == 4;
        int rest = tooBig ? 1400 : 0;
        c.receives(v6 ? icmp6Packet(peer, "fd00::2", 64, type, code, rest, sent)
                : ipv4(peer, "10.0.0.2", 1, icmp(type, code, rest, slice(sent, 0, 28))));
        Errno error = s.takeError();
        s.close();
        return error == null ? "-" : error.name();
    }

    @Test
    void unconnectedSocketsHearOfErrorsOnlyWhenTheyAsk() {
        UdpSocket s = bound("0.0.0.0", 5000);
        send(s, data(10), "10.0.0.1", 9);
        byte[] sent = c.sends();
        byte[] error = ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 3, 0, slice(sent, 0, 28)));
        c.receives(error);
        assertThat(s.takeError()).isNull();
        s.options().receiveErrors = true;
        c.receives(error);
        assertThat(s.pollError()).isEqualTo(new UdpError(Errno.ECONNREFUSED, ip("10.0.0.1"), 9, 3, 3, 0));
        assertThat(s.takeError()).isEqualTo(Errno.ECONNREFUSED);
    }

    @Test
    void badCallsSayWhy() {
        UdpSocket s = c.host.udp().open();
        fails(Errno.EDESTADDRREQ, () -> send(s, data(1), null, 0));
        fails(Errno.EMSGSIZE, () -> send(s, data(65_508), "10.0.0.1", 9));
        fails(Errno.EINVAL, () -> send(s, data(1), "10.0.0.1", 0));
        fails(Errno.EACCES, () -> send(s, data(1), "10.0.0.255", 9));
        fails(Errno.EACCES, () -> send(s, data(1), "255.255.255.255", 9));
        fails(Errno.EADDRNOTAVAIL, () -> s.bind(ip("10.0.0.3"), 5000));
        UdpSocket other = bound("0.0.0.0", 5000);
        fails(Errno.EADDRINUSE, () -> s.bind(ip("10.0.0.2"), 5000));
        fails(Errno.EADDRINUSE, () -> s.bind(ip("::"), 5000));
        s.options().v6Only = true;
        s.bind(ip("::"), 5000);
        fails(Errno.EINVAL, () -> s.bind(ip("::"), 5001));
        fails(Errno.EAFNOSUPPORT, () -> send(other, data(1), "fd00::1", 9));
        s.close();
        fails(Errno.EBADF, () -> send(s, data(1), "fd00::1", 9));
        c.host.removeRoute(sluice.wire.Prefix.parse("0.0.0.0/0"), 1);
        fails(Errno.ENETUNREACH, () -> send(other, data(1), "10.9.9.9", 9));
    }

    @Test
    void buffersAreBounded() {
        UdpSocket s = bound("::", 5000);
        s.options().setReceiveBufferBytes(2000);
        for (int i = 0; i < 10; i++) {
            c.receives(udp("10.0.0.1", 4000, "10.0.0.2", 5000, data(500)));
        }
        assertThat(s.queuedDatagrams()).isEqualTo(3);
        assertThat(c.counter(Counter.UdpRcvbufErrors)).isEqualTo(7);
        assertThat(c.counter(Counter.UdpInErrors)).isEqualTo(7);
        assertThat(c.counter(Counter.UdpInDatagrams)).isEqualTo(3);
        s.options().setSendBufferBytes(4000);
        int sent = 0;
        try {
            for (; sent < 100; sent++) {
                send(s, data(500), "10.0.0.1", 9);
            }
        } catch (ErrnoException e) {
            assertThat(e.errno()).isEqualTo(Errno.EAGAIN);
        }
        assertThat(sent).isEqualTo(7);
        assertThat(s.readiness() & Pollable.WRITABLE).isZero();
        while (c.host.pollReady() != null) {
            // start afresh
        }
        assertThat(c.drain()).hasSize(7);
        assertThat(c.host.pollReady()).isSameAs(s);
        assertThat(s.readiness() & Pollable.WRITABLE).isNotZero();
        s.close();
        assertThat(c.host.pool().inUseBytes()).isZero();
        assertThat(c.host.udp().queuedBytes()).isZero();
    }

    @Test
    @Rfc(value = 6056, section = "3.3.1")
    void ephemeralPortsAreRandomAndInRange() {
        Settings s = new Settings();
        s.set("ip_local_port_range", "40000 40009");
        s.set("ip_local_reserved_ports", "40003");
        Conversation few = Conversation.onTun(LinkProperties.plain(1500), s);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 9; i++) {
            UdpSocket u = few.host.udp().open();
            u.bind(ip("::"), 0);
            ports.add(u.localPort());
        }
        assertThat(ports).hasSize(9).doesNotContain(40_003).allMatch(p -> p >= 40_000 && p <= 40_009);
        UdpSocket u = few.host.udp().open();
        fails(Errno.EADDRNOTAVAIL, () -> u.bind(ip("::"), 0));
    }

    @Test
    void talksToItself() {
        UdpSocket server = bound("::", 5000);
        for (String a : new String[]{"127.0.0.1", "::1", "10.0.0.2", "fd00::2", "0.0.0.0"}) {
            UdpSocket client = c.host.udp().open();
            send(client, data(40_000), a, 5000);
            c.sendsNothing();
            UdpReceived r = server.receive(buffer, 0, 70_000);
            assertThat(r).as(a).isNotNull();
            assertThat(r.length).isEqualTo(40_000);
            server.send(buffer, 0, 5, r.source(), r.sourcePort, c.now());
            c.sendsNothing();
            assertThat(received(client)).hasSize(5);
            client.close();
        }
        UdpSocket lost = c.host.udp().open();
        lost.connect(ip("127.0.0.1"), 9);
        send(lost, data(4), null, 0);
        c.sendsNothing();
        assertThat(lost.takeError()).isEqualTo(Errno.ECONNREFUSED);
        assertThat(c.host.ip().queues().packets().inUse()).isZero();
    }

    @Test
    void groupsAndBroadcasts() {
        UdpSocket a = c.host.udp().open();
        a.options().reuseAddress = true;
        a.bind(ip("0.0.0.0"), 5000);
        a.join(ip("224.9.9.9"), 1);
        fails(Errno.ENODEV, () -> a.join(ip("224.9.9.8"), 99));
        UdpSocket b = c.host.udp().open();
        b.options().reuseAddress = true;
        b.bind(ip("0.0.0.0"), 5000);
        c.receives(udp("10.0.0.1", 1, "224.9.9.9", 5000, data(3)));
        assertThat(received(a)).hasSize(3);
        assertThat(received(b)).isNull();
        c.receives(udp("10.0.0.1", 1, "10.0.0.255", 5000, data(4)));
        assertThat(received(a)).hasSize(4);
        assertThat(received(b)).hasSize(4);
        send(a, data(5), "224.9.9.9", 5000);
        byte[] p = c.sends();
        assertThat(p[8]).as("multicast TTL").isOne();
        assertThat(cat(p)).hasSize(33);
        c.sendsNothing();
        assertThat(received(a)).as("comes back to the member").hasSize(5);
        a.options().multicastLoop = false;
        send(a, data(5), "224.9.9.9", 5000);
        c.drain();
        assertThat(received(a)).isNull();
        a.leave(ip("224.9.9.9"), 1);
        c.dropped();
        c.receives(udp("10.0.0.1", 1, "224.9.9.9", 5000, data(3)));
        assertThat(c.dropped()).containsExactly(Counter.IpInAddrErrors);
        c.receives(udp("10.0.0.1", 1, "224.0.0.1", 5000, data(3)));
        assertThat(c.dropped()).containsExactly(Counter.UdpIgnoredMulti);
        b.options().broadcast = true;
        send(b, data(6), "255.255.255.255", 6000);
        assertThat(slice(c.sends(), 16, 20)).containsOnly(255);
    }

    @Test
    void oneCallGoesOutInDatagramsOfEqualSize() {
        UdpSocket s = bound("0.0.0.0", 5000);
        s.options().setSegmentBytes(1000);
        send(s, data(2500), "10.9.9.9", 7);
        for (int i = 0; i < 3; i++) {
            byte[] p = c.sends();
            byte[] payload = slice(data(2500), i * 1000, Math.min(2500, i * 1000 + 1000));
            assertThat(slice(p, 20, p.length)).as("datagram %d", i)
                    .isEqualTo(udpBody("10.0.0.2", 5000, "10.9.9.9", 7, payload));
        }
        c.sendsNothing();
        assertThat(c.counter(Counter.UdpOutDatagrams)).isEqualTo(3);
        assertThat(c.host.pool().inUseBytes()).isZero();
        send(s, data(900), "10.9.9.9", 7);
        assertThat(c.sends()).hasSize(928);
        fails(Errno.EINVAL, () -> s.options().setSegmentBytes(65_536));
        s.options().setSegmentBytes(1473);
        fails(Errno.EMSGSIZE, () -> send(s, data(3000), "10.9.9.9", 7));
        s.options().setSegmentBytes(10);
        fails(Errno.EINVAL, () -> send(s, data(1281), "10.9.9.9", 7));
        send(s, data(1280), "10.9.9.9", 7);
        for (int i = 0; i < 128; i++) {
            assertThat(c.sends()).hasSize(38);
        }
        c.sendsNothing();
    }

    @Test
    void aLinkThatCutsDatagramsGetsThemAsOne() {
        Conversation o = Conversation.onTun(
                LinkProperties.plain(1500).withOffloads(65_535).withGathering().withDatagramCutting(), new Settings());
        UdpSocket s = o.host.udp().open();
        s.options().setSegmentBytes(1200);
        s.send(Conversation.nativeCopy(data(5000)), 0, 5000, ip("10.9.9.9"), 7, o.now());
        Packet p = Packet.ofMaxSize();
        assertThat(o.host.pollTransmit(p, o.now())).isOne();
        assertThat(p.length()).isEqualTo(5028);
        assertThat(p.gsoSize).isEqualTo(1200);
        assertThat(p.gsoHeaderLength).isEqualTo(28);
        assertThat(p.segments()).isEqualTo(5);
        assertThat(p.checksumPartial).isTrue();
        assertThat(o.host.pollTransmit(p, o.now())).isNegative();
        assertThat(o.counter(Counter.UdpOutDatagrams)).isEqualTo(5);
    }
}
