package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.Tcp;

/** Section F of the experiments: the sliding window. Each test is a row, by its id. */
@ExtendWith(Worlds.class)
class WindowTest {
    /**
     * A connection between "sender" and "receiver" without timestamps and window scaling, so that every number on the
     * wire is the plain one.
     */
    private static World.Pair connect(World w, double rttMs, int mtu, int receiveBuffer) {
        SimHost a = w.host("sender").set("tcp_timestamps", "0").set("tcp_window_scaling", "0");
        SimHost b = w.host("receiver");
        w.link(a, b).delayMs(rttMs / 2).mtu(mtu);
        SocketOptions receiver = new SocketOptions();
        receiver.receiveBufferBytes = receiveBuffer;
        receiver.quickAck = true;
        TcpListener l = b.listen(receiver, 80, 1);
        SocketOptions sender = new SocketOptions();
        sender.noDelay = true;
        TcpSocket c = a.connect(sender, b.address(), 80);
        w.runUntil("connected", () -> l.acceptQueueLength() > 0);
        return new World.Pair(c, b.accept(l));
    }

    private static double bytesPerSecond(long seed, double rttMs, int window) {
        World w = new World(seed);
        World.Pair p = connect(w, rttMs, 1500, window);
        SimHost a = w.hosts().get(0);
        SimHost b = w.hosts().get(1);
        p.client().congestion.set(100, 100);
        BulkSender sender = new BulkSender(a, p.client(), 40L * window);
        new VerifyingSink(b, p.server());
        w.advance(2 * rttMs);
        long bytes = p.client().totals.bytesAcked;
        double start = w.nowMs();
        w.advance(20 * rttMs);
        assertThat(sender.isDone()).isFalse();
        return (p.client().totals.bytesAcked - bytes) * 1000.0 / (w.nowMs() - start);
    }

    @Test
    void stopAndWait() {
        int segment = 1460;
        int full = 40 * segment;
        for (double rttMs : new double[]{1, 3, 10, 30, 100, 300}) {
            double one = bytesPerSecond(1, rttMs, segment);
            double many = bytesPerSecond(2, rttMs, full);
            assertThat(one).as("window / RTT at " + rttMs + " ms").isCloseTo(segment * 1000 / rttMs,
                    within(segment * 1000 / rttMs * 0.001));
            assertThat(many).as("window / RTT at " + rttMs + " ms").isCloseTo(full * 1000 / rttMs,
                    within(full * 1000 / rttMs * 0.001));
        }
    }

    @Test
    void cumulativeAck(World w) {
        World.Pair p = connect(w, 20, 1500, 10_000);
        SimHost a = w.hosts().get(0);
        SimHost b = w.hosts().get(1);
        new VerifyingSink(b, p.server());
        int iss = p.client().snd.iss;
        Match ack600 = v -> v.has(Tcp.ACK) && v.ack() == iss + 1 + 600;
        w.links().getFirst().from(b).drop(ack600);
        for (int i = 0; i < 7; i++) {
            assertThat(a.write(p.client(), 100)).isEqualTo(100);
            w.advance(0.1);
        }
        w.advance(2000);
        assertThat(w.log().segments(b, ack600)).as("ACK 600 was sent").hasSize(1);
        assertThat(w.log().arrived(a, ack600)).as("and lost").isZero();
        assertThat(w.log().arrived(a, v -> v.has(Tcp.ACK) && v.ack() == iss + 1 + 700)).as("ACK 700 arrived")
                .isEqualTo(1);
        assertThat(a.count(Counter.TcpRetransSegs)).as("nothing is retransmitted").isZero();
        assertThat(w.log().segments(a, Match.data())).hasSize(7);
        assertThat(p.client().snd.una - iss - 1).isEqualTo(700);
        assertThat(p.client().sendBuffer.size()).isZero();
    }

    /** The sender's variables, as the document numbers them: byte 1 is the first. */
    private static void sender(TcpSocket t, int una, int nxt, int wnd, int usable) {
        assertThat(t.snd.una - t.snd.iss).as("SND.UNA").isEqualTo(una);
        assertThat(t.snd.nxt - t.snd.iss).as("SND.NXT").isEqualTo(nxt);
        assertThat(t.snd.wnd).as("SND.WND").isEqualTo(wnd);
        assertThat(t.snd.wnd - (t.snd.nxt - t.snd.una)).as("usable window").isEqualTo(usable);
    }

