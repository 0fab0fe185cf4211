package sluice.core.neighbour;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.core.trace.TraceEvent;
import sluice.wire.IpAddress;

/**
 * IPv6 addresses of Ethernet interfaces: link-local ones made, every one tested for duplicates, lifetimes run down;
 * IPv4 ones announced by ARP.
 */
@Rfc(value = 4862, section = "5")
final class AddressConfiguration {
    private static final long MILLISECOND_NS = 1_000_000L;

    private final HostContext context;
    private final IpLayer ip;
    private final NdpSender sender;
    private final ArpProtocol arp;
    private long nextNs = Time.NEVER;

    AddressConfiguration(HostContext context, IpLayer ip, NdpSender sender, ArpProtocol arp) {
        this.context = context;
        this.ip = ip;
        this.sender = sender;
        this.arp = arp;
    }

    boolean isRouter() {
        return context.settings().isOn(Setting.IP6_FORWARDING);
    }

    /** The interface identifier of a 48-bit link address: modified EUI-64. */
    @Rfc(value = 4291, section = "2.5.1")
    static long interfaceIdentifier(long mac) {
        return ((mac >>> 24) << 40 | 0xff_fe00_0000L | (mac & 0xff_ffffL)) ^ 0x0200_0000_0000_0000L;
    }

    /** An Ethernet interface came into being: it gets a link-local address. */
    @Rfc(value = 4862, section = "5.3")
    void interfaceAdded(NetworkInterface i) {
        IpAddress linkLocal = new IpAddress(0xfe80_0000_0000_0000L, interfaceIdentifier(i.link().macAddress()));
        ip.addAddress(i.index(), new InterfaceAddress(linkLocal, 64, false), true);
    }

    /**
     * An address was given to an Ethernet interface: it is tested or announced as soon as the clock is known, with the
     * next deadline.
     */
    @Rfc(value = 4862, section = "5.4")
    void addressAdded(InterfaceAddress a) {
        int probes = context.settings().getInt(Setting.IP6_DAD_TRANSMITS);
        if (!a.address.isV4() && probes > 0) {
            a.tentative = true;
            a.probesLeft = probes;
            a.nextProbeNs = Time.AT_ONCE;
        } else if (a.address.isV4()) {
            a.probesLeft = 1;
            a.nextProbeNs = Time.AT_ONCE;
        }
        nextNs = Math.min(nextNs, Math.min(a.nextProbeNs, a.validUntilNs));
    }

    /** The link is up again: all addresses are tested and announced anew. */
    void linkUp(NetworkInterface i) {
        for (InterfaceAddress a : i.addresses()) {
            a.duplicate = false;
            addressAdded(a);
        }
        ip.addressesChanged();
    }

    /** Somebody else has a tentative address. */
    @Rfc(value = 4862, section = "5.4.5")
    void duplicate(NetworkInterface i, InterfaceAddress a, long nowNs) {
        a.duplicate = true;
        a.tentative = false;
        a.nextProbeNs = Time.NEVER;
        ip.addressesChanged();
        if (context.trace().enabled()) {
            context.trace().on(new TraceEvent.DuplicateAddress(nowNs, a.address, i.name()));
        }
    }

    /** Lifetimes of an address changed. */
    void lifetimeChanged(InterfaceAddress a) {
        nextNs = Math.min(nextNs, a.validUntilNs);
    }

    void onDeadline(long nowNs) {
        if (nextNs > nowNs) {
            return;
        }
        nextNs = Time.NEVER;
        boolean changed = false;
        for (NetworkInterface i : ip.interfaces().all()) {
            if (!i.loopback()) {
                changed |= run(i, nowNs);
            }
        }
        if (changed) {
            ip.addressesChanged();
        }
    }

    private boolean run(NetworkInterface i, long nowNs) {
        boolean changed = false;
        List<InterfaceAddress> expired = new ArrayList<>(0);
        for (InterfaceAddress a : i.addresses()) {
            if (a.validUntilNs <= nowNs) {
                expired.add(a);
                continue;
            }
            if (a.nextProbeNs <= nowNs && i.up()) {
                changed |= probe(i, a, nowNs);
            }
            if (i.up()) {
                nextNs = Math.min(nextNs, a.nextProbeNs);
            }
            nextNs = Math.min(nextNs, a.validUntilNs);
        }
        for (InterfaceAddress a : expired) {
            ip.removeAddress(i.index(), a.address);
        }
        return changed;
    }

    /** Sends the next probe or announcement; when none is left the address is ours. */
    private boolean probe(NetworkInterface i, InterfaceAddress a, long nowNs) {
        if (a.probesLeft > 0) {
            a.probesLeft--;
            if (a.address.isV4()) {
                a.nextProbeNs = Time.NEVER;
                arp.announce(i, a.address, nowNs);
            } else {
                a.nextProbeNs = nowNs + context.settings().get(Setting.NEIGH_RETRANS_TIME_MS) * MILLISECOND_NS;
                sender.solicitation(i, IpAddress.ANY_V6, NetworkInterface.solicitedNode(a.address), a.address, nowNs);
            }
            return false;
        }
        a.nextProbeNs = Time.NEVER;
        boolean was = a.tentative;
        a.tentative = false;
        return was;
    }

    long nextDeadlineNs() {
        return nextNs;
    }
}
