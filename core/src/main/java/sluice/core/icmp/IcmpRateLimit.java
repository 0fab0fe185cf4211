package sluice.core.icmp;

import java.util.LinkedHashMap;
import java.util.Map;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/**
 * Token buckets for the errors we send: one for the host ({@code icmp_msgs_per_sec}, {@code icmp_msgs_burst}) and one
 * per destination ({@code icmp_ratelimit}, a burst of {@link #HOST_BURST}). At most {@link #MAX_DESTINATIONS}
 * destinations are remembered, the one unused longest is forgotten.
 */
@Rfc(value = 4443, section = "2.4")
@Rfc(value = 1812, section = "4.3.2.8")
final class IcmpRateLimit {
    /** Errors to one destination at once. */
    static final int HOST_BURST = 6;
    /** Destinations remembered. */
    static final int MAX_DESTINATIONS = 1024;
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private static final class Bucket {
        long creditNs;
        long lastNs;
    }

    private static final class Buckets extends LinkedHashMap<IpAddress, Bucket> {
        private static final long serialVersionUID = 1L;

        Buckets() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<IpAddress, Bucket> eldest) {
            return size() > MAX_DESTINATIONS;
        }
    }

    private final Settings settings;
    private final Counters counters;
    private final Buckets hosts = new Buckets();
    private double globalCredit = Double.MAX_VALUE;
    private long globalLastNs;

    IcmpRateLimit(Settings settings, Counters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    /** Whether an error may go to {@code destination} now; counts it when not. */
    boolean allow(IpAddress destination, boolean v6, long nowNs) {
        if (!globalAllows(nowNs)) {
            counters.increment(Counter.IcmpOutRateLimitGlobal);
            return false;
        }
        long interval = settings.get(v6 ? Setting.ICMP6_RATELIMIT : Setting.ICMP_RATELIMIT) * MILLISECOND_NS;
        if (interval > 0) {
            Bucket b = hosts.get(destination);
            if (b == null) {
                b = new Bucket();
                b.creditNs = HOST_BURST * interval;
                b.lastNs = nowNs;
                hosts.put(destination, b);
            }
            b.creditNs = Math.min(HOST_BURST * interval, b.creditNs + Math.max(0, nowNs - b.lastNs));
            b.lastNs = nowNs;
            if (b.creditNs < interval) {
                counters.increment(v6 ? Counter.Icmp6OutRateLimitHost : Counter.IcmpOutRateLimitHost);
                return false;
            }
            b.creditNs -= interval;
        }
        globalCredit -= 1;
        return true;
    }

    private boolean globalAllows(long nowNs) {
        long perSecond = settings.get(Setting.ICMP_MSGS_PER_SEC);
        if (perSecond == 0) {
            return true;
        }
        double gained = (double) Math.max(0, nowNs - globalLastNs) * perSecond / SECOND_NS;
        globalCredit = Math.min((double) settings.get(Setting.ICMP_MSGS_BURST), globalCredit + gained);
        globalLastNs = nowNs;
        return globalCredit >= 1;
    }
}
