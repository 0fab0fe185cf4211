package sluice.core.neighbour;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.core.ip.RouteEntry;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Ndp;
import sluice.wire.Prefix;

/** Default routers, on-link prefixes and addresses from router advertisements; solicitations until one comes. */
@Rfc(value = 4861, section = "6.3")
@Rfc(value = 4862, section = "5.5.3")
final class RouterDiscovery {
    /** Most default routers and most prefixes kept per interface. */
    static final int MAX_PER_INTERFACE = 16;
    private static final Prefix DEFAULT = new Prefix(IpAddress.ANY_V6, 0);
    private static final int METRIC = 1024;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TWO_HOURS_NS = 7200 * SECOND_NS;
    private static final int MAX_SOLICITATIONS = 3;
    private static final long SOLICITATION_INTERVAL_NS = 4 * SECOND_NS;

    private static final class Solicitation {
        final NetworkInterface out;
        int left = MAX_SOLICITATIONS;
        long nextNs = Time.AT_ONCE;

        Solicitation(NetworkInterface out) {
            this.out = out;
        }
    }

    private final HostContext context;
    private final IpLayer ip;
    private final NeighbourCache cache;
    private final NdpSender sender;
    private final AddressConfiguration addresses;
    private final ArrayList<Solicitation> solicitations = new ArrayList<>();

    RouterDiscovery(HostContext context, IpLayer ip, NeighbourCache cache, NdpSender sender,
            AddressConfiguration addresses) {
        this.context = context;
        this.ip = ip;
        this.cache = cache;
        this.sender = sender;
        this.addresses = addresses;
    }

    private boolean listens() {
        int accept = context.settings().getInt(Setting.IP6_ACCEPT_RA);
        return accept == 2 || (accept == 1 && !context.settings().isOn(Setting.IP6_FORWARDING));
    }

    /** The link of an Ethernet interface came up: asks for routers. */
    @Rfc(value = 4861, section = "6.3.7")
    void linkUp(NetworkInterface i) {
        solicitations.removeIf(s -> s.out == i);
        if (listens()) {
            solicitations.add(new Solicitation(i));
        }
    }

    void onDeadline(long nowNs) {
        for (int k = solicitations.size() - 1; k >= 0; k--) {
            Solicitation s = solicitations.get(k);
            if (s.nextNs > nowNs) {
                continue;
            }
            InterfaceAddress source = s.out.linkLocal();
            if (!s.out.up() || s.left == 0) {
                solicitations.remove(k);
            } else if (source == null) {
                s.nextNs = nowNs + SECOND_NS;
            } else {
                s.left--;
                s.nextNs = nowNs + SOLICITATION_INTERVAL_NS;
                sender.routerSolicitation(s.out, source.address, nowNs);
            }
        }
    }

    long nextDeadlineNs() {
        long next = Time.NEVER;
        for (int k = 0; k < solicitations.size(); k++) {
            next = Math.min(next, solicitations.get(k).nextNs);
        }
        return next;
    }

    /** An advertisement; false when it is not valid (6.1.2). */
    @Rfc(value = 4861, section = "6.1.2")
    @Rfc(value = 4861, section = "6.3.4")
    boolean onAdvertisement(NetworkInterface in, Datagram d, long nowNs) {
        IpAddress router = d.source();
        if (!router.isLinkLocal() || !NeighbourDiscovery.wellFormed(d, Ndp.ROUTER_ADVERTISEMENT_LENGTH)) {
            return false;
        }
        if (!listens()) {
            return true;
        }
        solicitations.removeIf(s -> s.out == in);
        MemorySegment m = d.packet.memory;
        int s = d.payloadOffset;
        if (Ndp.currentHopLimit(m, s) != 0) {
            in.setAdvertisedHopLimit(Ndp.currentHopLimit(m, s));
        }
        router(in, router, Ndp.routerLifetimeSeconds(m, s), nowNs);
        long mac = NeighbourDiscovery.option(d, Ndp.ROUTER_ADVERTISEMENT_LENGTH, Ndp.OPTION_SOURCE_LINK_ADDRESS);
        Neighbour n = mac >= 0 ? cache.learnStale(in, router, mac, true, nowNs)
                : cache.find(in, router.high(), router.low());
        if (n != null) {
            n.router = true;
        }
        for (int at = Ndp.ROUTER_ADVERTISEMENT_LENGTH; at < d.payloadLength; at += Bytes.u8(m, s + at + 1) << 3) {
            if (Bytes.u8(m, s + at) == Ndp.OPTION_PREFIX && Bytes.u8(m, s + at + 1) == 4) {
                prefix(in, m, s + at, nowNs);
            }
        }
        return true;
    }

