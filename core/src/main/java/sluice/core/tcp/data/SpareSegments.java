package sluice.core.tcp.data;

import java.util.ArrayList;

/** Entries of scoreboards for reuse, of all connections of a host: an idle connection keeps none. */
final class SpareSegments {
    /** Most that are kept, 150 bytes each. */
    private static final int MAX = 16_384;
    private final ArrayList<SentSegment> spare = new ArrayList<>(0);

    SentSegment take() {
        SentSegment s = spare.isEmpty() ? new SentSegment() : spare.removeLast();
        s.reset();
        return s;
    }

    /** The object stays readable until the next {@link #take}. */
    void give(SentSegment s) {
        if (spare.size() < MAX) {
            spare.add(s);
        }
    }
}
