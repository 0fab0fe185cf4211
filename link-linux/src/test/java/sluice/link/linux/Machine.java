package sluice.link.linux;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** What the tests need of the machine. Where it is missing they are skipped, and say so on standard error. */
final class Machine {
    private static final @Nullable String MISSING = find();

    private Machine() {}

    private static @Nullable String find() {
        String tun = TunDevice.whyUnavailable();
        String missing = tun != null ? tun : NetworkNamespace.whyUnavailable();
        if (missing != null) {
            System.err.println("*** SKIPPED: the tests on real devices cannot run here: " + missing);
        }
        return missing;
    }

    static void requireDevices() {
        Assumptions.assumeTrue(MISSING == null, () -> "SKIPPED: " + MISSING);
    }
}
