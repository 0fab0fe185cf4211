package sluice.core.tcp;

import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.Settings;

/** The time-waits of a host: how many, how many at most (net.ipv4.tcp_max_tw_buckets), and for how long. */
@Rfc(value = 9293, section = "3.6.1", req = "MUST-13")
public final class TimeWaits {
    /** 2·MSL as on Linux: 60 s. */
    public static final long LENGTH_NS = 60_000_000_000L;

    private final Settings settings;
    private int count;
    private long lengthNs = LENGTH_NS;

    TimeWaits(Settings settings) {
        this.settings = settings;
    }

    /** Whether there may be another one. */
    public boolean hasRoom() {
        return count < settings.get(Setting.TCP_MAX_TW_BUCKETS);
    }

    /** Another one. */
    public void began() {
        count++;
    }

    /** One less. */
    public void ended() {
        count--;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** Length, nanoseconds; 0 leaves TIME-WAIT out (for experiments that show why it is there). */
    public void lengthNs(long ns) {
        lengthNs = ns;
    }

    /** Length, nanoseconds. */
    public long lengthNs() {
        return lengthNs;
    }
}
