package sluice.core.neighbour;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Deadlines;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.ip.AddressMap;
import sluice.core.ip.Drops;
import sluice.core.ip.NetworkInterface;
import sluice.core.ip.PacketPool;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * The neighbours of all interfaces, their states and the packets that wait for them.
 *
 * <p>Bounds: {@code gc_thresh3} neighbours, half of them while they are asked for. Who gives way to a new one is found
 * at once: first of those that told their address and were never sent to, then of those that are asked for, then of
 * the rest the one unused longest; so neither messages from, nor packets for addresses of chance drive out neighbours
 * that are talked to. {@link #MAX_WAITING} packets and {@code unres_qlen_bytes} bytes for each while it is asked for,
 * the oldest packet gives way.
 */
@Rfc(value = 4861, section = "7.3.3")
@Rfc(value = 1122, section = "2.3.2")
public final class NeighbourCache {
    /** Most packets that wait for one neighbour (Linux's unres_qlen). */
    public static final int MAX_WAITING = 101;
    private static final long MILLISECOND_NS = 1_000_000L;

    /** What the cache needs from outside. */
    interface Environment {
        /** The protocol that asks for {@code address}. */
        Solicitor solicitor(IpAddress address);

        /** Puts the link header in front and queues the packet, which belongs to the pool, for transmission. */
        void transmit(Packet packet, NetworkInterface out, long macAddress, long nowNs);

        /** The neighbour did not answer; {@code first} is the oldest packet that waited. */
        void unreachable(Neighbour neighbour, Packet first, long nowNs);

        /** A router's neighbour entry is gone or is a router no more. */
        void routerLost(Neighbour neighbour, long nowNs);
    }

    private final HostContext context;
    private final Settings settings;
    private final Drops drops;
    private final PacketPool packets;
    private final Environment environment;
    private final ArrayList<AddressMap<Neighbour>> byInterface = new ArrayList<>();
    private final Deadlines<Neighbour> deadlines = new Deadlines<>();
    /** Those that are asked for. */
    private final NeighbourOrder asked = new NeighbourOrder();
    /** Those that told their address, to which nothing was sent yet. */
    private final NeighbourOrder told = new NeighbourOrder();
    /** Those that something was sent to. */
    private final NeighbourOrder used = new NeighbourOrder();
    private int size;

    NeighbourCache(HostContext context, Drops drops, PacketPool packets, Environment environment) {
        this.context = context;
        this.settings = context.settings();
        this.drops = drops;
        this.packets = packets;
        this.environment = environment;
    }

    private AddressMap<Neighbour> table(NetworkInterface out) {
        while (byInterface.size() <= out.index()) {
            byInterface.add(new AddressMap<>(context.entropy()));
        }
        return byInterface.get(out.index());
    }

    /** The entry; null when there is none. */
    public @Nullable Neighbour find(NetworkInterface out, long high, long low) {
        return table(out).get(high, low);
    }

    /**
     * The neighbour to send a packet to now; null when its link address is not known: then a copy of the packet waits
     * for it, or was dropped and counted.
     */
    @Nullable Neighbour use(Packet packet, NetworkInterface out, long high, long low, long nowNs) {
        Neighbour n = table(out).get(high, low);
        if (n == null) {
            n = create(out, new IpAddress(high, low), asked, nowNs);
            hold(n, packet, nowNs);
            n.probes = 1;
            environment.solicitor(n.address).solicit(n, false, nowNs);
            deadlines.schedule(n, nowNs + settings.get(Setting.NEIGH_RETRANS_TIME_MS) * MILLISECOND_NS);
            return null;
        }
        if (n.state != NeighbourState.INCOMPLETE) {
            used.touch(n);
        }
        switch (n.state) {
            case INCOMPLETE -> {
                hold(n, packet, nowNs);
                return null;
            }
            case REACHABLE -> {
                if (n.reachableUntilNs <= nowNs) {
                    delay(n, nowNs);
                }
            }
            case STALE -> delay(n, nowNs);
            case DELAY, PROBE -> {
                // the question is on its way already
            }
        }
        return n;
    }

    private void delay(Neighbour n, long nowNs) {
        n.state = NeighbourState.DELAY;
        deadlines.schedule(n, nowNs + settings.get(Setting.NEIGH_DELAY_FIRST_PROBE_TIME) * 1000 * MILLISECOND_NS);
    }

    private void hold(Neighbour n, Packet packet, long nowNs) {
        int bytes = packet.length();
        long limit = settings.get(Setting.NEIGH_UNRES_QLEN_BYTES);
        while (!n.waiting.isEmpty() && (n.waiting.size() >= MAX_WAITING || n.waitingBytes + bytes > limit)) {
            Packet oldest = n.waiting.removeFirst();
            n.waitingBytes -= oldest.length();
            packets.give(oldest);
            drops.drop(Counter.SluiceNeighbourQueueDrop, nowNs);
        }
        Packet copy = bytes > limit ? null : packets.take(bytes);
        if (copy == null) {
            drops.drop(Counter.SluiceNeighbourQueueDrop, nowNs);
            return;
        }
        copy.copyFrom(packet);
        n.waiting.addLast(copy);
        n.waitingBytes += bytes;
    }

    private Neighbour create(NetworkInterface out, IpAddress address, NeighbourOrder order, long nowNs) {
        int most = settings.getInt(Setting.NEIGH_GC_THRESH3);
        Neighbour victim = order == asked && asked.size() >= Math.max(1, most / 2) ? asked.oldest()
                : size >= most ? leastWorth() : null;
        if (victim != null) {
            remove(victim, nowNs);
        }
        Neighbour n = new Neighbour(out, address);
        table(out).put(address.high(), address.low(), n);
        order.touch(n);
        size++;
        return n;
    }

    private @Nullable Neighbour leastWorth() {
        Neighbour n = told.oldest();
        n = n != null ? n : asked.oldest();
        return n != null ? n : used.oldest();
    }

    /**
     * A message told a link address that nobody vouches for (ARP request, solicitation, router advertisement).
     *
     * @param createIfMissing whether to take note of a neighbour we do not know yet
     */
    @Rfc(value = 4861, section = "7.2.3")
    @Nullable Neighbour learnStale(NetworkInterface in, IpAddress address, long mac, boolean createIfMissing,
            long nowNs) {
        Neighbour n = find(in, address.high(), address.low());
        if (n == null) {
            if (!createIfMissing) {
                return null;
            }
            n = create(in, address, told, nowNs);
            n.macAddress = mac;
            n.state = NeighbourState.STALE;
            return n;
        }
        if (n.state == NeighbourState.INCOMPLETE || n.macAddress != mac) {
            n.macAddress = mac;
            n.state = NeighbourState.STALE;
            deadlines.cancel(n);
            resolved(n);
            flush(n, nowNs);
        }
        return n;
    }

    /** An answer to our question confirmed a link address. */
    void learnReachable(Neighbour n, long mac, long nowNs) {
        n.macAddress = mac;
        confirm(n, nowNs);
        resolved(n);
        flush(n, nowNs);
    }

    /** The neighbour is known to be alive: it answered, or a transport's data got through. */
    void confirm(Neighbour n, long nowNs) {
        long base = settings.get(Setting.NEIGH_BASE_REACHABLE_TIME_MS) * MILLISECOND_NS;
        n.state = NeighbourState.REACHABLE;
        n.probes = 0;
        n.reachableUntilNs = nowNs + base / 2 + Long.remainderUnsigned(context.entropy().nextLong(), Math.max(1, base));
        deadlines.cancel(n);
    }

    /** Who was asked for has an address now: what waits is sent to it. */
    private void resolved(Neighbour n) {
        if (n.order == asked) {
            used.touch(n);
        }
    }

    /** Marks an entry stale without changing its address. */
    void suspect(Neighbour n) {
        n.state = NeighbourState.STALE;
        deadlines.cancel(n);
    }

    private void flush(Neighbour n, long nowNs) {
        Packet p = n.waiting.pollFirst();
        if (p != null && n.state == NeighbourState.STALE) {
            delay(n, nowNs);
        }
        while (p != null) {
            environment.transmit(p, n.out, n.macAddress, nowNs);
            p = n.waiting.pollFirst();
        }
        n.waitingBytes = 0;
    }

    void onDeadline(long nowNs) {
        for (Neighbour n = deadlines.pollDue(nowNs); n != null; n = deadlines.pollDue(nowNs)) {
            switch (n.state) {
                case INCOMPLETE -> ask(n, Setting.NEIGH_MCAST_SOLICIT, false, nowNs);
                case DELAY -> {
                    n.state = NeighbourState.PROBE;
                    n.probes = 0;
                    ask(n, Setting.NEIGH_UCAST_SOLICIT, true, nowNs);
                }
                case PROBE -> ask(n, Setting.NEIGH_UCAST_SOLICIT, true, nowNs);
                case REACHABLE, STALE -> {
                    // nothing is due in these states
                }
            }
        }
    }

    private void ask(Neighbour n, Setting limit, boolean unicast, long nowNs) {
        if (n.probes >= settings.get(limit)) {
            fail(n, nowNs);
            return;
        }
        n.probes++;
        environment.solicitor(n.address).solicit(n, unicast, nowNs);
        deadlines.schedule(n, nowNs + settings.get(Setting.NEIGH_RETRANS_TIME_MS) * MILLISECOND_NS);
    }

    private void fail(Neighbour n, long nowNs) {
        Packet first = n.waiting.peekFirst();
        if (first != null) {
            environment.unreachable(n, first, nowNs);
        }
        remove(n, nowNs);
    }

    private void remove(Neighbour n, long nowNs) {
        deadlines.cancel(n);
        NeighbourOrder.remove(n);
        table(n.out).remove(n.address.high(), n.address.low());
        size--;
        for (Packet p = n.waiting.pollFirst(); p != null; p = n.waiting.pollFirst()) {
            packets.give(p);
            drops.drop(Counter.SluiceNeighbourQueueDrop, nowNs);
        }
        n.waitingBytes = 0;
        if (n.router) {
            environment.routerLost(n, nowNs);
        }
    }

    /** Forgets all neighbours of an interface: its link went down. */
    void flush(NetworkInterface out, long nowNs) {
        List<Neighbour> all = new ArrayList<>();
        table(out).forEach(all::add);
        all.forEach(n -> remove(n, nowNs));
    }

    long nextDeadlineNs() {
        return deadlines.nextNs();
    }

    /** All neighbours, for printing. */
    public List<Neighbour> all() {
        List<Neighbour> all = new ArrayList<>();
        byInterface.forEach(t -> t.forEach(all::add));
        return all;
    }
}
