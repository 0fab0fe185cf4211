package sluice.sockets.names;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.sockets.internal.dns.DnsMessage;

/**
 * Answers that still hold, and that there is none (RFC 2308). Bounded: the one that was not asked for the longest gives
 * way. Inside the host only.
 */
final class AnswerCache {
    private static final long SECOND_NS = 1_000_000_000L;

    private record Kept(Answer answer, long untilNs) {}

    private final LinkedHashMap<DnsMessage.Question, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;

    /** Keeps {@code most} answers at the most; 0 for none. */
    AnswerCache(int most) {
        this.most = most;
    }

    /** What is known; null when nothing is that still holds. */
    @Nullable Answer get(DnsMessage.Question q, long nowNs) {
        Kept k = kept.get(q);
        if (k == null) {
            return null;
        }
        if (k.untilNs <= nowNs) {
            kept.remove(q);
            return null;
        }
        return k.answer.atMost((k.untilNs - nowNs) / SECOND_NS);
    }

    /** Keeps an answer as long as it holds. */
    void put(DnsMessage.Question q, Answer answer, long nowNs) {
        if (answer.ttlSeconds() <= 0 || most == 0) {
            return;
        }
        kept.put(q, new Kept(answer, nowNs + answer.ttlSeconds() * SECOND_NS));
        if (kept.size() > most) {
            Iterator<Map.Entry<DnsMessage.Question, Kept>> eldest = kept.entrySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    int size() {
        return kept.size();
    }

    void clear() {
        kept.clear();
    }
}
