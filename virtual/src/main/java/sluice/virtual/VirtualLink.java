package sluice.virtual;

import java.util.List;
import sluice.sim.SimLink;

/** A link between two hosts. What is called on it holds for both directions; {@link #from} and {@link #to} for one. */
public final class VirtualLink extends Faulty {
    private final SimLink link;
    private final VirtualHost a;
    private final VirtualHost b;
    private final Wire forth;
    private final Wire back;

    VirtualLink(Network network, SimLink link, VirtualHost a, VirtualHost b) {
        super(network);
        this.link = link;
        this.a = a;
        this.b = b;
        forth = new Wire(network.simulation().world(), link.from(a.sim()), a.sim(), b.sim());
        back = new Wire(network.simulation().world(), link.from(b.sim()), b.sim(), a.sim());
    }

    @Override
    List<Wire> wires() {
        return List.of(forth, back);
    }

    boolean joins(String one, String other) {
        return a.name().equals(one) && b.name().equals(other) || a.name().equals(other) && b.name().equals(one);
    }

    boolean touches(VirtualHost host) {
        return a == host || b == host;
    }

    /**
     * The direction away from a host.
     *
     * @throws IllegalArgumentException the link does not end there
     */
    public LinkDirection from(String host) {
        return new LinkDirection(network(), end(host) ? forth : back);
    }

    /**
     * The direction towards a host.
     *
     * @throws IllegalArgumentException the link does not end there
     */
    public LinkDirection to(String host) {
        return new LinkDirection(network(), end(host) ? back : forth);
    }

    private boolean end(String host) {
        if (!a.name().equals(host) && !b.name().equals(host)) {
            throw new IllegalArgumentException(this + " does not end at " + host);
        }
        return a.name().equals(host);
    }

    /** What {@code tc netem} is told, for both directions, each with random numbers of its own; "" ends it. */
    public VirtualLink netem(String words) {
        network().simulation().inside(() -> link.netem(words));
        return this;
    }

    /** Loses everything from now on, until {@link #heal}; nobody is told. */
    public VirtualLink cut() {
        network().simulation().inside(() -> link.cut());
        return this;
    }

    /** Carries packets again. */
    public VirtualLink heal() {
        network().simulation().inside(() -> link.heal());
        return this;
    }

    /** Largest packet, bytes; both ends know it. */
    public VirtualLink mtu(int bytes) {
        network().simulation().inside(() -> link.mtu(bytes));
        return this;
    }

    @Override
    public String toString() {
        return "the link between " + a.name() + " and " + b.name();
    }
}
