package sluice.lab.against;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which experiments have a play, by their names, in the order of the documents. */
public final class Plays {
    private static final Map<String, Play> ALL = new LinkedHashMap<>();

    static {
        ALL.put("handshake", ConnectingPlays::handshake);
        ALL.put("syn-flood", ConnectingPlays::cookies);
        ALL.put("accept-queue-overflow", ConnectingPlays::acceptQueue);
        ALL.put("syn-queue-overflow", ConnectingPlays::synQueue);
        ALL.put("simultaneous-open", ConnectingPlays::simultaneousOpen);
        ALL.put("four-way-close", ClosingPlays::fourWay);
        ALL.put("half-close", ClosingPlays::half);
        ALL.put("simultaneous-close", ClosingPlays::simultaneous);
        ALL.put("last-ack-lost", ClosingPlays::lastAckLost);
        ALL.put("tw-reuse", ClosingPlays::reuse);
        ALL.put("tw-buckets", ClosingPlays::buckets);
        ALL.put("linger-zero", ClosingPlays::linger);
        ALL.put("close-wait-pileup", ClosingPlays::closeWait);
        ALL.put("fin-wait-2-timeout", ClosingPlays::finWait2);
        ALL.put("keepalive-alive", SilentPlays::alive);
        ALL.put("keepalive-restarted", SilentPlays::restarted);
        ALL.put("keepalive-dead", SilentPlays::dead);
        ALL.put("rto-data-lost", LossPlays::dataLost);
        ALL.put("rto-ack-lost", LossPlays::ackLost);
        ALL.put("rto-backoff", LossPlays::backoff);
        ALL.put("fast-retransmit", LossPlays::fast);
        ALL.put("sack", LossPlays::sack);
        ALL.put("dsack-duplicated", LossPlays::doubled);
        ALL.put("cumulative-ack", LossPlays::cumulative);
        ALL.put("zero-window-deadlock", WindowPlays::zeroWindow);
        ALL.put("nagle", WindowPlays::nagle);
        ALL.put("nagle-delayed-ack", WindowPlays::delayedAck);
        ALL.put("slow-start", WindowPlays::initialWindow);
    }

    private Plays() {}

    /** All, by the experiment's name. */
    public static Map<String, Play> all() {
        return Collections.unmodifiableMap(ALL);
    }

    /** The play of an experiment; null when it has none. */
    public static @Nullable Play find(String id) {
        return ALL.get(id);
    }
}
