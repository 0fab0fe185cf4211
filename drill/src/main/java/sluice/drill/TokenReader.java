package sluice.drill;

import java.math.BigDecimal;
import java.util.List;

/** The words of a script, one after the other. */
final class TokenReader {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    /** Thirty years: nanoseconds fit in 64 bits many times. */
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(1_000_000_000);
    private final List<Token> tokens;
    private int at;
    private int lastTaken = -1;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token t = tokens.get(at);
        lastTaken = at;
        if (at < tokens.size() - 1) {
            at++;
        }
        return t;
    }

    boolean take(String punctuation) {
        boolean is = peek().is(punctuation);
        if (is) {
            next();
        }
        return is;
    }

    boolean takeWord(String word) {
        boolean is = peek().isWord(word);
        if (is) {
            next();
        }
        return is;
    }

    void expect(String punctuation) {
        if (!take(punctuation)) {
            throw error("'" + punctuation + "' expected, not " + peek());
        }
    }

    String word() {
        if (peek().kind() != Token.Kind.WORD) {
            throw error("a word expected, not " + peek());
        }
        return next().text();
    }

    boolean atNumber() {
        return peek().kind() == Token.Kind.INTEGER || peek().kind() == Token.Kind.HEX;
    }

    /** A whole number within bounds. */
    long number(String what, long min, long max) {
        if (!atNumber()) {
            throw error(what + " expected, not " + peek());
        }
        long n = parse(next());
        if (n < min || n > max) {
            throw wrong(what + " " + n + " is outside " + min + "…" + max);
        }
        return n;
    }

    static long parse(Token t) {
        try {
            return t.kind() == Token.Kind.HEX ? Long.parseUnsignedLong(t.text().substring(2), 16)
                    : Long.parseLong(t.text());
        } catch (NumberFormatException e) {
            throw new ScriptException(t.line(), "the number " + t.text() + " does not fit in 64 bits");
        }
    }

    /** A time in seconds, as microseconds. */
    long seconds() {
        Token t = next();
        if (t.kind() != Token.Kind.INTEGER && t.kind() != Token.Kind.FLOAT || t.text().startsWith("-")) {
            throw new ScriptException(t.line(), "a time in seconds expected, not " + t);
        }
        BigDecimal seconds = new BigDecimal(t.text());
        if (seconds.compareTo(MAX_SECONDS) > 0) {
            throw new ScriptException(t.line(), "a time of " + t.text() + " s is beyond " + MAX_SECONDS + " s");
        }
        return seconds.multiply(MILLION).longValue();
    }

    /** Something is wrong with the word that was taken last. */
    ScriptException wrong(String message) {
        return new ScriptException(tokens.get(Math.max(0, lastTaken)).line(), message);
    }

    /** The next word is not the right one. */
    ScriptException error(String message) {
        return new ScriptException(peek().line(), message);
    }
}
