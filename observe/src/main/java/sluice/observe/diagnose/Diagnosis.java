package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import sluice.observe.json.JsonWriter;

/**
 * What is wrong, the likeliest cause first.
 *
 * @param sockets how many sockets were looked at
 * @param findings by weight, heaviest first
 */
public record Diagnosis(int sockets, List<Finding> findings) {
    /** Version of the JSON: a field may be added, none changes its meaning. */
    private static final int SCHEMA = 1;

    private static final List<Finder> FINDERS = List.of(new QueueFinder(), new ClosingFinder(), new WindowFinder(),
            new LossFinder(), new CounterFinder());

    /** What follows of itself from a cause: told after it. */
    private static final Map<Cause, Set<Cause>> FOLLOWS = new EnumMap<>(Map.of(//
            Cause.DEAD_PEER, EnumSet.of(Cause.LOSS, Cause.ORPHANS), //
            Cause.CORRUPTION, EnumSet.of(Cause.LOSS), //
            Cause.PATH_MTU, EnumSet.of(Cause.LOSS, Cause.ORPHANS), //
            Cause.LOSS, EnumSet.of(Cause.SMALL_BUFFER), //
            Cause.PEER_NOT_READING, EnumSet.of(Cause.SMALL_BUFFER, Cause.ORPHANS), //
            Cause.SYN_QUEUE, EnumSet.of(Cause.LOSS), //
            Cause.MEMORY, EnumSet.of(Cause.LOSS, Cause.ORPHANS), //
            Cause.CONNECT_TIMEOUT, EnumSet.of(Cause.LOSS)));

    /** Looks at a machine. */
    public static Diagnosis of(Snapshot s) {
        List<Finding> found = new ArrayList<>();
        FINDERS.forEach(f -> f.look(s, found));
        Set<Cause> following = EnumSet.noneOf(Cause.class);
        for (Finding f : found) {
            if (f.weight() >= 60 || f.cause() == Cause.CORRUPTION || f.cause() == Cause.LOSS) {
                following.addAll(FOLLOWS.getOrDefault(f.cause(), Set.of()));
            }
        }
        List<Finding> ranked = new ArrayList<>();
        for (Finding f : found) {
            ranked.add(following.contains(f.cause())
                    ? new Finding(f.cause(), f.weight() * 0.6, f.evidence()) : f);
        }
        ranked.sort(Comparator.comparingDouble(Finding::weight).reversed());
        return new Diagnosis(s.sockets().size(), ranked);
    }

    /** Whether something does harm or is worth a look. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(f -> f.weight() >= 30);
    }

    /** For a person. */
    public String text() {
        StringBuilder out = new StringBuilder();
        if (isHealthy()) {
            out.append("nothing found in ").append(sockets).append(" sockets and the counters\n");
        }
        int number = 0;
        for (Finding f : findings) {
            out.append(String.format(Locale.ROOT, "%d. [%s] %s%n", ++number, f.severity(), f.cause().title()));
            f.evidence().forEach(e -> out.append("     ").append(e).append('\n'));
            out.append("   meaning  ").append(f.cause().meaning()).append('\n');
            out.append("   likely   ").append(f.cause().likely()).append('\n');
            out.append("   look at  ").append(f.cause().look()).append('\n');
        }
        return out.toString();
    }

    /** For a program. */
    public String json() {
        JsonWriter json = new JsonWriter().beginObject().field("schema", SCHEMA).field("sockets", sockets)
                .field("healthy", isHealthy()).key("findings").beginArray();
        for (Finding f : findings) {
            json.beginObject().field("cause", f.cause().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .field("severity", f.severity()).field("weight", Math.round(f.weight()))
                    .field("title", f.cause().title()).field("evidence", f.evidence())
                    .field("meaning", f.cause().meaning()).field("likely", f.cause().likely())
                    .field("look", f.cause().look()).endObject();
        }
        return json.endArray().endObject().toString();
    }
}
