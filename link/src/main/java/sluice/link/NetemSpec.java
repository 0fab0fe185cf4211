package sluice.link;

/**
 * What a {@link Netem} does to packets, in {@code tc netem}'s terms. Probabilities are from 0 to 1, correlations too.
 *
 * @param delayNs fixed delay, nanoseconds, 0…1 hour
 * @param jitterNs spread around it, nanoseconds
 * @param delayCorrelation how much one delay follows the one before
 * @param distribution shape of the jitter
 * @param loss which packets are lost
 * @param duplicate probability that a packet is sent twice
 * @param duplicateCorrelation correlation of duplication
 * @param corrupt probability that one bit of a packet is flipped
 * @param corruptCorrelation correlation of corruption
 * @param reorder probability that a packet is sent at once while the others are delayed
 * @param reorderCorrelation correlation of reordering
 * @param gap only each gap-th packet may be sent at once; 0 without reordering
 * @param rateBitsPerSecond speed of the line; 0 for no limit
 * @param packetOverheadBytes bytes added to each packet's length when the rate is reckoned, may be negative
 * @param cellBytes payload of a cell (48 for ATM), 0 for a line without cells
 * @param cellOverheadBytes bytes added to each cell
 * @param limitPackets packets held at most; more are dropped
 * @param ecn mark packets that can be marked instead of losing them
 */
public record NetemSpec(long delayNs, long jitterNs, double delayCorrelation, NetemDistribution distribution, Loss loss,
        double duplicate,
        double duplicateCorrelation,
        double corrupt, double corruptCorrelation, double reorder, double reorderCorrelation, int gap,
        long rateBitsPerSecond, int packetOverheadBytes,
        int cellBytes,
        int cellOverheadBytes, int limitPackets, boolean ecn) {
    /** Packets held unless told otherwise, as in tc. */
    public static final int DEFAULT_LIMIT = 1000;

    /** Nothing happens to packets. */
    public static final NetemSpec CLEAN = new NetemSpec(0, 0, 0, NetemDistribution.UNIFORM, new Loss.None(), 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, DEFAULT_LIMIT,
            false);

    /** How packets are lost. */
    public sealed interface Loss {
        /** None is. */
        record None() implements Loss {}

        /**
         * Each by itself, or following the one before.
         *
         * @param probability of loss
         * @param correlation with the packet before
         */
        record Random(double probability, double correlation) implements Loss {}

        /**
         * Gilbert-Elliott: a good and a bad state.
         *
         * @param p from good to bad
         * @param r from bad to good
         * @param lossInBad probability of loss in the bad state (tc's 1-h)
         * @param lossInGood probability of loss in the good state (tc's 1-k)
         */
        record GilbertElliott(double p, double r, double lossInBad, double lossInGood) implements Loss {}

        /**
         * Four states: 1 received in a gap, 2 received in a burst, 3 lost in a burst, 4 lost alone in a gap.
         *
         * @param p13 from 1 to 3
         * @param p31 from 3 to 1
         * @param p32 from 3 to 2
         * @param p23 from 2 to 3
         * @param p14 from 1 to 4
         */
        record FourState(double p13, double p31, double p32, double p23, double p14) implements Loss {}
    }

    /**
     * Reads tc's words.
     *
     * <pre>
     * [limit PACKETS] [delay TIME [JITTER [CORRELATION]]] [distribution uniform|normal|pareto|paretonormal]
     * [loss [random] PERCENT [CORRELATION] | loss state P13 [P31 [P32 [P23 [P14]]]]
     *                                      | loss gemodel P [R [1-H [1-K]]]] [ecn]
     * [duplicate PERCENT [CORRELATION]] [corrupt PERCENT [CORRELATION]] [reorder PERCENT [CORRELATION]] [gap DISTANCE]
     * [rate RATE [PACKETOVERHEAD [CELLSIZE [CELLOVERHEAD]]]]
     * </pre>
     *
     * Times: ns, us, ms, s (a bare number is microseconds). Rates: bit, kbit, mbit, gbit, tbit, kibit… and bps, kbps,
     * mbps… for bytes (a bare number is bit/s). Percentages: "1%" or "1", 0 to 100. An empty text changes nothing.
     *
     * @throws IllegalArgumentException naming the word that is wrong and what may stand there
     */
    public static NetemSpec parse(String text) {
        return new NetemParser(text).parse();
    }

    /** A rate by tc's words ("10mbit"), bits per second; throws {@link IllegalArgumentException} as {@link #parse}. */
    public static long parseRate(String word) {
        return NetemParser.bitsPerSecond(word);
    }

    /**
     * A time by tc's words ("50ms"), nanoseconds; {@code what} is named in the {@link IllegalArgumentException} when it
     * is none.
     */
    public static long parseTimeNs(String word, String what) {
        return NetemParser.timeNs(word, what);
    }

    /** Whether packets pass as they are, at once: nothing has to be cut or held. */
    public boolean isClean() {
        return delayNs == 0 && jitterNs == 0 && loss instanceof Loss.None && duplicate == 0 && corrupt == 0
                && rateBitsPerSecond == 0;
    }
}
