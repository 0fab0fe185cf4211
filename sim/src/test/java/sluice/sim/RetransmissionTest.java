package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.data.RttEstimator;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceEvent;

/** Section E of the experiments: retransmission. Each test is a row, by its id. */
@ExtendWith(Worlds.class)
class RetransmissionTest {
    /** Headers of a segment without timestamps. */
    private static final int HEADERS = 40;

    private World world;
    private SimHost a;
    private SimHost b;
    private SimLink link;
    private TcpSocket sender;
    private TcpSocket receiver;
    private VerifyingSink sink;

    /**
     * A sender and a receiver that acknowledges each segment, 20 ms apart and back; no timestamps, no tail loss probes.
     */
    private void hosts(World w, int mss) {
        world = w;
        a = w.host("sender").set("tcp_timestamps", "0").set("tcp_early_retrans", "0");
        b = w.host("receiver");
        link = w.link(a, b).delayMs(10).mtu(mss + HEADERS);
    }

    private void connect(SocketOptions options, boolean quickAck) {
        SocketOptions r = new SocketOptions();
        r.quickAck = quickAck;
        TcpListener l = b.listen(r, 80, 1);
        options.noDelay = true;
        sender = a.connect(options, b.address(), 80);
        world.runUntil("connected", () -> l.acceptQueueLength() > 0 && sender.isEstablished());
        receiver = b.accept(l);
        sink = new VerifyingSink(b, receiver);
        world.settle();
        world.log().clear();
    }

    /** Who reads at once what ends with PSH has it acknowledged at once, as on Linux: this application waits. */
    private void readLate() {
        sink.slowly(1 << 20, 5000);
    }

    private void connect(World w, int mss) {
        hosts(w, mss);
        connect(new SocketOptions(), true);
    }

    private void send(int bytes) {
        assertThat(a.write(sender, bytes)).isEqualTo(bytes);
        world.advance(0);
    }

    /** Sequence number, counted from SND.ISS. */
    private int seq(WireSegment s) {
        return s.seq() - sender.snd.iss;
    }

    private int seq(PacketView v) {
        return v.seq() - sender.snd.iss;
    }

    private Match dataAt(int seq) {
        return Match.data().and(v -> seq(v) == seq);
    }

    private List<Integer> acks() {
        return world.log().segments(b).stream().map(s -> s.ack() - sender.snd.iss).toList();
    }

    private List<Integer> sackOf(WireSegment s) {
        return s.sack().stream().map(edge -> edge - sender.snd.iss).toList();
    }

    private List<WireSegment> sent(int seq) {
        return world.log().segments(a, dataAt(seq));
    }

    private long segments(PathFault f) {
        sender.info(world.nowNs());
        return sender.recovery.diagnosis().segments(f);
    }

    private void diagnosis(int dataLost, int ackLost, int delayed, int duplicated) {
        sender.recovery.diagnosis().settle(true, world.nowNs());
        assertThat(List.of(segments(PathFault.DATA_LOST), segments(PathFault.ACK_LOST), segments(PathFault.DELAYED),
                segments(PathFault.DUPLICATED)))
                .as("data lost, ACK lost, delayed, duplicated")
                .containsExactly((long) dataLost, (long) ackLost, (long) delayed, (long) duplicated);
    }

    private void idle() {
        world.advance(1000);
        assertThat(sender.sent.isEmpty()).isTrue();
        assertThat(sink.received()).isEqualTo(sender.totals.bytesAcked);
    }

    @Test
    @Rfc(value = 6298, section = "5")
    void rtoDataLost(World w) {
        connect(w, 500);
        link.from(a).drop(dataAt(1).nth(1));
        double start = w.nowMs();
        send(500);
        assertThat(sender.rtt.rtoUs()).as("20 ms, and 200 ms for the least variance").isEqualTo(220_000);
        w.advance(220);
        assertThat(sent(1)).hasSize(2);
        assertThat(sent(1).get(1).ms() - start).as("after RTO").isEqualTo(220, within(1e-9));
        assertThat(sender.rtt.rtoUs()).as("doubled").isEqualTo(440_000);
        assertThat(sink.received()).isZero();
        w.advance(20);
        assertThat(sink.received()).isEqualTo(500);
        assertThat(sender.rtt.rtoUs()).as("kept until there is a sample (Karn)").isEqualTo(440_000);
        assertThat(acks()).containsExactly(501);
        assertThat(a.count(Counter.TcpExtTCPTimeouts)).isEqualTo(1);
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
        idle();
        diagnosis(1, 0, 0, 0);
        assertDiagnosis(w, PathFault.DATA_LOST, 1, 501);
        assertThat(a.count(Counter.SluicePathDataLost)).isEqualTo(1);
    }

