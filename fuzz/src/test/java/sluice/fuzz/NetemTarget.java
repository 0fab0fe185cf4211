package sluice.fuzz;

import java.nio.charset.StandardCharsets;
import sluice.link.NetemSpec;

/** Descriptions of bad links in the language of {@code tc netem}. */
public final class NetemTarget {
    private NetemTarget() {}

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            NetemSpec spec = NetemSpec.parse(new String(data, StandardCharsets.ISO_8859_1));
            var _ = spec.toString();
        } catch (IllegalArgumentException wrong) {
            // what it says
        }
    }
}
