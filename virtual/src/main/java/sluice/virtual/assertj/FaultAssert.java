package sluice.virtual.assertj;

import org.assertj.core.api.AbstractAssert;
import sluice.virtual.Fault;

/** On a fault. */
public final class FaultAssert extends AbstractAssert<FaultAssert, Fault> {
    FaultAssert(Fault actual) {
        super(actual, FaultAssert.class);
    }

    /** It met so many packets. */
    public FaultAssert hasFired(long times) {
        isNotNull();
        if (actual.count() != times) {
            failWithMessage("expected it to fire %d times, but: %s", times, actual);
        }
        return this;
    }

    /** It met so many packets or more. */
    public FaultAssert hasFiredAtLeast(long times) {
        isNotNull();
        if (actual.count() < times) {
            failWithMessage("expected it to fire %d times at least, but: %s", times, actual);
        }
        return this;
    }
}
