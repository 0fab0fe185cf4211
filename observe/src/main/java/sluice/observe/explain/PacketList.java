package sluice.observe.explain;

import java.util.ArrayList;
import java.util.List;

/** How often something happened and the first packets that showed it. */
public final class PacketList {
    private final List<Long> first = new ArrayList<>(0);
    private long count;

    /** None. */
    PacketList() {}

    void add(long packet) {
        count++;
        if (first.size() < Finding.MOST_PACKETS) {
            first.add(packet);
        }
    }

    /** How often. */
    public long count() {
        return count;
    }

    /** The first packets, counted from 1. */
    public List<Long> packets() {
        return List.copyOf(first);
    }
}
