package sluice.virtual;

import java.util.List;

/** A test planned a fault that met no packet: it did not test what it says. */
public final class FaultNeverFired extends AssertionError {
    private static final long serialVersionUID = 1L;

    /** Because of these faults, one line each. */
    public FaultNeverFired(List<String> faults) {
        super("a planned fault met no packet; say .optional() where that is meant:\n  " + String.join("\n  ", faults));
    }
}
