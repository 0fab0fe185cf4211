package sluice.control;

import java.nio.charset.StandardCharsets;
import java.util.List;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.observe.json.JsonException;
import sluice.observe.json.JsonReader;

/** Requests to the control socket, to a stack that runs: a line, a JSON array of a command and its arguments. */
public final class ControlTarget {
    private static final Stack STACK = Stack.builder(HostConfig.builder(Entropy.seeded(1)).build()).start();
    private static final ControlCommands COMMANDS = new ControlCommands(STACK, "fuzz");

    private ControlTarget() {}

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        List<String> words;
        try {
            if (!(JsonReader.read(new String(data, StandardCharsets.UTF_8)) instanceof List<?> list) || list.isEmpty()
                    || !list.stream().allMatch(String.class::isInstance)) {
                return;
            }
            words = list.stream().map(String.class::cast).toList();
        } catch (JsonException wrong) {
            return;
        }
        try {
            var _ = COMMANDS.run(words.getFirst(), words.subList(1, words.size()));
        } catch (IndexOutOfBoundsException | NullPointerException | ClassCastException defect) {
            throw defect;
        } catch (RuntimeException refused) {
            // the server answers with its message
        }
    }
}
