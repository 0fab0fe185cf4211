package sluice.drill;

/**
 * One word of a script.
 *
 * @param kind what it is
 * @param text its text, without quotes
 * @param line where it stands, from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        WORD, INTEGER, HEX, FLOAT, STRING, BACK_QUOTED, CODE, OPTION, IPV4, IPV6, ELLIPSIS, PUNCTUATION, END
    }

    boolean is(String punctuation) {
        return kind == Kind.PUNCTUATION && text.equals(punctuation);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "the end of the script" : "'" + text + "'";
    }
}
