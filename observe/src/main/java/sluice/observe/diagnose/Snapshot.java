package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A machine at one moment.
 *
 * @param sockets all of them, in the order of ss
 * @param counters nstat's, absolute or since a moment before; those that are not told are 0
 * @param settings sysctls by name without "net.ipv4.", as text
 */
public record Snapshot(List<SocketFacts> sockets, Map<String, Long> counters, Map<String, String> settings) {
    /** A counter's value. */
    public long count(String name) {
        return counters.getOrDefault(name, 0L);
    }

    /** Sockets that are so. */
    public List<SocketFacts> where(Predicate<SocketFacts> wanted) {
        return sockets.stream().filter(wanted).toList();
    }

    /** The numbers of a setting; {@code otherwise} when it is not told or no numbers. */
    public long[] setting(String name, long... otherwise) {
        String text = settings.get(name);
        if (text == null) {
            return otherwise;
        }
        String[] words = text.strip().split("\\s+");
        List<Long> numbers = new ArrayList<>();
        for (String w : words) {
            try {
                numbers.add(Long.parseLong(w));
            } catch (NumberFormatException e) {
                return otherwise;
            }
        }
        return numbers.size() < otherwise.length ? otherwise : numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** The same sockets with what the counters moved since {@code before}. */
    public Snapshot since(Snapshot before) {
        Map<String, Long> moved = new HashMap<>();
        counters.forEach((name, value) -> moved.put(name, Math.max(0, value - before.count(name))));
        return new Snapshot(sockets, moved, settings);
    }
}
