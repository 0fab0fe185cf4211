package sluice.drill;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Scripts in packetdrill's language: read, not run, since a script may run commands. */
public final class ScriptTarget {
    private ScriptTarget() {}

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            var _ = ScriptParser.parse(new String(data, StandardCharsets.ISO_8859_1), Map.of("v", "1"));
        } catch (ScriptException | SkipException wrong) {
            // what it says
        }
    }
}
