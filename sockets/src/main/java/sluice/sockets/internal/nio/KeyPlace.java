package sluice.sockets.internal.nio;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Where keys of a {@link SluiceSelector} are watched: inside one host, or by a selector of the platform's. A key is in
 * one place at a time; it moves when its channel decides to be the platform's.
 */
abstract sealed class KeyPlace permits HostKeys, PlatformKeys, ParkedSelection {
    /** Keys whose interest changed since the last selection began; guarded by itself. */
    private final ArrayDeque<SluiceSelectionKey> changed = new ArrayDeque<>();
    /** Keys that are here; guarded by {@link #changed}. */
    private int size;

    /** The program changed what it wants of {@code k}: the next selection looks for it. */
    final void interestChanged(SluiceSelectionKey k) {
        synchronized (changed) {
            changed.addLast(k);
        }
    }

    /** From now on the selection looks for what the program wants now. Where {@link #lookFor} may be called. */
    final void takeChanges() {
        synchronized (changed) {
            for (SluiceSelectionKey k = changed.pollFirst(); k != null; k = changed.pollFirst()) {
                if (!k.gone && k.place() == this) {
                    k.lookedFor = k.interest();
                    lookFor(k);
                }
            }
        }
    }

    /** {@link SluiceSelectionKey#lookedFor} is new. */
    abstract void lookFor(SluiceSelectionKey k);

    /** Watches no more for these, which are all here. From outside hosts. */
    abstract void drop(List<SluiceSelectionKey> keys);

    /** Ends the wait of a selection that waits here. From outside hosts. */
    abstract void rouse();

    final void count(int more) {
        synchronized (changed) {
            size += more;
        }
    }

    final boolean isEmpty() {
        synchronized (changed) {
            return size == 0;
        }
    }
}
