package sluice.core.tcp;

import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.Settings;

/**
 * How many challenge acknowledgments a host sends in a second (net.ipv4.tcp_challenge_ack_limit): as on Linux the limit
 * is drawn anew each second, from half of it to half as much again, so that nobody can count what is left of it and
 * learn from that whether his guesses at the connection of another were challenged (CVE-2016-5696).
 */
@Rfc(value = 5961, section = "7")
public final class ChallengeLimit {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Settings settings;
    private long second = Time.NEVER;
    private final Entropy entropy;
    private long left;

    ChallengeLimit(Settings settings, Entropy entropy) {
        this.settings = settings;
        this.entropy = entropy;
    }

    /** Whether another one may be sent in this second; counts it. */
    public boolean take(long nowNs) {
        int limit = settings.getInt(Setting.TCP_CHALLENGE_ACK_LIMIT);
        if (limit == Integer.MAX_VALUE) {
            return true;
        }
        long now = Math.floorDiv(nowNs, SECOND_NS);
        if (now != second) {
            second = now;
            left = limit == 0 ? 0 : (limit + 1) / 2 + entropy.nextInt(limit);
        }
        return left-- > 0;
    }
}
