package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.tcp.user.TcpSocket;

/**
 * Nothing is lost and the sender is led to think so: it finds out, takes its reduction back, and names the cause. And
 * losses that nothing comes after.
 */
@ExtendWith(Worlds.class)
class SpuriousTest {
    private World world;
    private SimHost a;
    private SimHost b;
    private SimLink link;
    private TcpSocket sender;
    private VerifyingSink sink;
    private BulkSender bulk;

    /**
     * 20 Mbit/s and 40 ms: 100 KB on the way. The receiver's window is 250 KB and the queue holds more, so that nothing
     * is ever lost there.
     */
    private void hosts(World w) {
        world = w;
        a = w.host("sender");
        b = w.host("receiver");
        link = w.link(a, b).delayMs(20);
        link.from(a).rate(20_000_000, 4_000_000);
    }

    private void connect(long bytes) {
        SocketOptions r = new SocketOptions();
        r.receiveBufferBytes = 250_000;
        var l = b.listen(r, 80, 1);
        sender = a.connect(new SocketOptions(), b.address(), 80);
        world.runUntil("connected", () -> l.acceptQueueLength() > 0);
        TcpSocket receiver = b.accept(l);
        sink = new VerifyingSink(b, receiver);
        world.settle();
        world.log().clear();
        bulk = new BulkSender(a, sender, bytes);
    }

    private void done() {
        world.runUntil("all acknowledged", bulk::isDone);
        world.advance(100);
        sender.recovery().diagnosis().settle(true, world.nowNs());
    }

    private long segments(PathFault f) {
        return sender.recovery().diagnosis().segments(f);
    }

    private long undone() {
        return a.count(Counter.TcpExtTCPLossUndo) + a.count(Counter.TcpExtTCPFullUndo)
                + a.count(Counter.TcpExtTCPPartialUndo)
                + a.count(Counter.TcpExtTCPDSACKUndo);
    }

    /** All that is sent in a second arrives a second late, and in order. */
    @ParameterizedTest
    @CsvSource({"1,1", "1,0", "0,1", "0,0"})
    @Rfc(value = 5682, section = "3.1")
    @Rfc(value = 3522, section = "3")
    @Rfc(value = 4015, section = "3")
    void spuriousRto(String timestamps, String sack) {
        World w = new World(1);
        hosts(w);
        a.set("tcp_timestamps", timestamps).set("tcp_sack", sack);
        connect(10_000_000);
        w.advance(1500);
        assertThat(sender.recovery().state()).isEqualTo(RecoveryState.OPEN);
        int cwnd = sender.congestion.cwndSegments();
        long before = a.count(Counter.TcpRetransSegs);
        Held held = link.from(a).hold(Match.any());
        w.advance(1000);
        long timeouts = a.count(Counter.TcpExtTCPTimeouts);
        long probes = a.count(Counter.TcpExtTCPLossProbes);
        assertThat(timeouts).isPositive();
        assertThat(sender.congestion.cwndSegments()).as("collapsed").isLessThanOrEqualTo(2);
        link.from(a).untap();
        held.release();
        w.advance(200);
        // Without SACK timestamps take it back and leave the state; the next acknowledgment ends that, by F-RTO, and
        // counts too (as on Linux).
        assertThat(undone()).as("the reduction is undone")
                .isEqualTo(timestamps.equals("1") && sack.equals("0") ? 2 : 1);
        assertThat(sender.congestion.cwndSegments()).isGreaterThanOrEqualTo(cwnd);
        done();
        assertThat(a.count(Counter.TcpRetransSegs) - before)
                .as("one for each timeout or probe; go-back-N would send the window again")
                .isLessThanOrEqualTo(timeouts + probes + 1);
        if (sack.equals("1") || timestamps.equals("1")) { // without both there is no way to know
            assertThat(segments(PathFault.DATA_LOST)).isZero();
            assertThat(segments(PathFault.DELAYED)).as("the diagnosis").isPositive();
        }
    }

