package sluice.clock;

/**
 * A simulation cannot go on, or can no longer be relied on: a member holds time still, all wait for what will never
 * come, or the world threw. The message names the members with their stacks.
 */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    SimulationFailure(String message, Throwable cause) {
        super(message, cause);
    }

    SimulationFailure(String message) {
        super(message);
    }
}
