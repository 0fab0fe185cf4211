package sluice.drill;

import org.jspecify.annotations.Nullable;

/** The stack did not do what the script expects. */
final class FailException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final @Nullable String expected;
    private final @Nullable String actual;

    FailException(String message) {
        this(message, null, null);
    }

    FailException(String message, @Nullable String expected, @Nullable String actual) {
        super(message);
        this.expected = expected;
        this.actual = actual;
    }

    @Nullable String expected() {
        return expected;
    }

    @Nullable String actual() {
        return actual;
    }
}
