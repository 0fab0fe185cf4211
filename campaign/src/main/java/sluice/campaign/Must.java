package sluice.campaign;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A promise of every run: a measure and what it must be. A run that breaks it has failed.
 *
 * @param measure which number
 * @param operator one of {@code < <= > >= =}
 * @param bound in the measure's unit
 */
public record Must(Measure measure, String operator, double bound) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)\\s*(<=|>=|<|>|=)\\s*(-?[0-9]+(?:\\.[0-9]+)?)");

    /** Reads "timeouts = 0"; an {@link IllegalArgumentException} says what is wrong. */
    public static Must parse(String text) {
        Matcher m = FORM.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("write MEASURE < NUMBER, such as \"timeouts = 0\"");
        }
        Measure measure = Measure.find(m.group(1));
        if (measure == null) {
            throw new IllegalArgumentException("there is no measure " + m.group(1) + "; there are " + Measure.words());
        }
        return new Must(measure, m.group(2), Double.parseDouble(m.group(3)));
    }

    /** Whether it is kept; no number keeps nothing. */
    public boolean isKept(double value) {
        return switch (operator) {
            case "<" -> value < bound;
            case "<=" -> value <= bound;
            case ">" -> value > bound;
            case ">=" -> value >= bound;
            default -> value == bound;
        };
    }

    @Override
    public String toString() {
        return measure.word() + " " + operator + " " + Run.plain(bound);
    }
}
