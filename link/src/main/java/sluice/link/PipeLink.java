package sluice.link;

import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;
import sluice.wire.Packet;

/**
 * One end of a pipe in memory: what is sent here arrives at the other end, whole, in order and at once; a full queue
 * says so.
 *
 * <p>Each end is used by one thread at a time; the two may be used by different threads, or both by one in virtual
 * time. Super-segments and partial checksums pass as they are when the properties offer them, so both ends must be
 * ready for them.
 */
public final class PipeLink implements Link {
    /** Packets (super-segments count one) a direction holds unless told otherwise. */
    public static final int DEFAULT_QUEUE = 1024;

    private final LinkProperties properties;
    private final PacketRing incoming;
    private final PacketRing outgoing;
    private @Nullable PipeLink peer;
    private volatile @Nullable LinkWaiter waiter;
    /** The peer found our incoming queue full and wants to know when it has room. */
    private volatile boolean peerBlocked;
    private volatile boolean closed;
    private long dropped;

    /**
     * The two ends of a pipe.
     *
     * @param a the first end
     * @param b the second end
     */
    public record Pair(PipeLink a, PipeLink b) {}

    private PipeLink(LinkProperties properties, PacketRing incoming, PacketRing outgoing) {
        this.properties = properties;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** A pipe of bare IP packets with the default queue and no offloads. */
    public static Pair pair(int mtu) {
        return pair(LinkProperties.plain(mtu), DEFAULT_QUEUE);
    }

    /** A pipe whose two ends have the same properties. */
    public static Pair pair(LinkProperties properties, int queuePackets) {
        return pair(properties, properties, queuePackets);
    }

    /**
     * A pipe.
     *
     * @param first properties of end a
     * @param second properties of end b (another hardware address, say)
     * @param queuePackets packets each direction holds, 1…2^20
     */
    public static Pair pair(LinkProperties first, LinkProperties second, int queuePackets) {
        PacketRing toB = new PacketRing(queuePackets);
        PacketRing toA = new PacketRing(queuePackets);
        PipeLink a = new PipeLink(first, toA, toB);
        PipeLink b = new PipeLink(second, toB, toA);
        a.peer = b;
        b.peer = a;
        return new Pair(a, b);
    }

    @Override
    public void setWaiter(@Nullable LinkWaiter toWake) {
        waiter = toWake;
    }

    @Override
    public LinkProperties properties() {
        return properties;
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        into.clear();
        Packet first = incoming.peek();
        if (first == null) {
            return false;
        }
        boolean fits = first.length() + Packet.HEADROOM <= into.memory.byteSize();
        if (fits) {
            into.copyFrom(first);
            into.timestampNs = nowNs;
        } else {
            dropped++;
        }
        incoming.remove();
        if (peerBlocked) {
            peerBlocked = false;
            wake(peer);
        }
        return fits;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        PipeLink to = peer;
        if (closed || to == null || to.closed) {
            dropped++;
            return true;
        }
        if (!outgoing.offer(packet, nowNs)) {
            to.peerBlocked = true;
            if (!outgoing.offer(packet, nowNs)) { // room made between the two would have been missed
                return false;
            }
        }
        wake(to);
        return true;
    }

    private static void wake(@Nullable PipeLink end) {
        LinkWaiter w = end == null ? null : end.waiter;
        if (w != null) {
            w.wakeup();
        }
    }

    /** Packets that wait here. */
    public int queued() {
        return incoming.size();
    }

    /** Packets sent after an end was closed, or received into too small a packet. */
    public long dropped() {
        return dropped;
    }

    /** From now on nothing more is sent; what has arrived may still be taken. */
    @Override
    public void close() {
        closed = true;
    }
}
