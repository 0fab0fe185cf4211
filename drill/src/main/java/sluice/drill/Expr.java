package sluice.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An argument or result of a system call. */
sealed interface Expr {
    /** "...": whatever the test tool knows to put there. */
    record Ellipsis() implements Expr {
        @Override
        public String toString() {
            return "...";
        }
    }

    /** A number. */
    record Num(long value) implements Expr {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** A symbolic constant. */
    record Word(String name) implements Expr {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A string. */
    record Str(String text) implements Expr {
        @Override
        public String toString() {
            return "\"" + text + "\"";
        }
    }

    /** "a | b". */
    record Or(Expr left, Expr right) implements Expr {
        @Override
        public String toString() {
            return left + "|" + right;
        }
    }

    /** "htons(8080)", "inet_addr(\"1.2.3.4\")". */
    record Func(String name, List<Expr> arguments) implements Expr {
        @Override
        public String toString() {
            return name + arguments;
        }
    }

    /** "[a, b]". */
    record Array(List<Expr> elements) implements Expr {
        @Override
        public String toString() {
            return elements.toString();
        }
    }

    /** "{name=value, name(count)=value, value}". */
    record Struct(List<Field> fields) implements Expr {
        /** The value of a field, or null. */
        @Nullable Expr get(String name) {
            for (Field f : fields) {
                if (name.equals(f.name)) {
                    return f.value;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return "{" + String.join(", ", fields.stream().map(Field::toString).toList()) + "}";
        }
    }

    /**
     * Part of a structure.
     *
     * @param name "" when the place says what it is
     */
    record Field(String name, Expr value) {
        @Override
        public String toString() {
            return name.isEmpty() ? value.toString() : name + "=" + value;
        }
    }
}
