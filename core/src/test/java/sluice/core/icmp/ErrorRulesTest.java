package sluice.core.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.ethernet;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.udp;
import static sluice.core.TestPackets.udpBody;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/** About which packets an error is sent, and how often. */
class ErrorRulesTest {
    private final Conversation c = Conversation.onTun();

    @Test
    @Rfc(value = 1122, section = "3.2.2")
    void aClosedPortIsReportedWithAsMuchOfThePacketAsFits() {
        byte[] p = udp("10.0.0.1", 4000, "10.0.0.2", 9, data(1000));
        byte[] error = c.receives(p).sends();
        assertThat(error).hasSize(576);
        assertThat(slice(error, 12, 22)).isEqualTo(hex("0a000002 0a000001 0303"));
        assertThat(slice(error, 28, 576)).isEqualTo(slice(p, 0, 548));
        assertThat(c.dropped()).containsExactly(Counter.UdpNoPorts);
        byte[] p6 = udp("fd00::1", 4000, "fd00::2", 9, data(1400));
        byte[] error6 = c.receives(p6).sends();
        assertThat(error6).hasSize(1280);
        assertThat(slice(error6, 40, 42)).isEqualTo(hex("0104"));
        assertThat(slice(error6, 48, 1280)).isEqualTo(slice(p6, 0, 1232));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,10.0.0.255", "10.0.0.1,255.255.255.255", "10.0.0.1,224.0.0.1", "240.0.0.1,10.0.0.2",
        "fd00::1,ff02::1", "::,fd00::2"})
    @Rfc(value = 1122, section = "3.2.2")
    @Rfc(value = 4443, section = "2.4")
    void silentAboutGroupsAndStrangeSources(String from, String to) {
        c.receives(udp(from, 4000, to, 9, data(10))).sendsNothing();
        assertThat(c.dropped()).hasSize(1);
    }

    @Test
    @Rfc(value = 1122, section = "3.2.2")
    void silentAboutErrorsAndLaterFragments() {
        byte[] inner = slice(ipv4("10.0.0.2", "10.0.0.1", 200, data(20)), 0, 28);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, 1, 0, 64, hex("01070900"), icmp(3, 3, 0, inner))).sendsNothing();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, 1, 0, 64, hex("01070900"), icmp(8, 0, 0, inner))).sends();
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, 1, 0x2001, 64, hex("01070900"), data(24))).sendsNothing();
        c.receives(ipv6("fd00::1", "fd00::2", 60, 64,
                cat(hex("3a00850400000000"), icmp6("fd00::1", "fd00::2", 1, 4, 0, data(48))))).sendsNothing();
        c.receives(ipv6("fd00::1", "fd00::2", 60, 64,
                cat(hex("3a00850400000000"), icmp6("fd00::1", "fd00::2", 137, 0, 0, data(48))))).sendsNothing();
        c.receives(ipv6("fd00::1", "fd00::2", 60, 64,
                cat(hex("3a00850400000000"), icmp6("fd00::1", "fd00::2", 128, 0, 0, data(48))))).sends();
    }

    @Test
    @Rfc(value = 1122, section = "3.2.2")
    void silentAboutBroadcastsOfTheLink() {
        Conversation e = Conversation.onEthernet(new Settings());
        e.host.addAddress(1, IpAddress.parse("10.0.0.2"), 24);
        e.after(3000);
        e.drain();
        byte[] p = ipv4("10.0.0.1", "10.0.0.2", 17, udpBody("10.0.0.1", 1, "10.0.0.2", 9, data(4)));
        e.receives(ethernet(0xffff_ffff_ffffL, 0x0200_0000_0001L, 0x0800, p)).sendsNothing();
        assertThat(e.dropped()).containsExactly(Counter.UdpNoPorts);
    }

    @Test
    @Rfc(value = 4443, section = "2.4")
    void errorsToOneHostComeAtALimitedRate() {
        byte[] p = udp("10.0.0.1", 4000, "10.0.0.2", 9, data(10));
        for (int i = 0; i < 20; i++) {
            c.receives(p);
        }
        assertThat(c.drain()).hasSize(6);
        assertThat(c.counter(Counter.IcmpOutRateLimitHost)).isEqualTo(14);
        c.after(1000);
        c.receives(p).receives(p);
        assertThat(c.drain()).hasSize(1);
        c.receives(udp("10.0.0.3", 4000, "10.0.0.2", 9, data(10)));
        assertThat(c.drain()).hasSize(1);
    }

    /** What a destination has not used is not saved up beyond a burst. */
    @Test
    @Rfc(value = 1812, section = "4.3.2.8")
    void creditForErrorsHasABound() {
        byte[] p = udp("10.0.0.1", 4000, "10.0.0.2", 9, data(10));
        for (int i = 0; i < 6; i++) {
            c.receives(p);
        }
        assertThat(c.drain()).hasSize(6);
        c.after(3_600_000);
        for (int i = 0; i < 50; i++) {
            c.receives(p);
        }
        assertThat(c.drain()).hasSize(6);
    }

    @Test
    void errorsOfTheWholeHostAreLimitedToo() {
        Settings s = new Settings();
        s.set("icmp_msgs_per_sec", "10");
        s.set("icmp_msgs_burst", "5");
        Conversation limited = Conversation.onTun(sluice.core.LinkProperties.plain(1500), s);
        for (int i = 0; i < 20; i++) {
            limited.receives(udp("10.0.1." + i, 4000, "10.0.0.2", 9, data(10)));
        }
        assertThat(limited.drain()).hasSize(5);
        assertThat(limited.counter(Counter.IcmpOutRateLimitGlobal)).isEqualTo(15);
        limited.after(100);
        limited.receives(udp("10.0.1.99", 4000, "10.0.0.2", 9, data(10))).sends();
    }

    @Test
    void echoRepliesAreNotLimited() {
        for (int i = 0; i < 100; i++) {
            c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(8, 0, i, data(10))));
        }
        assertThat(c.drain()).hasSize(100);
    }
}
