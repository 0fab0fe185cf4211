package sluice.observe.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) into maps, lists, strings, Long or Double, Boolean and null. Whatever the text is, the outcome
 * is a value or a {@link JsonException}; nesting is limited. A name that comes twice counts the last time.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 100;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** Reads one value, which must be all of the text. */
    public static @Nullable Object read(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.wrong("something after the end");
        }
        return value;
    }

    /** Reads an object. */
    public static JsonObject readObject(String text) {
        return JsonObject.of(read(text));
    }

    private @Nullable Object value() {
        blanks();
        if (at >= text.length()) {
            throw wrong("the end instead of a value");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong("an unknown word");
        }
        at += word.length();
        return meaning;
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        deeper();
        if (next('}')) {
            depth--;
            return map;
        }
        do {
            blanks();
            if (at >= text.length() || text.charAt(at) != '"') {
                throw wrong("no name of a member");
            }
            String name = string();
            if (!next(':')) {
                throw wrong("no colon after a name");
            }
            map.put(name, value());
        } while (next(','));
        if (!next('}')) {
            throw wrong("no end of the object");
        }
        depth--;
        return map;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> list = new ArrayList<>();
        deeper();
        if (next(']')) {
            depth--;
            return list;
        }
        do {
            list.add(value());
        } while (next(','));
        if (!next(']')) {
            throw wrong("no end of the array");
        }
        depth--;
        return list;
    }

    private void deeper() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw wrong("deeper than " + MAX_DEPTH);
        }
    }

    /** Skips blanks and, if it comes next, {@code c}. */
    private boolean next(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            if (at >= text.length()) {
                throw wrong("no end of the string");
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw wrong("a control character in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        if (at >= text.length()) {
            throw wrong("no end of the string");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw wrong("an unknown escape");
        };
    }

    private char hexadecimal() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw wrong("no four hexadecimal digits");
            }
            at++;
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private Number number() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        int whole = digits();
        if (whole == 0 || whole > 1 && text.charAt(at - whole) == '0') {
            at = start;
            throw wrong("no value");
        }
        boolean fraction = false;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            fraction = true;
            if (digits() == 0) {
                throw wrong("no digits after the point");
            }
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            fraction = true;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (digits() == 0) {
                throw wrong("no digits of the exponent");
            }
        }
        String number = text.substring(start, at);
        if (!fraction && number.length() <= 18) {
            return Long.parseLong(number);
        }
        return Double.parseDouble(number);
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    private JsonException wrong(String what) {
        return new JsonException("not JSON: " + what + " at character " + at);
    }
}
