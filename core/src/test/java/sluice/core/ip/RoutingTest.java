package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6Packet;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.udp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.MtuDiscovery;
import sluice.core.Route;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** Routes, source addresses, path MTUs. */
class RoutingTest {
    private final Host host = new Host(HostConfig.builder(Entropy.seeded(1)).build());

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private void twoLinks() {
        host.addInterface("tun0", LinkProperties.plain(1500));
        host.addInterface("tun1", LinkProperties.plain(1400));
        host.addAddress(1, ip("10.0.0.2"), 24);
        host.addAddress(1, ip("10.0.1.2"), 24);
        host.addAddress(1, ip("fd00::2"), 64);
        host.addAddress(1, ip("fe80::2"), 64);
        host.addAddress(2, ip("192.168.1.2"), 16);
        host.addAddress(2, ip("2001:db8::2"), 32);
        host.addRoute(Prefix.parse("0.0.0.0/0"), 1, ip("10.0.1.1"), 10);
        host.addRoute(Prefix.parse("0.0.0.0/0"), 2, ip("192.168.1.1"), 20);
        host.addRoute(Prefix.parse("192.168.7.0/24"), 1, ip("10.0.0.1"), 0);
        host.addRoute(Prefix.parse("::/0"), 2, ip("2001:db8::1"), 0);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.9,1,10.0.0.2,10.0.0.9", "10.0.1.9,1,10.0.1.2,10.0.1.9", "8.8.8.8,1,10.0.1.2,10.0.1.1",
        "192.168.7.9,1,10.0.0.2,10.0.0.1",
        "192.168.8.9,2,192.168.1.2,192.168.8.9", "fd00::9,1,fd00::2,fd00::9", "fe80::9,1,fe80::2,fe80::9",
        "2001:db8:9::,2,2001:db8::2,2001:db8:9::",
        "2a00::1,2,2001:db8::2,2001:db8::1", "10.0.0.2,0,10.0.0.2,10.0.0.2", "127.3.2.1,0,127.3.2.1,127.3.2.1",
        "::1,0,::1,::1",
        "224.1.1.1,1,10.0.0.2,224.1.1.1", "255.255.255.255,1,10.0.0.2,255.255.255.255"})
    @Rfc(value = 1122, section = "3.3.1")
    @Rfc(value = 6724, section = "5")
    void theLongestPrefixWins(String to, int index, String source, String nextHop) {
        twoLinks();
        Route r = host.ip().route(null, ip(to));
        assertThat(r).isNotNull();
        assertThat(r.interfaceIndex).isEqualTo(index);
        assertThat(r.source).isEqualTo(ip(source));
        assertThat(r.nextHop).isEqualTo(ip(nextHop));
    }

    @Test
    void aRouteTurnsInvalidWhenAnythingChanges() {
        twoLinks();
        Route before = host.ip().route(null, ip("8.8.8.8"));
        assertThat(host.ip().route(null, ip("8.8.8.8"))).isSameAs(before);
        host.onLinkState(1, false, 5);
        assertThat(before.isValid()).isFalse();
        Route after = host.ip().route(null, ip("8.8.8.8"));
        assertThat(after.interfaceIndex).isEqualTo(2);
        host.removeRoute(Prefix.parse("0.0.0.0/0"), 2);
        assertThat(after.isValid()).isFalse();
        assertThat(host.ip().route(null, ip("8.8.8.8"))).isNull();
        host.onLinkState(1, true, 6);
        assertThat(host.ip().route(null, ip("8.8.8.8"))).isNotNull();
        Route chosen = host.ip().route(ip("10.0.0.2"), ip("8.8.8.8"));
        assertThat(chosen.source).isEqualTo(ip("10.0.0.2"));
        host.updateLink(1, LinkProperties.plain(1280));
        assertThat(chosen.isValid()).isFalse();
        assertThat(host.ip().route(null, ip("8.8.8.8")).link.mtu()).isEqualTo(1280);
    }

    @Test
    @Rfc(value = 6724, section = "5")
    void sourceAddressesFollowScopeDeprecationAndPrefix() {
        host.addInterface("tun0", LinkProperties.plain(1500));
        host.addAddress(1, ip("fe80::2"), 64);
        host.addAddress(1, ip("fd00::2"), 64);
        host.addAddress(1, ip("2001:db8:1::2"), 64);
        host.addAddress(1, ip("2001:db8:2::2"), 64);
        host.addRoute(Prefix.parse("::/0"), 1, null, 0);
        assertThat(host.ip().route(null, ip("2001:db8:2::9")).source).isEqualTo(ip("2001:db8:2::2"));
        assertThat(host.ip().route(null, ip("2001:db8:1::9")).source).isEqualTo(ip("2001:db8:1::2"));
        assertThat(host.ip().route(null, ip("fd77::1")).source).isEqualTo(ip("fd00::2"));
        assertThat(host.ip().route(null, ip("fe80::1")).source).isEqualTo(ip("fe80::2"));
        assertThat(host.ip().route(null, ip("ff02::1")).source).isEqualTo(ip("fe80::2"));
        host.interfaces().get(1).find(ip("2001:db8:2::2")).preferredUntilNs = 0;
        host.ip().addressesChanged();
        assertThat(host.ip().route(null, ip("2001:db8:2::9")).source).isEqualTo(ip("2001:db8:1::2"));
    }

    @Test
    void badCallsSayWhy() {
        twoLinks();
        assertThatThrownBy(() -> host.addAddress(1, ip("10.0.0.2"), 24)).isInstanceOfSatisfying(ErrnoException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
        assertThatThrownBy(() -> host.addAddress(1, ip("224.0.0.2"), 24)).isInstanceOfSatisfying(ErrnoException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
        assertThatThrownBy(() -> host.addAddress(9, ip("10.0.0.3"), 24)).isInstanceOfSatisfying(ErrnoException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertThatThrownBy(() -> host.removeAddress(1, ip("10.0.0.3"))).isInstanceOfSatisfying(ErrnoException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.EADDRNOTAVAIL));
        host.removeAddress(1, ip("10.0.0.2"));
        assertThat(host.ip().isLocal(ip("10.0.0.2"))).isFalse();
        assertThat(host.ip().route(null, ip("10.0.0.9")).nextHop).isEqualTo(ip("10.0.1.1"));
        assertThat(host.ip().isBroadcast(ip("10.0.1.255"))).isTrue();
        assertThat(host.ip().isBroadcast(ip("10.0.0.255"))).isFalse();
    }

    @Test
    @Rfc(value = 1191, section = "7.1")
    void plateaus() {
        int[] seen = new int[5];
        int mtu = 65_535;
        for (int i = 0; i < 5; i++) {
            mtu = PathMtuCache.plateauBelow(mtu);
            seen[i] = mtu;
        }
        assertThat(seen).containsExactly(32_000, 17_914, 8166, 4352, 2002);
        assertThat(PathMtuCache.plateauBelow(1500)).isEqualTo(1492);
        assertThat(PathMtuCache.plateauBelow(68)).isEqualTo(68);
    }

    @Test
    @Rfc(value = 1191, section = "3")
    @Rfc(value = 8201, section = "4")
    void aReportLowersThePathMtuForAWhile() {
        Conversation c = Conversation.onTun();
        UdpSocket s = c.host.udp().open();
        s.connect(ip("10.9.9.9"), 7);
        s.send(Conversation.nativeCopy(data(1400)), 0, 1400, null, 0, c.now());
        byte[] sent = c.sends();
        assertThat(sent[6] & 0x40).as("DF").isNotZero();
        assertThat(slice(sent, 4, 6)).as("identification of an atomic datagram").isEqualTo(new byte[2]);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 4, 1000, slice(sent, 0, 28))));
        assertThat(c.host.ip().pathMtu(c.host.ip().route(null, ip("10.9.9.9")), ip("10.9.9.9"), c.now()))
                .isEqualTo(1000);
        assertThat(s.takeError()).as("told once, as a connected socket of Linux is").isEqualTo(Errno.EMSGSIZE);
        s.send(Conversation.nativeCopy(data(1400)), 0, 1400, null, 0, c.now());
        assertThat(c.drain()).hasSize(2).allMatch(p -> p.length <= 1000 && (p[6] & 0x40) == 0);
        s.options().mtuDiscovery = MtuDiscovery.DO;
        assertThatThrownBy(() -> s.send(Conversation.nativeCopy(data(1400)), 0, 1400, null, 0, c.now()))
                .isInstanceOfSatisfying(ErrnoException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.EMSGSIZE));
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 4, 68, slice(sent, 0, 28))));
        assertThat(c.host.ip().pathMtu(c.host.ip().route(null, ip("10.9.9.9")), ip("10.9.9.9"), c.now())).as("min_pmtu")
                .isEqualTo(552);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 4, 1400, slice(sent, 0, 28))));
        assertThat(c.host.ip().pathMtu(c.host.ip().route(null, ip("10.9.9.9")), ip("10.9.9.9"), c.now()))
                .as("never raised").isEqualTo(552);
        c.after(600_001);
        assertThat(c.host.ip().pathMtu(c.host.ip().route(null, ip("10.9.9.9")), ip("10.9.9.9"), c.now()))
                .isEqualTo(1500);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(3, 4, 0, slice(sent, 0, 28))));
        assertThat(c.host.ip().pathMtu(c.host.ip().route(null, ip("10.9.9.9")), ip("10.9.9.9"), c.now()))
                .as("plateau below 1428").isEqualTo(1006);
    }

    @Test
    void aReportAboutNobodysPacketTeachesNothing() {
        Conversation c = Conversation.onTun();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1,
                icmp(3, 4, 1000, slice(udp("10.0.0.2", 5000, "10.9.9.9", 7, data(9)), 0, 28))));
        c.receives(icmp6Packet("fd00::1", "fd00::2", 64, 2, 0, 1300, udp("fd00::2", 5000, "fd99::9", 7, data(9))));
        assertThat(c.host.ip().pathMtus().isEmpty()).isTrue();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1,
                icmp(3, 4, 1000, slice(udp("10.0.0.7", 5000, "10.9.9.9", 7, data(9)), 0, 28))));
        assertThat(c.dropped()).containsExactly(Counter.IcmpInErrors);
    }

    @Test
    void pathMtusAreBounded() {
        PathMtuCache cache = new PathMtuCache();
        for (int i = 0; i < 10_000; i++) {
            assertThat(cache.reduce(IpAddress.ofV4(i), 1000, 1500, 552, 1_000_000, 0)).isTrue();
        }
        assertThat(cache.size()).isEqualTo(PathMtuCache.MAX_ENTRIES);
        assertThat(cache.get(IpAddress.ofV4(9999), 1500, 1)).isEqualTo(1000);
        assertThat(cache.get(IpAddress.ofV4(0), 1500, 1)).isEqualTo(1500);
        assertThat(cache.get(IpAddress.ofV4(9999), 1500, 1_000_000)).isEqualTo(1500);
    }
}
