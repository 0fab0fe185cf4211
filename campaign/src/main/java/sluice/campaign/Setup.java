package sluice.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.core.Settings;
import sluice.link.NetemSpec;
import sluice.link.QueueSpec;
import sluice.sim.TransferSpec;

/**
 * All choices of one cell: keys with one value each, and settings. Immutable.
 *
 * @param values of keys
 * @param settings sysctls of all hosts
 * @param checks whether packets are logged and invariants checked
 */
public record Setup(Map<Key, String> values, Map<String, String> settings, boolean checks) {
    /** Takes copies. */
    public Setup {
        values = new LinkedHashMap<>(values);
        settings = new LinkedHashMap<>(settings);
    }

    /** The same with another value of a key; null for the default. */
    public Setup with(Key key, @Nullable String value) {
        Map<Key, String> changed = new LinkedHashMap<>(values);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return new Setup(changed, settings, checks);
    }

    /** The same without a setting. */
    public Setup without(String setting) {
        Map<String, String> changed = new LinkedHashMap<>(settings);
        changed.remove(setting);
        return new Setup(values, changed, checks);
    }

    private @Nullable String value(Key key) {
        return values.get(key);
    }

    private static boolean isSome(@Nullable String value) {
        return value != null && !value.matches("0+(\\.0+)?[a-z%]*");
    }

    /** The words for netem, both ways. */
    String netem() {
        List<String> words = new ArrayList<>();
        String delay = value(Key.DELAY);
        if (isSome(delay)) {
            words.add("delay " + delay + (isSome(value(Key.JITTER)) ? " " + value(Key.JITTER) : ""));
        } else if (isSome(value(Key.JITTER))) {
            throw new IllegalArgumentException("jitter needs a delay");
        }
        for (Key k : List.of(Key.LOSS, Key.REORDER, Key.DUPLICATE, Key.CORRUPT)) {
            if (isSome(value(k))) {
                words.add(k.word() + " " + value(k));
            }
        }
        String more = value(Key.NETEM);
        if (more != null && !more.isBlank()) {
            words.add(more);
        }
        return String.join(" ", words);
    }

    private String queue() {
        String buffer = value(Key.BUFFER);
        if (buffer == null) {
            return values.getOrDefault(Key.QUEUE, "pfifo limit 100");
        }
        String rate = value(Key.RATE);
        String delay = value(Key.DELAY);
        if (rate == null || delay == null || !isSome(delay) || value(Key.QUEUE) != null) {
            throw new IllegalArgumentException("a buffer in bdp needs rate and delay, and no queue beside it");
        }
        double bdp = NetemSpec.parseRate(rate) / 8.0 * 2 * Words.time(delay) / 1e9;
        int mtu = Integer.parseInt(values.getOrDefault(Key.MTU, "1500"));
        return "bfifo limit " + Math.max(2L * mtu, Math.round(bdp * Words.bdp(buffer)));
    }

    private List<String> algorithms() {
        String names = value(Key.ALGORITHM);
        return names == null ? List.of() : List.of(names.replace(" ", "").split(",", -1));
    }

    private List<Long> amounts() {
        String bytes = value(Key.BYTES);
        return bytes == null ? List.of() : Words.amounts(bytes);
    }

    private int flows() {
        String flows = value(Key.FLOWS);
        return flows != null ? Integer.parseInt(flows)
                : Math.max(1, Math.max(amounts().size(), algorithms().size()));
    }

    /** What is to run; an {@link IllegalArgumentException} says which choices do not go together. */
    public TransferSpec spec(long seed) {
        TransferSpec s = new TransferSpec();
        s.seed = seed;
        s.netem = netem();
        NetemSpec forth = NetemSpec.parse(s.netem);
        s.reverseNetem = value(Key.REVERSE_NETEM);
        String rate = value(Key.RATE);
        s.rateBitsPerSecond = rate == null ? 0 : NetemSpec.parseRate(rate);
        s.queue = QueueSpec.parse(queue());
        s.mtu = Integer.parseInt(values.getOrDefault(Key.MTU, "1500"));
        s.flows = flows();
        s.algorithms = algorithms();
        s.staggerMs = Words.time(values.getOrDefault(Key.STAGGER, "0")) / 1e6;
        String duration = value(Key.DURATION);
        s.mix = amounts();
        s.bytes = duration != null ? Long.MAX_VALUE / 2 : 10L << 20;
        s.durationMs = duration == null ? 0 : Words.time(duration) / 1e6;
        if (duration != null && rate == null && forth.delayNs() == 0 && forth.rateBitsPerSecond() == 0) {
            throw new IllegalArgumentException("duration never comes where nothing takes time: give a rate or a delay");
        }
        s.topology = TransferSpec.Topology
                .valueOf(values.getOrDefault(Key.TOPOLOGY, "direct").toUpperCase(Locale.ROOT));
        String cut = value(Key.CUT);
        if (cut != null) {
            double[] ms = Words.cut(cut);
            s.cuts.add(new TransferSpec.Cut(ms[0], ms[1]));
        }
        s.clockSkewPpm = Integer.parseInt(values.getOrDefault(Key.CLOCK_SKEW, "0"));
        Settings probe = new Settings();
        settings.forEach(probe::set);
        s.settings = settings;
        s.watched = checks;
        s.replay = command(seed);
        return s;
    }

    /** The command that runs the same, with the same event hash. */
    public String command(long seed) {
        StringBuilder c = new StringBuilder("./sluice sim --seed ").append(seed);
        option(c, "--topology", value(Key.TOPOLOGY));
        option(c, "--rate", value(Key.RATE));
        String netem = netem();
        option(c, "--netem", netem.isEmpty() ? null : netem);
        option(c, "--reverse-netem", value(Key.REVERSE_NETEM));
        option(c, "--queue", value(Key.BUFFER) == null ? value(Key.QUEUE) : queue());
        option(c, "--mtu", value(Key.MTU));
        option(c, "--flows", value(Key.FLOWS));
        option(c, "--stagger", isSome(value(Key.STAGGER)) ? value(Key.STAGGER) : null);
        option(c, "--algorithm", value(Key.ALGORITHM) == null ? null : String.join(",", algorithms()));
        option(c, "-n", amounts().isEmpty() ? null
                : String.join(",", amounts().stream().map(String::valueOf).toList()));
        String duration = value(Key.DURATION);
        if (duration != null) {
            double seconds = Words.time(duration) / 1e9;
            option(c, "-t", seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds));
        }
        option(c, "--cut", value(Key.CUT));
        option(c, "--clock-skew", value(Key.CLOCK_SKEW));
        settings.forEach((name, value) -> option(c, "--set", name + "=" + value));
        return c.append(checks ? "" : " --no-checks").toString();
    }

    private static void option(StringBuilder c, String name, @Nullable String value) {
        if (value != null) {
            c.append(' ').append(name).append(' ').append(value.matches("[\\w./:,=+-]+") ? value : "\"" + value + "\"");
        }
    }
}
