package sluice.core;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import sluice.core.tcp.congestion.CongestionControls;

/**
 * The values of one host's {@link Setting}s. May be changed at run time; a reader sees the new value with its next
 * read.
 *
 * <p>Reads are plain array loads. Belongs to one host; changes must come from the thread inside it.
 */
public final class Settings {
    private static final int SLOTS = 3;
    private static final Setting[] ALL = Setting.values();

    private final long[] values = new long[ALL.length * SLOTS];
    private final String[] texts = new String[ALL.length];
    private final BitSet touched = new BitSet(ALL.length);
    private BitSet reservedPorts = new BitSet();

    /** All defaults. */
    public Settings() {
        for (Setting s : ALL) {
            for (int i = 0; i < s.width(); i++) {
                values[s.ordinal() * SLOTS + i] = s.defaultValue(i);
            }
            texts[s.ordinal()] = s.defaultText();
        }
    }

    private Settings(Settings other) {
        System.arraycopy(other.values, 0, values, 0, values.length);
        System.arraycopy(other.texts, 0, texts, 0, texts.length);
        touched.or(other.touched);
        reservedPorts = (BitSet) other.reservedPorts.clone();
    }

    /** An independent copy with the present values. */
    public Settings copy() {
        return new Settings(this);
    }

    /** The value, or the first of several. Meaningless (0) for text. */
    public long get(Setting setting) {
        return values[setting.ordinal() * SLOTS];
    }

    /** The value as an int; larger ones become {@link Integer#MAX_VALUE}. */
    public int getInt(Setting setting) {
        return (int) Math.min(values[setting.ordinal() * SLOTS], Integer.MAX_VALUE);
    }

    /**
     * Value number {@code index} of several.
     *
     * @param index 0 … {@link Setting#width} - 1
     */
    public long get(Setting setting, int index) {
        return values[setting.ordinal() * SLOTS + index];
    }

    /** Whether a switch is on: the value is not 0. */
    public boolean isOn(Setting setting) {
        return values[setting.ordinal() * SLOTS] != 0;
    }

    /** The value of a text setting. */
    public String text(Setting setting) {
        return texts[setting.ordinal()];
    }

    /** Whether a setting was never set, not even to its default. */
    public boolean isUntouched(Setting setting) {
        return !touched.get(setting.ordinal());
    }

    /** Whether {@link Setting#IP_LOCAL_RESERVED_PORTS} names this port. */
    public boolean isReservedPort(int port) {
        return reservedPorts.get(port);
    }

    /**
     * Sets numbers; with fewer than the setting holds, the rest stay as they are.
     *
     * @throws IllegalArgumentException when the setting is text, there are too many numbers or one is out of range;
     * nothing is changed then
     */
    public void set(Setting setting, long... numbers) {
        if (setting.isText()) {
            throw new IllegalArgumentException(setting.sysctl() + " takes text, not a number");
        }
        if (numbers.length == 0 || numbers.length > setting.width()) {
            throw new IllegalArgumentException(setting.sysctl() + " takes "
                    + SettingsText.count(setting.width(), "number") + ", not " + numbers.length);
        }
        for (long n : numbers) {
            if (n < setting.min() || n > setting.max()) {
                throw new IllegalArgumentException(SettingsText.outOfRange(setting, Long.toString(n)));
            }
        }
        if (setting == Setting.IP_LOCAL_PORT_RANGE) {
            long last = numbers.length > 1 ? numbers[1] : get(setting, 1);
            if (numbers[0] > last) {
                throw new IllegalArgumentException(
                        setting.sysctl() + ": first port " + numbers[0] + " is above the last, " + last);
            }
        }
        System.arraycopy(numbers, 0, values, setting.ordinal() * SLOTS, numbers.length);
        touched.set(setting.ordinal());
    }

    /** Chooses what a setting is as long as nobody sets it; nothing when somebody did. */
    void choose(Setting setting, long... numbers) {
        if (isUntouched(setting)) {
            set(setting, numbers);
            touched.clear(setting.ordinal());
        }
    }

    /**
     * Sets a text setting.
     *
     * @throws IllegalArgumentException when it is not text, cannot be set, or the text is not one it can hold
     */
    public void setText(Setting setting, String text) {
        if (!setting.isText()) {
            throw new IllegalArgumentException(setting.sysctl() + " takes numbers, not text");
        }
        if (setting.isReadOnly()) {
            throw new IllegalArgumentException(setting.sysctl() + " is read-only: it lists what there is");
        }
        String value = text.strip();
        switch (setting) {
            case TCP_CONGESTION_CONTROL -> checkAlgorithm(setting, value);
            case TCP_ALLOWED_CONGESTION_CONTROL -> {
                List<String> names = SettingsText.words(value);
                names.forEach(name -> checkAlgorithm(setting, name));
                value = String.join(" ", names);
            }
            case TCP_CWND_VALIDATION -> {
                if (!value.equals("linux") && !value.equals("rfc7661")) {
                    throw new IllegalArgumentException(
                            setting.sysctl() + " = \"" + value + "\": must be linux or rfc7661");
                }
            }
            case TCP_FASTOPEN_KEY -> value = SettingsText.fastOpenKey(setting, value);
            case IP_LOCAL_RESERVED_PORTS -> {
                reservedPorts = SettingsText.ports(setting, value);
                value = SettingsText.formatPorts(reservedPorts);
            }
            default -> throw new IllegalStateException(setting.sysctl());
        }
        texts[setting.ordinal()] = value;
        touched.set(setting.ordinal());
    }

    /**
     * Sets by name, as {@code sysctl -w} does.
     *
     * @param name "net.ipv4.tcp_sack", "net/ipv4/tcp_sack", any unambiguous end of it ("tcp_sack",
     * "neigh.default.gc_thresh1") or the constant's name
     * @param value one number or several with blanks or tabs between them, decimal or 0x…; or text
     * @throws IllegalArgumentException with the setting, the value, its range and unit; or, for an unknown name, the
     * nearest known one
     */
    public void set(String name, String value) {
        Setting setting = find(name);
        if (setting.isText()) {
            setText(setting, value);
        } else {
            set(setting, SettingsText.numbers(setting, value));
        }
    }

    /**
     * The setting that {@code name} stands for, by the rules of {@link #set(String, String)}.
     *
     * @throws IllegalArgumentException when none or several do
     */
    public static Setting find(String name) {
        return SettingsText.find(name);
    }

    /** The present value as {@code sysctl -n} prints it: numbers with tabs between them, or the text. */
    public String format(Setting setting) {
        if (setting.isText()) {
            return text(setting);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < setting.width(); i++) {
            out.append(i == 0 ? "" : "\t").append(get(setting, i));
        }
        return out.toString();
    }

    private void checkAlgorithm(Setting setting, String name) {
        String available = text(Setting.TCP_AVAILABLE_CONGESTION_CONTROL);
        if (CongestionControls.create(name) == null) {
            throw new IllegalArgumentException(setting.sysctl() + " = \"" + name
                    + "\": there is no such congestion control; available: " + available);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings s && Arrays.equals(values, s.values) && Arrays.equals(texts, s.texts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values) * 31 + Arrays.hashCode(texts);
    }
}
