package sluice.sim;

import org.jspecify.annotations.Nullable;

/** A check of the simulation failed. The message tells what, and how to see it again. */
public final class SimFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    /** {@code what} went wrong in {@code world}. */
    public SimFailure(World world, String what) {
        this(world, what, null);
    }

    /** The same, because of an exception. */
    public SimFailure(World world, String what, @Nullable Throwable cause) {
        super(what + " (at " + world.nowMs() + " ms)\n" + world.report(), cause);
    }
}
