package sluice.drill;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * What may be chosen for a run, by the names of packetdrill's options; a choice of the caller wins over one in the
 * script.
 */
public final class DrillOptions {
    /** Known to the original tool, without a meaning in virtual time or for one host. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("speed", "verbose", "debug", "code_command", "code_format",
            "code_sockopt", "send_omit_free",
            "use_expect", "persistent_tun_dev", "dry_run", "wire_client_dev", "wire_server_dev", "wire_server_ip",
            "wire_server_port", "so_filename",
            "so_flags",
            "udp_encaps", "psp_udp_port", "netmask_ip", "init_scripts", "bpf_server", "tun_dev", "is_anyip");

    private static final int MIN_MTU = 68;
    /** Eleven days: what is added to a time still fits. */
    private static final long MAX_US = 1_000_000_000_000L;
    private final DrillMode mode;
    private final Map<String, String> chosen = new HashMap<>();
    private final Map<String, String> defines = new HashMap<>();

    /** Everything as in {@code mode}. */
    public DrillOptions(DrillMode mode) {
        this.mode = mode;
        defines.putAll(mode.defines());
    }

    /** An independent copy. */
    public DrillOptions copy() {
        DrillOptions o = new DrillOptions(mode);
        o.chosen.putAll(chosen);
        o.defines.putAll(defines);
        return o;
    }

    /**
     * Chooses.
     *
     * @param name without dashes: "tolerance_usecs"
     * @throws IllegalArgumentException for a name or value that there is not
     */
    public DrillOptions set(String name, String value) {
        switch (name) {
            case "define" -> define(value);
            case "ip_version" -> {
                DrillMode.of(value);
                chosen.put(name, value);
            }
            case "local_ip", "remote_ip", "gateway_ip", "connect_ip" -> {
                IpAddress.parse(value);
                chosen.put(name, value);
            }
            case "tolerance_usecs", "tcp_ts_tick_usecs" -> number(name, value, 0, MAX_US);
            case "mtu" -> number(name, value, MIN_MTU, 65_535);
            case "mss", "bind_port", "connect_port" -> number(name, value, 0, 65_535);
            case "tolerance_percent" -> percent(value);
            case "strict_segments", "non_fatal", "tcp_ts_ecr_scaled" -> chosen.put(name, value);
            default -> {
                if (!WITHOUT_EFFECT.contains(name)) {
                    throw new IllegalArgumentException("there is no option --" + name);
                }
            }
        }
        return this;
    }

    private void number(String name, String value, long min, long max) {
        boolean fits = value.matches("[0-9]{1,18}") && Long.parseLong(value) >= min && Long.parseLong(value) <= max;
        if (!fits) {
            throw new IllegalArgumentException(
                    "--" + name + " is a number of " + min + " to " + max + ", not \"" + value
                            + "\"");
        }
        chosen.put(name, value);
    }

    private void percent(String value) {
        if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new IllegalArgumentException("--tolerance_percent is a number like 12.5, not \"" + value + "\"");
        }
        chosen.put("tolerance_percent", value);
    }

    /** Replaces a word wherever it stands: "NAME=value" or "NAME". */
    public DrillOptions define(String definition) {
        int equals = definition.indexOf('=');
        defines.put(equals < 0 ? definition : definition.substring(0, equals),
                equals < 0 ? "" : definition.substring(equals + 1));
        return this;
    }

    /** These with a script's own options below. */
    DrillOptions over(List<Script.Option> scripts) {
        DrillOptions o = new DrillOptions(mode);
        for (Script.Option s : scripts) {
            try {
                o.set(s.name(), s.value());
            } catch (IllegalArgumentException e) {
                throw new ScriptException(s.line(), String.valueOf(e.getMessage()));
            }
        }
        o.chosen.putAll(chosen);
        o.defines.putAll(defines);
        return o;
    }

    private @Nullable String text(String name) {
        return chosen.get(name);
    }

    private long number(String name, long otherwise) {
        String s = chosen.get(name);
        return s == null ? otherwise : Long.parseLong(s);
    }

    /**
     * What a script names for the other family gives way to the mode's address, as it does to the suite's runner, which
     * names them all on the command line.
     */
    private IpAddress address(String name, String otherwise) {
        String s = chosen.get(name);
        IpAddress usual = IpAddress.parse(otherwise);
        IpAddress a = s == null ? usual : IpAddress.parse(s);
        return a.isV4() == usual.isV4() ? a : usual;
    }

    Map<String, String> defines() {
        return defines;
    }

    DrillMode mode() {
        String v = text("ip_version");
        return v == null ? mode : DrillMode.of(v);
    }

    long toleranceUs() {
        return number("tolerance_usecs", 4000);
    }

    double tolerancePercent() {
        String s = text("tolerance_percent");
        return s == null ? 12.5 : Double.parseDouble(s);
    }

    int mtu() {
        return (int) number("mtu", mode().mtu());
    }

    int bindPort() {
        return (int) number("bind_port", 8080);
    }

    int connectPort() {
        return (int) number("connect_port", 8080);
    }

    long timestampTickUs() {
        return number("tcp_ts_tick_usecs", 0);
    }

    boolean scaledEcho() {
        return chosen.containsKey("tcp_ts_ecr_scaled");
    }

    boolean strictSegments() {
        return chosen.containsKey("strict_segments");
    }

    boolean packetErrorsNotFatal() {
        return chosen.containsKey("non_fatal");
    }

    IpAddress local() {
        return address("local_ip", mode().local());
    }

    IpAddress remote() {
        return address("remote_ip", mode().remote());
    }

    IpAddress gateway() {
        return address("gateway_ip", mode().gateway());
    }

    IpAddress connectAddress() {
        String s = text("connect_ip");
        return s == null ? remote() : IpAddress.parse(s);
    }
}
