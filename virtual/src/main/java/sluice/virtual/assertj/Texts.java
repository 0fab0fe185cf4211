package sluice.virtual.assertj;

import java.util.List;

/** Texts for messages. */
final class Texts {
    private static final int MOST_LINES = 40;

    private Texts() {}

    /** The last lines of a long text. */
    static String last(String text) {
        List<String> all = text.lines().toList();
        int from = Math.max(0, all.size() - MOST_LINES);
        return (from > 0 ? "… " + from + " lines above\n" : "") + String.join("\n", all.subList(from, all.size()));
    }
}
