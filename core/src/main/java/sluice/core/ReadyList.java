package sluice.core;

import org.jspecify.annotations.Nullable;

/** First-in first-out list of the endpoints whose readiness changed; each at most once; allocates nothing. */
public final class ReadyList {
    private @Nullable Pollable first;
    private @Nullable Pollable last;

    void add(Pollable p) {
        if (p.onReadyList) {
            return;
        }
        p.onReadyList = true;
        Pollable tailNow = last;
        if (tailNow == null) {
            first = p;
        } else {
            tailNow.nextReady = p;
        }
        last = p;
    }

    /** Takes the next one; null when the list is empty. */
    public @Nullable Pollable poll() {
        Pollable p = first;
        if (p == null) {
            return null;
        }
        Pollable next = p.nextReady;
        first = next;
        if (next == null) {
            last = null;
        }
        p.nextReady = null;
        p.onReadyList = false;
        return p;
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return first == null;
    }
}
