package sluice.core.tcp;

import sluice.core.Setting;
import sluice.core.Settings;

/** Connections that their applications have let go of, and how many there may be (net.ipv4.tcp_max_orphans). */
public final class Orphans {
    private final Settings settings;
    private int count;

    Orphans(Settings settings) {
        this.settings = settings;
    }

    /** Counts another one; false when there are too many. */
    public boolean take() {
        if (count >= settings.get(Setting.TCP_MAX_ORPHANS)) {
            return false;
        }
        count++;
        return true;
    }

    /** Whether there are too many, when each counts 2 to the power of {@code weight}. */
    public boolean tooMany(int weight) {
        return (long) count << weight > settings.get(Setting.TCP_MAX_ORPHANS);
    }

    /** One that was counted is over. */
    public void release() {
        count--;
    }
}
