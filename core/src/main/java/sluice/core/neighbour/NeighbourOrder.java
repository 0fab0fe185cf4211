package sluice.core.neighbour;

import org.jspecify.annotations.Nullable;

/** Some neighbours in the order of their last use, the least recent first: each is in at most one such order. */
final class NeighbourOrder {
    private @Nullable Neighbour first;
    private @Nullable Neighbour last;
    private int size;

    /** Makes it the most recent one here; takes it out of the order where it was. */
    void touch(Neighbour n) {
        if (last == n) {
            return;
        }
        remove(n);
        n.order = this;
        n.earlier = last;
        if (last == null) {
            first = n;
        } else {
            last.later = n;
        }
        last = n;
        size++;
    }

    /** Takes a neighbour out of its order, if it is in one. */
    static void remove(Neighbour n) {
        NeighbourOrder o = n.order;
        if (o == null) {
            return;
        }
        Neighbour before = n.earlier;
        Neighbour after = n.later;
        if (before == null) {
            o.first = after;
        } else {
            before.later = after;
        }
        if (after == null) {
            o.last = before;
        } else {
            after.earlier = before;
        }
        n.order = null;
        n.earlier = null;
        n.later = null;
        o.size--;
    }

    /** The least recent one; null when there is none. */
    @Nullable Neighbour oldest() {
        return first;
    }

    int size() {
        return size;
    }
}
