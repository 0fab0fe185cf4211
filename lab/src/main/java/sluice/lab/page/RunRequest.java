package sluice.lab.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import sluice.lab.Variation;
import sluice.link.NetemSpec;

/** What a page asks of a run, in the query of its address: {@code seed=2&netem=loss+1%25&set=tcp_sack%3D0&set=…}. */
final class RunRequest {
    private static final int MOST_CHARACTERS = 4000;
    private static final int MOST_SETTINGS = 50;

    private RunRequest() {}

    /** Reads it; what is wrong is told by an {@link IllegalArgumentException} of one line. */
    static Variation parse(@Nullable String rawQuery) {
        String query = rawQuery == null ? "" : rawQuery;
        if (query.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("more than " + MOST_CHARACTERS + " characters of settings");
        }
        long seed = Variation.NONE.seed();
        String netem = "";
        Map<String, String> settings = new LinkedHashMap<>();
        for (String part : query.split("&")) {
            int at = part.indexOf('=');
            String value = decoded(part.substring(at + 1));
            switch (at < 0 ? part : part.substring(0, at)) {
                case "" -> {
                    // nothing between two &
                }
                case "seed" -> seed = seed(value);
                case "netem" -> netem = netem(value.strip());
                case "set" -> setting(settings, value);
                default -> throw new IllegalArgumentException("no such parameter: \"" + oneLine(part) + "\"");
            }
        }
        return new Variation(seed, settings, netem);
    }

    /** The same as the query of an address. */
    static String query(Variation v) {
        StringJoiner out = new StringJoiner("&").add("seed=" + v.seed());
        if (!v.netem().isEmpty()) {
            out.add("netem=" + URLEncoder.encode(v.netem(), UTF_8));
        }
        v.settings().forEach((name, value) -> out.add("set=" + URLEncoder.encode(name + "=" + value, UTF_8)));
        return out.toString();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8); // throws IllegalArgumentException itself
    }

    private static long seed(String value) {
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seed \"" + oneLine(value) + "\" is no whole number", e);
        }
    }

    private static String netem(String value) {
        if (!value.isEmpty()) {
            NetemSpec.parse(value);
        }
        return value;
    }

    private static void setting(Map<String, String> settings, String words) {
        int at = words.indexOf('=');
        if (at <= 0) {
            throw new IllegalArgumentException("\"" + oneLine(words) + "\" is no setting: NAME=VALUE");
        }
        String name = words.substring(0, at).strip();
        String value = words.substring(at + 1).strip();
        Variation.checkSetting(name, value);
        settings.put(name, value);
        if (settings.size() > MOST_SETTINGS) {
            throw new IllegalArgumentException("more than " + MOST_SETTINGS + " settings");
        }
    }

    /** What somebody else wrote, fit for a line. */
    static String oneLine(@Nullable String text) {
        String plain = String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "…";
    }
}
