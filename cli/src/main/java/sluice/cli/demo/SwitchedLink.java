package sluice.cli.demo;

import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;
import sluice.link.ImpairedLink;
import sluice.link.Link;
import sluice.link.LinkWaiter;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.wire.Packet;

/**
 * A link that can be made bad, both ways, and good again while it is in use. Used by one thread; the switch is for any.
 */
public final class SwitchedLink implements Link {
    private final Link below;
    private final ImpairedLink impaired;
    private volatile boolean bad;

    /** A good link that can become as bad as {@code spec} says. */
    public SwitchedLink(Link below, NetemSpec spec, long seed) {
        this.below = below;
        boolean ethernet = below.properties().ethernet();
        impaired = new ImpairedLink(below, new Netem(spec, ethernet, seed), new Netem(spec, ethernet, seed + 1));
    }

    /** Makes it bad or good. Packets held when it becomes good are lost. */
    public void setBad(boolean on) {
        bad = on;
    }

    @Override
    public LinkProperties properties() {
        return below.properties();
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        return bad ? impaired.receive(into, nowNs) : below.receive(into, nowNs);
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        return bad ? impaired.transmit(packet, nowNs) : below.transmit(packet, nowNs);
    }

    @Override
    public long nextEventNs() {
        return bad ? impaired.nextEventNs() : below.nextEventNs();
    }

    @Override
    public void setWaiter(@Nullable LinkWaiter toWake) {
        below.setWaiter(toWake);
    }

    @Override
    public boolean isGone() {
        return below.isGone();
    }

    @Override
    public void close() {
        below.close();
    }
}
