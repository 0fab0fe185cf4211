package sluice.drill;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.core.Setting;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.fastopen.FastOpenKeys;
import sluice.drill.Descriptor.Stream;

/** The socket options TCP_FASTOPEN, _CONNECT, _KEY and _NO_COOKIE, with the checks of Linux. */
final class FastOpenOptions {
    private FastOpenOptions() {}

    static @Nullable Errno set(Stream s, String name, Expr value, Machine machine) {
        SocketOptions o = s.options;
        if (name.equals("TCP_FASTOPEN_KEY")) {
            return key(o, value);
        }
        long v = Symbols.value(value);
        boolean flag = v == 0 || v == 1;
        switch (name) {
            case "TCP_FASTOPEN" -> {
                if (v < 0 || s.tcb != null) {
                    return Errno.EINVAL;
                }
                o.fastOpenQueue = (int) Math.min(v, machine.settings().get(Setting.SOMAXCONN));
            }
            case "TCP_FASTOPEN_CONNECT" -> {
                if (!flag) {
                    return Errno.EINVAL;
                }
                if ((machine.settings().get(Setting.TCP_FASTOPEN) & FastOpenHost.CLIENT) == 0) {
                    return Errno.EOPNOTSUPP;
                }
                if (s.tcb != null || s.listener != null) {
                    return Errno.EINVAL;
                }
                o.fastOpenConnect = v != 0;
            }
            case "TCP_FASTOPEN_NO_COOKIE" -> {
                if (!flag || s.tcb != null) {
                    return Errno.EINVAL;
                }
                o.fastOpenNoCookie = v != 0;
            }
            default -> throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
        }
        return null;
    }

    private static @Nullable Errno key(SocketOptions o, Expr value) {
        if (!(value instanceof Expr.Str text)) {
            throw new SkipException("a key that is no string is not done");
        }
        byte[] bytes = bytes(text.text());
        if (bytes.length != FastOpenKeys.KEY_BYTES && bytes.length != 2 * FastOpenKeys.KEY_BYTES) {
            return Errno.EINVAL;
        }
        o.fastOpenKeys = FastOpenKeys.of(bytes);
        return null;
    }

    /** The bytes of a C string with \x escapes. */
    private static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i) && i + 4 <= text.length()) {
                out.write(Integer.parseInt(text, i + 2, i + 4, 16));
                i += 3;
            } else {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }

    static long get(Stream s, String name, Machine machine) {
        SocketOptions o = s.options;
        return switch (name) {
            case "TCP_FASTOPEN" -> Math.min(o.fastOpenQueue, machine.settings().get(Setting.SOMAXCONN));
            case "TCP_FASTOPEN_CONNECT" -> o.fastOpenConnect ? 1 : 0;
            case "TCP_FASTOPEN_NO_COOKIE" -> o.fastOpenNoCookie ? 1 : 0;
            default -> throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
        };
    }
}