    /** Single segments are overtaken by 30 ms of others, far more than three. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "0"})
    @Rfc(value = 3708, section = "3")
    @Rfc(value = 8985, section = "6.2")
    void spuriousFastRetransmit(String timestamps) {
        World w = new World(2);
        hosts(w);
        a.set("tcp_timestamps", timestamps);
        connect(16_000_000);
        int[] n = {0};
        link.from(a).delay(Match.data().and(v -> w.nowMs() > 1500 && ++n[0] % 400 == 0), 30);
        w.advance(1500);
        int cwnd = sender.congestion.cwndSegments();
        long dropped = link.from(a).dropped();
        done();
        assertThat(link.from(a).dropped()).as("nothing was lost").isEqualTo(dropped);
        long late = n[0] / 400;
        assertThat(late).isGreaterThan(20);
        long retransmissions = a.count(Counter.TcpRetransSegs);
        // With timestamps the stack sees at once that the original was only late, and learns how far this path
        // reorders; D-SACK comes when recovery is over.
        assertThat(retransmissions).as("no more than came late; fewer where the reordering is learned")
                .isLessThanOrEqualTo(timestamps.equals("1") ? late / 2 : late + 1);
        assertThat(undone()).isPositive();
        assertThat(segments(PathFault.DATA_LOST)).isZero();
        assertThat(segments(PathFault.DELAYED)).as("the diagnosis").isEqualTo(retransmissions);
        assertThat(sender.congestion.cwndSegments()).as("the window recovered").isGreaterThanOrEqualTo(cwnd);
        if (timestamps.equals("1")) {
            assertThat(sender.info(w.nowNs()).reordSeen).isPositive();
        }
    }

    @Test
    void threeOfTenAcksAreLost(World w) {
        hosts(w);
        connect(20_000_000);
        double start = w.nowMs();
        link.from(b).netem("loss 30%");
        done();
        long probesAndTimeouts = a.count(Counter.TcpExtTCPLossProbes) + a.count(Counter.TcpExtTCPTimeouts);
        assertThat(a.count(Counter.TcpRetransSegs)).as("later ACKs tell the same; only the last may be missed")
                .isLessThanOrEqualTo(probesAndTimeouts)
                .isLessThanOrEqualTo(3);
        assertThat(segments(PathFault.DATA_LOST) + segments(PathFault.DELAYED) + segments(PathFault.DUPLICATED))
                .isZero();
        assertThat(20_000_000 * 8 / ((w.nowMs() - start) / 1000)).as("the line is full")
                .isGreaterThan(0.9 * 20_000_000);
    }

    /**
     * Requests and answers one at a time: each lost ACK of a request without answer costs a probe or a timeout, and
     * D-SACK names it.
     */
    @Test
    @Rfc(value = 2883, section = "5.3")
    void lostAcksOfSingleSegmentsAreNamed(World w) {
        hosts(w);
        connect(0);
        link.from(b).netem("loss 30%");
        int[] lost = {0};
        for (int i = 0; i < 60; i++) {
            assertThat(a.write(sender, 100)).isEqualTo(100);
            w.runUntil("acknowledged", () -> sender.sent.isEmpty());
            w.advance(100);
        }
        lost[0] = (int) a.count(Counter.TcpRetransSegs);
        sender.recovery().diagnosis().settle(true, w.nowNs());
        assertThat(lost[0]).isGreaterThan(10);
        assertThat(segments(PathFault.DATA_LOST)).isZero();
        assertThat(segments(PathFault.DUPLICATED)).isZero();
        // nothing is undone unless the D-SACK of every copy arrives (RFC 3708 section 3)
        assertThat(segments(PathFault.ACK_LOST)).isGreaterThan(10);
    }

    @Test
    @Rfc(value = 2883, section = "4.1")
    void aQuarterOfThePacketsIsDuplicated(World w) {
        hosts(w);
        connect(20_000_000);
        link.from(a).netem("duplicate 25%");
        int[] least = {Integer.MAX_VALUE};
        link.to(a).see(Match.pureAck(), v -> least[0] = Math.min(least[0], sender.congestion.cwndSegments()));
        long dropped = link.from(a).dropped();
        done();
        assertThat(link.from(a).dropped()).isEqualTo(dropped);
        assertThat(a.count(Counter.TcpRetransSegs)).as("none is necessary").isZero();
        assertThat(least[0]).as("never reduced").isGreaterThanOrEqualTo(10);
        assertThat(sender.congestion.ssthreshSegments()).isGreaterThan(60);
        long segmentsSent = 20_000_000 / 1448;
        assertThat(segments(PathFault.DUPLICATED)).as("the diagnosis").isBetween(segmentsSent / 5,
                segmentsSent * 3 / 10);
        assertThat(segments(PathFault.DATA_LOST) + segments(PathFault.ACK_LOST) + segments(PathFault.DELAYED)).isZero();
    }

    /** The last segments of a write are lost, and nothing comes after them that would draw duplicate ACKs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Rfc(value = 8985, section = "7.2")
    void tailLoss(int lost) {
        World w = new World(3);
        hosts(w);
        link.from(a).rate(0, 0);
        connect(0);
        w.advance(500);
        int segments = 10;
        long end = segments * 1448L;
        link.from(a).drop(Match.data().and(v -> v.seq() - sender.snd.iss - 1 >= end - lost * 1448L).first(lost));
        double start = w.nowMs();
        assertThat(a.write(sender, (int) end)).isEqualTo((int) end);
        w.runUntil("arrived", () -> sink.received() == end);
        double roundTrips = (w.nowMs() - start) / 40;
        w.advance(500);
        assertThat(sender.totals.bytesAcked).isEqualTo(end);
        assertThat(a.count(Counter.TcpExtTCPTimeouts)).as("not by RTO").isZero();
        assertThat(a.count(Counter.TcpExtTCPLossProbes)).isEqualTo(1);
        // Half a round trip for the first flight's ACK, a probe two round trips after that ACK, half a round trip to
        // the receiver; the probe tells what else is missing one round trip later, and PRR begins with one segment. For
        // a single segment the standard adds the time that an ACK may be delayed, as long as that is not beyond RTO.
        assertThat(roundTrips).as("round trips")
                .isLessThan(lost == 1 ? 1 + 240.0 / 40 + 0.7 : 1 + 2 + 0.5 + (lost - 1) + 0.1);
        assertThat(a.count(Counter.TcpRetransSegs)).as("no more than were lost").isEqualTo(lost);
        assertThat(sender.recovery().state()).isEqualTo(RecoveryState.OPEN);
        sender.recovery().diagnosis().settle(true, w.nowNs());
        assertThat(segments(PathFault.DATA_LOST)).isEqualTo(lost);
    }
}
