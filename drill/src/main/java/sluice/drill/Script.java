package sluice.drill;

import java.util.List;
import java.util.Map;

/**
 * A script that was read.
 *
 * @param options option lines, in order
 * @param init the command before all events, or ""
 * @param events in order
 * @param cleanup the command after all events, or ""
 */
record Script(List<Map.Entry<String, String>> options, String init, List<Event> events, String cleanup) {
    /**
     * One event.
     *
     * @param line where it stands
     */
    record Event(int line, TimeSpec time, Action action) {}
}
