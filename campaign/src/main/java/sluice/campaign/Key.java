package sluice.campaign;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.link.NetemSpec;
import sluice.link.QueueSpec;

/** What a sweep may choose of a network and its transfers: the keys of a file, each with the check of its values. */
public enum Key {
    /** How hosts and links are laid out. */
    TOPOLOGY("direct, routed or dumbbell", v -> Words.among(v, List.of("direct", "routed", "dumbbell"))),
    /** Bits per second of the bottleneck. */
    RATE("a rate in tc's words: 10mbit, 1gbit", NetemSpec::parseRate),
    /** One-way delay of the bottleneck, both ways. */
    DELAY("a time: 20ms", Words::time),
    /** How much the delay varies; wants a delay. */
    JITTER("a time: 5ms", Words::time),
    /** Random loss. */
    LOSS("a percentage: 1%", v -> Words.percent("loss", v)),
    /** Packets that overtake; wants a delay. */
    REORDER("a percentage: 25%", v -> Words.percent("reorder", v)),
    /** Packets that come twice. */
    DUPLICATE("a percentage: 1%", v -> Words.percent("duplicate", v)),
    /** Packets with a wrong bit. */
    CORRUPT("a percentage: 0.1%", v -> Words.percent("corrupt", v)),
    /** More of netem's words. */
    NETEM("netem's words: \"loss gemodel 1% 20%\" (sluice netem --help)", NetemSpec::parse),
    /** The way back, where acknowledgments go. */
    REVERSE_NETEM("netem's words: \"delay 20ms\" (sluice netem --help)", NetemSpec::parse),
    /** The queue before the bottleneck. */
    QUEUE("a queue: \"pfifo limit 100\", \"codel ecn\" (sluice sim --help)", QueueSpec::parse),
    /** The same as a drop-tail buffer in units of bandwidth × delay; wants rate and delay. */
    BUFFER("a multiple of bandwidth × round trip: 0.5bdp", Words::bdp),
    /** MTU of all links. */
    MTU("bytes, 576…65535", v -> Words.whole(v, 576, 65_535)),
    /** Connections side by side. */
    FLOWS("a number of connections, 1…1000", v -> Words.whole(v, 1, 1000)),
    /** The gap between the starts of two connections. */
    STAGGER("a time: 2s", Words::time),
    /** Congestion controls, given to the connections in turn. */
    ALGORITHM("names of congestion controls: cubic, or for a mix \"cubic,bbr\"", Key::algorithms),
    /** What each connection sends; a mix is given to the connections in turn. */
    BYTES("an amount: 30K, 10M, or for a mix \"30K,30K,1M\"", Words::amounts),
    /** Or for how long. */
    DURATION("a time of more than 0: 10s", Words::positiveTime),
    /** When the bottleneck is cut. */
    CUT("FROM-TO, such as 2s-2500ms", Words::cut),
    /** How much too fast the senders' clocks run. */
    CLOCK_SKEW("parts per million, -100000…100000", v -> Words.whole(v, -100_000, 100_000));

    private interface Check {
        Object of(String value);
    }

    private final String wants;
    private final Check check;

    Key(String wants, Check check) {
        this.wants = wants;
        this.check = check;
    }

    private static Object algorithms(String value) {
        for (String name : value.split(",", -1)) {
            if (CongestionControls.create(name.strip()) == null) {
                throw new IllegalArgumentException("there are " + String.join(", ", CongestionControls.names())
                        + ", fixed:N");
            }
        }
        return value;
    }

    /** As it is written in files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What its values look like. */
    public String wants() {
        return wants;
    }

    /** Why a value is wrong; null when it is right. */
    public @Nullable String wrong(String value) {
        try {
            check.of(value);
            return null;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The key of that name; null when there is none. */
    public static @Nullable Key find(String word) {
        return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst().orElse(null);
    }
}