    private void assertDiagnosis(World w, PathFault fault, int from, int to) {
        assertThat(w.log().events(a, TraceEvent.PathDiagnosis.class)).anySatisfy(d -> {
            assertThat(d.fault()).isEqualTo(fault);
            assertThat(d.range().seq() - sender.snd.iss).isEqualTo(from);
            assertThat(d.range().bytes()).isEqualTo(to - from);
        });
    }

    @Test
    @Rfc(value = 6298, section = "5")
    void rtoAckLost(World w) {
        connect(w, 500);
        link.from(b).drop(Match.pureAck().nth(1));
        double start = w.nowMs();
        send(500);
        w.advance(220);
        assertThat(sink.received()).isEqualTo(500);
        assertThat(sent(1)).hasSize(2);
        assertThat(sent(1).get(1).ms() - start).as("after RTO").isEqualTo(220, within(1e-9));
        idle();
        assertThat(sink.received()).as("the receiver drops the duplicate").isEqualTo(500);
        assertThat(acks()).as("and acknowledges again").containsExactly(501, 501);
        assertThat(b.count(Counter.TcpExtDelayedACKLost)).isEqualTo(1);
        assertThat(sackOf(w.log().segments(b).getLast())).as("D-SACK").containsExactly(1, 501);
        diagnosis(0, 1, 0, 0);
    }

    /**
     * RFC 6298 section 2 in plain arithmetic, milliseconds, with Linux's three changes, for one sample a round trip.
     */
    private static final class Estimate {
        double srtt;
        double rttvar;
        double rto;
        private double worst;
        private double used;

        void sample(double r) {
            if (srtt == 0) {
                srtt = r;
                rttvar = r / 2;
                used = Math.max(4 * rttvar, 200);
            } else {
                double error = r - srtt;
                // a round trip that falls does not raise the variance so much
                double beta = error < 0 && -error > rttvar ? 1.0 / 32 : 1.0 / 4;
                rttvar += beta * (Math.abs(error) - rttvar);
                srtt += error / 8;
                worst = Math.max(200, 4 * rttvar); // the least RTO stands in for the variance
                // up at once, down by a quarter of the way each round trip
                used = worst >= used ? worst : used - (used - worst) / 4;
            }
            rto = srtt + used;
        }

        /** RTO = SRTT + 4 · RTTVAR. */
        double rtoByTheStandard() {
            return srtt + 4 * rttvar;
        }
    }

    @Test
    @Rfc(value = 6298, section = "2")
    @Rfc(value = 6298, section = "3")
    void rtoEstimate(World w) {
        connect(w, 500);
        Estimate e = new Estimate();
        e.sample(20); // the handshake
        double[] roundTrips = {20, 30, 40, 80, 160, 240, 320, 300, 290, 310, 305, 300, 100, 90, 95, 250, 20, 20, 20, 20,
            20};
        int equal = 0;
        for (double r : roundTrips) {
            link.from(b).delayMs(r - 10);
            send(100);
            w.advance(r + 0.001);
            assertThat(sender.sent.isEmpty()).isTrue();
            e.sample(r);
            assertThat(sender.rtt.latestUs()).isEqualTo(Math.round(r * 1000));
            assertThat(sender.rtt.srttUs() / 1000.0).as("SRTT after " + r).isEqualTo(e.srtt, within(0.005));
            assertThat(sender.rtt.rttvarUs() / 1000.0).as("RTTVAR after " + r).isEqualTo(e.rttvar, within(0.01));
            assertThat(sender.rtt.rtoUs() / 1000.0).as("RTO after " + r).isEqualTo(e.rto, within(0.05))
                    .isGreaterThanOrEqualTo(e.rtoByTheStandard() - 0.05);
            equal += Math.abs(e.rto - e.rtoByTheStandard()) < 1e-9 ? 1 : 0;
        }
        assertThat(equal).as("samples after which RTO is SRTT + 4 · RTTVAR exactly").isGreaterThanOrEqualTo(4);
        assertThat(sender.rtt.samples()).isEqualTo(1 + roundTrips.length);
        assertThat(a.count(Counter.TcpRetransSegs)).isZero();
    }

