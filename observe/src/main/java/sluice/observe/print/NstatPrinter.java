package sluice.observe.print;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.observe.json.JsonWriter;

/**
 * Counters in the manner of {@code nstat} and of {@code /proc/net/snmp}. Reads a host's counters from any thread and
 * sees recent values.
 */
public final class NstatPrinter {
    private NstatPrinter() {}

    /** All values now, to be given as the baseline of a later print. */
    public static Map<Counter, Long> snapshot(Counters counters) {
        Map<Counter, Long> values = new TreeMap<>();
        for (Counter c : Counter.values()) {
            values.put(c, counters.get(c));
        }
        return values;
    }

    /**
     * One counter a line: name, value, rate (always 0.0, as nstat prints it without its daemon).
     *
     * @param zeros whether counters that are zero are printed too ({@code -z})
     * @param baseline values to subtract (nstat's history), or null for absolute values ({@code -a}); levels are never
     * subtracted
     * @param wanted chooses counters
     */
    public static String print(Counters counters, boolean zeros, @Nullable Map<Counter, Long> baseline,
            Predicate<Counter> wanted) {
        StringBuilder out = new StringBuilder("#sluice\n");
        forEach(counters, zeros, baseline, wanted,
                (c, value) -> out.append(String.format(Locale.ROOT, "%-32s%-16d%6.1f\n", c.name(), value, 0.0)));
        return out.toString();
    }

    /** The same as a JSON object: {@code {"kernel":{"IpInReceives":12,…}}} under the key that nstat uses. */
    public static String json(Counters counters, boolean zeros, @Nullable Map<Counter, Long> baseline,
            Predicate<Counter> wanted) {
        JsonWriter json = new JsonWriter().beginObject().key("kernel").beginObject();
        forEach(counters, zeros, baseline, wanted, (c, value) -> json.field(c.name(), value));
        return json.endObject().endObject().toString();
    }

    /** Absolute values as a JSON object of the groups: {@code {"Ip":{"InReceives":12,…},…}}. */
    public static String jsonByGroup(Counters counters) {
        Map<String, Map<String, Object>> groups = new java.util.LinkedHashMap<>();
        for (Counter c : Counter.values()) {
            groups.computeIfAbsent(c.group(), g -> new java.util.LinkedHashMap<>()).put(c.shortName(),
                    counters.get(c));
        }
        JsonWriter json = new JsonWriter().beginObject();
        groups.forEach(json::field);
        return json.endObject().toString();
    }

    /** Chooses the counters whose names one of the shell's patterns fits ("TcpExt*", "*Retrans*"); none: all. */
    public static Predicate<Counter> matching(List<String> patterns) {
        List<Pattern> all = patterns.stream().map(NstatPrinter::glob).toList();
        return c -> all.isEmpty() || all.stream().anyMatch(p -> p.matcher(c.name()).matches());
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString());
    }

    private static void forEach(Counters counters, boolean zeros, @Nullable Map<Counter, Long> baseline,
            Predicate<Counter> wanted, BiConsumer<Counter, Long> to) {
        for (Counter c : Counter.values()) {
            long value = counters.get(c);
            if (baseline != null && !c.isLevel()) {
                value -= baseline.getOrDefault(c, 0L);
            }
            if (wanted.test(c) && (zeros || value != 0)) {
                to.accept(c, value);
            }
        }
    }
}
