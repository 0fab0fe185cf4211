package sluice.observe.diagnose;

import java.util.List;

/**
 * A cause that the facts speak for.
 *
 * @param cause what is wrong
 * @param weight how much, 0…100: from 60 on it does harm now, from 30 on it is worth a look
 * @param evidence the facts, a line each
 */
public record Finding(Cause cause, double weight, List<String> evidence) {
    /** "harm", "warning" or "note". */
    public String severity() {
        return weight >= 60 ? "harm" : weight >= 30 ? "warning" : "note";
    }
}
