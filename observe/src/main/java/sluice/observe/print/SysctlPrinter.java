package sluice.observe.print;

import java.util.List;
import java.util.Locale;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.observe.json.JsonWriter;

/** Settings in the manner of {@code sysctl -a}. To be called by the thread inside the host, or on a copy. */
public final class SysctlPrinter {
    private SysctlPrinter() {}

    /** {@code name = value}, one a line. */
    public static String all(Settings settings) {
        StringBuilder out = new StringBuilder();
        for (Setting s : Setting.values()) {
            out.append(one(settings, s)).append('\n');
        }
        return out.toString();
    }

    /** {@code name = value}. */
    public static String one(Settings settings, Setting setting) {
        return setting.sysctl() + " = " + settings.format(setting);
    }

    /** One line for whoever sets a setting that has no effect; "" when it has one. */
    public static String warning(Setting s) {
        return s.hasEffect() ? "" : s.sysctl() + " has no effect here: " + s.whyWithoutEffect();
    }

    /** A table for readers: name, value, unit, range, meaning; a star before what differs from the default. */
    public static String describe(Settings settings) {
        Settings defaults = new Settings();
        StringBuilder out = new StringBuilder();
        for (Setting s : Setting.values()) {
            String value = settings.format(s);
            String range = s.isText() ? "" : s.min() + "…" + (s.max() == Long.MAX_VALUE ? "" : s.max());
            out.append(String.format(Locale.ROOT, "%s %s = %s%s\n    %s%s%s\n",
                    value.equals(defaults.format(s)) ? " " : "*", s.sysctl(), value,
                    s.unit().isEmpty() ? "" : " " + s.unit(), s.doc(), range.isEmpty() ? "" : " (" + range + ")",
                    s.hasEffect() ? "" : "\n    no effect here: " + s.whyWithoutEffect()));
        }
        return out.toString();
    }

    /**
     * A JSON object from name to value; values are strings as {@code sysctl} prints them. When some have no effect
     * here, its member "without_effect" is an object from their names to the reasons.
     */
    public static String json(Settings settings, List<Setting> which) {
        JsonWriter json = new JsonWriter().beginObject();
        for (Setting s : which) {
            json.field(s.sysctl(), settings.format(s));
        }
        List<Setting> idle = which.stream().filter(s -> !s.hasEffect()).toList();
        if (!idle.isEmpty()) {
            json.key("without_effect").beginObject();
            idle.forEach(s -> json.field(s.sysctl(), s.whyWithoutEffect()));
            json.endObject();
        }
        return json.endObject().toString();
    }
}
