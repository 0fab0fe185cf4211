package sluice.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.core.Settings;

/**
 * What the person at the lab changed.
 *
 * @param seed what everything random comes from; assertions hold for any
 * @param settings sysctls over those of the experiment, of all hosts ("tcp_sack") or of one ("server:tcp_sack")
 * @param netem what {@code tc netem} is told for every link, both ways; "" leaves the experiment's own
 */
public record Variation(long seed, Map<String, String> settings, String netem) {
    /** The experiment as it is written. */
    public static final Variation NONE = new Variation(1, Map.of(), "");

    /** A copy of the settings is kept. */
    public Variation {
        settings = Map.copyOf(settings);
    }

    /** Refuses, by an {@link IllegalArgumentException} of a line, what is no setting: tcp_sack, server:tcp_sack. */
    public static void checkSetting(String name, String value) {
        new Settings().set(name.substring(name.indexOf(':') + 1), value);
    }

    /** Whether the conditions are those that the assertions are about. */
    public boolean asWritten() {
        return settings.isEmpty() && netem.isEmpty();
    }

    /** What is changed, in the words of the command line; empty for an experiment as it is written. */
    public String words() {
        List<String> all = new ArrayList<>();
        settings.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(e -> all.add(e.getKey() + "=" + e.getValue()));
        if (!netem.isEmpty()) {
            all.add("netem " + netem);
        }
        return String.join(", ", all);
    }
}
