package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;

/** The simulator itself. */
@ExtendWith(Worlds.class)
class WorldTest {
    /** A megabyte through loss; returns the hash. */
    private static long transfer(long seed, String netem) {
        World w = new World(seed);
        SimHost a = w.host("client");
        SimHost b = w.host("server");
        w.link(a, b).delayMs(5).netem(netem);
        World.Pair p = w.connect(a, b, 80);
        BulkSender sender = new BulkSender(a, p.client(), 300_000).thenClose();
        VerifyingSink sink = new VerifyingSink(b, p.server()).thenClose();
        w.runUntil("all arrived", sink::hasEnded);
        w.runUntil("all acknowledged", sender::isDone);
        assertThat(sink.received()).isEqualTo(300_000);
        p.client().close(w.nowNs());
        w.advance(120_000);
        w.checkClean();
        return w.hash();
    }

    @Test
    void sameSeedSameHash() {
        assertThat(transfer(1, "loss 3% delay 5ms 5ms")).isEqualTo(transfer(1, "loss 3% delay 5ms 5ms"))
                .isNotEqualTo(transfer(2, "loss 3% delay 5ms 5ms"));
    }

    @Test
    void rateAndQueue(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(10).rate(10_000_000, 30_000);
        World.Pair p = w.connect(a, b, 80);
        BulkSender sender = new BulkSender(a, p.client(), 1_250_000);
        new VerifyingSink(b, p.server());
        double start = w.nowMs();
        w.runUntil("done", sender::isDone);
        assertThat(w.nowMs() - start).isBetween(1000.0, 1400.0);
        assertThat(l.from(a).dropped()).isPositive();
    }

    @Test
    void tapsDropHoldDelayAndDouble(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(10);
        World.Pair p = w.connect(a, b, 80);
        w.settle();
        l.from(a).drop(Match.data().nth(2));
        Held held = l.from(a).hold(Match.data().nth(1));
        l.from(a).duplicate(Match.data().nth(4));
        a.write(p.client(), 6 * 1448);
        w.advance(15);
        assertThat(held.size()).isEqualTo(1);
        assertThat(p.server().available()).isZero();
        held.release();
        w.advance(400);
        assertThat(b.read(p.server(), 10_000)).isEqualTo(6 * 1448);
        assertThat(b.count(Counter.TcpExtTCPDSACKOfoSent) + b.count(Counter.TcpExtTCPDSACKOldSent)).isPositive();
    }

    @Test
    void routersForwardAndSayWhatFits(World w) {
        SimHost a = w.host("a");
        SimHost r = w.host("r").router();
        SimHost b = w.host("b");
        w.link(a, r).delayMs(1);
        w.link(r, b).delayMs(1).mtu(1400);
        World.Pair p = w.connect(a, b, 80);
        BulkSender sender = new BulkSender(a, p.client(), 100_000);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.runUntil("done", sender::isDone);
        assertThat(sink.received()).isEqualTo(100_000);
        assertThat(w.log().arrived(b, Match.fragment())).isZero();
    }

    @Test
    void echoOverIpv6AndSuperSegments(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b).delayMs(1).superSegments(65_535);
        b.serve(7, t -> new Echo(b, t));
        var c = a.connect(new sluice.core.tcp.data.SocketOptions(), b.address6(), 7);
        long[] got = {0};
        new BulkSender(a, c, 200_000).thenClose();
        a.on(c, () -> {
            for (int n = c.receive(w.buffer(), 0, 65_536, 0, w.nowNs()); n > 0; n = c.receive(w.buffer(), 0, 65_536, 0,
                    w.nowNs())) {
                got[0] += n;
            }
        });
        w.runUntil("all came back", () -> got[0] == 200_000);
    }

    @Test
    void failuresTellHowToSeeThemAgain(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(10);
        World.Pair p = w.connect(a, b, 80);
        l.from(a).rewrite(Match.data(),
                v -> v.packet().memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, v.packet().end - 1L, (byte) 0));
        new BulkSender(a, p.client(), 10_000);
        new VerifyingSink(b, p.server());
        assertThatThrownBy(() -> w.advance(1000)).isInstanceOf(SimFailure.class).hasMessageContaining("wrong byte")
                .hasMessageContaining("-Dsluice.seed=")
                .hasMessageContaining(".pcapng").hasMessageContaining("SYN");
    }
}
