package sluice.core.tcp.fastopen;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.wire.IpAddress;

/**
 * A client's memory: the cookie and the MSS that each server gave to each of our addresses. Bounded: the pair used
 * longest ago is forgotten first.
 */
@Rfc(value = 7413, section = "4.1.3")
public final class FastOpenCache {
    /** Most pairs of addresses. */
    public static final int MAX_ENTRIES = 1024;

    private record Pair(IpAddress local, IpAddress remote) {}

    /** What is known of one server. */
    public static final class Known {
        private int mss;
        private @Nullable FastOpenCookie cookie;
        private int experiment;

        /** MSS that the server announced; 0 unknown. */
        public int mss() {
            return mss;
        }

        /** The cookie to send; null when the server gave none. */
        public @Nullable FastOpenCookie cookie() {
            return cookie;
        }

        /**
         * Whether a cookie is to be asked for in the experimental format: the server did not know the other, and was
         * not asked so before.
         */
        public boolean tryExperimental() {
            return experiment == 1;
        }
    }

    private final Map<Pair, Known> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Known> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    /** What is known of a server; null for nothing. */
    public @Nullable Known find(IpAddress local, IpAddress remote) {
        return entries.get(new Pair(local, remote));
    }

    /** A server's SYN-ACK came: its MSS (0 for none), and its cookie if it gave one. */
    public void store(IpAddress local, IpAddress remote, int mss, @Nullable FastOpenCookie cookie) {
        Known e = entries.computeIfAbsent(new Pair(local, remote), p -> new Known());
        if (mss > 0) {
            e.mss = mss;
        }
        if (cookie != null && !cookie.isRequest()) {
            e.cookie = cookie;
        }
    }

    /**
     * A server did not answer a request for a cookie: the other format is tried next time, and after that the first for
     * ever.
     */
    public void noCookie(IpAddress local, IpAddress remote, boolean askedExperimental) {
        Known e = entries.computeIfAbsent(new Pair(local, remote), p -> new Known());
        if (e.cookie == null) {
            e.experiment = Math.max(e.experiment, askedExperimental ? 2 : 1);
        }
    }

    /** Forgets everything. */
    public void clear() {
        entries.clear();
    }

    /** Servers known. */
    public int size() {
        return entries.size();
    }
}
