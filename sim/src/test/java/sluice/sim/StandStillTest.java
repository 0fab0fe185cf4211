package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;

/**
 * A transfer through heavy loss stands still only for as long as what was lost explains: a timeout, doubled for each
 * packet that was lost meanwhile.
 */
class StandStillTest {
    private static final int SEEDS = 100;
    private static final int BYTES = 200_000;
    private static final double LOSS = 0.2;
    private static final double RTT_MS = 20;

    /** A transfer whose pauses are looked at. */
    private static final class Watched {
        private final World world;
        private final Random random;
        private final TcpSocket sender;
        private final TcpSocket receiver;
        private final VerifyingSink sink;
        /** Lost since something arrived, of acknowledgments and of what the receiver had or waited for. */
        private int lost;
        private int lostNow;
        private double lastLossMs;
        private long received;
        private double sinceMs;
        private double timeoutMs;
        private double longestMs;

        Watched(long seed, String algorithm, String sack, String dsack) {
            random = new Random(seed);
            world = new World(seed);
            SimHost a = world.host("sender").set("tcp_sack", sack);
            SimHost b = world.host("receiver").set("tcp_dsack", dsack);
            SimLink link = world.link(a, b).delayMs(RTT_MS / 2);
            SocketOptions options = new SocketOptions();
            options.congestionControl = algorithm;
            var l = b.listen(80);
            sender = a.connect(options, b.address(), 80);
            world.runUntil("connected", () -> l.acceptQueueLength() > 0);
            receiver = b.accept(l);
            sink = new VerifyingSink(b, receiver);
            world.settle();
            link.from(a).drop(Match.any().and(this::loses));
            link.from(b).drop(Match.any().and(this::loses));
            begin();
            new BulkSender(a, sender, BYTES);
        }

        private boolean loses(PacketView v) {
            if (random.nextDouble() >= LOSS) {
                return false;
            }
            if (v.payload() == 0 || Seq.leq(v.seq(), receiver.rcv.nxt)) {
                // What answers the arrival that begins the pause is part of it.
                lostNow = world.nowMs() == lastLossMs ? lostNow + 1 : 1;
                lastLossMs = world.nowMs();
                lost++;
            }
            return true;
        }

        private void begin() {
            received = sink.received();
            sinceMs = world.nowMs();
            timeoutMs = sender.rtt.rtoUs() / 1e3;
            lost = lastLossMs == sinceMs ? lostNow : 0;
        }

        /** Runs to the end. */
        void run() {
            world.runUntil("all arrived", () -> {
                if (sink.received() != received) {
                    double pauseMs = world.nowMs() - sinceMs;
                    // A probe, the timeout from then on, each that follows twice as long, and the way.
                    assertThat(pauseMs)
                            .as("seed %d, pause of %.0f ms after %d bytes, with a timeout of %.0f ms, in which %d "
                                    + "packets were lost",
                                    world.seed(), pauseMs,
                                    received, timeoutMs, lost)
                            .isLessThanOrEqualTo(timeoutMs * (Math.pow(2, lost + 1) - 1) + 4 * RTT_MS);
                    longestMs = Math.max(longestMs, pauseMs);
                    assertThat(sender.rtt.srttUs() / 1e3)
                            .as("seed %d, round trip in the mean after %d bytes", world.seed(), received)
                            .isLessThan(3 * RTT_MS);
                    begin();
                }
                return received == BYTES;
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"cubic,1,1", "cubic,1,0", "cubic,0,0", "reno,1,1", "reno,0,0", "bbr,1,1", "bbr3,1,1"})
    @Rfc(value = 6298, section = "5")
    void isExplainedByWhatWasLost(String algorithm, String sack, String dsack) {
        double longest = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Watched t = new Watched(seed, algorithm, sack, dsack);
            t.run();
            longest = Math.max(longest, t.longestMs);
        }
        assertThat(longest).as("timeouts in a row came up").isGreaterThan(1000);
    }
}
