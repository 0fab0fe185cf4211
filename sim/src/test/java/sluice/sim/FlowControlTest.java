package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.Tcp;

/** Section G of the experiments: flow control. Each test is a row, by its id. */
@ExtendWith(Worlds.class)
class FlowControlTest {
    /**
     * Segments of 40 bytes: a window opens only by min(MSS, buffer / 2) or more, and the documents' numbers are
     * multiples of 40 and 20.
     */
    private static final int MTU = 80;

    private World world;
    private SimHost a;
    private SimHost b;
    private SimLink link;
    private TcpSocket sender;
    private TcpSocket receiver;

    private void connect(World w, int mtu, int receiveBuffer, boolean quickAck) {
        connect(w, mtu, receiveBuffer, quickAck, true);
    }

    private void connect(World w, int mtu, int receiveBuffer, boolean quickAck, boolean noDelay) {
        world = w;
        a = w.host("sender").set("tcp_timestamps", "0").set("tcp_window_scaling", "0");
        b = w.host("receiver");
        link = w.link(a, b).delayMs(10).mtu(mtu);
        SocketOptions r = new SocketOptions();
        r.receiveBufferBytes = receiveBuffer;
        r.quickAck = quickAck;
        TcpListener l = b.listen(r, 80, 1);
        SocketOptions s = new SocketOptions();
        s.noDelay = noDelay;
        sender = a.connect(s, b.address(), 80);
        w.runUntil("connected", () -> l.acceptQueueLength() > 0);
        receiver = b.accept(l);
    }

    private int usable() {
        return sender.snd.wnd - (sender.snd.nxt - sender.snd.una);
    }

    private int nxt() {
        return sender.snd.nxt - sender.snd.iss;
    }

    private int advertised() {
        return world.log().segments(b, v -> v.has(Tcp.ACK)).getLast().window();
    }

    private void send(int bytes) {
        assertThat(a.write(sender, bytes)).isEqualTo(bytes);
        world.advance(0.001);
    }

    @Test
    @Rfc(value = 9293, section = "3.3.1")
    void flow200(World w) {
        connect(w, MTU, 200, true);
        new VerifyingSink(b, receiver);
        for (int i = 0; i < 2; i++) {
            send(120);
            w.settle();
        }
        assertThat(nxt()).as("the server sends from SEQ 241").isEqualTo(241);
        assertThat(usable()).isEqualTo(200);
        Held acks = link.from(b).hold(Match.pureAck());

        send(80);
        assertThat(usable()).isEqualTo(120);
        assertThat(nxt()).isEqualTo(321);
        send(120);
        assertThat(usable()).isEqualTo(0);
        assertThat(nxt()).isEqualTo(441);
        w.advance(12);
        assertThat(receiver.rcv.nxt - receiver.rcv.irs).isEqualTo(441);
        assertThat(acks.size()).as("an ACK for each segment of 40").isEqualTo(5);

        releaseAcks(acks, 2);
        assertThat(sender.snd.una - sender.snd.iss).as("the ACK of the 80").isEqualTo(321);
        assertThat(usable()).isEqualTo(80);
        releaseAcks(acks, 3);
        assertThat(sender.snd.una - sender.snd.iss).as("the ACK of the 120").isEqualTo(441);
        assertThat(usable()).isEqualTo(200);
        send(160);
        assertThat(usable()).isEqualTo(40);
        assertThat(nxt()).isEqualTo(601);
        w.advance(12);
        releaseAcks(acks, 4);
        assertThat(sender.snd.una - sender.snd.iss).isEqualTo(601);
        assertThat(usable()).isEqualTo(200);
        assertThat(a.count(Counter.TcpRetransSegs)).isZero();
    }

