package sluice.base;

/**
 * Checks of what our own code promises itself. A broken one is a defect of the stack and fails loudly; packets from
 * outside can never break one. It is a {@link BrokenInvariantException}.
 */
public final class Invariant {
    private Invariant() {}

    /** Fails when {@code holds} is false. {@code what} is a constant sentence. */
    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new BrokenInvariantException(what);
        }
    }

    /** Fails when {@code holds} is false, with two numbers for the reader. */
    public static void check(boolean holds, String what, long a, long b) {
        if (!holds) {
            throw new BrokenInvariantException(what + " (" + a + ", " + b + ")");
        }
    }
}
