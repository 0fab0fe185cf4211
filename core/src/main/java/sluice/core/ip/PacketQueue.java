package sluice.core.ip;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.wire.Packet;

/**
 * A first-in first-out queue of complete packets of the host's own, each with the interface it is for; bounded in
 * packets.
 */
public final class PacketQueue {
    private final ArrayDeque<Packet> packets = new ArrayDeque<>();
    private final ArrayDeque<Integer> interfaces = new ArrayDeque<>();
    /** Counted here: it is asked with every packet of the host, and nearly always none waits. */
    private int size;

    /** Appends; false when {@code limit} packets are in already. */
    public boolean offer(Packet packet, int interfaceIndex, int limit) {
        if (size >= limit) {
            return false;
        }
        size++;
        packets.addLast(packet);
        interfaces.addLast(interfaceIndex);
        return true;
    }

    /** The interface of the first packet; -1 when the queue is empty. */
    public int firstInterface() {
        Integer i = interfaces.peekFirst();
        return i == null ? -1 : i;
    }

    /** Takes the first packet; null when the queue is empty. */
    public @Nullable Packet poll() {
        if (size == 0) {
            return null;
        }
        size--;
        interfaces.pollFirst();
        return packets.pollFirst();
    }

    /** How many wait. */
    public int size() {
        return size;
    }
}
