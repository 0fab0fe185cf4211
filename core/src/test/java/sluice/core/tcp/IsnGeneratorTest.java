package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.tcp.TcpConversation.with;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.core.tcp.segment.FourTuple;
import sluice.wire.IpAddress;

/** Where sequence numbers and timestamps begin: elsewhere for each connection, and known to nobody else. */
class IsnGeneratorTest {
    private static final FourTuple FIRST = tuple("10.0.0.2", 5000, "10.0.0.1", 80);

    private static FourTuple tuple(String local, int localPort, String remote, int remotePort) {
        return new FourTuple(IpAddress.parse(local), localPort, IpAddress.parse(remote), remotePort);
    }

    @Test
    @Rfc(value = 6528, section = "3")
    @Rfc(value = 6191, section = "2")
    void eachAddressAndPortMovesBothAndTheSameFourTupleGoesOn() {
        FourTuple[] others = {tuple("10.0.0.3", 5000, "10.0.0.1", 80), tuple("10.0.0.2", 5001, "10.0.0.1", 80),
            tuple("10.0.0.2", 5000, "10.0.0.9", 80), tuple("10.0.0.2", 5000, "10.0.0.1", 81),
            tuple("10.0.0.1", 80, "10.0.0.2", 5000)};
        IsnGenerator g = new IsnGenerator(Entropy.seeded(1));
        Set<Integer> offsets = new HashSet<>(Set.of(g.timestampOffset(FIRST)));
        Set<Integer> isns = new HashSet<>(Set.of(g.next(FIRST, 0)));
        for (FourTuple t : others) {
            assertThat(offsets.add(g.timestampOffset(t))).as("offset of " + t).isTrue();
            assertThat(isns.add(g.next(t, 0))).as("ISN of " + t).isTrue();
        }
        assertThat(g.timestampOffset(tuple("10.0.0.2", 5000, "10.0.0.1", 80))).isEqualTo(g.timestampOffset(FIRST));
        assertThat(g.next(FIRST, 1_000_000_000L) - g.next(FIRST, 0)).isEqualTo(250_000);
        assertThat(new IsnGenerator(Entropy.seeded(2)).timestampOffset(FIRST)).as("another host")
                .isNotEqualTo(g.timestampOffset(FIRST));
    }

    private static int timestampFor(TcpConversation c, int peerPort) {
        c.reopen();
        c.peerPort = peerPort;
        c.send("S 0(0) <mss 1460, sackOK, ts 7/0>");
        return c.any().tsVal;
    }

    @Test
    void connectionsOfOnePeerDoNotShareAnOffsetNorDoTheirCookies() {
        TcpConversation c = with().listening();
        int one = timestampFor(c, 4000);
        assertThat(timestampFor(c, 4001)).isNotEqualTo(one);
        c.after(7);
        assertThat(timestampFor(c, 4000)).as("goes on").isEqualTo(one + 7);
        TcpConversation cookies = with().set("tcp_syncookies", 2).listening();
        int first = timestampFor(cookies, 4000);
        assertThat(Math.abs(timestampFor(cookies, 4001) - first)).as("more than the options kept in its low bits")
                .isGreaterThan(64);
        TcpConversation without = with().set("tcp_timestamps", 2).listening();
        assertThat(timestampFor(without, 4000)).isEqualTo(timestampFor(without, 4001));
    }
}
