package sluice.cli.mcp;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a tool: its JSON schema, and the words of the command line that it becomes.
 *
 * @param name in the tool's arguments
 * @param kind what it may be
 * @param option the command's option; "" where the words stand for themselves
 * @param says what it means, for whoever fills it in
 * @param required whether it must be given
 * @param most the largest number, or the most characters of a text
 */
record Parameter(String name, Kind kind, String option, String says, boolean required, long most) {
    /** The most elements of a list, the most settings. */
    static final int MOST_ELEMENTS = 32;
    /** The most characters of a text. */
    static final int MOST_CHARACTERS = 1000;

    /** What an argument may be. */
    enum Kind {
        /** Any text. */
        TEXT,
        /** A file or directory of this machine. */
        PATH,
        /** Several of them. */
        PATHS,
        /** Names of experiments. */
        NAMES,
        /** A whole number from 0. */
        WHOLE,
        /** A number above 0. */
        NUMBER,
        /** Settings by name. */
        SETTINGS
    }

    static Parameter text(String name, String option, String says) {
        return new Parameter(name, Kind.TEXT, option, says, false, MOST_CHARACTERS);
    }

    static Parameter number(String name, Kind kind, String option, String says, long most) {
        return new Parameter(name, kind, option, says, false, most);
    }

    static Parameter of(String name, Kind kind, String option, String says) {
        return new Parameter(name, kind, option, says, false, MOST_CHARACTERS);
    }

    Parameter needed() {
        return new Parameter(name, kind, option, says, true, most);
    }

    /** As JSON Schema 2020-12. */
    Map<String, Object> schema() {
        Map<String, Object> s = new LinkedHashMap<>();
        switch (kind) {
            case TEXT, PATH -> {
                s.put("type", "string");
                s.put("maxLength", most);
            }
            case PATHS, NAMES -> {
                s.put("type", "array");
                s.put("items", Map.of("type", "string"));
                s.put("minItems", 1);
                s.put("maxItems", MOST_ELEMENTS);
            }
            case WHOLE -> {
                s.put("type", "integer");
                s.put("minimum", 0);
                s.put("maximum", most);
            }
            case NUMBER -> {
                s.put("type", "number");
                s.put("exclusiveMinimum", 0);
                s.put("maximum", most);
            }
            case SETTINGS -> {
                s.put("type", "object");
                s.put("additionalProperties", Map.of("type", List.of("string", "integer")));
                s.put("maxProperties", MOST_ELEMENTS);
            }
        }
        s.put("description", says);
        return s;
    }

    /**
     * The words of the command line.
     *
     * @throws IllegalArgumentException saying what would be right
     */
    List<String> words(@Nullable Object value) {
        return switch (kind) {
            case TEXT -> List.of(option + "=" + characters(value));
            case PATH -> List.of(at(option, path(value)));
            case PATHS -> elements(value).stream().map(e -> at(option, path(e))).toList();
            case NAMES -> elements(value).stream().map(this::experiment).toList();
            case WHOLE -> List.of(option + "=" + whole(value));
            case NUMBER -> List.of(option + "=" + number(value));
            case SETTINGS -> settings(value);
        };
    }

    private static String at(String option, String word) {
        return option.isEmpty() ? word : option + "=" + word;
    }

    private String characters(@Nullable Object value) {
        if (value instanceof String s && s.length() <= MOST_CHARACTERS) {
            return s;
        }
        throw wrong("a text of at most " + MOST_CHARACTERS + " characters");
    }

    /** From the root, so that no file's name looks like an option or like the command line's {@code @file}. */
    private String path(@Nullable Object value) {
        try {
            return Path.of(characters(value)).toAbsolutePath().toString();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private String experiment(@Nullable Object value) {
        if (value instanceof String s && s.matches("[a-z0-9][a-z0-9-]{0,60}")) {
            return s;
        }
        throw wrong("names of experiments as lab_list has them: small letters, digits and hyphens");
    }

    private List<?> elements(@Nullable Object value) {
        if (value instanceof List<?> list && !list.isEmpty() && list.size() <= MOST_ELEMENTS) {
            return list;
        }
        throw wrong("a list of 1…" + MOST_ELEMENTS + " texts");
    }

    private long whole(@Nullable Object value) {
        if (value instanceof Long n && n >= 0 && n <= most) {
            return n;
        }
        throw wrong("a whole number from 0 to " + most);
    }

    private double number(@Nullable Object value) {
        if (value instanceof Number n && n.doubleValue() > 0 && n.doubleValue() <= most) {
            return n.doubleValue();
        }
        throw wrong("a number above 0, at most " + most);
    }

    private List<String> settings(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map) || map.size() > MOST_ELEMENTS) {
            throw wrong("an object of at most " + MOST_ELEMENTS + " settings: {\"tcp_sack\": \"0\"}");
        }
        List<String> words = new ArrayList<>();
        map.forEach((key, to) -> {
            String word = to instanceof Long n ? n.toString() : characters(to);
            words.add(option + "=" + characters(key) + "=" + word);
        });
        return words;
    }

    private IllegalArgumentException wrong(String right) {
        return new IllegalArgumentException(name + " has to be " + right);
    }
}