    private void router(NetworkInterface in, IpAddress router, int lifetimeSeconds, long nowNs) {
        if (lifetimeSeconds == 0) {
            ip.withdraw(DEFAULT, in.index(), router);
        } else if (room(in, DEFAULT, router)) {
            ip.addRoute(new RouteEntry(DEFAULT, in.index(), router, METRIC, RouteEntry.Origin.ADVERTISED,
                    nowNs + lifetimeSeconds * SECOND_NS));
        }
    }

    /** A default router stopped being one. */
    void lost(NetworkInterface out, IpAddress router) {
        ip.withdraw(DEFAULT, out.index(), router);
    }

    private boolean room(NetworkInterface in, Prefix prefix, @Nullable IpAddress gateway) {
        int n = 0;
        for (RouteEntry r : ip.routes()) {
            if (r.origin() == RouteEntry.Origin.ADVERTISED && r.interfaceIndex() == in.index()
                    && (gateway == null) == (r.gateway() == null)) {
                if (r.prefix().equals(prefix) && java.util.Objects.equals(r.gateway(), gateway)) {
                    return true;
                }
                n++;
            }
        }
        return n < MAX_PER_INTERFACE;
    }

    private void prefix(NetworkInterface in, MemorySegment m, int at, long nowNs) {
        int length = Ndp.optionPrefixLength(m, at);
        int flags = Ndp.optionPrefixFlags(m, at);
        long valid = Ndp.optionValidLifetimeSeconds(m, at);
        long preferred = Ndp.optionPreferredLifetimeSeconds(m, at);
        IpAddress base = new IpAddress(Ndp.optionPrefixHigh(m, at), Ndp.optionPrefixLow(m, at));
        if (length > 128 || base.isLinkLocal() || base.isMulticast() || base.isV4()) {
            return;
        }
        Prefix prefix = new Prefix(base, length).network();
        if ((flags & 0x80) != 0) {
            if (valid == 0) {
                ip.withdraw(prefix, in.index(), null);
            } else if (room(in, prefix, null)) {
                ip.addRoute(new RouteEntry(prefix, in.index(), null, 256, RouteEntry.Origin.ADVERTISED,
                        until(valid, nowNs)));
            }
        }
        if ((flags & 0x40) != 0 && preferred <= valid && length == 64) {
            autoconfigure(in, prefix, valid, preferred, nowNs);
        }
    }

    private static long until(long seconds, long nowNs) {
        return seconds == 0xffff_ffffL ? Time.NEVER : nowNs + seconds * SECOND_NS;
    }

    private static long remaining(long untilNs, long nowNs) {
        return untilNs == Time.NEVER ? Long.MAX_VALUE : untilNs - nowNs;
    }

    @Rfc(value = 4862, section = "5.5.3")
    private void autoconfigure(NetworkInterface in, Prefix prefix, long valid, long preferred, long nowNs) {
        int n = 0;
        for (InterfaceAddress a : in.addresses()) {
            if (!a.autoconfigured) {
                continue;
            }
            n++;
            if (prefix.contains(a.address)) {
                a.preferredUntilNs = until(preferred, nowNs);
                long remaining = remaining(a.validUntilNs, nowNs);
                if (remaining(until(valid, nowNs), nowNs) > Math.min(TWO_HOURS_NS, remaining)) {
                    a.validUntilNs = until(valid, nowNs);
                } else if (remaining > TWO_HOURS_NS) {
                    a.validUntilNs = nowNs + TWO_HOURS_NS;
                }
                addresses.lifetimeChanged(a);
                return;
            }
        }
        IpAddress made = new IpAddress(prefix.address().high(),
                AddressConfiguration.interfaceIdentifier(in.link().macAddress()));
        if (valid == 0 || n >= MAX_PER_INTERFACE || in.find(made) != null
                || in.addresses().size() >= NetworkInterface.MAX_ADDRESSES) {
            return;
        }
        InterfaceAddress a = new InterfaceAddress(made, 64, true);
        a.preferredUntilNs = until(preferred, nowNs);
        a.validUntilNs = until(valid, nowNs);
        ip.addAddress(in.index(), a, false);
    }
}
