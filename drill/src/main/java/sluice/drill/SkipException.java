package sluice.drill;

/** The script needs something that there is not here, so it says nothing about the stack. */
final class SkipException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SkipException(String reason) {
        super(reason);
    }
}
