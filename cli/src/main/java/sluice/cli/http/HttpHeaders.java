package sluice.cli.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of a message, by names in lower case. */
final class HttpHeaders {
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    void add(String name, String value) {
        names.add(name.toLowerCase(Locale.ROOT));
        values.add(value);
    }

    int size() {
        return names.size();
    }

    /** The values of a field, joined by commas as RFC 9110 section 5.3 has it; null when there is none. */
    @Nullable String get(String name) {
        String joined = null;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                joined = joined == null ? values.get(i) : joined + ", " + values.get(i);
            }
        }
        return joined;
    }

    int count(String name) {
        return (int) names.stream().filter(name::equals).count();
    }

    /** Whether a field's list holds this word, whatever its case. */
    boolean has(String name, String word) {
        String value = get(name);
        if (value == null) {
            return false;
        }
        for (String part : value.split(",", -1)) {
            if (part.strip().equalsIgnoreCase(word)) {
                return true;
            }
        }
        return false;
    }
}
