package sluice.link;

import org.jspecify.annotations.Nullable;

/** Reads {@link QueueSpec#parse}'s words. One object reads one text. */
final class QueueParser {
    private static final int DEFAULT_PACKETS = 1000;
    private static final long DEFAULT_BYTES = 1_500_000;
    private static final long MS = 1_000_000;

    private final String[] words;
    private int at;
    private int limit = DEFAULT_PACKETS;
    private long targetNs = 5 * MS;
    private long intervalNs = 100 * MS;
    private long ceThresholdNs = Long.MAX_VALUE;
    private boolean ecn;

    QueueParser(String text) {
        String stripped = text.strip();
        words = stripped.isEmpty() ? new String[0] : stripped.split("\\s+");
    }

    QueueSpec parse() {
        String kind = next("queue");
        QueueSpec spec = switch (kind) {
            case "pfifo" -> new QueueSpec.DropTail((int) limit(DEFAULT_PACKETS), QueueSpec.NO_BYTE_LIMIT);
            case "bfifo" -> new QueueSpec.DropTail(QueueSpec.NO_PACKET_LIMIT, limit(DEFAULT_BYTES));
            case "mark" ->
                new QueueSpec.Threshold((int) number("mark, the packets that may wait unmarked", 0, Netem.MAX_HELD),
                        (int) limit(DEFAULT_PACKETS));
            case "codel" -> codel();
            default -> throw bad("\"" + kind + "\" is no queue. Accepted: " + String.join(", ", QueueSpec.kinds()));
        };
        if (at < words.length) {
            throw bad("\"" + words[at] + "\" is not understood after " + kind);
        }
        return spec;
    }

    private long limit(long standard) {
        if (at == words.length || !words[at].equals("limit")) {
            return standard;
        }
        at++;
        return number("limit", 1, standard == DEFAULT_BYTES ? 1L << 40 : Netem.MAX_HELD);
    }

    private QueueSpec codel() {
        while (at < words.length) {
            String word = words[at++];
            switch (word) {
                case "limit" -> limit = (int) number("limit of codel", 1, Netem.MAX_HELD);
                case "target" -> targetNs = time("target");
                case "interval" -> intervalNs = time("interval");
                case "ce_threshold" -> ceThresholdNs = time("ce_threshold");
                case "ecn" -> ecn = true;
                case "noecn" -> ecn = false;
                default -> throw bad("\"" + word
                        + "\" is no word of codel. Accepted: limit, target, interval, ce_threshold, ecn, noecn");
            }
        }
        return new QueueSpec.Codel(targetNs, intervalNs, limit, ecn, ceThresholdNs);
    }

    private String next(String what) {
        if (at == words.length) {
            throw bad("a value is missing after " + what);
        }
        return words[at++];
    }

    private long number(String what, long least, long most) {
        String word = next(what);
        Long value = whole(word);
        if (value == null || value < least || value > most) {
            throw bad("\"" + word + "\" does not fit " + what + ". Accepted: " + least + "…" + most);
        }
        return value;
    }

    private static @Nullable Long whole(String word) {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private long time(String what) {
        try {
            return NetemParser.timeNs(next(what), what + " of codel");
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()).replace("netem: ", ""));
        }
    }

    private static IllegalArgumentException bad(String message) {
        return new IllegalArgumentException("queue: " + message);
    }
}
