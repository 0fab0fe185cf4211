package sluice.observe.capture;

import java.util.Map;
import java.util.TreeMap;

/** A set of positions in a stream, kept as intervals that neither touch nor overlap. */
public final class Intervals {
    private final TreeMap<Long, Long> byStart = new TreeMap<>();
    private long total;

    /** Empty. */
    public Intervals() {}

    /** Adds {@code from} to {@code to}, the latter not included. */
    public void add(long from, long to) {
        if (to <= from) {
            return;
        }
        Map.Entry<Long, Long> before = byStart.floorEntry(from);
        if (before != null && before.getValue() >= to) {
            return;
        }
        long start = before != null && before.getValue() >= from ? before.getKey() : from;
        long end = to;
        for (Map.Entry<Long, Long> e = byStart.ceilingEntry(start); e != null && e.getKey() <= end; e = byStart
                .ceilingEntry(start)) {
            end = Math.max(end, e.getValue());
            removeEntry(e);
        }
        byStart.put(start, end);
        total += end - start;
    }

    /** Takes {@code from} to {@code to} out. */
    public void remove(long from, long to) {
        for (Map.Entry<Long, Long> e = byStart.lowerEntry(to); e != null && e.getValue() > from; e = byStart
                .lowerEntry(to)) {
            removeEntry(e);
            if (e.getKey() < from) {
                byStart.put(e.getKey(), from);
                total += from - e.getKey();
            }
            if (e.getValue() > to) {
                byStart.put(to, e.getValue());
                total += e.getValue() - to;
            }
        }
    }

    private void removeEntry(Map.Entry<Long, Long> e) {
        byStart.remove(e.getKey());
        total -= e.getValue() - e.getKey();
    }

    /** How many positions there are. */
    public long total() {
        return total;
    }

    /** How many positions there are below {@code limit}. */
    public long totalBelow(long limit) {
        long sum = 0;
        for (Map.Entry<Long, Long> e : byStart.headMap(limit).entrySet()) {
            sum += Math.min(limit, e.getValue()) - e.getKey();
        }
        return sum;
    }

    /** The position after the last one; {@code otherwise} when there is none. */
    public long end(long otherwise) {
        return byStart.isEmpty() ? otherwise : byStart.lastEntry().getValue();
    }

    /** How many intervals there are. */
    public int size() {
        return byStart.size();
    }

    /** Whether all positions from {@code from} to {@code to}, the latter not included, are in it. */
    public boolean contains(long from, long to) {
        Map.Entry<Long, Long> before = byStart.floorEntry(from);
        return before != null && before.getValue() >= to;
    }

    /** Whether one position at least from {@code from} to {@code to} is in it. */
    public boolean touches(long from, long to) {
        Map.Entry<Long, Long> before = byStart.lowerEntry(to);
        return before != null && before.getValue() > from;
    }
}
