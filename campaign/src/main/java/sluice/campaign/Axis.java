package sluice.campaign;

import java.util.List;
import java.util.Map;

/**
 * One dimension of a sweep.
 *
 * @param name a key, a setting or "variant"
 * @param choices at least one
 */
public record Axis(String name, List<Choice> choices) {
    /**
     * A place on it.
     *
     * @param label as it is shown
     * @param values of keys
     * @param settings sysctls
     */
    public record Choice(String label, Map<Key, String> values, Map<String, String> settings) {}

    /** Whether it varies. */
    public boolean isSwept() {
        return choices.size() > 1;
    }
}
