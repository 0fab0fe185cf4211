package sluice.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the first sequence number of each direction of each TCP connection that a {@link PacketPrinter} saw, so
 * that it can print numbers relative to it. Bounded: the flow not seen for the longest time is forgotten. Not
 * thread-safe.
 */
public final class FlowTable {
    /** Directions remembered unless another number is given. */
    public static final int DEFAULT_CAPACITY = 16_384;

    private record Key(long sourceHigh, long sourceLow, int sourcePort, long destinationHigh, long destinationLow,
            int destinationPort) {
        Key reverse() {
            return new Key(destinationHigh, destinationLow, destinationPort, sourceHigh, sourceLow, sourcePort);
        }
    }

    private final Map<Key, Integer> initial;
    private int seqBase;
    private int ackBase;

    /** A table of {@link #DEFAULT_CAPACITY} directions. */
    public FlowTable() {
        this(DEFAULT_CAPACITY);
    }

    /** A table of at most {@code capacity} directions, at least 2. */
    public FlowTable(int capacity) {
        if (capacity < 2) {
            throw new IllegalArgumentException("capacity " + capacity + " is below 2");
        }
        initial = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Integer> eldest) {
                return size() > capacity;
            }
        };
    }

    /**
     * Takes note of a segment and computes what to subtract from its numbers; as tcpdump does, nothing from those of a
     * SYN and of a flow's first segment.
     */
    void see(long sourceHigh, long sourceLow, int sourcePort, long destinationHigh, long destinationLow,
            int destinationPort, int flags, int seq, int ack) {
        seqBase = 0;
        ackBase = 0;
        Key forward = new Key(sourceHigh, sourceLow, sourcePort, destinationHigh, destinationLow, destinationPort);
        Key backward = forward.reverse();
        if ((flags & Tcp.SYN) != 0) {
            initial.put(forward, seq);
            return;
        }
        Integer base = initial.get(forward);
        seqBase = baseOr0(base);
        if (base == null && (flags & Tcp.RST) == 0) {
            initial.put(forward, seq - 1);
        }
        if ((flags & Tcp.ACK) != 0) {
            Integer peer = initial.get(backward);
            ackBase = baseOr0(peer);
            if (peer == null) {
                initial.put(backward, ack - 1);
            }
        }
    }

    private static int baseOr0(@Nullable Integer base) {
        return base == null ? 0 : base;
    }

    int seqBase() {
        return seqBase;
    }

    int ackBase() {
        return ackBase;
    }

    /** Directions remembered now. */
    public int size() {
        return initial.size();
    }
}
