package sluice.lab;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.sim.Decimals;

/** Numbers, states and lists as they are compared and written. */
final class Values {
    private static final double NEAR = 1e-9;

    private Values() {}

    /** Whether the two are the same; numbers by their value, lists item by item. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number m && b instanceof Number n) {
            double difference = Math.abs(m.doubleValue() - n.doubleValue());
            return difference <= NEAR * Math.max(1, Math.abs(m.doubleValue()));
        }
        List<?> left = list(a);
        List<?> right = list(b);
        if (left != null && right != null) {
            return left.size() == right.size()
                    && IntStream.range(0, left.size()).allMatch(i -> same(left.get(i), right.get(i)));
        }
        return text(a).equals(text(b));
    }

    private static @Nullable List<?> list(@Nullable Object value) {
        return switch (value) {
            case int[] numbers -> Arrays.stream(numbers).boxed().toList();
            case Collection<?> c -> List.copyOf(c);
            case null, default -> null;
        };
    }

    /** For readers. */
    static String text(@Nullable Object value) {
        List<?> list = list(value);
        if (list != null) {
            return list.stream().map(Values::text).collect(Collectors.joining(", "));
        }
        return switch (value) {
            case null -> "–";
            case Boolean b -> b ? "yes" : "no";
            case Enum<?> e -> e.name().replace('_', '-');
            case Double d -> Decimals.plain(d);
            default -> value.toString();
        };
    }
}
