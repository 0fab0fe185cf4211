package sluice.core.tcp;

import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.Settings;

/** How many challenge acknowledgments a host sends in a second (net.ipv4.tcp_challenge_ack_limit). */
@Rfc(value = 5961, section = "7")
public final class ChallengeLimit {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Settings settings;
    private long second = Time.NEVER;
    private long sent;

    ChallengeLimit(Settings settings) {
        this.settings = settings;
    }

    /** Whether another one may be sent in this second; counts it. */
    public boolean take(long nowNs) {
        long now = Math.floorDiv(nowNs, SECOND_NS);
        if (now != second) {
            second = now;
            sent = 0;
        }
        return sent++ < settings.get(Setting.TCP_CHALLENGE_ACK_LIMIT);
    }
}
