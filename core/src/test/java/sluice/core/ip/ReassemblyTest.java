package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.sum;
import static sluice.core.TestPackets.u16;
import static sluice.core.TestPackets.udpBody;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.LinkProperties;
import sluice.core.Settings;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;

/** Fragments in every order, twice, overlapping, never complete. */
class ReassemblyTest {
    private Conversation c;
    private UdpSocket socket;
    private final MemorySegment buffer = Arena.ofAuto().allocate(70_000);

    @BeforeEach
    void open() {
        open(Conversation.onTun());
    }

    private void open(Conversation conversation) {
        c = conversation;
        socket = c.host.udp().open();
        socket.bind(IpAddress.ANY_V6, 5000);
        socket.options().setReceiveBufferBytes(1_000_000);
    }

    private byte[] received() {
        UdpReceived r = socket.receive(buffer, 0, 70_000);
        if (r == null) {
            return null;
        }
        return buffer.asSlice(0, r.length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] fragment4(int id, byte[] datagram, int from, int to) {
        return ipv4("10.0.0.1", "10.0.0.2", 17, id, from >>> 3 | (to < datagram.length ? 0x2000 : 0), 64, new byte[0],
                slice(datagram, from, to));
    }

    private static byte[] fragment6(int id, byte[] datagram, int from, int to) {
        byte[] h = new byte[8];
        h[0] = 17;
        set16(h, 2, from | (to < datagram.length ? 1 : 0));
        set16(h, 6, id);
        return ipv6("fd00::1", "fd00::2", 44, 64, cat(h, slice(datagram, from, to)));
    }

    @Test
    @Rfc(value = 815)
    @Rfc(value = 8200, section = "4.5")
    void anyOrderGivesTheSameDatagram() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            boolean v4 = round % 2 == 0;
            byte[] payload = data(1 + random.nextInt(20_000));
            byte[] u = v4 ? udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, payload)
                    : udpBody("fd00::1", 4000, "fd00::2", 5000, payload);
            List<byte[]> fragments = new ArrayList<>();
            int at = 0;
            while (at < u.length) {
                int to = Math.min(u.length, at + 8 * (1 + random.nextInt(180)));
                fragments.add(v4 ? fragment4(round, u, at, to) : fragment6(round, u, at, to));
                at = to;
            }
            int copies = fragments.size();
            for (int i = 0; i < copies && fragments.size() > 1; i += 3) {
                fragments.add(fragments.get(i));
            }
            Collections.shuffle(fragments, random);
            fragments.forEach(c::receives);
            assertThat(received()).as("round %d", round).isEqualTo(payload);
            c.after(61_000);
            c.drain();
        }
        assertThat(c.host.ip().reassembly().memoryBytes()).isZero();
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    @Test
    @Rfc(value = 5722, section = "4")
    void anOverlapSpoilsTheWholeDatagram() {
        byte[] u4 = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(92));
        byte[] u6 = udpBody("fd00::1", 4000, "fd00::2", 5000, data(92));
        c.receives(fragment4(1, u4, 0, 48));
        c.dropped();
        c.receives(fragment4(1, u4, 40, 100));
        assertThat(c.dropped()).containsExactly(Counter.IpReasmFails);
        assertThat(c.rise(Counter.IpExtReasmOverlaps)).isOne();
        c.receives(fragment6(1, u6, 0, 48));
        c.receives(fragment6(1, u6, 40, 100));
        assertThat(c.dropped()).containsExactly(Counter.Ip6ReasmFails);
        assertThat(received()).isNull();
        assertThat(c.host.ip().reassembly().size()).isZero();
        c.sendsNothing();
    }

    /** RFC 791 3.2: source, destination, protocol and identification together name a datagram. */
    @Test
    @Rfc(value = 791, section = "3.2")
    void everyPartOfTheKeyKeepsDatagramsApart() {
        byte[] u = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(92));
        c.receives(fragment4(1, u, 0, 48));
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 6, 1, 6, 64, new byte[0], slice(u, 48, 100)));
        assertThat(received()).as("another protocol").isNull();
        c.receives(ipv4("10.0.0.3", "10.0.0.2", 17, 1, 6, 64, new byte[0], slice(u, 48, 100)));
        assertThat(received()).as("another source").isNull();
        c.receives(fragment4(2, u, 48, 100));
        assertThat(received()).as("another identification").isNull();
        assertThat(c.host.ip().reassembly().size()).isEqualTo(4);
        c.receives(fragment4(1, u, 48, 100));
        assertThat(received()).isEqualTo(data(92));
    }

    @Test
    @Rfc(value = 815, section = "3")
    void aLastFragmentThatEndsBeforeHeldDataEndsTheDatagram() {
        byte[] u4 = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(92));
        c.receives(fragment4(1, u4, 56, 80));
        c.dropped();
        c.receives(fragment4(1, slice(u4, 0, 48), 40, 48));
        assertThat(c.dropped()).containsExactly(Counter.IpReasmFails);
        byte[] u6 = udpBody("fd00::1", 4000, "fd00::2", 5000, data(92));
        c.receives(fragment6(1, u6, 56, 80));
        c.receives(fragment6(1, slice(u6, 0, 48), 40, 48));
        assertThat(c.dropped()).containsExactly(Counter.Ip6ReasmFails);
        assertThat(c.host.ip().reassembly().size()).isZero();
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    @Test
    @Rfc(value = 8200, section = "4.5")
    void theTimeoutIsReportedWhenTheFirstFragmentIsThere() {
        byte[] u4 = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(92));
        byte[] first = fragment4(1, u4, 0, 48);
        c.receives(first);
        c.receives(fragment4(2, u4, 48, 100));
        assertThat(c.after(29_999)).isEmpty();
        List<byte[]> sent = c.after(2);
        assertThat(sent).hasSize(1);
        assertThat(slice(sent.getFirst(), 20, 22)).isEqualTo(hex("0b01"));
        assertThat(slice(sent.getFirst(), 28, sent.getFirst().length)).isEqualTo(first);
        assertThat(c.counter(Counter.IpReasmTimeout)).isEqualTo(2);

        byte[] u6 = udpBody("fd00::1", 4000, "fd00::2", 5000, data(92));
        byte[] first6 = fragment6(1, u6, 0, 48);
        c.receives(first6);
        assertThat(c.after(59_999)).isEmpty();
        sent = c.after(2);
        assertThat(sent).hasSize(1);
        assertThat(slice(sent.getFirst(), 40, 42)).isEqualTo(hex("0301"));
        assertThat(slice(sent.getFirst(), 48, sent.getFirst().length)).isEqualTo(first6);
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    @Test
    @Rfc(value = 6946, section = "4")
    void anAtomicFragmentStandsAlone() {
        byte[] u = udpBody("fd00::1", 4000, "fd00::2", 5000, data(92));
        c.receives(fragment6(1, u, 0, 48));
        c.receives(fragment6(1, u, 0, 100));
        assertThat(received()).isEqualTo(data(92));
        c.receives(fragment6(1, u, 48, 100));
        assertThat(received()).isEqualTo(data(92));
    }

    @Test
    @Rfc(value = 8200, section = "4.5")
    void wrongLengthsAreReported() {
        byte[] u = udpBody("fd00::1", 4000, "fd00::2", 5000, data(92));
        c.receives(fragment6(1, u, 0, 43));
        byte[] error = c.sends();
        assertThat(slice(error, 40, 42)).isEqualTo(hex("0400"));
        assertThat(u16(error, 46)).isEqualTo(4);
        byte[] far = fragment6(2, data(70_000), 65_528, 65_600);
        c.receives(far);
        error = c.sends();
        assertThat(slice(error, 40, 42)).isEqualTo(hex("0400"));
        assertThat(u16(error, 46)).isEqualTo(42);
        c.receives(ipv6("fd00::1", "fd00::2", 44, 64, cat(hex("06000001 00000009"), data(16))));
        error = c.sends();
        assertThat(slice(error, 40, 42)).isEqualTo(hex("0403"));
        assertThat(c.dropped()).hasSize(3);
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 17, 1, 0x1fff, 64, new byte[0], data(100)));
        assertThat(c.dropped()).containsExactly(Counter.IpReasmFails);
    }

    @Test
    @Rfc(value = 3168, section = "5.3")
    void oneMarkedFragmentMarksTheWhole() {
        byte[] u = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(92));
        for (int[] marks : new int[][]{{2, 3, 3}, {2, 2, 2}, {0, 3, -1}}) {
            for (int i = 0; i < 2; i++) {
                byte[] f = i == 0 ? fragment4(1, u, 0, 48) : fragment4(1, u, 48, 100);
                f[1] = (byte) marks[i];
                set16(f, 10, 0);
                set16(f, 10, sum(slice(f, 0, 20)));
                c.receives(f);
            }
            UdpReceived r = socket.receive(buffer, 0, 1000);
            assertThat(r == null ? -1 : r.tos).isEqualTo(marks[2]);
        }
    }

    @Test
    void memoryIsBoundedAndTheOldestGivesWay() {
        Settings s = new Settings();
        s.set("ipfrag_high_thresh", "65536");
        open(Conversation.onTun(LinkProperties.plain(1500), s));
        byte[] u = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(2000));
        for (int id = 0; id < 1000; id++) {
            c.receives(fragment4(id, u, 0, 1480));
            assertThat(c.host.ip().reassembly().memoryBytes()).isLessThanOrEqualTo(65_536);
        }
        c.receives(fragment4(999, u, 1480, u.length));
        assertThat(received()).isEqualTo(data(2000));
        c.after(31_000);
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    @Test
    void theLargestDatagramsFit() {
        byte[] u = udpBody("10.0.0.1", 4000, "10.0.0.2", 5000, data(65_507));
        for (int at = 0; at < u.length; at += 1480) {
            c.receives(fragment4(3, u, at, Math.min(u.length, at + 1480)));
        }
        assertThat(received()).isEqualTo(data(65_507));
        byte[] u6 = udpBody("fd00::1", 4000, "fd00::2", 5000, data(65_527));
        for (int at = 0; at < u6.length; at += 1448) {
            c.receives(fragment6(3, u6, at, Math.min(u6.length, at + 1448)));
        }
        assertThat(received()).isEqualTo(data(65_527));
    }
}
