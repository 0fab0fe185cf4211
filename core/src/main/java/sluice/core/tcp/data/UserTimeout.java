package sluice.core.tcp.data;

import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.option.UserTimeoutOption;

/**
 * USER_TIMEOUT of a connection, and the option that tells the peer and lets it tell us. Linux has no such option, so it
 * is off (ENABLED) unless a socket option or {@code sluice.tcp_user_timeout_option} says otherwise; then what counts is
 * TCP_USER_TIMEOUT alone.
 */
@Rfc(value = 5482, section = "3")
public final class UserTimeout {
    private static final int MS = 1000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final int DEFAULT_SECONDS = 300;

    private final Settings settings;
    private final SocketOptions options;
    private final RttEstimator rtt;
    private int remoteSeconds;
    private int announced;

    UserTimeout(Settings settings, SocketOptions options, RttEstimator rtt) {
        this.settings = settings;
        this.options = options;
        this.rtt = rtt;
    }

    /** ENABLED. */
    public static boolean enabled(Settings settings, SocketOptions o) {
        return o.userTimeoutOption || settings.isOn(Setting.TCP_USER_TIMEOUT_OPTION);
    }

    /** ADV_UTO, seconds: as chosen, else TCP_USER_TIMEOUT, else the five minutes of RFC 793. */
    @Rfc(value = 5482, section = "3")
    public static int advertisedSeconds(SocketOptions o) {
        int seconds = o.advertisedUserTimeoutSeconds > 0 ? o.advertisedUserTimeoutSeconds
                : o.userTimeoutMs > 0 ? Math.max(1, o.userTimeoutMs / MS) : DEFAULT_SECONDS;
        return Math.min(seconds, UserTimeoutOption.MAX_SECONDS);
    }

    /** CHANGEABLE: unless the application says, true as long as it has not set TCP_USER_TIMEOUT itself. */
    @Rfc(value = 5482, section = "3")
    public boolean changeable() {
        Boolean own = options.userTimeoutChangeable;
        return own != null ? own : options.userTimeoutMs == 0;
    }

    /** REMOTE_UTO, seconds; 0 while the peer has said nothing. */
    public int remoteSeconds() {
        return remoteSeconds;
    }

    /** A segment that was found acceptable carried this much; 0 for no option. */
    @Rfc(value = 5482, section = "3.1")
    public void received(int seconds) {
        if (seconds > 0 && enabled(settings, options)) {
            remoteSeconds = seconds;
        }
    }

    /**
     * USER_TIMEOUT, milliseconds; 0 when the number of retransmissions decides. Never below the retransmission timeout.
     */
    @Rfc(value = 5482, section = "3.1")
    public long ms() {
        boolean told = remoteSeconds > 0 || options.advertisedUserTimeoutSeconds > 0;
        if (!enabled(settings, options) || !changeable() || !told) {
            return options.userTimeoutMs;
        }
        long aboveRto = rtt.rtoNs() / 1_000_000_000L + 1;
        long lower = Math.max(settings.get(Setting.TCP_USER_TIMEOUT_MIN), aboveRto);
        long wanted = Math.max(Math.max(advertisedSeconds(options), remoteSeconds), lower);
        return Math.max(Math.min(wanted, settings.get(Setting.TCP_USER_TIMEOUT_MAX)), aboveRto) * MS;
    }

    /** Whether it decides and is over for what has lasted since {@code sinceNs}. */
    public boolean isOver(long sinceNs, long nowNs) {
        long ms = ms();
        return ms > 0 && nowNs - sinceNs >= ms * NS_PER_MS;
    }

    /**
     * {@code intervalNs}, or what is left of it for what has lasted since {@code sinceNs}, when it decides and that is
     * less; at least a millisecond then.
     */
    public long shorten(long intervalNs, long sinceNs, long nowNs) {
        long ms = ms();
        return ms == 0 ? intervalNs : Math.max(NS_PER_MS, Math.min(intervalNs, ms * NS_PER_MS - (nowNs - sinceNs)));
    }

    /** What the next segment should tell, seconds; 0 when it was told already or is not enabled. */
    @Rfc(value = 5482, section = "3")
    public int toAnnounce() {
        int seconds = advertisedSeconds(options);
        return enabled(settings, options) && announced != seconds ? seconds : 0;
    }

    /** It was told in a segment without SYN; those with SYN always tell, and the first without again. */
    public void announced(int seconds) {
        announced = seconds;
    }
}
