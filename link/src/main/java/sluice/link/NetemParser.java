package sluice.link;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code tc netem}'s words; see {@link NetemSpec#parse}. One object reads one text. */
final class NetemParser {
    private static final List<String> KEYWORDS = List.of("delay", "distribution", "loss", "ecn", "duplicate", "corrupt",
            "reorder", "gap", "rate", "limit");
    private static final Map<String, Long> TIMES = times();
    private static final long MAX_TIME_NS = 3_600_000_000_000L;
    private static final long MAX_RATE = 10_000_000_000_000L;
    private static final int MAX_LIMIT = Netem.MAX_HELD;

    private final String[] words;
    private int at;

    private long delayNs;
    private long jitterNs;
    private double delayCorrelation;
    private @Nullable NetemDistribution distribution;
    private NetemSpec.Loss loss = new NetemSpec.Loss.None();
    private final double[] duplicate = new double[2];
    private final double[] corrupt = new double[2];
    private final double[] reorder = new double[2];
    private int gap;
    private long rate;
    private final int[] rateExtras = new int[3];
    private int limit = NetemSpec.DEFAULT_LIMIT;
    private boolean ecn;

    private static Map<String, Long> times() {
        Map<String, Long> units = new HashMap<>(Map.of("", 1_000L));
        List.of("ns", "nsec", "nsecs").forEach(unit -> units.put(unit, 1L));
        List.of("us", "usec", "usecs").forEach(unit -> units.put(unit, 1_000L));
        List.of("ms", "msec", "msecs").forEach(unit -> units.put(unit, 1_000_000L));
        List.of("s", "sec", "secs").forEach(unit -> units.put(unit, 1_000_000_000L));
        return Map.copyOf(units);
    }

    NetemParser(String text) {
        String stripped = text.strip();
        words = stripped.isEmpty() ? new String[0] : stripped.split("\\s+");
    }

    NetemSpec parse() {
        if (words.length > 0 && words[0].equals("netem")) {
            at++;
        }
        while (at < words.length) {
            keyword(words[at++]);
        }
        check();
        NetemDistribution shape = distribution == null ? NetemDistribution.UNIFORM : distribution;
        return new NetemSpec(delayNs, jitterNs, delayCorrelation, shape, loss, duplicate[0], duplicate[1], corrupt[0],
                corrupt[1], reorder[0], reorder[1], gap,
                rate,
                rateExtras[0], rateExtras[1], rateExtras[2], limit, ecn);
    }

    private void keyword(String word) {
        switch (word) {
            case "delay", "latency" -> {
                delayNs = time(word);
                if (isValue()) {
                    jitterNs = time("the jitter of " + word);
                    delayCorrelation = isValue() ? percent("the correlation of " + word) : 0;
                }
            }
            case "distribution" -> distribution = shape();
            case "loss", "drop" -> loss = loss();
            case "ecn" -> ecn = true;
            case "duplicate" -> pair(duplicate, word);
            case "corrupt" -> pair(corrupt, word);
            case "reorder" -> pair(reorder, word);
            case "gap" -> gap = (int) integer("gap, the distance of packets sent at once", 1, MAX_LIMIT);
            case "rate" -> rate();
            case "limit" -> limit = (int) integer("limit, packets held", 1, MAX_LIMIT);
            default -> throw bad("\"" + word + "\" is not understood here. Words: " + String.join(", ", KEYWORDS)
                    + (word.equals("slot") ? " (slot is not supported)"
                            : at > 1 ? "; or a value too many stands after \"" + words[at - 2] + "\"" : ""));
        }
    }

    private void check() {
        if (distribution != null && jitterNs == 0) {
            throw bad("distribution needs a delay with jitter: delay TIME JITTER distribution " + distribution.word());
        }
        if (reorder[0] > 0 && delayNs == 0) {
            throw bad(
                    "reorder needs a delay, because packets are put before the delayed ones: delay TIME reorder "
                            + "PERCENT");
        }
        if (gap > 0 && reorder[0] == 0) {
            reorder[0] = 1; // as tc: every gap-th packet for certain
            if (delayNs == 0) {
                throw bad(
                        "gap needs a delay, because packets are put before the delayed ones: delay TIME gap DISTANCE");
            }
        }
        if (reorder[0] > 0 && gap == 0) {
            gap = 1;
        }
        if (ecn && loss instanceof NetemSpec.Loss.None) {
            throw bad("ecn needs a loss, of which it makes marks: loss PERCENT ecn");
        }
    }

    private NetemSpec.Loss loss() {
        return switch (at < words.length ? words[at] : "") {
            case "state" -> lossState();
            case "gemodel" -> lossGilbertElliott();
            default -> lossRandom();
        };
    }

    private NetemSpec.Loss lossState() {
        at++;
        double p13 = percent("p13 of loss state");
        double p31 = isValue() ? percent("p31 of loss state") : 1 - p13;
        double p32 = isValue() ? percent("p32 of loss state") : 0;
        double p23 = isValue() ? percent("p23 of loss state") : 1;
        double p14 = isValue() ? percent("p14 of loss state") : 0;
        return new NetemSpec.Loss.FourState(p13, p31, p32, p23, p14);
    }

    private NetemSpec.Loss lossGilbertElliott() {
        at++;
        double p = percent("p of loss gemodel");
        double r = isValue() ? percent("r of loss gemodel") : 1 - p;
        double lossInBad = isValue() ? percent("1-h of loss gemodel") : 1;
        double lossInGood = isValue() ? percent("1-k of loss gemodel") : 0;
        return new NetemSpec.Loss.GilbertElliott(p, r, lossInBad, lossInGood);
    }

