package sluice.link;

import sluice.core.LinkProperties;
import sluice.wire.Packet;

/** What is sent comes back: a host's way to itself. Used by one thread. */
public final class LoopbackLink implements Link {
    private final LinkProperties properties;
    private final PacketRing queue;

    /**
     * A loopback without checksums to make and with super-segments up to 64 KB.
     *
     * @param mtu bytes; Linux has 65536, the largest here is 65535
     * @param queuePackets packets held, 1…2^20
     */
    public LoopbackLink(int mtu, int queuePackets) {
        this(LinkProperties.plain(mtu).withOffloads(65_535).withGathering(), queuePackets);
    }

    /** A loopback with these properties. */
    public LoopbackLink(LinkProperties properties, int queuePackets) {
        this.properties = properties;
        queue = new PacketRing(queuePackets);
    }

    @Override
    public LinkProperties properties() {
        return properties;
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        into.clear();
        Packet first = queue.peek();
        if (first == null) {
            return false;
        }
        boolean fits = first.length() + Packet.HEADROOM <= into.memory.byteSize();
        if (fits) {
            into.copyFrom(first);
            into.timestampNs = nowNs;
        }
        queue.remove();
        return fits;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        return queue.offer(packet, nowNs);
    }

    @Override
    public void close() {
        while (queue.peek() != null) {
            queue.remove();
        }
    }
}
