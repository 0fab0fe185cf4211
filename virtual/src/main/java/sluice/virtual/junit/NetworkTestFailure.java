package sluice.virtual.junit;

/** A test of a {@link VirtualNetwork} failed: what it said, and how to see it again. The cause is what it threw. */
public final class NetworkTestFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    NetworkTestFailure(Throwable cause, String report) {
        super(cause + "\n" + report, cause);
        setStackTrace(cause.getStackTrace());
    }
}
