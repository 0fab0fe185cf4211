package sluice.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import sluice.base.Spelling;

/**
 * How settings are named and written: finding by name, reading numbers and lists, and saying what is wrong with them.
 */
final class SettingsText {
    private static final Pattern BLANKS = Pattern.compile("[ \t\n\r]+");
    private static final Pattern KEY = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{8}){3}");
    private static final int LAST_PORT = 65_535;

    private SettingsText() {}

    static Setting find(String name) {
        String wanted = name.strip().replace('/', '.').toLowerCase(Locale.ROOT);
        if (wanted.startsWith(".proc.sys.")) {
            wanted = wanted.substring(".proc.sys.".length());
        }
        List<Setting> found = new ArrayList<>();
        for (Setting s : Setting.values()) {
            if (s.sysctl().equals(wanted) || s.name().toLowerCase(Locale.ROOT).equals(wanted)) {
                return s;
            }
            if (s.sysctl().endsWith("." + wanted)) {
                found.add(s);
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (!found.isEmpty()) {
            throw new IllegalArgumentException("setting \"" + name + "\" may be "
                    + String.join(" or ", found.stream().map(Setting::sysctl).toList()));
        }
        String near = nearest(wanted);
        throw new IllegalArgumentException("no setting \"" + name + "\""
                + (near.isEmpty() ? " (\"sluice sysctl -a\" lists those of a running stack)"
                        : "; did you mean " + near + "?"));
    }

    /** The setting whose name is a slip of the pen away; empty when none is. */
    private static String nearest(String wanted) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        boolean full = wanted.indexOf('.') >= 0;
        for (Setting s : Setting.values()) {
            int d = Spelling.distance(wanted, full ? s.sysctl() : s.shortName());
            if (d < bestDistance && Spelling.isSlip(wanted, d)) {
                bestDistance = d;
                best = s.sysctl();
            }
        }
        return best;
    }

    static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(BLANKS.split(text.strip()));
    }

    static long[] numbers(Setting setting, String text) {
        List<String> words = words(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException(setting.sysctl() + " needs " + count(setting.width(), "number")
                    + range(setting) + ", not \"" + text + "\"");
        }
        long[] numbers = new long[words.size()];
        for (int i = 0; i < numbers.length; i++) {
            String word = words.get(i);
            try {
                numbers[i] = Long.decode(word.length() > 1 && word.startsWith("0") && Character.isDigit(word.charAt(1))
                        ? stripZeros(word) : word);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(outOfRange(setting, "\"" + word + "\""), e);
            }
        }
        return numbers;
    }

    private static String stripZeros(String word) {
        int i = 0;
        while (i < word.length() - 1 && word.charAt(i) == '0') {
            i++;
        }
        return word.substring(i);
    }

    static String outOfRange(Setting setting, String value) {
        return setting.sysctl() + " = " + value + ": must be a number" + range(setting);
    }

    private static String range(Setting setting) {
        String unit = setting.unit().isEmpty() ? "" : " (" + setting.unit() + ")";
        return " in " + setting.min() + "…" + setting.max() + unit;
    }

    static String count(int n, String what) {
        return n == 1 ? "1 " + what : "1 to " + n + " " + what + "s";
    }

    static String fastOpenKey(Setting setting, String text) {
        List<String> keys = List.of(text.split(",", -1));
        if (keys.size() > 2 || !keys.stream().allMatch(k -> KEY.matcher(k.strip()).matches())) {
            throw new IllegalArgumentException(
                    setting.sysctl() + " = \"" + text
                            + "\": must be 8-8-8-8 hexadecimal digits, and the previous key after a comma");
        }
        return String.join(",", keys.stream().map(k -> k.strip().toLowerCase(Locale.ROOT)).toList());
    }

    static BitSet ports(Setting setting, String text) {
        BitSet ports = new BitSet();
        if (text.isBlank()) {
            return ports;
        }
        for (String part : text.split(",", -1)) {
            String range = part.strip();
            int dash = range.indexOf('-');
            int first = port(setting, dash < 0 ? range : range.substring(0, dash), text);
            int last = dash < 0 ? first : port(setting, range.substring(dash + 1), text);
            if (first > last) {
                throw badPorts(setting, text);
            }
            ports.set(first, last + 1);
        }
        return ports;
    }

    private static int port(Setting setting, String digits, String text) {
        int value = 0;
        String d = digits.strip();
        for (int i = 0; i < d.length(); i++) {
            char c = d.charAt(i);
            if (c < '0' || c > '9' || value > LAST_PORT) {
                throw badPorts(setting, text);
            }
            value = value * 10 + (c - '0');
        }
        if (d.isEmpty() || value > LAST_PORT) {
            throw badPorts(setting, text);
        }
        return value;
    }

    private static IllegalArgumentException badPorts(Setting setting, String text) {
        return new IllegalArgumentException(
                setting.sysctl() + " = \"" + text + "\": must be ports and ranges in 0…65535: 8080,9148-9150");
    }

    static String formatPorts(BitSet ports) {
        StringBuilder out = new StringBuilder();
        for (int first = ports.nextSetBit(0); first >= 0;) {
            int end = ports.nextClearBit(first);
            out.append(out.isEmpty() ? "" : ",").append(first);
            if (end - first > 1) {
                out.append('-').append(end - 1);
            }
            first = ports.nextSetBit(end);
        }
        return out.toString();
    }
}
