package sluice.cli;

/** The work failed, and the message tells a user all there is to tell: no stack trace. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what failed. */
    public Failure(String message) {
        super(message);
    }
}