    /** Karn's rule: a segment retransmitted gives no sample; with timestamps it does. */
    @Test
    @Rfc(value = 6298, section = "3")
    void rtoEstimateKarn(World w) {
        connect(w, 500);
        link.from(a).drop(dataAt(1).nth(1));
        send(500);
        idle();
        assertThat(sent(1)).hasSize(2);
        assertThat(sender.rtt.samples()).as("the handshake's only").isEqualTo(1);
        assertThat(sender.rtt.srttUs()).isEqualTo(20_000);
        send(500);
        idle();
        assertThat(sender.rtt.samples()).isEqualTo(2);
    }

    @Test
    @Rfc(value = 7323, section = "4.1")
    void rtoEstimateKarnWithTimestamps(World w) {
        hosts(w, 512);
        a.set("tcp_timestamps", "1");
        connect(new SocketOptions(), true);
        link.from(a).drop(dataAt(1).nth(1));
        send(500);
        idle();
        assertThat(sent(1)).hasSize(2);
        assertThat(sender.rtt.samples()).as("the echo tells which copy came").isEqualTo(2);
        assertThat(sender.rtt.latestUs()).isEqualTo(20_000);
        assertThat(sender.rtt.srttUs()).isEqualTo(20_000);
    }

    /**
     * Sends 20 segments, one after the other's acknowledgment; the fifth is lost. Returns the milliseconds that took.
     */
    private double stopAndWait(long fixedRtoUs) {
        SocketOptions o = new SocketOptions();
        o.fixedRtoUs = fixedRtoUs;
        o.congestionControl = "fixed:1";
        connect(o, true);
        link.from(a).drop(dataAt(2001).nth(1));
        double start = world.nowMs();
        send(20 * 500);
        world.runUntil("all acknowledged", () -> sender.totals.bytesAcked == 20 * 500);
        return world.nowMs() - start;
    }

    @Test
    void rtoTooSmall(World w) {
        hosts(w, 500);
        double ms = stopAndWait(15_000);
        assertThat(ms).as("no silence: one more round trip for the loss").isLessThan(20 * 20 + 45);
        assertThat(a.count(Counter.TcpRetransSegs)).as("but each segment is retransmitted, once spuriously")
                .isGreaterThanOrEqualTo(20);
        w.advance(1000);
        sender.recovery.diagnosis().settle(true, w.nowNs());
        assertThat(segments(PathFault.DATA_LOST)).isEqualTo(1);
        assertThat(segments(PathFault.DELAYED)).as("spurious").isEqualTo(19);
    }

    @Test
    void rtoTooLarge(World w) {
        hosts(w, 500);
        double ms = stopAndWait(5_000_000);
        assertThat(ms).as("a long silence").isEqualTo(20 * 20 + 5000, within(0.1));
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
    }

    /** The estimator beside them: no spurious retransmission and a silence of 220 ms. */
    @Test
    void rtoEstimated(World w) {
        hosts(w, 500);
        double ms = stopAndWait(0);
        assertThat(ms).isEqualTo(20 * 20 + 220, within(0.1));
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
        diagnosis(1, 0, 0, 0);
    }

