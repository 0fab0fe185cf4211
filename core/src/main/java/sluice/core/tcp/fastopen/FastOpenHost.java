package sluice.core.tcp.fastopen;

import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.Settings;

/** What a host remembers for Fast Open. */
public final class FastOpenHost {
    /** net.ipv4.tcp_fastopen: active opens may use it. */
    public static final int CLIENT = 1;
    /** net.ipv4.tcp_fastopen: listeners may use it. */
    public static final int SERVER = 2;
    /** net.ipv4.tcp_fastopen: active opens send data without a cookie. */
    public static final int CLIENT_NO_COOKIE = 4;
    /** net.ipv4.tcp_fastopen: listeners take data without a cookie. */
    public static final int SERVER_NO_COOKIE = 0x200;
    /** net.ipv4.tcp_fastopen: all listeners use it, TCP_FASTOPEN or not. */
    public static final int ALL_LISTENERS = 0x400;

    private final Settings settings;
    private final Entropy entropy;
    private final FastOpenCache cache = new FastOpenCache();
    private final FastOpenBlackHole blackHole;
    private @Nullable FastOpenKeys drawn;
    private @Nullable FastOpenKeys configured;
    private String configuredText = "";

    /** Nothing remembered. */
    public FastOpenHost(HostContext host) {
        settings = host.settings();
        entropy = host.entropy();
        blackHole = new FastOpenBlackHole(host);
    }

    /** Cookies that servers gave us. */
    public FastOpenCache cache() {
        return cache;
    }

    /** Whether a path seems to swallow Fast Open. */
    public FastOpenBlackHole blackHole() {
        return blackHole;
    }

    /** Whether net.ipv4.tcp_fastopen has this bit. */
    public boolean allows(int bit) {
        return (settings.get(Setting.TCP_FASTOPEN) & bit) != 0;
    }

    /** Keys of a listener: its own, or the host's; a host that was given none draws one. */
    public FastOpenKeys keys(@Nullable FastOpenKeys own) {
        if (own != null) {
            return own;
        }
        if (settings.isUntouched(Setting.TCP_FASTOPEN_KEY)) {
            FastOpenKeys k = drawn;
            if (k == null) {
                k = FastOpenKeys.random(entropy);
                drawn = k;
            }
            return k;
        }
        String text = settings.text(Setting.TCP_FASTOPEN_KEY);
        FastOpenKeys k = configured;
        if (k == null || !text.equals(configuredText)) {
            k = FastOpenKeys.parse(text);
            configured = k;
            configuredText = text;
        }
        return k;
    }
}
