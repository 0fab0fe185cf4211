package sluice.core.ip;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.Settings;
import sluice.wire.Packet;

/**
 * Where packets of the host's own wait between two inputs: the control queue (complete frames, first to be transmitted)
 * and the loopback queue.
 */
public final class IpQueues {
    /** Most packets in the control queue: one 64 KiB datagram in the smallest fragments IPv4 allows fits. */
    public static final int MAX_CONTROL = 2048;

    final PacketPool packets;
    final PacketQueue control = new PacketQueue();
    final PacketQueue loopback = new PacketQueue();
    private final Drops drops;

    IpQueues(Settings settings, Drops drops) {
        this.packets = new PacketPool(settings);
        this.drops = drops;
    }

    /** The packets that both queues are made of. */
    public PacketPool packets() {
        return packets;
    }

    /**
     * An empty small packet for a control message: when the machine has no memory, that of the message which has waited
     * longest.
     *
     * @throws OutOfMemoryError when none waits either
     */
    Packet forControl(long nowNs) {
        Packet p = packets.takeAlways();
        if (p != null) {
            return p;
        }
        Packet oldest = control.poll();
        if (oldest == null) {
            throw new OutOfMemoryError("no memory for a control message");
        }
        drops.drop(Counter.SluiceControlQueueDrop, nowNs);
        oldest.clear();
        return oldest;
    }

    /**
     * Queues a complete frame from {@link #packets} for transmission; drops, counts and recycles it when the queue is
     * full.
     */
    public void control(Packet frame, int interfaceIndex, long nowNs) {
        if (!control.offer(frame, interfaceIndex, MAX_CONTROL)) {
            packets.give(frame);
            drops.drop(Counter.SluiceControlQueueDrop, nowNs);
        }
    }

    /** Moves the first control packet into {@code into}; its interface, or -1 when none waits. */
    public int pollControl(Packet into) {
        if (control.size() == 0) {
            return -1;
        }
        int index = control.firstInterface();
        Packet p = control.poll();
        if (p == null) {
            return -1;
        }
        into.copyFrom(p);
        packets.give(p);
        return index;
    }

    /**
     * The first looped packet; to be given back to {@link #packets}; null when none waits. {@link #loopbackInterface}
     * says where it came in, asked before.
     */
    public @Nullable Packet pollLoopback() {
        return loopback.poll();
    }

    /** The interface that the next looped packet is to be received on. */
    public int loopbackInterface() {
        return loopback.firstInterface();
    }

    /** Packets in both queues. */
    public int size() {
        return control.size() + loopback.size();
    }
}
