package sluice.engine;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.Host;
import sluice.link.Link;
import sluice.wire.Packet;

/**
 * The links of one shard, with the packet that a full link could not take. Link {@code i} is the host's interface
 * {@code i + 1}; 0 is its loopback.
 *
 * <p>While a link is full nothing more is asked of the host, so that data stays in the rings and back-pressure reaches
 * the writers. A link that stays full for {@link #DEAD_AFTER_NS} among others loses its packets until it takes one
 * again, so that it cannot hold up the rest.
 *
 * <p>Used only under the shard's lock.
 */
final class Ports implements HostDriver.Outlet {
    /** How long a full link may stop the others. */
    static final long DEAD_AFTER_NS = 1_000_000_000L;
    /** Index of the first link's interface. */
    static final int FIRST_INTERFACE = 1;
    /** Packets between two looks at the clock while a device is drained. */
    private static final int CLOCK_EVERY = 16;
    /** Longest time to drain one device before the answers go out. */
    private static final long RECEIVE_LIMIT_NS = 100_000;

    private final Host host;
    private final Link[] links;
    private final @Nullable Packet[] pending;
    private final long[] fullSinceNs;
    private final Packet in = Packet.ofBlock();
    private Packet out = Packet.ofMaxSize();
    private @Nullable Packet spare;
    private final boolean[] gone;
    private int full;
    private int goneCount;
    private long lastTrafficNs = System.nanoTime() - 10 * DEAD_AFTER_NS;
    private long droppedAtFullLink;

    Ports(Host host, List<Link> links) {
        this.host = host;
        this.links = links.toArray(new Link[0]);
        this.pending = new Packet[this.links.length];
        this.fullSinceNs = new long[this.links.length];
        this.gone = new boolean[this.links.length];
    }

    /**
     * Drains the devices into the host.
     *
     * @param budget most packets from each device
     * @return whether a device may hold more
     */
    boolean receive(int budget, long nowNs) {
        boolean more = false;
        for (int i = 0; i < links.length; i++) {
            Link link = links[i];
            int n = 0;
            while (n < budget && link.receive(in, nowNs)) {
                host.onPacket(i + FIRST_INTERFACE, in, nowNs);
                n++;
                if ((n & (CLOCK_EVERY - 1)) == 0 && System.nanoTime() - nowNs > RECEIVE_LIMIT_NS) {
                    n = budget;
                }
            }
            more |= n >= budget;
            if (n > 0) {
                lastTrafficNs = nowNs;
            } else if (link.isGone() && !gone[i]) {
                gone[i] = true;
                goneCount++;
            }
        }
        return more;
    }

    @Override
    public boolean isOpen(long nowNs) {
        return full == 0 || retry(nowNs);
    }

    @Override
    public Packet packet() {
        out.clear();
        return out;
    }

    @Override
    public boolean take(int interfaceIndex, Packet packet, long nowNs) {
        int i = interfaceIndex - FIRST_INTERFACE;
        lastTrafficNs = nowNs;
        if (pending[i] != null) {
            droppedAtFullLink++;
        } else if (!links[i].transmit(packet, nowNs)) {
            hold(i, nowNs);
            return false;
        }
        return true;
    }

    private void hold(int i, long nowNs) {
        out.flatten();
        pending[i] = out;
        Packet next = spare;
        out = next != null ? next : Packet.ofMaxSize();
        spare = null;
        fullSinceNs[i] = nowNs;
        full++;
    }

    /** Offers full links their packet again; whether the host may be asked for more. */
    private boolean retry(long nowNs) {
        boolean go = true;
        for (int i = 0; i < links.length; i++) {
            Packet p = pending[i];
            if (p == null) {
                continue;
            }
            if (links[i].transmit(p, nowNs)) {
                pending[i] = null;
                spare = p;
                full--;
            } else {
                go &= links.length > 1 && nowNs - fullSinceNs[i] > DEAD_AFTER_NS;
            }
        }
        return go;
    }

    /** Whether a link waits to become writable. */
    boolean anyFull() {
        return full > 0;
    }

    /** Whether there were links and each has ended by itself: the host is cut off for good. */
    boolean allGone() {
        return goneCount > 0 && goneCount == links.length;
    }

    /** The names of the links that have ended by themselves. */
    String goneNames() {
        StringJoiner names = new StringJoiner(", ");
        for (int i = 0; i < links.length; i++) {
            if (gone[i]) {
                names.add(host.interfaces().get(i + FIRST_INTERFACE).name());
            }
        }
        return names.toString();
    }

    /** The earliest time at which a link will have something by itself. */
    long nextEventNs() {
        long next = Time.NEVER;
        for (Link link : links) {
            next = Math.min(next, link.nextEventNs());
        }
        return next;
    }

    /** When a packet last came or went; long ago if never. */
    long lastTrafficNs() {
        return lastTrafficNs;
    }

    /** Packets lost because their link stayed full too long. */
    long droppedAtFullLink() {
        return droppedAtFullLink;
    }

    void close() {
        for (Link link : links) {
            link.close();
        }
    }
}