    private void releaseAcks(Held acks, int n) {
        for (int i = 0; i < n; i++) {
            acks.releaseNext();
        }
        world.advance(10.001);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    void flowSlowReader(World w) {
        connect(w, MTU, 360, true);
        assertThat(sender.snd.wnd).isEqualTo(360);
        boolean[] read = {false};
        b.on(receiver, () -> {
            if (!read[0] && receiver.available() == 140) {
                read[0] = true;
                assertThat(b.read(receiver, 40)).isEqualTo(40);
            }
        });
        send(140);
        assertThat(usable()).isEqualTo(220);
        w.settle();
        assertThat(advertised()).isEqualTo(260);
        assertThat(usable()).isEqualTo(260);
        send(180);
        assertThat(usable()).isEqualTo(80);
        w.settle();
        assertThat(advertised()).isEqualTo(80);
        assertThat(sender.snd.wnd).isEqualTo(80);
        send(80);
        assertThat(usable()).isZero();
        w.settle();
        assertThat(advertised()).as("the window closes").isZero();
        assertThat(sender.snd.wnd).isZero();
        assertThat(b.count(Counter.TcpExtTCPToZeroWindowAdv)).isEqualTo(1);
        assertThat(a.count(Counter.TcpRetransSegs)).isZero();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "SHLD-14")
    void flowShrink(World w) {
        connect(w, MTU, 360, true);
        Held acks = link.from(b).hold(Match.pureAck());
        send(140);
        w.advance(10);
        receiver.change(o -> o.receiveBufferBytes = 360 - 120, w.nowNs());
        send(180); // the sender does not know yet
        assertThat(usable()).isEqualTo(40);
        w.advance(10);
        assertThat(acks.size()).isPositive();
        acks.release();
        w.advance(15);
        assertThat(receiver.receiveBuffer.available()).as("nothing is dropped").isEqualTo(320);
        assertThat(usable()).as("360 stays the right edge").isEqualTo(40);
        assertThat(advertised()).isEqualTo(40);
        assertThat(a.count(Counter.TcpRetransSegs)).isZero();
        link.from(b).untap();
        send(40);
        w.settle();
        assertThat(advertised()).as("lowered first, the buffer later").isZero();
        assertThat(b.read(receiver, 1000)).isEqualTo(360);
        w.settle();
        assertThat(advertised()).isEqualTo(240);
        send(240);
        w.settle();
        assertThat(b.read(receiver, 1000)).isEqualTo(240);
    }

    /**
     * The same with a receiver that does what the standard forbids: on the way its windows are cut by 120, and what
     * does not fit is dropped.
     */
    @Test
    @Rfc(value = 9293, section = "3.8.6", req = {"MUST-34", "SHLD-15", "SHLD-16", "SHLD-17"})
    void flowShrinkCounterfactual(World w) {
        connect(w, MTU, 360, true);
        int edge = sender.snd.iss + 1 + 240;
        int[] dropped = {0};
        Match beyond = v -> v.payload() > 0 && v.seq() + v.payload() - edge > 0;
        link.from(a).see(beyond, v -> dropped[0]++).drop(beyond.first(10));
        link.from(b).rewrite(Match.pureAck().first(10),
                v -> Tcp.setWindow(v.packet().memory, v.transportOffset(), Math.max(0, edge - v.ack())));
        send(140);
        w.advance(10.5);
        send(180);
        assertThat(usable()).isEqualTo(40);
        w.advance(10);
        assertThat(sender.snd.wnd).as("a shrunk window").isEqualTo(100);
        assertThat(usable()).isEqualTo(-80);
        assertThat(dropped[0]).as("what does not fit is dropped").isPositive();
        link.from(a).untap();
        link.from(b).untap();
        w.advance(3000);
        assertThat(receiver.receiveBuffer.available()).as("the sender got over it").isEqualTo(320);
        assertThat(a.count(Counter.TcpRetransSegs)).isPositive();
    }

    /** Closes the window, then opens it with an update that is lost. */
    private void losesTheUpdate() {
        assertThat(a.write(sender, 600)).isEqualTo(600);
        world.advance(50);
        assertThat(advertised()).isZero();
        assertThat(sender.snd.wnd).isZero();
        assertThat(sender.unsentBytes()).isEqualTo(240);
        link.from(b).drop(v -> v.has(Tcp.ACK) && v.window() > 0 && v.payload() == 0);
        assertThat(b.read(receiver, 1000)).isEqualTo(360);
        world.advance(1);
        assertThat(advertised()).as("the update").isEqualTo(360);
        assertThat(world.log().arrived(a, v -> v.window() == 360 && v.payload() == 0 && !v.has(Tcp.SYN))).as("is lost")
                .isZero();
        link.from(b).untap();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-35", "MUST-36"})
    void zeroWindowDeadlock(World w) {
        connect(w, MTU, 360, true);
        losesTheUpdate();
        new VerifyingSink(b, receiver);
        assertThat(sender.timers.isSet(TimerKind.PERSIST)).isTrue();
        int before = w.log().segments(a).size();
        w.advance(1000);
        List<WireSegment> after = w.log().segments(a).subList(before, w.log().segments(a).size());
        assertThat(after.getFirst().payload()).as("a probe").isZero();
        assertThat(after.getFirst().seq()).isEqualTo(sender.snd.iss + 360);
        assertThat(receiver.rcv.nxt - receiver.rcv.irs - 1).as("found the window open").isEqualTo(600);
        assertThat(a.count(Counter.TcpExtTCPWinProbe)).isEqualTo(1);
        assertThat(sender.timers.isSet(TimerKind.PERSIST)).isFalse();
    }

    /** Without a persist timer (its probes are taken off the wire) both wait for ever. */
    @Test
    void zeroWindowDeadlockCounterfactual(World w) {
        connect(w, MTU, 360, true);
        losesTheUpdate();
        link.from(a).drop(Match.pureAck());
        int before = w.log().segments(b).size();
        w.advance(60_000);
        assertThat(w.log().segments(b)).as("the receiver waits for data").hasSize(before);
        assertThat(sender.unsentBytes()).as("the sender waits for a window").isEqualTo(240);
        assertThat(receiver.rcv.nxt - receiver.rcv.irs - 1).isEqualTo(360);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = {"SHLD-29", "SHLD-30", "MUST-37"})
    void zeroWindowIsProbedForEver(World w) {
        connect(w, MTU, 360, true);
        assertThat(a.write(sender, 600)).isEqualTo(600);
        w.advance(50);
        List<Double> times = new ArrayList<>();
        link.from(a).see(Match.pureAck(), v -> times.add(w.nowMs()));
        w.advance(2 * 3600 * 1000);
        assertThat(sender.state()).as("a receiver that keeps answering is never given up")
                .isEqualTo(TcpState.ESTABLISHED);
        assertThat(times).hasSizeGreaterThan(60);
        double rto = sender.rtt.rtoUs() / 1000.0;
        assertThat(rto).isEqualTo(220);
        for (int i = 1; i < times.size(); i++) {
            double wait = Math.min(rto * Math.pow(2, i), 120_000);
            // The timer starts anew with each answer, a round trip after the probe; some probes are not answered
            // (tcp_invalid_ratelimit).
            assertThat(times.get(i) - times.get(i - 1)).as("backing off, up to the greatest timeout")
                    .isBetween(wait - 0.01, wait + 20.01);
        }
        new VerifyingSink(b, receiver);
        w.advance(130_000);
        assertThat(receiver.rcv.nxt - receiver.rcv.irs - 1).isEqualTo(600);
    }

    /**
     * A receiver without avoidance, whose sender has none either: every window is used as soon as it opens. Returns the
     * sizes of the segments.
     */
    private static List<Integer> sillySegments(int buffer, int mss, int rounds) {
        List<Integer> sizes = new ArrayList<>();
        int window = buffer;
        int unread = 0;
        for (int i = 0; i < rounds; i++) {
            int segment = Math.min(window, mss);
            if (segment == 0) {
                break;
            }
            sizes.add(segment);
            unread += segment;
            unread -= segment / 3; // the application reads 1 of every 3 bytes
            window = buffer - unread;
        }
        return sizes;
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2", req = {"MUST-38", "MUST-39"})
    void sillyWindow(World w) {
        List<Integer> silly = sillySegments(360, 1460, 20);
        assertThat(silly.subList(0, 5)).containsExactly(360, 120, 40, 13, 4);
        assertThat(silly.getLast()).as("a few bytes, with 40 of header each").isLessThan(5);

        connect(w, 1500, 360, false, false);
        int[] consumed = {0};
        b.on(receiver, () -> {
            int arrived = receiver.rcv.nxt - receiver.rcv.irs - 1;
            int may = arrived / 3 - consumed[0];
            if (may > 0) {
                consumed[0] += b.read(receiver, may);
            }
        });
        assertThat(a.write(sender, 12_000)).isEqualTo(12_000);
        w.advance(50);
        assertThat(receiver.rcv.nxt - receiver.rcv.irs - 1).isEqualTo(360);
        assertThat(receiver.receiveBuffer.available()).isEqualTo(240);
        assertThat(advertised()).as("120 are free, less than min(MSS, buffer/2) = 180").isZero();
        w.advance(20);
        assertThat(b.read(receiver, 59)).isEqualTo(59);
        w.advance(20);
        assertThat(advertised()).as("179 are free").isZero();
        assertThat(b.read(receiver, 1)).isEqualTo(1);
        w.advance(5);
        assertThat(advertised()).as("180 are free").isEqualTo(180);
        w.advance(20);
        assertThat(w.log().segments(a, Match.data()).stream().mapToInt(WireSegment::payload).min().orElseThrow())
                .as("no small segment")
                .isGreaterThanOrEqualTo(180);
        w.log().clear();
        new SlowReader(b, receiver, 20, 10);
        w.advance(1500);
        List<WireSegment> data = w.log().segments(a, Match.data());
        assertThat(data).hasSizeGreaterThan(10).allMatch(s -> s.payload() >= 180);
        assertThat(w.log().segments(b, Match.pureAck())).allMatch(s -> s.window() == 0 || s.window() >= 180);
    }

    /** The sender's half: small writes are gathered while a small segment is on its way. */
    @Test
    @Rfc(value = 9293, section = "3.7.4", req = {"SHLD-7", "MUST-17"})
    void nagle(World w) {
        connect(w, 1500, 20_000, true, false);
        new VerifyingSink(b, receiver);
        for (int i = 0; i < 10; i++) {
            send(10);
            assertThat(sender.sent.packetsOut()).as("one small segment in flight").isEqualTo(1);
        }
        w.settle();
        assertThat(w.log().segments(a, Match.data()).stream().map(WireSegment::payload)).containsExactly(10, 90);
        w.log().clear();
        sender.options.noDelay = true;
        for (int i = 0; i < 10; i++) {
            send(10);
        }
        w.settle();
        assertThat(w.log().segments(a, Match.data()).stream().map(WireSegment::payload))
                .as("NODELAY: each write a segment").hasSize(10).containsOnly(10);
    }

    /**
     * A client that writes a header and a body and waits for the answer, {@code rounds} times; returns the milliseconds
     * of each round.
     */
    private List<Double> writeWriteRead(int rounds, int flagsOfTheFirst) {
        List<Double> times = new ArrayList<>();
        int[] asked = {0};
        b.on(receiver, () -> {
            while (receiver.available() >= 200) {
                b.read(receiver, 200);
                b.write(receiver, 50);
                asked[0]++;
            }
        });
        for (int i = 0; i < rounds; i++) {
            double start = world.nowMs();
            a.write(sender, 100, flagsOfTheFirst);
            world.advance(0);
            a.write(sender, 100);
            world.runUntil("answered", () -> sender.available() >= 50);
            assertThat(a.read(sender, 50)).isEqualTo(50);
            times.add(world.nowMs() - start);
        }
        assertThat(asked[0]).isEqualTo(rounds);
        return times;
    }

    @Test
    @Rfc(value = 1122, section = "4.2.3.4")
    void nagleDelayedAck(World w) {
        connect(w, 1500, 20_000, false, false);
        List<Double> times = writeWriteRead(20, 0);
        List<Double> later = times.subList(15, 20); // quick acknowledgments of a young connection are over
        assertThat(later).allSatisfy(
                ms -> assertThat(ms).as("two round trips and a delayed ACK of 40 ms").isCloseTo(80, within(0.1)));
        assertThat(b.count(Counter.TcpExtDelayedACKs)).isGreaterThanOrEqualTo(5);
    }

    @Test
    void nagleDelayedAckAvoidedByNoDelay(World w) {
        connect(w, 1500, 20_000, false, true);
        assertThat(writeWriteRead(20, 0)).allSatisfy(ms -> assertThat(ms).isCloseTo(20, within(0.1)));
    }

    @Test
    void nagleDelayedAckAvoidedByOneWrite(World w) {
        connect(w, 1500, 20_000, false, false);
        assertThat(writeWriteRead(20, TcpSocket.FLAG_MORE)).allSatisfy(ms -> assertThat(ms).isCloseTo(20, within(0.1)));
    }

    @Test
    void nagleDelayedAckAvoidedByQuickAck(World w) {
        connect(w, 1500, 20_000, true, false);
        assertThat(writeWriteRead(20, 0))
                .allSatisfy(ms -> assertThat(ms).as("two round trips").isCloseTo(40, within(0.1)));
    }
}
