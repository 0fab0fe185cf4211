package sluice.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to close together, the last one first; all are closed even when one fails. */
final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> things = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T thing) {
        things.push(thing);
        return thing;
    }

    @Override
    public void close() throws Exception {
        Exception first = null;
        for (AutoCloseable thing = things.poll(); thing != null; thing = things.poll()) {
            try {
                thing.close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
