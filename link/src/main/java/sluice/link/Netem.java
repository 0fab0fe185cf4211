package sluice.link;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Deadlines;
import sluice.base.Entropy;
import sluice.base.Time;
import sluice.wire.Bytes;
import sluice.wire.Packet;
import sluice.wire.Segmenter;
import sluice.wire.TransportHeaders;

/**
 * One direction of an impaired path, with the semantics of Linux's {@code sch_netem}: packets go in with {@link
 * #enqueue} and come out of {@link #peek} when their time has come.
 *
 * <p>A packet is, in this order: lost (or ECN-marked), duplicated, corrupted, dropped when {@code limit} packets are
 * held, delayed with jitter, serialised at the rate; or, with reorder's probability, sent at once. Without a rate a
 * packet with a shorter delay overtakes others; with one none does. Super-segments are cut into wire packets first, so
 * that a loss is the loss of one segment.
 *
 * <p>Each impairment draws from a random stream of its own: the same seed, words and packets give the same result, and
 * adding one impairment does not change what the others do. Time is only what the caller says. Used by one thread;
 * allocates only while its store of packets grows.
 */
public final class Netem {
    /** Packets a queue may be told to hold. */
    static final int MAX_HELD = 1_000_000;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final NetemSpec spec;
    private final boolean ethernet;
    private final Segmenter segmenter;
    private final TransportHeaders headers = new TransportHeaders();
    private final Packet segment = Packet.ofMaxSize();
    private final Deadlines<Held> queue = new Deadlines<>();
    private final ArrayDeque<Held> free = new ArrayDeque<>();
    /** Sent at once, before all others. */
    private final ArrayDeque<Held> urgent = new ArrayDeque<>();
    /** Taken out of the queue because its time has come, not yet removed. */
    private @Nullable Held due;
    private @Nullable Held shown;

    private final NetemLoss loss;
    private final NetemRandom delayRandom;
    private final NetemRandom duplicateRandom;
    private final NetemRandom corruptRandom;
    private final Entropy corruptPlace;
    private final NetemRandom reorderRandom;
    private final long duplicateThreshold;
    private final long corruptThreshold;
    private final long reorderThreshold;
    private int counter;
    private long lastSendNs = Time.AT_ONCE;

    private long received;
    private long passed;
    private long passedBytes;
    private long lost;
    private long marked;
    private long duplicated;
    private long corrupted;
    private long reordered;
    private long overlimit;

    private static final class Held extends Deadlines.Entry {
        @Nullable Packet packet;
        long sendNs;
    }

    /**
     * A direction of a path.
     *
     * @param spec what happens
     * @param ethernet whether packets begin with an Ethernet header
     * @param seed of all its random numbers
     */
    public Netem(NetemSpec spec, boolean ethernet, long seed) {
        this.spec = spec;
        this.ethernet = ethernet;
        segmenter = new Segmenter(ethernet);
        loss = new NetemLoss(spec.loss(), seed);
        delayRandom = new NetemRandom(seed, "delay", spec.delayCorrelation());
        duplicateRandom = new NetemRandom(seed, "duplicate", spec.duplicateCorrelation());
        corruptRandom = new NetemRandom(seed, "corrupt", spec.corruptCorrelation());
        corruptPlace = Entropy.seeded(seed, "netem/corrupt place");
        reorderRandom = new NetemRandom(seed, "reorder", spec.reorderCorrelation());
        duplicateThreshold = NetemRandom.threshold(spec.duplicate());
        corruptThreshold = NetemRandom.threshold(spec.corrupt());
        reorderThreshold = NetemRandom.threshold(spec.reorder());
    }

    /** What it does. */
    public NetemSpec spec() {
        return spec;
    }

    /**
     * Takes a packet that arrives at {@code nowNs}; the packet belongs to the caller again afterwards. Times must not
     * decrease from call to call.
     */
    public void enqueue(Packet packet, long nowNs) {
        if (packet.gsoSize != 0 && !spec.isClean() && segmenter.begin(packet)) {
            while (segmenter.next(segment, true)) {
                received++;
                arrive(segment, nowNs, true);
            }
        } else {
            received++;
            arrive(packet, nowNs, true);
        }
    }

    private void arrive(Packet packet, long nowNs, boolean mayDuplicate) {
        int copies = mayDuplicate && duplicateRandom.hits(duplicateThreshold) ? 2 : 1;
        if (loss.losesNext()) {
            if (spec.ecn() && mark(packet)) {
                marked++;
            } else {
                copies--; // of a packet that was to be doubled the other one passes
                lost += copies == 0 ? 1 : 0;
            }
        }
        if (copies == 2) {
            duplicated++;
            arrive(packet, nowNs, false); // the copy may be lost or corrupted in its own right
        }
        if (copies > 0) {
            pass(packet, nowNs);
        }
    }

