package sluice.virtual;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import sluice.sim.Match;
import sluice.sim.PacketView;
import sluice.wire.Bytes;
import sluice.wire.Packet;

/**
 * Where faults can be planned: a link, or one direction of it. Each says which packets it means by a predicate, and is
 * in force from the call until it is closed.
 *
 * <p>A packet meets the faults of its wire in the order of their making; what drops or delays it hides it from those
 * behind. Faults come before what the link itself does (rate, queue, delay, netem).
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public abstract sealed class Faulty permits VirtualLink, LinkDirection {
    /** A packet that nothing overtakes goes on after that long. */
    private static final double LONGEST_REORDER_MS = 200;

    private final Network network;

    Faulty(Network network) {
        this.network = network;
    }

    abstract List<Wire> wires();

    Network network() {
        return network;
    }

    private Fault plan(String what, Match match, Fault.Effect effect) {
        return network.plan(what + " on " + this, wires(), match, effect);
    }

    /** Loses the packets meant. */
    public Fault drop(Match match) {
        return plan("drop", match, (wire, p) -> false);
    }

    /** Loses every packet until it is closed. Other than {@link VirtualLink#cut} it must have met one. */
    public Fault dropAll() {
        return drop(Match.any());
    }

    /** Sends the packets meant that much later, so that others may overtake them. */
    public Fault delay(Match match, Duration by) {
        double ms = by.toNanos() / 1e6;
        return plan("delay by " + by, match, (wire, p) -> {
            wire.sendLater(p, ms);
            return false;
        });
    }

    /** Sends the packets meant behind the one that comes after them. */
    public Fault reorder(Match match) {
        return plan("reorder", match, (wire, p) -> {
            wire.sendBehindNext(p, LONGEST_REORDER_MS);
            return false;
        });
    }

    /** Sends the packets meant twice. */
    public Fault duplicate(Match match) {
        return plan("duplicate", match, (wire, p) -> {
            wire.sendCopy(p);
            return true;
        });
    }

    /** Flips a bit of the packets meant; their checksum tells the receiver, which drops them. */
    public Fault corrupt(Match match) {
        return plan("corrupt", match, (wire, p) -> {
            flip(p);
            return true;
        });
    }

    private static void flip(Packet p) {
        int at = p.end - 1;
        Bytes.put8(p.memory, at, Bytes.u8(p.memory, at) ^ 0x10);
    }

    /** Changes the packets meant; the transport checksum is made right afterwards, so that nobody notices. */
    public Fault rewrite(Match match, Consumer<PacketView> change) {
        PacketView view = new PacketView();
        return plan("rewrite", match, (wire, p) -> {
            change.accept(view.of(p));
            view.of(p).fixChecksum();
            return true;
        });
    }

    /** Looks at the packets meant and does nothing; closed, it has seen one or complains. */
    public Fault watch(Match match) {
        return plan("watch", match, (wire, p) -> true);
    }

    /**
     * Swallows packets of more than {@code bytes} and tells nobody, as a path does whose ICMP errors are filtered (RFC
     * 2923 2.1).
     */
    public Fault mtuBlackHole(int bytes) {
        return plan("MTU black hole above " + bytes + " bytes", Match.largerThan(bytes), (wire, p) -> false);
    }

    /**
     * A middlebox (NAT gateway, load balancer, firewall) that knows flows by what it has seen of them: it forgets a TCP
     * connection which was silent for {@code idle}, and from then on swallows its packets without a word. A SYN makes a
     * flow known.
     */
    public Fault forgetsIdleFlows(Duration idle) {
        return plan("forget flows idle for " + idle, new IdleFlows(network, idle), (wire, p) -> false);
    }
}
