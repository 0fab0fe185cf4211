package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6Packet;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.u16;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.LinkProperties;
import sluice.core.MtuDiscovery;
import sluice.core.RouteMetrics;
import sluice.core.Settings;
import sluice.core.icmp.PingReply;
import sluice.core.icmp.PingSocket;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** What routers teach of paths: what is believed, for how long, and what a path that carries too little is sent. */
class PathMtuTest {
    private static final IpAddress FAR = IpAddress.parse("10.9.9.9");
    private static final IpAddress FAR_V6 = IpAddress.parse("fd99::9");

    private static UdpSocket connected(Conversation c, IpAddress to) {
        UdpSocket s = c.host.udp().open();
        s.connect(to, 7);
        return s;
    }

    private static List<byte[]> sent(Conversation c, UdpSocket s, int bytes) {
        s.takeError(); // a connected socket is told once that the path is smaller than it was (EMSGSIZE)
        s.send(Conversation.nativeCopy(data(bytes)), 0, bytes, null, 0, c.now());
        return c.drain();
    }

    private static boolean dontFragment(byte[] packet) {
        return (packet[6] & 0x40) != 0;
    }

    private static int mtu(Conversation c, IpAddress to) {
        return c.host.ip().pathMtu(c.host.ip().route(null, to), to, c.now());
    }

