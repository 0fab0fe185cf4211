package sluice.link;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.wire.Packet;

/**
 * Packets that wait for a line, and the discipline that drops or marks them. Time is only what the caller says. A
 * packet that is offered belongs to the queue until {@link #poll} gives it back or the queue drops it, which {@code
 * dropped} is told. Bare IP packets; used by one thread.
 */
public final class LineQueue {
    private final QueueSpec spec;
    private final Consumer<Packet> droppedTo;
    private final @Nullable Codel codel;
    private @Nullable Packet[] ring = new Packet[64];
    private long[] arrivedNs = new long[64];
    private int head;
    private int size;
    private long bytes;
    private long dropped;
    private long marked;
    private long mostBytes;

    /**
     * An empty queue.
     *
     * @param droppedTo gets the packets that are dropped: their owner may want the memory back
     */
    public LineQueue(QueueSpec spec, Consumer<Packet> droppedTo) {
        this.spec = spec;
        this.droppedTo = droppedTo;
        codel = spec instanceof QueueSpec.Codel c ? new Codel(c) : null;
    }

    /** Takes a packet that arrives at {@code nowNs}, or drops it. */
    public void offer(Packet packet, long nowNs) {
        if (!hasRoom(packet)) {
            drop(packet);
            return;
        }
        if (spec instanceof QueueSpec.Threshold t && size >= t.markPackets()
                && EcnMark.set(packet.memory, packet.start)) {
            marked++;
        }
        if (size == ring.length) {
            grow();
        }
        int at = head + size & ring.length - 1;
        ring[at] = packet;
        arrivedNs[at] = nowNs;
        size++;
        bytes += packet.length();
        mostBytes = Math.max(mostBytes, bytes);
    }

    private boolean hasRoom(Packet packet) {
        return switch (spec) {
            case QueueSpec.DropTail d -> size < d.limitPackets() && bytes + packet.length() <= d.limitBytes();
            case QueueSpec.Threshold t -> size < t.limitPackets();
            case QueueSpec.Codel c -> size < c.limitPackets();
        };
    }

    private void grow() {
        @Nullable Packet[] bigger = new Packet[size * 2];
        long[] times = new long[size * 2];
        for (int i = 0; i < size; i++) {
            bigger[i] = ring[head + i & size - 1];
            times[i] = arrivedNs[head + i & size - 1];
        }
        ring = bigger;
        arrivedNs = times;
        head = 0;
    }

    private void drop(Packet packet) {
        dropped++;
        droppedTo.accept(packet);
    }

    /** The packet that the line takes at {@code nowNs}, the caller's from now on; null when none waits. */
    public @Nullable Packet poll(long nowNs) {
        return codel != null ? codel.dequeue(nowNs) : take();
    }

    private @Nullable Packet take() {
        if (size == 0) {
            return null;
        }
        Packet p = ring[head];
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        bytes -= p == null ? 0 : p.length();
        return p;
    }

    /** Shows each packet that waits, in order. */
    public void forEach(Consumer<Packet> action) {
        for (int i = 0; i < size; i++) {
            Packet p = ring[head + i & ring.length - 1];
            if (p != null) {
                action.accept(p);
            }
        }
    }

    /** Packets that wait. */
    public int size() {
        return size;
    }

    /** Bytes that wait. */
    public long bytes() {
        return bytes;
    }

    /** Bytes that waited at most. */
    public long mostBytes() {
        return mostBytes;
    }

    /** Packets dropped so far. */
    public long dropped() {
        return dropped;
    }

    /** Packets marked so far. */
    public long marked() {
        return marked;
    }

    /** RFC 8289 section 5, with the mark in place of the drop as in Linux's codel. */
    @Rfc(value = 8289, section = "5")
    private final class Codel {
        /** A drop again within this many intervals goes on where the last series ended (section 5.4). */
        private static final int RECENT_INTERVALS = 16;
        private static final int MAX_PACKET = 1500;

        private final QueueSpec.Codel spec;
        private long firstAboveNs = Time.NEVER;
        private long dropNextNs;
        private int count;
        private int lastCount;
        private boolean dropping;
        private boolean mayDrop;

        Codel(QueueSpec.Codel spec) {
            this.spec = spec;
        }

        @Nullable Packet dequeue(long now) {
            Packet p = next(now);
            if (!mayDrop) {
                dropping = false;
            } else if (dropping) {
                p = goOn(p, now);
            } else {
                p = begin(p, now);
            }
            return p;
        }

        /**
         * dodequeue of section 5.6: the next packet, and whether the delay has stood above the target for an interval.
         */
        private @Nullable Packet next(long now) {
            long arrived = arrivedNs[head];
            Packet p = take();
            mayDrop = false;
            if (p == null) {
                firstAboveNs = Time.NEVER;
                return null;
            }
            long sojourn = now - arrived;
            if (sojourn < spec.targetNs() || bytes <= MAX_PACKET) {
                firstAboveNs = Time.NEVER;
            } else if (firstAboveNs == Time.NEVER) {
                firstAboveNs = now + spec.intervalNs();
            } else {
                mayDrop = now >= firstAboveNs;
            }
            if (sojourn > spec.ceThresholdNs() && EcnMark.set(p.memory, p.start)) {
                marked++;
            }
            return p;
        }

        private @Nullable Packet goOn(@Nullable Packet first, long now) {
            Packet p = first;
            while (p != null && dropping && now >= dropNextNs) {
                count++;
                if (marks(p)) {
                    dropNextNs = controlLaw(dropNextNs);
                    return p;
                }
                drop(p);
                p = next(now);
                if (mayDrop) {
                    dropNextNs = controlLaw(dropNextNs);
                } else {
                    dropping = false;
                }
            }
            return p;
        }

        private @Nullable Packet begin(@Nullable Packet first, long now) {
            Packet p = first;
            if (p != null && !marks(p)) {
                drop(p);
                p = next(now);
            }
            dropping = true;
            int delta = count - lastCount;
            count = delta > 1 && now - dropNextNs < RECENT_INTERVALS * spec.intervalNs() ? delta : 1;
            lastCount = count;
            dropNextNs = controlLaw(now);
            return p;
        }

        private boolean marks(Packet p) {
            if (spec.ecn() && EcnMark.set(p.memory, p.start)) {
                marked++;
                return true;
            }
            return false;
        }

        private long controlLaw(long from) {
            return from + (long) (spec.intervalNs() / Math.sqrt(count));
        }
    }
}
