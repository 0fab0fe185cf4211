package sluice.observe.explain;

/** The windows that one end announced: how large, when closed. */
public final class WindowHistory {
    private final PacketList zeros = new PacketList();
    private long last = -1;
    private long largest;
    private long smallest = Long.MAX_VALUE;
    private long closedSinceNs = -1;
    private long closedNs;
    private long longestNs;
    private long longestPacket;
    private long closingPacket;
    private long closings;
    private boolean opened;

    /** None. */
    WindowHistory() {}

    /** A window was announced; whether it is one of 0. */
    boolean announced(long window, long ns, long packet) {
        if (window == 0) {
            zeros.add(packet);
            if (closedSinceNs < 0) {
                closedSinceNs = ns;
                closingPacket = packet;
                closings++;
            }
        } else {
            closed(ns);
            closedSinceNs = -1;
            smallest = Math.min(smallest, window);
        }
        last = window;
        largest = Math.max(largest, window);
        return window == 0;
    }

    private void closed(long ns) {
        if (closedSinceNs >= 0) {
            long time = Math.max(0, ns - closedSinceNs);
            closedNs += time;
            if (time > longestNs) {
                longestNs = time;
                longestPacket = closingPacket;
            }
            opened = true;
        }
    }

    /** The capture or the connection ends. */
    void end(long ns) {
        boolean still = closedSinceNs >= 0;
        closed(ns);
        opened &= !still;
    }

    /** Whether it is 0 now. */
    boolean isClosed() {
        return last == 0;
    }

    /** The one announced last, bytes; -1 before the first. */
    public long last() {
        return last;
    }

    /** The largest, bytes. */
    public long largest() {
        return largest;
    }

    /** The smallest that was not 0; 0 when there was none. */
    public long smallest() {
        return smallest == Long.MAX_VALUE ? 0 : smallest;
    }

    /** Announcements of 0. */
    public PacketList zeros() {
        return zeros;
    }

    /** How often it closed. */
    public long closings() {
        return closings;
    }

    /** How long it was closed in all, nanoseconds. */
    public long closedNs() {
        return closedNs;
    }

    /** The longest that it was closed, nanoseconds. */
    public long longestNs() {
        return longestNs;
    }

    /** The packet that began that. */
    long longestPacket() {
        return longestPacket;
    }

    /** Whether it opened again. */
    boolean hasOpened() {
        return opened;
    }
}
