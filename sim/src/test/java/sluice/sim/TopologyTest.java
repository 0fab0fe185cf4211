package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;

/** What links and clocks can be: queues, steps of the MTU, cuts, skew. */
@ExtendWith(Worlds.class)
class TopologyTest {
    private static final int PORT = 80;

    /** Ten megabytes over 20 Mbit/s × 20 ms; returns the path. */
    private static Path bulk(World w, String queue, boolean ecn) {
        SimHost a = w.host("a").set("tcp_ecn", ecn ? "1" : "0");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(10).rate(20_000_000, queue);
        World.Pair p = w.connect(a, b, PORT);
        BulkSender sender = new BulkSender(a, p.client(), 10_000_000);
        new VerifyingSink(b, p.server());
        w.runUntil("done", sender::isDone);
        assertThat(w.nowMs()).isBetween(4000.0, 4800.0);
        assertThat(p.client().rtt.srttUs()).isGreaterThan(20_000);
        return l.from(a);
    }

    @Test
    void codelKeepsTheQueueShortWhereDropTailFillsIt(World w) {
        Path p = bulk(w, "codel", false);
        assertThat(p.dropped()).isPositive();
        assertThat(p.marked()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"codel ecn", "mark 20"})
    void marksSlowTheSenderWithoutALoss(String queue) {
        World w = new World(3);
        Path p = bulk(w, queue, true);
        assertThat(p.marked()).isPositive();
        assertThat(p.dropped()).isZero();
        assertThat(w.hosts().getFirst().count(Counter.TcpRetransSegs)).isZero();
    }

    @Test
    void aQueueThatIsTakenAwaySendsWhatItHolds(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(1).rate(1_000_000, "pfifo limit 100");
        World.Pair p = w.connect(a, b, PORT);
        BulkSender sender = new BulkSender(a, p.client(), 100_000);
        new VerifyingSink(b, p.server());
        w.advance(20);
        assertThat(l.from(a).queuedBytes()).isPositive();
        l.from(a).rate(0, 0);
        w.runUntil("done", sender::isDone);
        w.settle();
        assertThat(w.inFlight()).isZero();
        assertThat(l.from(a).dropped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anMtuStepIsToldByIcmpOrSwallowsWhatIsLarger(boolean icmp) {
        World w = new World(5);
        SimHost a = w.host("a");
        SimHost r = w.host("r").router();
        SimHost b = w.host("b");
        w.link(a, r).delayMs(5).rate(20_000_000, 100_000);
        SimLink narrow = w.link(r, b).delayMs(5).mtuStep(500, 1300, icmp);
        World.Pair p = w.connect(a, b, PORT);
        BulkSender sender = new BulkSender(a, p.client(), 4_000_000);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.advance(400);
        assertThat(p.client().sendMss).isEqualTo(1448);
        if (icmp) {
            w.runUntil("done", sender::isDone);
            assertThat(p.client().sendMss).isEqualTo(1300 - 52);
            assertThat(w.log().arrived(b, Match.fragment())).isZero();
        } else { // without probing of the path's MTU nothing gets through any more
            w.advance(3000);
            assertThat(a.count(Counter.TcpExtTCPTimeouts)).isPositive();
            long stuckAt = sink.received();
            w.advance(20_000);
            assertThat(sink.received()).isEqualTo(stuckAt);
            narrow.from(r).blackHoleAbove(Long.MAX_VALUE);
            w.runUntil("done", sender::isDone);
        }
        assertThat(sink.received()).isEqualTo(4_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {551, 512, 296, 68})
    void onAPathBelowTheLeastPathMtuEverythingArrivesInFragments(int mtu) {
        World w = new World(5);
        SimHost a = w.host("a");
        SimHost r = w.host("r").router();
        SimHost b = w.host("b");
        w.link(a, r).delayMs(5).rate(20_000_000, 100_000);
        w.link(r, b).delayMs(5).mtuStep(500, mtu, true);
        World.Pair p = w.connect(a, b, PORT);
        BulkSender sender = new BulkSender(a, p.client(), 2_000_000);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.advance(400);
        assertThat(p.client().sendMss).isEqualTo(1448);
        w.runUntil("done", sender::isDone);
        assertThat(p.client().pathMtu).isEqualTo(552);
        assertThat(w.log().arrived(b, Match.fragment())).isPositive();
        assertThat(sink.received()).isEqualTo(2_000_000);
        World.Pair later = w.connect(a, b, PORT + 1);
        assertThat(later.client().pathMtu).as("knows before it sends").isEqualTo(552);
        BulkSender second = new BulkSender(a, later.client(), 100_000);
        new VerifyingSink(b, later.server());
        w.runUntil("done", second::isDone);
    }

    @Test
    void aCutThatHealsIsOnlyATimeLost(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(5).rate(10_000_000, 50_000);
        World.Pair p = w.connect(a, b, PORT);
        BulkSender sender = new BulkSender(a, p.client(), 3_000_000);
        new VerifyingSink(b, p.server());
        w.after(1000, l::cut);
        w.after(3000, l::heal);
        w.runUntil("done", sender::isDone);
        assertThat(w.nowMs()).isBetween(4400.0, 7000.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, -500, 50_000, -50_000})
    void aSkewedClockTurnsTimersNotBytes(int ppm) {
        World w = new World(7);
        SimHost a = w.host("a").clockSkewPpm(ppm);
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(10);
        World.Pair p = w.connect(a, b, PORT);
        w.settle();
        assertThat((a.nowNs() - World.START_NS) / (double) (w.nowNs() - World.START_NS)).isCloseTo(1 + ppm / 1e6,
                org.assertj.core.data.Offset.offset(1e-6));
        l.from(a).drop(Match.data().first(3));
        double start = w.nowMs();
        a.write(p.client(), 1000);
        w.runUntil("retransmitted", () -> w.log().segments(a, Match.data()).size() == 4);
        // TLP, RTO and backoff by the host's own clock: 200 ms and more, so the skew shows.
        var times = w.log().segments(a, Match.data()).stream().mapToDouble(WireSegment::ms).toArray();
        double exact = (times[3] - start) * (1 + ppm / 1e6);
        assertThat(exact).isBetween(500.0, 1200.0);
        assertThat(times[3] - times[2]).isCloseTo(2 * (times[2] - times[1]), org.assertj.core.data.Offset.offset(15.0));
    }

    @Test
    void clocksAgreeBothWays() {
        for (int ppm : new int[]{0, 1, -1, 37, -99_999, 100_000}) {
            SkewedClock c = new SkewedClock();
            c.skew(ppm, World.START_NS);
            for (long t = World.START_NS; t < 1_000_000_000_000_000L; t = t * 3 + 12_345) {
                assertThat(c.at(c.worldTimeOf(t))).isGreaterThanOrEqualTo(t);
                assertThat(c.at(c.worldTimeOf(t) - 1)).isLessThan(t);
            }
        }
    }
}
