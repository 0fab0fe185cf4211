package sluice.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one script ended.
 *
 * @param file the script's name
 * @param mode the IP it was run over
 * @param verdict passed, failed or skipped
 * @param line where it failed; 0 when it did not
 * @param message what is wrong, or why it was skipped; "" when passed
 * @param expected the packet or value that should have come; null when that does not fit
 * @param actual what came
 * @param ladder what happened, a line each
 * @param wallMs milliseconds it took
 */
public record DrillResult(String file, DrillMode mode, Verdict verdict, int line, String message,
        @Nullable String expected, @Nullable String actual,
        List<String> ladder, long wallMs) {
    /** The three ways. */
    public enum Verdict {
        /** Everything as the script says. */
        PASS,
        /** Something else. */
        FAIL,
        /** It needs what there is not here. */
        SKIP
    }

    /** Copies the ladder. */
    public DrillResult {
        ladder = List.copyOf(ladder);
    }

    /** Several lines: the verdict; for a failure the line, both sides and the ladder. */
    public String text(boolean withLadder) {
        StringBuilder s = new StringBuilder(verdict + " " + file + " (" + mode.optionName() + ")");
        switch (verdict) {
            case PASS -> {
                // nothing to say
            }
            case SKIP -> s.append(": ").append(message);
            case FAIL -> {
                s.append("\n  ").append(file).append(':').append(line).append(": ").append(message);
                if (expected != null) {
                    s.append("\n  expected: ").append(expected);
                }
                if (actual != null) {
                    s.append("\n  actual:   ").append(actual);
                }
            }
        }
        if (withLadder && !ladder.isEmpty()) {
            s.append("\n    ").append(String.join("\n    ", ladder));
        }
        return s.toString();
    }
}
