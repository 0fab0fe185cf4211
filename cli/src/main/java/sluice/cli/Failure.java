package sluice.cli;

/** The work failed, and the message tells a user all there is to tell: no stack trace. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what failed. */
    public Failure(String message) {
        super(message);
    }

    /** Has been said already; what is left is the exit status. */
    public static Failure said() {
        return new Failure("");
    }

    boolean isSaid() {
        return String.valueOf(getMessage()).isEmpty();
    }
}
