package sluice.base;

/**
 * A promise of our own code did not hold: a defect of the stack, never the answer to a packet or to a call that could
 * not be done. Thrown by {@link Invariant}; whoever drives a host stops it.
 */
public final class BrokenInvariantException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** {@code what}: the promise, as a sentence. */
    public BrokenInvariantException(String what) {
        super("broken invariant: " + what);
    }
}
