package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What finders have in common. */
final class Facts {
    private static final int MOST_LINES = 5;

    private Facts() {}

    /** From {@code least}, at 1, to {@code most}, at {@code much} and above; evenly in the logarithm. */
    static double grown(double least, double most, long value, long much) {
        if (value <= 1) {
            return least;
        }
        return least + (most - least) * Math.min(1, Math.log((double) value) / Math.log((double) Math.max(2, much)));
    }

    static void add(List<Finding> found, Cause cause, double weight, List<String> evidence) {
        if (weight > 0) {
            found.add(new Finding(cause, Math.min(100, weight), shortened(evidence)));
        }
    }

    private static List<String> shortened(List<String> evidence) {
        if (evidence.size() <= MOST_LINES) {
            return List.copyOf(evidence);
        }
        List<String> few = new ArrayList<>(evidence.subList(0, MOST_LINES));
        few.add("… and " + (evidence.size() - MOST_LINES) + " more");
        return few;
    }

    /** "37 × 10.0.0.2:443" by what {@code key} says, most first. */
    static List<String> byMost(Collection<SocketFacts> sockets, Function<SocketFacts, String> key) {
        Map<String, Integer> counts = new TreeMap<>();
        sockets.forEach(s -> counts.merge(key.apply(s), 1, Integer::sum));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(e -> e.getValue() + " × " + e.getKey()).toList();
    }
}
