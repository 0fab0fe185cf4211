package sluice.drill;

import java.util.List;

/**
 * A script that was read.
 *
 * @param options option lines, in order
 * @param init the command before all events, or ""
 * @param events in order
 * @param cleanup the command after all events, or ""
 */
record Script(List<Option> options, String init, List<Event> events, String cleanup) {
    /** A line "--name=value"; the value is "" where none stands. */
    record Option(int line, String name, String value) {}

    /**
     * One event.
     *
     * @param line where it stands
     */
    record Event(int line, TimeSpec time, Action action) {}
}
