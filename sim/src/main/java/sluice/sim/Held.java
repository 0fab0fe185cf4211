package sluice.sim;

import java.util.ArrayDeque;
import sluice.wire.Packet;

/** Packets that a tap keeps back until it is told. */
public final class Held {
    private final Path path;
    private final World world;
    private final ArrayDeque<Packet> packets = new ArrayDeque<>();

    Held(Path path, World world) {
        this.path = path;
        this.world = world;
    }

    void add(Packet p) {
        packets.addLast(world.packets().copy(p));
    }

    /** How many are kept. */
    public int size() {
        return packets.size();
    }

    /** Sends all that are kept, past the taps, in the order they came. */
    public void release() {
        while (!packets.isEmpty()) {
            releaseNext();
        }
    }

    /** Sends the oldest. */
    public void releaseNext() {
        Packet p = packets.pollFirst();
        if (p != null) {
            path.carry(p);
            world.packets().free(p);
        }
    }

    /** Sends the oldest and keeps it: an old duplicate may turn up more than once. */
    public void replay() {
        Packet p = packets.peekFirst();
        if (p != null) {
            path.carry(p);
        }
    }
}
