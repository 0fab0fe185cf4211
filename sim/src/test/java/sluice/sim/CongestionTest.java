package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.observe.record.ConnectionTrace;

/**
 * Section H of the experiments: congestion control. Each test is a row, by its id; windows in segments. The row
 * "algorithms" is in FairnessTest.
 */
@ExtendWith(Worlds.class)
class CongestionTest {
    private static final int MSS = 500;
    private static final int RTT_MS = 100;

    private World world;
    private SimHost a;
    private SimHost b;
    private SimLink link;
    private TcpSocket sender;
    private TcpSocket receiver;

    /** A sender with an algorithm and a receiver that acknowledges each segment, 50 ms apart; no tail loss probes. */
    private void connect(World w, String algorithm, boolean sack) {
        world = w;
        a = w.host("sender").set("tcp_timestamps", "0").set("tcp_early_retrans", "0").set("tcp_sack", sack ? "1" : "0");
        b = w.host("receiver");
        link = w.link(a, b).delayMs(RTT_MS / 2.0).mtu(MSS + 40);
        SocketOptions r = new SocketOptions();
        r.quickAck = true;
        r.receiveBufferBytes = 2_000_000;
        TcpListener l = b.listen(r, 80, 1);
        SocketOptions s = new SocketOptions();
        s.sendBufferBytes = 2_000_000;
        s.congestionControl = algorithm;
        sender = a.connect(s, b.address(), 80);
        w.runUntil("connected", () -> l.acceptQueueLength() > 0);
        receiver = b.accept(l);
        new VerifyingSink(b, receiver);
        w.settle();
        w.log().limit(100_000).clear();
    }

    private int cwnd() {
        return sender.congestion.cwndSegments();
    }

    private int ssthresh() {
        return sender.congestion.ssthreshSegments();
    }

    private int sentSegments() {
        return world.log().segments(a, Match.data()).size();
    }

