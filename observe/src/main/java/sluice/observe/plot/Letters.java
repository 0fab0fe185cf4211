package sluice.observe.plot;

import java.util.ArrayList;
import java.util.List;

/** How much room text takes. Which font a reader has is not known, so this is what a wide one takes. */
final class Letters {
    private static final double WIDTH = 7.3;

    private Letters() {}

    /** Pixels of a text in the small size. */
    static double width(String text) {
        return text.length() * WIDTH;
    }

    /** A text in lines of at most so many letters, broken at blanks; none for an empty one. */
    static List<String> lines(String text, int letters) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > letters) {
            int blank = rest.lastIndexOf(' ', letters);
            int at = blank > 0 ? blank : letters;
            lines.add(rest.substring(0, at));
            rest = rest.substring(at).strip();
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }
}
