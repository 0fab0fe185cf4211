package sluice.lab;

import org.jspecify.annotations.Nullable;

/**
 * Something asserted: what the document says beside what was measured.
 *
 * @param what of what
 * @param document what the document says
 * @param standard what the standard says instead, where the two disagree (≠); null where they agree
 * @param measured what came out of the stack
 * @param verdict whether it is so
 * @param why what there is to say about a disagreement; {@link Text#NONE} otherwise
 */
public record Check(Text what, String document, @Nullable String standard, String measured, Verdict verdict, Text why) {
    /** What became of an assertion. */
    public enum Verdict {
        /** It is so. */
        HOLDS,
        /** It is not so. */
        FAILS,
        /** The conditions are others than those it is about: measured, not asserted. */
        OFF
    }
}