    @Test
    @Rfc(value = 9293, section = "3.3.1")
    void sendWindow(World w) {
        SimHost a = w.host("sender").set("tcp_timestamps", "0").set("tcp_window_scaling", "0");
        SimHost b = w.host("receiver");
        SimLink link = w.link(a, b).delayMs(10);
        // The receiver always says 20: its own silly-window avoidance would not open a window by 5.
        link.from(b).rewrite(v -> v.has(Tcp.ACK), v -> Tcp.setWindow(v.packet().memory, v.transportOffset(), 20));
        SocketOptions o = new SocketOptions();
        o.noDelay = true;
        TcpListener l = b.listen(80);
        l.options().quickAck = true;
        TcpSocket t = a.connect(o, b.address(), 80);
        w.runUntil("connected", () -> l.acceptQueueLength() > 0);
        new VerifyingSink(b, b.accept(l));
        a.write(t, 11);
        w.settle();
        a.write(t, 20);
        w.settle();
        sender(t, 32, 32, 20, 20); // bytes 1–31 are acknowledged

        Held acks = link.from(b).hold(Match.pureAck());
        a.write(t, 5);
        w.advance(0.001);
        a.write(t, 9);
        w.advance(15);
        sender(t, 32, 46, 20, 6); // 32–45 are sent, 46–51 may be, 52… may not
        assertThat(acks.size()).isEqualTo(2);

        a.write(t, 6);
        w.advance(1);
        sender(t, 32, 52, 20, 0); // all sent
        a.write(t, 5);
        w.advance(1);
        sender(t, 32, 52, 20, 0); // 52–56 wait
        assertThat(t.unsentBytes()).isEqualTo(5);

        acks.releaseNext(); // the ACK of 32–36
        boolean[] seen = {false};
        link.from(a).see(Match.data(), v -> {
            seen[0] = true;
            assertThat(t.snd.una - t.snd.iss).as("slid by 5").isEqualTo(37);
            assertThat(v.seq() - t.snd.iss).as("52–56 usable").isEqualTo(52);
            assertThat(v.payload()).isEqualTo(5);
        });
        w.advance(10.5);
        assertThat(seen[0]).isTrue();
        sender(t, 37, 57, 20, 0);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    void receiveWindow(World w) {
        int buffer = 400;
        World.Pair p = connect(w, 20, 80, buffer);
        SimHost a = w.hosts().get(0);
        SimHost b = w.hosts().get(1);
        TcpSocket r = p.server();
        assertThat(r.rcv.wnd).isEqualTo(buffer);
        // arrives, is read before the next step
        int[][] steps = {{140, 0}, {120, 80}, {80, 60}, {40, 0}, {160, 120}, {100, 240}};
        int arrived = 0;
        int read = 0;
        for (int[] step : steps) {
            assertThat(a.write(p.client(), step[0])).isEqualTo(step[0]);
            w.settle();
            arrived += step[0];
            assertThat(r.rcv.nxt - r.rcv.irs).as("RCV.NXT").isEqualTo(1 + arrived);
            WireSegment last = lastAck(w, b);
            assertThat(r.receiveBuffer.available()).as("NextByteExpected - 1 - LastByteRead").isEqualTo(arrived - read);
            assertThat(last.window()).as("MaxRcvBuffer - (NextByteExpected - 1 - LastByteRead)")
                    .isEqualTo(buffer - (arrived - read));
            assertThat(r.rcv.wnd).as("RCV.WND").isEqualTo(last.window());
            assertThat(p.client().snd.wnd).isEqualTo(last.window());
            assertThat(b.read(r, step[1])).isEqualTo(step[1]);
            read += step[1];
        }
    }

    private static WireSegment lastAck(World w, SimHost b) {
        List<WireSegment> acks = w.log().segments(b);
        Predicate<WireSegment> isAck = s -> s.has(Tcp.ACK);
        assertThat(acks).filteredOn(isAck).isNotEmpty();
        return acks.getLast();
    }
}
