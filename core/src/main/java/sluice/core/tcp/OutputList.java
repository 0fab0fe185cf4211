package sluice.core.tcp;

import org.jspecify.annotations.Nullable;

/** The connections that may have something to send, each once, in the order in which their turn comes. */
public final class OutputList {
    private @Nullable Tcb first;
    private @Nullable Tcb last;

    OutputList() {}

    /** Puts a connection at the end unless it is in the list. */
    void add(Tcb t) {
        if (t.onOutputList) {
            return;
        }
        t.onOutputList = true;
        Tcb end = last;
        if (end == null) {
            first = t;
        } else {
            end.nextOutput = t;
        }
        last = t;
    }

    /** Whose turn it is; null for nobody. */
    public @Nullable Tcb first() {
        return first;
    }

    /** The first has nothing more to send. */
    public void removeFirst() {
        Tcb t = first;
        if (t != null) {
            first = t.nextOutput;
            if (first == null) {
                last = null;
            }
            t.nextOutput = null;
            t.onOutputList = false;
        }
    }

    /** {@code t} has sent something: if it is still the first, the others come before it. */
    public void rotate(Tcb t) {
        if (first == t && t.nextOutput != null) {
            removeFirst();
            add(t);
        }
    }
}
