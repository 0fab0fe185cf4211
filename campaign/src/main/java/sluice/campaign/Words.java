package sluice.campaign;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.link.NetemSpec;

/**
 * Reads the values of files: amounts, times, lists and ranges. What is wrong is an {@link IllegalArgumentException}.
 */
final class Words {
    private static final Pattern RANGE = Pattern
            .compile("(-?[0-9.]+?)([a-z%]*)\\s*\\.\\.\\s*(-?[0-9.]+)([a-z%]*)(?:\\s+step\\s+([0-9.]+)([a-z%]*))?");
    private static final Pattern BDP = Pattern.compile("([0-9]*\\.?[0-9]+)\\s*bdp");
    private static final Pattern AMOUNT = Pattern.compile("([0-9]*\\.?[0-9]+)([KMGT]?)");
    private static final String AMOUNT_UNITS = "KMGT";
    private static final double MOST_BYTES = 9e18;
    private static final int MOST_VALUES = 1_000_000;

    private Words() {}

    static String among(String value, List<String> names) {
        if (!names.contains(value)) {
            throw new IllegalArgumentException("there is " + String.join(", ", names));
        }
        return value;
    }

    static Long time(String value) {
        if (!value.matches("[0-9.]+[a-z]+|0")) {
            throw new IllegalArgumentException("a time has a unit: 20ms, 2s");
        }
        return NetemSpec.parseTimeNs(value, "time");
    }

    static Long positiveTime(String value) {
        Long ns = time(value);
        if (ns <= 0) {
            throw new IllegalArgumentException("it would never end");
        }
        return ns;
    }

    static NetemSpec percent(String word, String value) {
        if (!value.endsWith("%") && !value.equals("0")) {
            throw new IllegalArgumentException("a percentage has its sign: 1%");
        }
        return NetemSpec.parse((word.equals("reorder") ? "delay 10ms " : "") + word + " " + value);
    }

    static Double bdp(String value) {
        Matcher m = BDP.matcher(value);
        if (!m.matches()) {
            throw new IllegalArgumentException("a buffer is a multiple of bandwidth × round trip: 0.5bdp");
        }
        return Double.valueOf(m.group(1));
    }

    static Long whole(String value, long least, long most) {
        if (!value.matches("-?[0-9]{1,18}") || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw new IllegalArgumentException("a whole number from " + least + " to " + most);
        }
        return Long.valueOf(value);
    }

    /** Bytes. */
    static Long amount(String value) {
        Matcher m = AMOUNT.matcher(value.toUpperCase(Locale.ROOT));
        if (!m.matches()) {
            throw new IllegalArgumentException("write bytes like 65536, 64K, 10M or 1G");
        }
        int shift = m.group(2).isEmpty() ? 0 : 10 * (AMOUNT_UNITS.indexOf(m.group(2)) + 1);
        double bytes = Double.parseDouble(m.group(1)) * (1L << shift);
        if (!(bytes >= 1 && bytes < MOST_BYTES)) {
            throw new IllegalArgumentException("an amount is at least 1 byte and less than 9e18");
        }
        return (long) bytes;
    }

    /** Bytes, or a mix of them: "5K,5K,1M". */
    static List<Long> amounts(String value) {
        return Arrays.stream(value.split(",", -1)).map(v -> amount(v.strip())).toList();
    }

    /** From and to, milliseconds. */
    static double[] cut(String value) {
        String[] parts = value.split("-", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("write FROM-TO, such as 2s-2500ms");
        }
        double[] ms = {time(parts[0]) / 1e6, time(parts[1]) / 1e6};
        if (ms[1] <= ms[0]) {
            throw new IllegalArgumentException("it ends before it begins");
        }
        return ms;
    }

    /** What a value stands for: itself, or the steps of a range ("10ms..50ms step 10ms"; without a step by 1). */
    static List<String> range(String value) {
        Matcher m = RANGE.matcher(value);
        if (!m.matches()) {
            return List.of(value);
        }
        String unit = m.group(4);
        if (!m.group(2).isEmpty() && !m.group(2).equals(unit)
                || m.group(6) != null && !m.group(6).isEmpty() && !m.group(6).equals(unit)) {
            throw new IllegalArgumentException("a range has one unit: 10ms..50ms step 10ms");
        }
        BigDecimal from = number(m.group(1));
        BigDecimal to = number(m.group(3));
        BigDecimal step = m.group(5) == null ? BigDecimal.ONE : number(m.group(5));
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException("the range is empty: it ends before it begins");
        }
        if (step.signum() == 0) {
            throw new IllegalArgumentException("a step is more than 0");
        }
        if (to.subtract(from).divideToIntegralValue(step).compareTo(BigDecimal.valueOf(MOST_VALUES)) > 0) {
            throw new IllegalArgumentException("a range has at most " + MOST_VALUES + " values");
        }
        List<String> all = new ArrayList<>();
        for (BigDecimal x = from; x.compareTo(to) <= 0; x = x.add(step)) {
            all.add(x.stripTrailingZeros().toPlainString() + unit);
        }
        return all;
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
        }
    }
}