    @Test
    @Rfc(value = 6298, section = "5.5")
    @Rfc(value = 9293, section = "3.8.3", req = {"MUST-20", "SHLD-11"})
    void rtoBackoff(World w) {
        hosts(w, 500);
        link.delayMs(0);
        connect(new SocketOptions(), true);
        link.from(a).cut();
        double start = w.nowMs();
        send(500);
        w.runUntil("given up", () -> sender.state() == TcpState.CLOSED);
        List<WireSegment> copies = sent(1);
        double rto = 200.001;
        double sum = 0;
        assertThat(copies).hasSize(17);
        for (int i = 1; i < copies.size(); i++) {
            assertThat(copies.get(i).ms() - copies.get(i - 1).ms()).as("doubled, 120 s at most").isEqualTo(rto,
                    within(0.001));
            sum += rto;
            rto = Math.min(rto * 2, 120_000);
        }
        // tcp_retries2 = 15 means 0.2 + 0.4 … 102.4 + 6 × 120 = 924.6 s after the first retransmission, as on Linux;
        // the first timeout after that ends the connection.
        assertThat(sum).isEqualTo(924_600, within(1.1));
        assertThat(w.nowMs() - start).isEqualTo(1_044_600, within(1.1)).isGreaterThan(924_600 + 200);
        assertThat(sender.takeError()).isEqualTo(Errno.ETIMEDOUT);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-21")
    void rtoBackoffGivesUpAsToldByRetries2(World w) {
        hosts(w, 500);
        a.set("tcp_retries2", "3");
        link.delayMs(0);
        connect(new SocketOptions(), true);
        link.from(a).cut();
        double start = w.nowMs();
        send(500);
        w.runUntil("given up", () -> sender.state() == TcpState.CLOSED);
        assertThat(sent(1)).hasSize(5);
        assertThat(w.nowMs() - start)
                .as("first timeout more than 0.2 + 0.4 + 0.8 + 1.6 s after the first retransmission")
                .isEqualTo(6200, within(0.1));
    }

    private void fastRetransmit(boolean sack) {
        a.set("tcp_sack", sack ? "1" : "0");
        connect(new SocketOptions(), true);
        link.from(a).drop(dataAt(501).nth(1));
        double start = world.nowMs();
        send(5 * 500);
        world.advance(20);
        assertThat(acks()).as("ACK 2, 2, 2, 2").containsExactly(501, 501, 501, 501);
        assertThat(sent(501)).as("the third duplicate resends segment 2").hasSize(2);
        assertThat(sent(501).get(1).ms() - start).as("before RTO").isEqualTo(20, within(1e-9));
        world.advance(20);
        assertThat(acks()).as("then ACK 6").containsExactly(501, 501, 501, 501, 2501);
        assertThat(a.count(Counter.TcpExtTCPFastRetrans)).isEqualTo(1);
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
        assertThat(a.count(sack ? Counter.TcpExtTCPSackRecovery : Counter.TcpExtTCPRenoRecovery)).isEqualTo(1);
        assertThat(a.count(Counter.TcpExtTCPTimeouts)).isZero();
        idle();
        diagnosis(1, 0, 0, 0);
    }

    @Test
    @Rfc(value = 5681, section = "3.2")
    void fastRetransmit(World w) {
        hosts(w, 500);
        fastRetransmit(false);
    }

    @Test
    @Rfc(value = 6675, section = "5")
    void fastRetransmitWithSack(World w) {
        hosts(w, 500);
        fastRetransmit(true);
    }

    /** Two duplicates are not enough: segment 2 overtaken by two others is reordering. */
    @Test
    @Rfc(value = 5681, section = "3.2")
    void twoDuplicatesResendNothing(World w) {
        connect(w, 500);
        link.from(a).delay(dataAt(501).nth(1), 3);
        send(4 * 500);
        w.advance(30);
        assertThat(acks()).containsExactly(501, 501, 501, 2001);
        assertThat(a.count(Counter.TcpRetransSegs)).isZero();
    }

    /**
     * Bytes 200–299 and, with {@code two}, 500–599 of ten segments are lost. Returns the milliseconds until all was
     * acknowledged.
     */
    private double lose(boolean sack, boolean two) {
        a.set("tcp_sack", sack ? "1" : "0");
        connect(new SocketOptions(), true);
        link.from(a).drop(dataAt(201).nth(1));
        if (two) {
            link.from(a).drop(dataAt(501).nth(1));
        }
        double start = world.nowMs();
        send(1000);
        world.runUntil("all acknowledged", () -> sender.totals.bytesAcked == 1000);
        return world.nowMs() - start;
    }

    @Test
    @Rfc(value = 2018, section = "4")
    void sack(World w) {
        hosts(w, 100);
        assertThat(lose(true, false)).as("one round trip more").isEqualTo(40, within(0.1));
        List<WireSegment> fromReceiver = w.log().segments(b);
        assertThat(acks().subList(0, 9)).containsExactly(101, 201, 201, 201, 201, 201, 201, 201, 201);
        for (int i = 0; i < 7; i++) {
            assertThat(sackOf(fromReceiver.get(2 + i))).as("what arrived").containsExactly(301, 401 + 100 * i);
        }
        assertThat(acks().getLast()).isEqualTo(1001);
        List<WireSegment> again = w.log().segments(a, Match.data()).stream()
                .filter(s -> s.nowNs() > World.START_NS && s.ms() >= w.nowMs() - 25).toList();
        assertThat(again).as("exactly 200–299, nothing else").hasSize(1);
        assertThat(seq(again.getFirst())).isEqualTo(201);
        assertThat(again.getFirst().payload()).isEqualTo(100);
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
    }

    @Test
    @Rfc(value = 6675, section = "5")
    void sackFillsTwoHolesInOneRoundTrip(World w) {
        hosts(w, 100);
        assertThat(lose(true, true)).isEqualTo(40, within(0.1));
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(2);
        assertThat(sackOf(w.log().segments(b).get(7))).as("the newest block first").containsExactly(601, 1001, 301,
                501);
    }

    /** What changes with tcp_sack=0: no blocks, and each further hole is found only by the ACK of the one before. */
    @Test
    @Rfc(value = 6582, section = "3.2")
    void withoutSackEachHoleCostsARoundTrip(World w) {
        hosts(w, 100);
        assertThat(lose(false, true)).isEqualTo(60, within(0.1));
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(2);
        assertThat(w.log().segments(b)).allMatch(s -> s.sack().isEmpty());
        assertThat(acks().stream().distinct()).containsExactly(101, 201, 501, 1001);
    }

    @Test
    @Rfc(value = 2883, section = "5.3")
    void dsackAckLost(World w) {
        connect(w, 500);
        send(2999);
        w.advance(50);
        w.log().clear();
        link.from(b).drop(Match.pureAck().first(2));
        send(1000);
        w.advance(230);
        assertThat(acks()).as("both ACKs").startsWith(3500, 4000);
        assertThat(sent(3000)).as("the sender resends 3000–3499").hasSize(2);
        assertThat(sent(3500)).hasSize(1);
        WireSegment answer = w.log().segments(b).get(2);
        assertThat(answer.ack() - sender.snd.iss).isEqualTo(4000);
        assertThat(sackOf(answer)).containsExactly(3000, 3500);
        w.advance(10);
        assertDiagnosis(w, PathFault.ACK_LOST, 3000, 3500);
        assertThat(a.count(Counter.TcpExtTCPDSACKRecv)).isEqualTo(1);
        assertThat(b.count(Counter.TcpExtTCPDSACKOldSent)).isEqualTo(1);
        assertThat(a.count(Counter.SluicePathAckLost)).isEqualTo(1);
        assertThat(a.count(Counter.TcpExtTCPLossUndo) + a.count(Counter.TcpExtTCPDSACKUndo))
                .as("the timeout was not needed").isEqualTo(1);
        idle();
        diagnosis(0, 1, 0, 0);
    }

    @Test
    @Rfc(value = 2883, section = "4")
    @Rfc(value = 3708, section = "3")
    void dsackDelayed(World w) {
        connect(w, 500);
        send(499);
        w.advance(50);
        int cwnd = sender.congestion.cwndSegments();
        w.log().clear();
        link.from(a).delay(dataAt(1000).nth(1), 45);
        send(5 * 500);
        w.advance(21);
        assertThat(sent(1000)).as("fast retransmission").hasSize(2);
        assertThat(sender.congestion.cwndSegments()).as("the window is reduced").isLessThan(cwnd);
        w.advance(20);
        assertThat(acks().getLast()).isEqualTo(3000);
        assertThat(sender.congestion.cwndSegments()).isEqualTo((int) (cwnd * 0.7));
        w.advance(15);
        WireSegment late = w.log().segments(b).getLast();
        assertThat(late.ack() - sender.snd.iss).as("the late original draws ACK 3000").isEqualTo(3000);
        assertThat(sackOf(late)).as("SACK 1000–1500").containsExactly(1000, 1500);
        w.advance(10);
        assertThat(a.count(Counter.TcpExtTCPDSACKUndo)).as("nothing was lost").isEqualTo(1);
        assertThat(sender.congestion.cwndSegments()).as("the reduction is undone").isGreaterThanOrEqualTo(cwnd);
        assertThat(sender.congestion.ssthreshSegments()).isGreaterThan(cwnd);
        idle();
        diagnosis(0, 0, 1, 0);
        assertDiagnosis(w, PathFault.DELAYED, 1000, 1500);
    }

    @Test
    @Rfc(value = 2883, section = "4.1")
    void dsackDuplicated(World w) {
        connect(w, 500);
        send(499);
        w.advance(50);
        w.log().clear();
        link.from(a).duplicate(dataAt(1000));
        send(5 * 500);
        idle();
        WireSegment report = w.log().segments(b, v -> v.isTcp() && v.option(sluice.wire.TcpOption.SACK) >= 0)
                .getFirst();
        assertThat(sackOf(report)).containsExactly(1000, 1500);
        assertThat(a.count(Counter.TcpRetransSegs)).as("without any retransmission").isZero();
        assertThat(a.count(Counter.TcpExtTCPDSACKRecv)).isEqualTo(1);
        diagnosis(0, 0, 0, 1);
        assertDiagnosis(w, PathFault.DUPLICATED, 1000, 1500);
        assertThat(sender.info(w.nowNs()).pathDuplicated).isEqualTo(1);
    }

    /**
     * A delayed ACK leaves when its timer runs out; when it is lost, or later than the sender waits, the duplicate that
     * comes is answered at once and counted.
     */
    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = {"MUST-40", "SHLD-18"})
    void delayedAckLost(World w) {
        hosts(w, 500);
        connect(new SocketOptions(), false);
        readLate();
        for (int i = 0; i < 40; i++) { // until the receiver is no longer in quick mode
            send(500);
            w.advance(100);
        }
        w.log().clear();
        long delayed = b.count(Counter.TcpExtDelayedACKs);
        double start = w.nowMs();
        send(500);
        w.advance(100);
        WireSegment ack = w.log().segments(b).getFirst();
        assertThat(ack.ms() - start).as("40 ms after the segment came").isEqualTo(50, within(0.01));
        assertThat(b.count(Counter.TcpExtDelayedACKs)).isEqualTo(delayed + 1);
        assertThat(b.count(Counter.TcpExtDelayedACKLost)).isZero();
        link.from(b).drop(Match.pureAck().nth(1));
        send(500);
        w.advance(600);
        assertThat(b.count(Counter.TcpExtDelayedACKs)).isEqualTo(delayed + 2);
        assertThat(b.count(Counter.TcpExtDelayedACKLost)).as("the peer repeated its data").isEqualTo(1);
        assertThat(b.count(Counter.TcpExtDelayedACKLocked)).as("nothing locks a connection here").isZero();
        idle();
        diagnosis(0, 1, 0, 0);
    }

    @Test
    void delayedAckTooLate(World w) {
        hosts(w, 500);
        SocketOptions o = new SocketOptions();
        o.fixedRtoUs = 45_000;
        connect(o, false);
        readLate();
        List<Long> lost = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            send(500);
            w.advance(100);
            lost.add(b.count(Counter.TcpExtDelayedACKLost));
        }
        assertThat(lost.getLast()).as("ACKs later than the sender's timeout").isPositive();
        assertThat(segments(PathFault.ACK_LOST) + segments(PathFault.DELAYED)).isEqualTo(lost.getLast());
        assertThat(segments(PathFault.DATA_LOST)).isZero();
    }

    /** The estimator's arithmetic does not depend on a connection. */
    @Test
    @Rfc(value = 6298, section = "2.2")
    void theFirstSampleSetsAll() {
        RttEstimator r = new RttEstimator(1_000_000, 1, 120_000_000);
        r.sample(100_000, 0, 1);
        assertThat(r.srttUs()).isEqualTo(100_000);
        assertThat(r.rttvarUs()).isEqualTo(50_000);
        assertThat(r.rtoUs()).as("R + 4 · R/2").isEqualTo(300_000);
    }
}