    private void pass(Packet packet, long nowNs) {
        boolean flip = corruptRandom.hits(corruptThreshold);
        if (held() >= spec.limitPackets()) {
            overlimit++;
            return;
        }
        Held entry = free.isEmpty() ? new Held() : free.pop();
        Packet copy = PacketRing.copyInto(entry.packet, packet);
        entry.packet = copy;
        if (flip) {
            corrupt(copy);
        }
        if (reorderThreshold != 0 && counter >= spec.gap() - 1 && reorderRandom.hits(reorderThreshold)) {
            counter = 0;
            reordered++;
            entry.sendNs = nowNs;
            urgent.addLast(entry);
            return;
        }
        counter = counter == Integer.MAX_VALUE ? counter : counter + 1;
        entry.sendNs = sendTime(copy.length(), nowNs);
        if (spec.rateBitsPerSecond() != 0) {
            lastSendNs = Math.max(lastSendNs, entry.sendNs);
        }
        queue.schedule(entry, entry.sendNs);
    }

    private long sendTime(int length, long nowNs) {
        long at = nowNs + spec.delayNs();
        if (spec.jitterNs() != 0) {
            at += Math.round(spec.distribution().value(delayRandom.next()) * spec.jitterNs());
        }
        if (spec.rateBitsPerSecond() != 0) {
            // The line takes the next packet when it is done with the one before; the time spent waiting for that
            // counts as delay.
            at = Math.max(at, lastSendNs) + serialisationNs(length);
        }
        return at;
    }

    /** How long the line is busy with a packet of this length. */
    long serialisationNs(int length) {
        long bytes = Math.max(0, (long) length + spec.packetOverheadBytes());
        if (spec.cellBytes() != 0) {
            bytes = Math.ceilDiv(bytes, spec.cellBytes()) * Math.max(0, spec.cellBytes() + spec.cellOverheadBytes());
        }
        return bytes * 8 * NS_PER_SECOND / spec.rateBitsPerSecond();
    }

    /** Shows each packet that is held, in no order; they must not be changed. */
    public void forEach(Consumer<Packet> action) {
        urgent.forEach(h -> show(h, action));
        if (due != null) {
            show(due, action);
        }
        queue.forEach(h -> show(h, action));
    }

    private static void show(Held held, Consumer<Packet> action) {
        if (held.packet != null) {
            action.accept(held.packet);
        }
    }

    /** Packets held now. */
    public int held() {
        return queue.size() + urgent.size() + (due == null ? 0 : 1);
    }

    /**
     * The packet whose time has come at {@code nowNs}, or null. It stays until {@link #remove}; the caller must not
     * keep it beyond that.
     */
    public @Nullable Packet peek(long nowNs) {
        Held first = first(nowNs);
        shown = first;
        return first == null ? null : first.packet;
    }

    private @Nullable Held first(long nowNs) {
        Held reorderedFirst = urgent.peekFirst();
        if (reorderedFirst != null) {
            return reorderedFirst;
        }
        if (due == null) {
            due = queue.pollDue(nowNs);
        }
        return due;
    }

    /** Takes out what {@link #peek} showed. */
    public void remove() {
        Held first = shown;
        if (first == null) {
            return;
        }
        shown = null;
        if (first == due) {
            due = null;
        } else {
            urgent.pollFirst();
        }
        Packet packet = first.packet;
        passed++;
        passedBytes += packet == null ? 0 : packet.length();
        free.push(first);
    }

    /** When the next packet's time comes, nanoseconds; {@link Time#NEVER} when none is held. */
    public long nextEventNs() {
        Held reorderedFirst = urgent.peekFirst();
        Held waiting = reorderedFirst != null ? reorderedFirst : due;
        return waiting != null ? waiting.sendNs : queue.nextNs();
    }

    /** What it did so far. */
    public NetemStatistics statistics() {
        return new NetemStatistics(received, passed, passedBytes, lost, marked, duplicated, corrupted, reordered,
                overlimit, held());
    }

    /** Sets the congestion-experienced mark when the packet's sender allows it (RFC 3168 section 5). */
    private boolean mark(Packet packet) {
        int at = packet.start;
        if (ethernet) {
            if (!headers.locate(packet, true)) {
                return false;
            }
            at = headers.network;
        } else if (packet.end - at < 20) {
            return false;
        }
        return EcnMark.set(packet.memory, at);
    }

    private void corrupt(Packet copy) {
        int length = copy.length();
        if (length == 0) {
            return;
        }
        // A partial checksum would be computed over the damage and hide it.
        TransportHeaders.completeChecksum(copy);
        copy.checksumValid = false;
        copy.gsoSize = 0;
        int bit = corruptPlace.nextInt(length * 8);
        int at = copy.start + bit / 8;
        Bytes.put8(copy.memory, at, Bytes.u8(copy.memory, at) ^ 1 << bit % 8);
        corrupted++;
    }
}