    private static void reportV4(Conversation c, byte[] about, int mtu) {
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 4, mtu, slice(about, 0, 28))));
    }

    private static void reportV6(Conversation c, byte[] about, int mtu) {
        c.receives(icmp6Packet("fd00::1", "fd00::2", 64, 2, 0, mtu, about));
    }

    @ParameterizedTest
    @ValueSource(ints = {551, 512, 296, 68})
    void aPathBelowTheLeastPathMtuIsLockedThereAndRoutersMayCut(int reported) {
        Conversation c = Conversation.onTun();
        UdpSocket s = connected(c, FAR);
        byte[] first = sent(c, s, 1400).getFirst();
        assertThat(dontFragment(first)).isTrue();
        reportV4(c, first, reported);
        assertThat(mtu(c, FAR)).isEqualTo(552);
        assertThat(sent(c, s, 1400)).hasSize(3).allMatch(p -> p.length <= 552 && !dontFragment(p));
        List<byte[]> whole = sent(c, s, 524);
        assertThat(whole).as("fits 552").hasSize(1).noneMatch(PathMtuTest::dontFragment);
        assertThat(sent(c, connected(c, FAR), 100)).as("another socket").noneMatch(PathMtuTest::dontFragment);
        assertThat(sent(c, connected(c, IpAddress.parse("10.9.9.8")), 100)).as("another path")
                .allMatch(PathMtuTest::dontFragment);
        s.options().mtuDiscovery = MtuDiscovery.DO;
        assertThat(sent(c, s, 100)).as("an application that insists").allMatch(PathMtuTest::dontFragment);
    }

    @Test
    void datagramsWithoutDfHaveIdentifications() {
        Conversation c = Conversation.onTun();
        UdpSocket s = connected(c, FAR);
        reportV4(c, sent(c, s, 1400).getFirst(), 296);
        int first = u16(sent(c, s, 524).getFirst(), 4);
        int second = u16(sent(c, s, 524).getFirst(), 4);
        assertThat(second).as("a router may cut both").isEqualTo(first + 1 & 0xffff);
    }

    @Test
    void theLinkGetsAnIdentificationForEachDatagramOfASuperSegment() {
        Conversation c = Conversation.onTun(LinkProperties.plain(1500).withOffloads(65_535).withDatagramCutting(),
                new Settings());
        UdpSocket s = connected(c, FAR);
        s.options().mtuDiscovery = MtuDiscovery.DONT;
        s.options().setSegmentBytes(1000);
        int first = u16(sent(c, s, 9500).getFirst(), 4);
        int second = u16(sent(c, s, 9500).getFirst(), 4);
        assertThat(second - first & 0xffff).isEqualTo(10);
    }

    @Test
    void theLockIsNotMovedAndExpires() {
        Conversation c = Conversation.onTun();
        UdpSocket s = connected(c, FAR);
        byte[] first = sent(c, s, 1400).getFirst();
        reportV4(c, first, 296);
        c.after(300_000);
        reportV4(c, first, 68);
        reportV4(c, first, 552);
        reportV4(c, first, 1400);
        assertThat(mtu(c, FAR)).isEqualTo(552);
        assertThat(sent(c, s, 100)).noneMatch(PathMtuTest::dontFragment);
        c.after(299_999);
        assertThat(sent(c, s, 100)).noneMatch(PathMtuTest::dontFragment);
        c.after(2);
        assertThat(mtu(c, FAR)).as("600 s after the first report").isEqualTo(1500);
        assertThat(sent(c, s, 1400)).hasSize(1).allMatch(PathMtuTest::dontFragment);
        reportV4(c, first, 1000);
        assertThat(mtu(c, FAR)).isEqualTo(1000);
        assertThat(sent(c, s, 100)).as("not locked").allMatch(PathMtuTest::dontFragment);
        reportV4(c, first, 296);
        assertThat(mtu(c, FAR)).as("lower still").isEqualTo(552);
        assertThat(sent(c, s, 100)).noneMatch(PathMtuTest::dontFragment);
    }

    @Test
    void theLeastPathMtuIsASetting() {
        Settings settings = new Settings();
        settings.set("net.ipv4.route.min_pmtu", "296");
        Conversation c = Conversation.onTun(LinkProperties.plain(1500), settings);
        UdpSocket s = connected(c, FAR);
        byte[] first = sent(c, s, 1400).getFirst();
        reportV4(c, first, 296);
        assertThat(mtu(c, FAR)).isEqualTo(296);
        assertThat(sent(c, s, 100)).allMatch(PathMtuTest::dontFragment);
        reportV4(c, first, 295);
        assertThat(mtu(c, FAR)).isEqualTo(296);
        assertThat(sent(c, s, 100)).noneMatch(PathMtuTest::dontFragment);
    }

    @Test
    void aLinkSmallerThanTheLeastPathMtuIsLockedAtItsSize() {
        Conversation c = Conversation.onTun(LinkProperties.plain(500), new Settings());
        UdpSocket s = connected(c, FAR);
        reportV4(c, sent(c, s, 400).getFirst(), 296);
        assertThat(mtu(c, FAR)).isEqualTo(500);
        assertThat(sent(c, s, 400)).hasSize(1).noneMatch(PathMtuTest::dontFragment);
    }

    @Test
    void aRouteWithALockedMtuGoesWithoutDfAndIpv6KnowsNoLock() {
        Conversation c = Conversation.onTun();
        RouteMetrics locked = new RouteMetrics(1400, true, 0, 0);
        c.host.addRoute(new Prefix(FAR, 32), 1, IpAddress.parse("10.0.0.1"), 0, locked);
        c.host.addRoute(new Prefix(FAR_V6, 128), 1, IpAddress.parse("fd00::1"), 0, locked);
        UdpSocket v4 = connected(c, FAR);
        byte[] first = sent(c, v4, 1300).getFirst();
        assertThat(dontFragment(first)).isFalse();
        reportV4(c, first, 600);
        assertThat(mtu(c, FAR)).isEqualTo(1400);
        UdpSocket v6 = connected(c, FAR_V6);
        reportV6(c, sent(c, v6, 1300).getFirst(), 1300);
        assertThat(mtu(c, FAR_V6)).isEqualTo(1300);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 68, 1000, 1279})
    @Rfc(value = 8201, section = "4")
    void aPacketTooBigBelow1280IsDiscarded(int reported) {
        Conversation c = Conversation.onTun();
        UdpSocket s = connected(c, FAR_V6);
        s.options().receiveErrors = true;
        s.options().mtuDiscovery = MtuDiscovery.DO;
        reportV6(c, sent(c, s, 1400).getFirst(), reported);
        assertThat(c.dropped()).containsExactly(Counter.Icmp6InErrors);
        assertThat(mtu(c, FAR_V6)).isEqualTo(1500);
        assertThat(s.pollError()).isNull();
        assertThat(s.takeError()).isNull();
        assertThat(sent(c, s, 1400)).hasSize(1);

        PingSocket ping = c.host.icmp().openPing(FAR_V6);
        ping.send(1400, 0, c.now());
        reportV6(c, c.sends(), reported);
        assertThat(c.dropped()).containsExactly(Counter.Icmp6InErrors);
        assertThat(ping.poll()).isNull();
        assertThat(c.host.ip().pathMtus().isEmpty()).isTrue();
    }

    @Test
    @Rfc(value = 8201, section = "4")
    void aPacketTooBigOf1280IsBelieved() {
        Conversation c = Conversation.onTun();
        PingSocket ping = c.host.icmp().openPing(FAR_V6);
        ping.send(1400, 0, c.now());
        reportV6(c, c.sends(), 1280);
        PingReply reply = ping.poll();
        assertThat(reply).isNotNull();
        assertThat(mtu(c, FAR_V6)).isEqualTo(1280);
        ping.send(1400, 0, c.now());
        assertThat(c.drain()).as("cut, with fragment headers").hasSize(2)
                .allMatch(p -> p.length <= 1280 && p[6] == 44);
    }

    @Test
    void pingsToALockedPathAreCutThere() {
        Conversation c = Conversation.onTun();
        reportV4(c, sent(c, connected(c, FAR), 1400).getFirst(), 296);
        PingSocket ping = c.host.icmp().openPing(FAR);
        ping.send(1400, 0, c.now());
        assertThat(c.drain()).hasSize(3).allMatch(p -> p.length <= 552 && !dontFragment(p));
    }
}
