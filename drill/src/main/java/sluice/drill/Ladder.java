package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened, in order: the application left, the stack in the middle, the network right. */
final class Ladder {
    private static final int MAX_LINES = 5000;
    private final List<String> lines = new ArrayList<>();

    void application(long us, String text) {
        add(us, "  app   ", text);
    }

    void inbound(long us, String text) {
        add(us, " <----  ", text);
    }

    void outbound(long us, String text) {
        add(us, "  ----> ", text);
    }

    void note(long us, String text) {
        add(us, "  note  ", text);
    }

    private void add(long us, String what, String text) {
        if (lines.size() < MAX_LINES) {
            lines.add(String.format(Locale.ROOT, "%12.6f %s %s", us / 1e6, what, text));
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
