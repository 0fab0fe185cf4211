package sluice.lab;

/** Text in columns of a terminal, where Chinese letters take two. */
final class Columns {
    private Columns() {}

    static int width(String text) {
        return text.codePoints().map(c -> wide(c) ? 2 : 1).sum();
    }

    private static boolean wide(int c) {
        return c >= 0x1100 && c <= 0x115f || c >= 0x2e80 && c <= 0xa4cf || c >= 0xac00 && c <= 0xd7a3
                || c >= 0xf900 && c <= 0xfaff || c >= 0xfe30 && c <= 0xfe4f || c >= 0xff00 && c <= 0xff60
                || c >= 0xffe0 && c <= 0xffe6;
    }

    /** Filled up with blanks on the right. */
    static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /** Cut into lines of at most so many columns; Chinese may break anywhere. */
    static String wrap(String text, int columns, String indent) {
        StringBuilder out = new StringBuilder(indent);
        int at = 0;
        for (String word : text.split("(?<= )|(?<=[，。；：、])", -1)) {
            int w = width(word.stripTrailing());
            if (at > 0 && at + w > columns) {
                out.append('\n').append(indent);
                at = 0;
            }
            out.append(word);
            at += width(word);
        }
        return out.toString();
    }
}
