package sluice.observe.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of a JSON object, asked for by name and type; what is missing or of another type is the default.
 *
 * @param members as read
 */
public record JsonObject(Map<?, ?> members) {
    /** Takes a read value for an object. */
    public static JsonObject of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new JsonObject(map);
        }
        throw new JsonException("not a JSON object");
    }

    /** A number; booleans count as 0 and 1. */
    public long number(String name, long otherwise) {
        return switch (members.get(name)) {
            case Number n -> n.longValue();
            case Boolean b -> b ? 1 : 0;
            case null, default -> otherwise;
        };
    }

    /** A number with a fraction. */
    public double real(String name, double otherwise) {
        return members.get(name) instanceof Number n ? n.doubleValue() : otherwise;
    }

    /** Whether a member is true, or a number other than 0. */
    public boolean flag(String name) {
        return number(name, 0) != 0;
    }

    /** A string. */
    public @Nullable String text(String name) {
        return members.get(name) instanceof String s ? s : null;
    }

    /** An object; null when there is none. */
    public @Nullable JsonObject object(String name) {
        return members.get(name) instanceof Map<?, ?> m ? new JsonObject(m) : null;
    }

    /** The objects in an array. */
    public List<JsonObject> objects(String name) {
        return members.get(name) instanceof List<?> list
                ? list.stream().filter(Map.class::isInstance).map(JsonObject::of).toList() : List.of();
    }

    /** The strings in an array. */
    public List<String> texts(String name) {
        return members.get(name) instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
    }
}
