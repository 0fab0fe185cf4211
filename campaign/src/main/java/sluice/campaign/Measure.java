package sluice.campaign;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.tcp.user.TcpInfo;
import sluice.sim.TransferRun;

/** What is measured of a run: a number each. */
public enum Measure {
    /** What arrived at all connections, over their time. */
    GOODPUT("Mbit/s", true, o -> o.flows().mapToDouble(TransferRun.Flow::goodput).sum() / 1e6),
    /** From the SYN to the last byte of the slowest connection; none when something did not arrive. */
    COMPLETION("ms", false, o -> o.completion(1)),
    /** The same of the connection in the middle. */
    COMPLETION_MEDIAN("ms", false, o -> o.completion(0.5)),
    /** The same of the 99th percentile. */
    COMPLETION_P99("ms", false, o -> o.completion(0.99)),
    /** The same of those that have the least to send: the short ones of a mix. */
    COMPLETION_SHORT("ms", false, Outcome::completionOfShort),
    /** Segments that were retransmitted. */
    RETRANSMISSIONS("segments", false, o -> o.sum(i -> i.totalRetrans)),
    /** The same as a share of all data segments. */
    RETRANSMITTED("%", false, o -> 100.0 * o.sum(i -> i.totalRetrans) / Math.max(1, o.sum(i -> i.dataSegsOut))),
    /** Retransmissions because data was lost. */
    DATA_LOST("segments", false, o -> o.sum(i -> i.pathDataLost)),
    /** Retransmissions because an acknowledgment was lost. */
    ACK_LOST("segments", false, o -> o.sum(i -> i.pathAckLost)),
    /** Retransmissions of what was only delayed. */
    DELAYED("segments", false, o -> o.sum(i -> i.pathDelayed)),
    /** Retransmission timeouts. */
    TIMEOUTS("timeouts", false, o -> o.count(Counter.TcpExtTCPTimeouts)),
    /** Tail loss probes. */
    PROBES("probes", false, o -> o.count(Counter.TcpExtTCPLossProbes)),
    /** What waited before the bottleneck, on average over time. */
    QUEUE("KB", false, o -> o.queue.meanBytes() / 1e3),
    /** What waited before the bottleneck at the most. */
    QUEUE_MAX("KB", false, o -> o.queue.mostBytes() / 1e3),
    /** Packets that the bottleneck's queue dropped. */
    DROPPED("packets", false, o -> o.run.forth().dropped()),
    /** Packets that the bottleneck's queue marked. */
    MARKED("packets", false, o -> o.run.forth().marked()),
    /** Jain's index of the goodputs. */
    JAIN("index", true, o -> o.run.jainIndex()),
    /** The longest time in which no packet reached a receiver. */
    STALL("ms", false, o -> o.queue.longestStallMs()),
    /** Smoothed round trip at the end, the mean of the connections. */
    RTT("ms", false, o -> o.sum(i -> i.rttUs) / 1e3 / Math.max(1, o.run.flows().size()));

    private final String unit;
    private final boolean higherIsBetter;
    private final ToDoubleFunction<Outcome> of;

    Measure(String unit, boolean higherIsBetter, ToDoubleFunction<Outcome> of) {
        this.unit = unit;
        this.higherIsBetter = higherIsBetter;
        this.of = of;
    }

    /** A run that ended, and what watched its bottleneck. */
    record Outcome(TransferRun run, BottleneckWatch queue) {
        Stream<TransferRun.Flow> flows() {
            return run.flows().stream();
        }

        double sum(ToDoubleFunction<TcpInfo> number) {
            double sum = 0;
            for (TransferRun.Flow f : run.flows()) {
                TcpInfo info = f.info();
                sum += info == null ? 0 : number.applyAsDouble(info);
            }
            return sum;
        }

        double count(Counter counter) {
            return flows().map(TransferRun.Flow::client).distinct().mapToLong(h -> h.count(counter)).sum();
        }

        double completionOfShort() {
            long least = flows().mapToLong(f -> run.spec().bytes(f.number())).min().orElse(0);
            return completion(flows().filter(f -> run.spec().bytes(f.number()) == least), 1);
        }

        double completion(double quantile) {
            return completion(flows(), quantile);
        }

        private static double completion(Stream<TransferRun.Flow> of, double quantile) {
            double[] ms = of.mapToDouble(f -> f.isComplete() ? f.durationMs() : Double.NaN).sorted().toArray();
            return ms[Math.max(0, (int) Math.ceil(quantile * ms.length) - 1)];
        }
    }

    /** As it is written in files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it is counted in. */
    public String unit() {
        return unit;
    }

    /** Whether more is better. */
    public boolean higherIsBetter() {
        return higherIsBetter;
    }

    double of(Outcome outcome) {
        return of.applyAsDouble(outcome);
    }

    /** The measure of that name; null when there is none. */
    public static @Nullable Measure find(String word) {
        return Arrays.stream(values()).filter(m -> m.word().equals(word)).findFirst().orElse(null);
    }

    /** All names. */
    public static String words() {
        return String.join(", ", Arrays.stream(values()).map(Measure::word).toList());
    }
}
