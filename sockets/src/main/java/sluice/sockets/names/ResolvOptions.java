package sluice.sockets.names;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The {@code options} of a {@code resolv.conf}, with glibc's names, defaults and bounds ({@code resolv.conf(5)}).
 *
 * @param ndots a name with so many dots is asked for as it is before the search list is gone through, 0…15
 * @param timeoutSeconds how long the first server has to answer, seconds, 1…30; later ones get longer (see {@link
 * Names})
 * @param attempts how often the servers are gone through, 1…5
 * @param flags what is on
 */
public record ResolvOptions(int ndots, int timeoutSeconds, int attempts, Set<Flag> flags) {
    /** The options without a number. */
    public enum Flag {
        /** Lookups begin with the servers in turn. */
        ROTATE,
        /** TCP only. */
        USE_VC,
        /** A and AAAA one after the other. */
        SINGLE_REQUEST,
        /** The same, the second from another port. */
        SINGLE_REQUEST_REOPEN,
        /** Longer answers over UDP (RFC 6891). */
        EDNS0,
        /** AAAA is never asked for. */
        NO_AAAA,
        /** A name without dots is never asked for as it is when there is a search list. */
        NO_TLD_QUERY;

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static final int MAX_NDOTS = 15;
    static final int MAX_TIMEOUT_SECONDS = 30;
    static final int MAX_ATTEMPTS = 5;

    /** What holds where nothing is said: ndots 1, 5 seconds, 2 attempts, no flags. */
    public static final ResolvOptions DEFAULT = new ResolvOptions(1, 5, 2, Set.of());

    /** Brings the numbers into their bounds, as glibc does. */
    public ResolvOptions {
        ndots = Math.clamp(ndots, 0, MAX_NDOTS);
        timeoutSeconds = Math.clamp(timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
        attempts = Math.clamp(attempts, 1, MAX_ATTEMPTS);
        flags = Set.copyOf(flags);
    }

    /** Whether {@code flag} is on. */
    public boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /**
     * These with those that {@code words} name, separated by blanks: {@code "ndots:2 rotate"}. Words that are not known
     * (trust-ad, no-reload, … have nothing to act on here) are passed over.
     */
    public ResolvOptions with(String words) {
        int dots = ndots;
        int seconds = timeoutSeconds;
        int times = attempts;
        Set<Flag> on = EnumSet.noneOf(Flag.class);
        on.addAll(flags);
        for (String word : words.trim().split("[ \t]+")) {
            int colon = word.indexOf(':');
            switch (colon < 0 ? "" : word.substring(0, colon)) {
                case "ndots" -> dots = number(word.substring(colon + 1));
                case "timeout" -> seconds = number(word.substring(colon + 1));
                case "attempts" -> times = number(word.substring(colon + 1));
                default -> {
                    for (Flag f : Flag.values()) {
                        if (word.replace('_', '-').equals(f.word())) {
                            on.add(f);
                        }
                    }
                }
            }
        }
        return new ResolvOptions(dots, seconds, times, on);
    }

    /** As C's atoi: the digits at the front, 0 without. */
    private static int number(String text) {
        int n = 0;
        for (int i = 0; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            n = Math.min(n * 10 + text.charAt(i) - '0', 1_000_000);
        }
        return n;
    }
}