    /** Writes plenty and returns the windows at the start of each round trip. */
    private List<Integer> windows(int roundTrips) {
        assertThat(a.write(sender, 1_000_000)).isEqualTo(1_000_000);
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < roundTrips; i++) {
            world.advance(0);
            windows.add(cwnd());
            assertThat(sender.sent.packetsOut()).as("the window is used").isEqualTo(cwnd());
            world.advance(RTT_MS);
        }
        return windows;
    }

    @Test
    @Rfc(value = 5681, section = "3.1")
    void slowStart(World w) {
        connect(w, "reno", true);
        sender.congestion.set(1, CongestionControl.INFINITE_SSTHRESH);
        assertThat(windows(6)).as("each ACK adds 1").containsExactly(1, 2, 4, 8, 16, 32);
        assertThat(sentSegments()).isEqualTo(1 + 2 + 4 + 8 + 16 + 32 + 64);
    }

    @Test
    @Rfc(value = 6928, section = "2")
    void slowStartWithTheStandardsWindow(World w) {
        connect(w, "cubic", true);
        assertThat(windows(4)).containsExactly(10, 20, 40, 80);
    }

    @Test
    @Rfc(value = 5681, section = "3.1")
    void congestionAvoidance(World w) {
        connect(w, "reno", true);
        sender.congestion.set(8, 8);
        assertThat(windows(8)).as("8 ACKs add 8 × 1/8, then linear").containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(ssthresh()).isEqualTo(8);
    }

    @Test
    @Rfc(value = 5681, section = "3.1")
    void timeoutCollapse(World w) {
        connect(w, "reno", true);
        a.set("tcp_frto", "0"); // which would try new data first
        sender.congestion.set(16, 16);
        assertThat(a.write(sender, 1_000_000)).isEqualTo(1_000_000);
        w.advance(0);
        assertThat(sender.sent.packetsOut()).isEqualTo(16);
        link.from(a).drop(Match.data().and(v -> w.nowMs() < 600));
        // The first flight left before the tap: its ACKs open the window by one, and from then on all is lost.
        w.advance(RTT_MS);
        int flight = sender.sent.packetsOut();
        assertThat(flight).isEqualTo(17);
        w.advance(300);
        assertThat(a.count(Counter.TcpExtTCPTimeouts)).isEqualTo(1);
        assertThat(ssthresh()).as("half the flight").isEqualTo(flight / 2);
        assertThat(cwnd()).isEqualTo(1);
        assertThat(sender.sent.inFlight()).as("one segment is retransmitted").isEqualTo(1);
        w.runUntil("the path carries again", () -> cwnd() > 1);
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            windows.add(cwnd());
            w.advance(RTT_MS);
        }
        assertThat(windows).as("slow start again, to ssthresh, then linear").containsExactly(2, 4, 8, 9, 10, 11);
        assertThat(sender.recovery.state()).isEqualTo(RecoveryState.OPEN);
    }

    /**
     * A window of 10 whose first segment is lost, no SACK; ACKs come 1 ms apart. Runs to the third duplicate. There
     * will be ten: eight for the rest of the window (the first ACK of all brings a window update, so it does not count)
     * and two for what limited transmit sends.
     */
    private void threeDuplicates(World w, String algorithm) {
        connect(w, algorithm, false);
        sender.congestion.set(10, 10);
        link.from(a).rate((MSS + 40) * 8 * 1000L, 1 << 20);
        link.from(a).drop(Match.data().nth(1));
        assertThat(a.write(sender, 1_000_000)).isEqualTo(1_000_000);
        w.runUntil("three duplicates", () -> sender.recovery.state() == RecoveryState.RECOVERY);
        assertThat(sender.sent.sackedOut()).isEqualTo(3);
        assertThat(sentSegments()).as("two by limited transmit, and the first again").isEqualTo(10 + 2 + 1);
        assertThat(ssthresh()).as("cwnd / 2").isEqualTo(5);
    }

    /**
     * RFC 5681's window counts the segments that drew duplicates as in flight and adds them to cwnd: here cwnd is
     * without them, so RFC 5681's is cwnd + duplicates.
     */
    @Test
    @Rfc(value = 5681, section = "3.2")
    @Rfc(value = 3042, section = "2")
    @Rfc(value = 6582, section = "3.2")
    void fastRecovery(World w) {
        threeDuplicates(w, "reno-classic");
        int outstanding = 12;
        int rfcCwnd = ssthresh() + 3;
        for (int duplicates = 4; duplicates <= 10; duplicates++) {
            int expected = duplicates;
            w.runUntil("duplicate", () -> sender.sent.sackedOut() == expected);
            rfcCwnd++;
            assertThat(cwnd() + sender.sent.sackedOut()).as("ssthresh + 3, and 1 for each further duplicate")
                    .isEqualTo(rfcCwnd);
            assertThat(sentSegments() - 13).as("new segments after duplicate " + duplicates)
                    .isEqualTo(Math.max(0, rfcCwnd - outstanding));
        }
        assertThat(rfcCwnd).isEqualTo(5 + 10);
        w.runUntil("the ACK of new data", () -> sender.sent.sackedOut() < 10);
        assertThat(cwnd()).as("ssthresh").isEqualTo(5);
        w.runUntil("over", () -> sender.recovery.state() == RecoveryState.OPEN);
        assertThat(cwnd()).isEqualTo(5);
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            windows.add(cwnd());
            w.advance(RTT_MS + 1);
        }
        assertThat(windows).as("then linear").containsExactly(5, 6, 7, 8);
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
    }

    /**
     * ≠ the document: today's standard (PRR) lets the window sink to ssthresh in proportion to what arrives, so that
     * segments leave evenly over the round trip.
     */
    @Test
    @Rfc(value = 6937, section = "3")
    void fastRecoveryByPrr(World w) {
        threeDuplicates(w, "reno");
        int flightBefore = 10; // RecoverFS
        int prrOut = 1; // the retransmission
        int firstNew = 0;
        for (int duplicates = 4; duplicates <= 10; duplicates++) {
            int expected = duplicates;
            w.runUntil("duplicate", () -> sender.sent.sackedOut() == expected);
            int prrDelivered = duplicates - 2; // since the third, which started recovery
            int pipe = sender.sent.inFlight();
            int allowed = (ssthresh() * prrDelivered + flightBefore - 1) / flightBefore;
            if (pipe > ssthresh()) {
                prrOut = Math.max(prrOut, allowed);
            } else {
                prrOut = sentSegments() - 12;
                assertThat(pipe).as("no more than ssthresh").isLessThanOrEqualTo(ssthresh());
            }
            assertThat(sentSegments() - 12).as("sent after duplicate " + duplicates).isEqualTo(prrOut);
            firstNew = firstNew == 0 && prrOut > 1 ? duplicates : firstNew;
        }
        assertThat(firstNew).as("classic fast recovery sends nothing new before the eighth").isEqualTo(5);
        w.runUntil("over", () -> sender.recovery.state() == RecoveryState.OPEN);
        assertThat(cwnd()).isEqualTo(5);
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
    }

    /** A point of the story. */
    private record Point(double ms, int cwnd, int ssthresh, RecoveryState state) {}

    /** Slow start, avoidance, fast recovery and a timeout in one run: the classic sawtooth. */
    @Test
    @Rfc(value = 5681, section = "3")
    void cwndStory(World w) {
        connect(w, "reno", true);
        link.from(a).rate(4_000_000, 40 * (MSS + 40)); // 93 segments on the way and 40 in the queue
        List<Point> points = new ArrayList<>();
        ConnectionTrace trace = a.record(sender, link.from(a));
        new BulkSender(a, sender, 20_000_000);
        link.to(a).see(Match.pureAck(), v -> {
            points.add(new Point(w.nowMs(), cwnd(), ssthresh(), sender.recovery.state()));
            int swnd = Math.min(cwnd() * MSS, sender.snd.wnd);
            if (sender.recovery.state() == RecoveryState.OPEN) {
                assertThat(sender.sent.inFlight() * MSS).as("swnd = min(cwnd, rwnd)").isLessThanOrEqualTo(swnd + MSS);
            }
        });
        w.advance(30_000);
        link.from(a).cut();
        w.advance(150);
        link.from(a).heal();
        w.advance(10_000);

        List<Integer> peaks = new ArrayList<>();
        List<Integer> troughs = new ArrayList<>();
        int timeouts = 0;
        for (int i = 1; i < points.size(); i++) {
            Point before = points.get(i - 1);
            Point p = points.get(i);
            if (p.state == RecoveryState.RECOVERY && before.state != RecoveryState.RECOVERY
                    && before.state != RecoveryState.LOSS) {
                peaks.add(before.cwnd);
                assertThat(p.ssthresh).as("half").isEqualTo(before.cwnd / 2);
            } else if (before.state == RecoveryState.RECOVERY && p.state == RecoveryState.OPEN) {
                troughs.add(p.cwnd);
                assertThat(p.cwnd).as("starts again at ssthresh").isEqualTo(p.ssthresh);
            } else if (p.state == RecoveryState.LOSS && before.state != RecoveryState.LOSS) {
                timeouts++;
            }
        }
        assertThat(points.getFirst().ssthresh).as("slow start").isEqualTo(CongestionControl.INFINITE_SSTHRESH);
        assertThat(peaks).as("fast recoveries").hasSizeGreaterThanOrEqualTo(3);
        assertThat(peaks.getFirst()).as("slow start overshoots").isGreaterThanOrEqualTo(133);
        assertThat(peaks.subList(1, peaks.size())).as("avoidance finds what path and queue hold")
                .allMatch(p -> p >= 130 && p <= 140);
        assertThat(troughs).allMatch(p -> p >= 60);
        assertThat(timeouts).as("the cut").isEqualTo(1);
        assertThat(a.count(Counter.TcpExtTCPTimeouts)).isGreaterThanOrEqualTo(1);
        assertThat(cwnd()).as("recovered").isGreaterThan(60);
        Plots.keep("cwnd-story", "reno: slow start, avoidance, fast recoveries, a timeout", trace);
    }
}
