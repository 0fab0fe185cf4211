package sluice.virtual;

import java.util.List;

/** One direction of a link. */
public final class LinkDirection extends Faulty {
    private final Wire wire;

    LinkDirection(Network network, Wire wire) {
        super(network);
        this.wire = wire;
    }

    @Override
    List<Wire> wires() {
        return List.of(wire);
    }

    /** What {@code tc netem} is told, for this direction; "" ends it. */
    public LinkDirection netem(String words) {
        network().simulation().inside(() -> wire.path().netem(words));
        return this;
    }

    /** Loses everything from now on, until {@link #heal}: a link that carries one way only. */
    public LinkDirection cut() {
        network().simulation().inside(() -> wire.path().cut());
        return this;
    }

    /** Carries packets again. */
    public LinkDirection heal() {
        network().simulation().inside(() -> wire.path().heal());
        return this;
    }

    /** Packets dropped because the queue was full or the direction was cut. */
    public long dropped() {
        return network().simulation().inside(() -> wire.path().dropped());
    }

    @Override
    public String toString() {
        return "the link from " + wire;
    }
}
