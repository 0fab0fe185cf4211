package sluice.core.tcp.congestion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.data.SocketOptions;

/** The algorithms by name: one line adds one. */
@Rfc(value = 9293, section = "3.8.2", req = {"MUST-19", "MAY-18"})
public final class CongestionControls {
    private static final Map<String, Supplier<CongestionControl>> BY_NAME = new TreeMap<>(Map.of( //
            "reno", NewReno::new, //
            "reno-classic", ClassicReno::new, //
            "cubic", Cubic::new, //
            "cubic++", Cubic::withHyStartPlusPlus, //
            "bbr", Bbr::new, //
            "bbr3", Bbr3::new, //
            "dctcp", Dctcp::new));

    private CongestionControls() {}

    /** All names. */
    public static List<String> names() {
        return new ArrayList<>(BY_NAME.keySet());
    }

    /** Whether connections with the algorithm of that name cannot do without ECN. */
    public static boolean needEcn(String name) {
        return name.equalsIgnoreCase("dctcp");
    }

    /** A new instance; null when there is none of that name. "fixed:N" is a window of N segments. */
    public static @Nullable CongestionControl create(String name) {
        Supplier<CongestionControl> exactly = BY_NAME.get(name);
        if (exactly != null) {
            return exactly.get();
        }
        String n = name.toLowerCase(Locale.ROOT);
        if (n.startsWith("fixed:")) {
            try {
                return new FixedWindow(Integer.parseInt(n.substring(6)));
            } catch (NumberFormatException e) {
                return null;
            }
        }
        Supplier<CongestionControl> s = BY_NAME.get(n);
        return s == null ? null : s.get();
    }

    /** Name of the congestion control that these options choose, or net.ipv4.tcp_congestion_control. */
    public static String nameFor(SocketOptions options, Settings settings) {
        return options.congestionControl != null ? options.congestionControl
                : settings.text(Setting.TCP_CONGESTION_CONTROL);
    }

    /**
     * Looks whether an application may choose what these options say: what the host uses by default always; of the
     * others those of net.ipv4.tcp_allowed_congestion_control. "fixed:N", an experiment, is nobody's to forbid.
     *
     * @throws ErrnoException ENOENT when there is none of that name, EPERM when it is not allowed
     */
    public static void check(SocketOptions options, Settings settings) {
        String name = options.congestionControl;
        if (name == null) {
            return;
        }
        CongestionControl chosen = forSocket(options, settings);
        boolean usual = chosen instanceof FixedWindow
                || chosen.name().equalsIgnoreCase(settings.text(Setting.TCP_CONGESTION_CONTROL));
        String allowed = settings.text(Setting.TCP_ALLOWED_CONGESTION_CONTROL);
        if (!usual && !List.of(allowed.toLowerCase(Locale.ROOT).split(" ")).contains(chosen.name())) {
            throw new ErrnoException(Errno.EPERM, "congestion control \"" + name + "\" ("
                    + Setting.TCP_ALLOWED_CONGESTION_CONTROL.sysctl() + " = " + allowed + ")");
        }
    }

    /**
     * A new one for a connection with these options.
     *
     * @throws ErrnoException ENOENT when there is none of that name
     */
    public static CongestionControl forSocket(SocketOptions options, Settings settings) {
        String name = nameFor(options, settings);
        CongestionControl c = create(name);
        if (c == null) {
            throw new ErrnoException(Errno.ENOENT, "congestion control \"" + name + "\" (there are " + names() + ")");
        }
        return c;
    }
}
