package sluice.virtual;

import java.util.ArrayList;
import java.util.List;
import sluice.sim.PacketView;
import sluice.sim.Path;
import sluice.sim.SimHost;
import sluice.sim.World;
import sluice.wire.Packet;

/**
 * One direction of a link, with the faults that packets meet there as they are sent, in the order in which the test
 * planned them. All inside.
 */
final class Wire {
    private final World world;
    private final Path path;
    private final SimHost from;
    private final SimHost to;
    private List<Fault> faults = List.of();
    /** Packets to be overtaken by the next one. */
    private final List<Packet> waiting = new ArrayList<>();

    Wire(World world, Path path, SimHost from, SimHost to) {
        this.world = world;
        this.path = path;
        this.from = from;
        this.to = to;
        path.tap(this::passes);
    }

    SimHost from() {
        return from;
    }

    SimHost to() {
        return to;
    }

    Path path() {
        return path;
    }

    long nowNs() {
        return world.nowNs();
    }

    void add(Fault fault) {
        List<Fault> more = new ArrayList<>(faults);
        more.add(fault);
        faults = more;
    }

    void remove(Fault fault) {
        List<Fault> fewer = new ArrayList<>(faults);
        fewer.remove(fault);
        faults = fewer;
    }

    private boolean passes(PacketView packet) {
        for (Fault f : faults) {
            if (!f.meets(this, packet)) {
                return false;
            }
        }
        if (!waiting.isEmpty()) {
            List<Packet> overtaken = List.copyOf(waiting);
            world.after(0, () -> overtaken.forEach(this::letGo));
        }
        return true;
    }

    /** Sends a copy at once, past the faults. */
    void sendCopy(Packet p) {
        path.inject(p);
    }

    /** Sends a copy {@code ms} from now, past the faults. */
    void sendLater(Packet p, double ms) {
        path.inject(p, ms);
    }

    /** Sends a copy when the next packet has been sent, or {@code longestMs} from now. */
    void sendBehindNext(Packet p, double longestMs) {
        Packet copy = Packet.ofMaxSize();
        copy.copyFrom(p);
        waiting.add(copy);
        world.after(longestMs, () -> letGo(copy));
    }

    private void letGo(Packet p) {
        if (waiting.remove(p)) {
            path.inject(p);
        }
    }

    @Override
    public String toString() {
        return from + " to " + to;
    }
}
