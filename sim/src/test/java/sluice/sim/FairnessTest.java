package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flows that share a bottleneck; and the row "algorithms" of the experiments: each of them on the same path. */
class FairnessTest {
    private static final double RTT_MS = 40;
    private static final int START_GAP_MS = 700;
    /** What each flow would get of the bottleneck. */
    private static final double FAIR_MBIT = 4;

    /** Rates in Mbit/s, by flow. */
    private record Outcome(double utilisation, double jain, double queueMs, double[] rates) {
        double least() {
            return Arrays.stream(rates).min().orElseThrow();
        }

        /** What the flows at even places get on average, divided by what the others do. */
        double evenToOdd() {
            double[] sums = new double[2];
            for (int i = 0; i < rates.length; i++) {
                sums[i & 1] += rates[i];
            }
            return sums[0] / sums[1];
        }
    }

    private static Outcome share(List<String> algorithms, String queue, double warmUp, double seconds) {
        return share(algorithms, queue, START_GAP_MS, warmUp, seconds);
    }

    private static Outcome share(List<String> algorithms, String queue, int gapMs, double warmUp, double seconds) {
        long rate = 4_000_000L * algorithms.size();
        Flows f = new Flows(11, RTT_MS).ecn();
        f.bottleneck(rate, switch (queue) {
            case "tail" -> "bfifo limit " + Math.round(rate / 8.0 * RTT_MS / 1000);
            case "codel" -> "codel ecn";
            default -> queue;
        });
        if (algorithms.contains("dctcp")) {
            // both ends, or the receiver refuses ECN for the marked SYN and does not echo exactly
            f.b.set("tcp_congestion_control", "dctcp");
        }
        for (String algorithm : algorithms) {
            f.add(algorithm);
            f.run(gapMs / 1000.0);
        }
        f.run(warmUp);
        List<Double> waits = new ArrayList<>();
        double[] total = new double[algorithms.size()];
        int slices = 40;
        for (int i = 0; i < slices; i++) {
            double[] part = f.goodputs(seconds / slices);
            for (int k = 0; k < total.length; k++) {
                total[k] += part[k] / slices;
            }
            waits.add(f.link.from(f.a).queuedBytes() * 8e3 / rate);
        }
        double utilisation = Arrays.stream(total).sum() * 1e6 / rate * 1514 / Flows.MSS;
        Outcome o = new Outcome(utilisation, Flows.jain(total),
                waits.stream().mapToDouble(d -> d).average().orElseThrow(), total);
        System.out.printf(Locale.ROOT,
                "%-40s %-9s a flow each %d ms, utilisation %.2f, queue %5.1f ms, Jain %.3f, Mbit/s %s%n", algorithms,
                queue, gapMs,
                o.utilisation, o.queueMs,
                o.jain,
                Arrays.stream(total).mapToObj(r -> String.format(Locale.ROOT, "%.2f", r)).toList());
        return o;
    }

    private static List<String> times(int n, String... algorithms) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(algorithms[i % algorithms.length]);
        }
        return all;
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"reno,tail", "reno,codel", "cubic,tail", "cubic,codel", "cubic++,tail", "dctcp,mark 12 limit 100"})
    void sameAlgorithm(String algorithm, String queue) {
        for (int n : new int[]{2, 10}) {
            Outcome o = share(times(n, algorithm), queue, 15, n == 2 ? 90 : 30);
            assertThat(o.jain).as("Jain's index of " + n).isGreaterThanOrEqualTo(0.95);
            assertThat(o.utilisation).as("utilisation by " + n).isGreaterThanOrEqualTo(0.85);
        }
    }

    /**
     * Two share at once. Ten need minutes: each looks for the shortest round trip once in ten seconds, and those who
     * start late have seen only the queue of the others.
     */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"tail,250", "tail,700", "tail,1300", "codel,250", "codel,700", "codel,1300"})
    void bbr(String queue, int gapMs) {
        assertThat(share(times(2, "bbr"), queue, gapMs, 15, 60).jain).isGreaterThanOrEqualTo(0.95);
        assertThat(share(times(10, "bbr"), queue, gapMs, 200, 200).jain).as("Jain's index of ten")
                .isGreaterThanOrEqualTo(0.95);
    }

    /**
     * Reno and CUBIC live together (RFC 9438 section 4.3): CUBIC takes more, but leaves Reno half as much at least,
     * nobody less than half of a fair share, and the path is full.
     */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"reno,cubic,tail", "reno,cubic,codel"})
    void mixedAlgorithms(String one, String other, String queue) {
        for (int n : new int[]{2, 10}) {
            Outcome o = share(times(n, one, other), queue, 15, 30);
            assertThat(o.jain).as("Jain's index of " + n).isGreaterThan(0.9);
            assertThat(o.evenToOdd()).as("what %s gets of what %s gets", one, other).isBetween(0.5, 1.1);
            assertThat(o.least()).as("least goodput of " + n).isGreaterThan(FAIR_MBIT / 2);
            assertThat(o.utilisation).as("utilisation by " + n).isGreaterThanOrEqualTo(0.9);
        }
    }

    /**
     * Version 1 of BBR, Linux's, leaves those little who slow down for losses and delay that it does not mind (decision
     * 4): they must stay alive. Among ten at a short queue each still gets ten segments in 30 s, and all together more.
     */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"cubic,bbr,tail,0.3,0.004", "cubic,bbr,codel,0.6,0.3", "reno,bbr,tail,0.3,0.004"})
    void besideBbr(String one, String other, String queue, double leastOfTwo, double leastOfTen) {
        for (int n : new int[]{2, 10}) {
            Outcome o = share(times(n, one, other), queue, 15, 30);
            assertThat(o.utilisation).as("utilisation by " + n).isGreaterThanOrEqualTo(0.9);
            assertThat(o.least()).as("least goodput of " + n).isGreaterThan(n == 2 ? leastOfTwo : leastOfTen);
            assertThat(o.evenToOdd()).as("what %s gets of what BBR gets", one).isGreaterThan(0.004);
        }
    }
}
