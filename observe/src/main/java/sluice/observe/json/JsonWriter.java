package sluice.observe.json;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON: objects, arrays, strings, numbers, booleans and null, on one line, keys in the order of the calls.
 * Balance of brackets is the caller's business.
 *
 * <p>Not thread-safe.
 */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private boolean comma;

    /** Starts an object. */
    public JsonWriter beginObject() {
        return open('{');
    }

    /** Ends an object. */
    public JsonWriter endObject() {
        return close('}');
    }

    /** Starts an array. */
    public JsonWriter beginArray() {
        return open('[');
    }

    /** Ends an array. */
    public JsonWriter endArray() {
        return close(']');
    }

    /** The key of the next value. */
    public JsonWriter key(String name) {
        separate();
        string(name);
        out.append(':');
        comma = false;
        return this;
    }

    /** A key with its value. */
    public JsonWriter field(String name, @Nullable Object value) {
        return key(name).value(value);
    }

    /**
     * A value: null, string, number, boolean, a map or collection of values; anything else by its {@code toString}. NaN
     * and the like become null.
     */
    public JsonWriter value(@Nullable Object value) {
        switch (value) {
            case null -> raw("null");
            case Boolean b -> raw(b.toString());
            case Double d when d.isNaN() || d.isInfinite() -> raw("null");
            case Float f when f.isNaN() || f.isInfinite() -> raw("null");
            case Number n -> raw(n.toString());
            case Map<?, ?> map -> {
                beginObject();
                map.forEach((k, v) -> field(String.valueOf(k), v));
                endObject();
            }
            case Collection<?> list -> {
                beginArray();
                list.forEach(this::value);
                endArray();
            }
            default -> {
                separate();
                string(value.toString());
                comma = true;
            }
        }
        return this;
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    private void raw(String text) {
        separate();
        out.append(text);
        comma = true;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
