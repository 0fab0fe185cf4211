package sluice.core.tcp.data;

/**
 * TCP_DEFER_ACCEPT counts in timeouts of the SYN-ACK, as Linux does: the seconds that an application asks for become as
 * many as cover them, and what it is told are the seconds that these take.
 */
public final class DeferredAccept {
    private static final int MAX_TIMEOUTS = 255;

    private DeferredAccept() {}

    /**
     * How many timeouts cover {@code seconds}: 0 for 0 or less, at most 255.
     *
     * @param longest of one, seconds
     */
    public static int timeouts(int seconds, long longest) {
        int n = 0;
        for (long covered = 0; covered < seconds && n < MAX_TIMEOUTS; n++) {
            covered += timeout(n, longest);
        }
        return n;
    }

    /** How long the timeouts that cover {@code seconds} take together, seconds. */
    public static int rounded(int seconds, long longest) {
        long all = 0;
        for (int n = timeouts(seconds, longest) - 1; n >= 0; n--) {
            all += timeout(n, longest);
        }
        return (int) all;
    }

    private static long timeout(int before, long longest) {
        return Math.min(1L << Math.min(before, 30), longest);
    }
}
