package sluice.virtual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.sim.Match;
import sluice.sim.PacketView;
import sluice.wire.Packet;

/**
 * Something that the network does to certain packets, until it is closed: {@code try (var fault = link.drop(p ->
 * p.isSyn())) { … }}.
 *
 * <p>A fault that met no packet proves nothing: {@link #close} then throws, unless the fault is {@link #optional}, and
 * so does the end of a network in which one was left open.
 *
 * <p><b>Thread rules.</b> Any thread. Predicates are called inside the world, for one packet after the other, by
 * whichever thread is there: they look at the packet, may count, and do nothing that waits.
 */
public final class Fault implements AutoCloseable {
    /** What becomes of a packet that a fault means. */
    interface Effect {
        /** Does it; tells whether the packet itself goes on to what comes behind the fault. */
        boolean apply(Wire wire, Packet packet);
    }

    private final Simulation simulation;
    private final String what;
    private final Match match;
    private final Effect effect;
    private final List<Wire> wires;
    private long skipped;
    private long skip;
    private long most = Long.MAX_VALUE;
    private long fired;
    private boolean optional;
    private boolean closed;

    Fault(Simulation simulation, String what, List<Wire> wires, Match match, Effect effect) {
        this.simulation = simulation;
        this.what = what;
        this.wires = List.copyOf(wires);
        this.match = match;
        this.effect = effect;
    }

    Fault install() {
        simulation.inside(() -> wires.forEach(w -> w.add(this)));
        return this;
    }

    // --- which, and how many ---

    /** Means only the first {@code n} of the packets that match. */
    public Fault first(long n) {
        simulation.inside(() -> {
            most = n;
        });
        return this;
    }

    /** Spares the first {@code n} of the packets that match. */
    public Fault after(long n) {
        simulation.inside(() -> {
            skip = n;
        });
        return this;
    }

    /** May meet no packet at all, and nothing is said. */
    public Fault optional() {
        simulation.inside(() -> {
            optional = true;
        });
        return this;
    }

    /** How many packets it has met so far. */
    public long count() {
        return simulation.inside(() -> fired);
    }

    /**
     * Ends it; packets that it holds go on in their time. Idempotent.
     *
     * @throws FaultNeverFired it met no packet and is not optional
     */
    @Override
    public void close() {
        boolean inVain = simulation.inside(() -> {
            boolean first = !closed;
            closed = true;
            wires.forEach(w -> w.remove(this));
            return first && fired == 0 && !optional;
        });
        if (inVain) {
            throw new FaultNeverFired(List.of(toString()));
        }
    }

    /** What it was when it is still open and must have met a packet and has not; for the end of a network. Inside. */
    List<String> complaints() {
        List<String> all = new ArrayList<>();
        if (!closed && !optional && fired == 0) {
            all.add(toString());
        }
        return all;
    }

    boolean isClosed() {
        return closed;
    }

    /** What it is, whether it is over, and how many packets it met; for reports. */
    String described() {
        return simulation.inside(() -> this + (closed ? " (closed)" : ""));
    }

    // --- driven by the wire ---

    /** A packet comes by; tells whether it goes on. Inside. */
    boolean meets(Wire wire, PacketView view) {
        if (fired >= most || !match.test(view)) {
            return true;
        }
        if (skipped < skip) {
            skipped++;
            return true;
        }
        fired++;
        return effect.apply(wire, view.packet());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s%s: rule fired %d times", what,
                most == Long.MAX_VALUE ? "" : ", first " + most, fired);
    }
}
