package sluice.sockets.names;

import java.util.List;
import java.util.function.Function;

/**
 * Which names are asked for when a program asks for one, and what the outcome is then: {@code res_query.c}'s search.
 */
final class SearchList {
    private final List<String> domains;
    private final ResolvOptions options;

    SearchList(ResolvConf conf) {
        domains = conf.search();
        options = conf.options();
    }

    /** Goes through the names with {@code ask} until something is found. */
    Answer search(String host, Function<String, Answer> ask) {
        long dots = host.chars().filter(c -> c == '.').count();
        boolean rooted = host.endsWith(".");
        Answer asItIs = null;
        if (rooted || dots >= options.ndots()) {
            asItIs = ask.apply(host);
            if (rooted || asItIs.outcome() == Outcome.FOUND) {
                return asItIs;
            }
        }
        boolean noData = false;
        boolean serverFailure = false;
        boolean rootSearched = false;
        Answer last = asItIs;
        for (String domain : domains) {
            String suffix = domain.startsWith(".") ? domain.substring(1) : domain;
            rootSearched |= suffix.isEmpty();
            last = ask.apply(host + "." + suffix);
            Outcome o = last.outcome();
            if (o == Outcome.FOUND || o == Outcome.NOBODY) {
                return last;
            }
            noData |= o == Outcome.NO_DATA;
            serverFailure |= o == Outcome.SERVER_FAILURE;
            if (o == Outcome.SILENCE || o == Outcome.REFUSAL) {
                break;
            }
        }
        boolean topLevelToo = dots > 0 || domains.isEmpty() || !options.has(ResolvOptions.Flag.NO_TLD_QUERY);
        if (asItIs == null && !rootSearched && topLevelToo) {
            last = ask.apply(host);
            if (last.outcome() == Outcome.FOUND) {
                return last;
            }
        }
        if (asItIs != null) {
            return asItIs;
        }
        return noData ? Answer.of(Outcome.NO_DATA)
                : serverFailure ? Answer.of(Outcome.SERVER_FAILURE)
                        : last != null ? last : Answer.of(Outcome.NOT_FOUND);
    }
}