    private NetemSpec.Loss lossRandom() {
        if (at < words.length && words[at].equals("random")) {
            at++;
        }
        double probability = percent("loss (or \"state\" or \"gemodel\")");
        double correlation = isValue() ? percent("the correlation of loss") : 0;
        return probability == 0 ? new NetemSpec.Loss.None() : new NetemSpec.Loss.Random(probability, correlation);
    }

    private NetemDistribution shape() {
        String word = next("distribution");
        for (NetemDistribution d : NetemDistribution.values()) {
            if (d.word().equals(word)) {
                return d;
            }
        }
        throw bad("\"" + word + "\" is no distribution. Accepted: "
                + Arrays.stream(NetemDistribution.values()).map(NetemDistribution::word)
                        .collect(Collectors.joining(", ")));
    }

    private void pair(double[] into, String what) {
        into[0] = percent(what);
        into[1] = isValue() ? percent("the correlation of " + what) : 0;
    }

    private void rate() {
        rate = rateValue();
        String[] names = {"the packet overhead of rate, bytes", "the cell size of rate, bytes",
            "the cell overhead of rate, bytes"};
        int[] least = {-65_535, 0, -65_535};
        for (int i = 0; i < 3 && isValue(); i++) {
            rateExtras[i] = (int) integer(names[i], least[i], 65_535);
        }
    }

    /** Whether the next word is a value and not a keyword. */
    private boolean isValue() {
        return at < words.length && !words[at].isEmpty()
                && (Character.isDigit(words[at].charAt(0)) || "+-.".indexOf(words[at].charAt(0)) >= 0);
    }

    private String next(String what) {
        if (at == words.length) {
            throw bad("a value is missing after " + what);
        }
        return words[at++];
    }

    private long time(String what) {
        return timeNs(next(what), what);
    }

    /** A time by tc's words, nanoseconds up to an hour; {@code what} is named when it is wrong. */
    static long timeNs(String word, String what) {
        long unit = TIMES.getOrDefault(unitOf(word), 0L);
        BigDecimal value = unit == 0 ? null : number(word);
        if (value == null || value.signum() < 0) {
            throw bad("\"" + word + "\" is no time for " + what
                    + ". Accepted: a number with ns, us, ms or s, such as 50ms (a bare number is microseconds)");
        }
        BigDecimal ns = value.multiply(BigDecimal.valueOf(unit));
        if (ns.compareTo(BigDecimal.valueOf(MAX_TIME_NS)) > 0) {
            throw bad("\"" + word + "\" for " + what + " is above one hour");
        }
        return ns.longValue();
    }

    private double percent(String what) {
        String word = next(what);
        String unit = unitOf(word);
        BigDecimal value = unit.isEmpty() || unit.equals("%") ? number(word) : null;
        if (value == null || value.signum() < 0 || value.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw bad("\"" + word + "\" is no percentage for " + what + ". Accepted: 0% to 100%");
        }
        return value.doubleValue() / 100;
    }

    private long rateValue() {
        return bitsPerSecond(next("rate"));
    }

    /** A rate by tc's words, bits per second. */
    static long bitsPerSecond(String word) {
        long unit = rateUnit(unitOf(word));
        BigDecimal value = unit == 0 ? null : number(word);
        if (value == null || value.signum() <= 0) {
            throw bad("\"" + word
                    + "\" is no rate. Accepted: a number with bit, kbit, mbit, gbit, tbit, or bps, kbps, mbps, gbps "
                    + "for bytes,"
                    + " or with i for powers of 1024 (mibit)");
        }
        BigDecimal bits = value.multiply(BigDecimal.valueOf(unit));
        if (bits.compareTo(BigDecimal.ONE) < 0 || bits.compareTo(BigDecimal.valueOf(MAX_RATE)) > 0) {
            throw bad("rate \"" + word + "\" is outside 1bit…10tbit");
        }
        return bits.longValue();
    }

    /** Bits per second of a unit; 0 when there is no such unit. */
    private static long rateUnit(String unit) {
        String u = unit.toLowerCase(Locale.ROOT);
        if (u.isEmpty()) {
            return 1;
        }
        long each = u.endsWith("bit") ? 1 : u.endsWith("bps") ? 8 : 0;
        if (each == 0) {
            return 0;
        }
        String prefix = u.substring(0, u.length() - 3);
        boolean binary = prefix.endsWith("i");
        int power = switch (binary ? prefix.substring(0, prefix.length() - 1) : prefix) {
            case "" -> binary ? -1 : 0;
            case "k" -> 1;
            case "m" -> 2;
            case "g" -> 3;
            case "t" -> 4;
            default -> -1;
        };
        if (power < 0) {
            return 0;
        }
        for (int i = 0; i < power; i++) {
            each *= binary ? 1024 : 1000;
        }
        return each;
    }

    private long integer(String what, long least, long most) {
        String word = next(what);
        BigDecimal value = unitOf(word).isEmpty() ? number(word) : null;
        if (value == null || value.stripTrailingZeros().scale() > 0 || value.compareTo(BigDecimal.valueOf(least)) < 0
                || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw bad("\"" + word + "\" does not fit " + what + ". Accepted: " + least + "…" + most);
        }
        return value.longValue();
    }

    private static String unitOf(String word) {
        int i = 0;
        while (i < word.length() && (Character.isDigit(word.charAt(i)) || "+-.".indexOf(word.charAt(i)) >= 0)) {
            i++;
        }
        return word.substring(i);
    }

    private static @Nullable BigDecimal number(String word) {
        String digits = word.substring(0, word.length() - unitOf(word).length());
        try {
            return digits.length() > 20 ? null : new BigDecimal(digits);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static IllegalArgumentException bad(String message) {
        return new IllegalArgumentException("netem: " + message);
    }
}
