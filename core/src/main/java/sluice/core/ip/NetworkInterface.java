package sluice.core.ip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.core.LinkProperties;
import sluice.wire.IpAddress;
import sluice.wire.Ndp;

/** One interface of a host: its link, its addresses, its multicast groups. Changed only through {@link IpLayer}. */
public final class NetworkInterface {
    /** Most addresses of one interface. */
    public static final int MAX_ADDRESSES = 1024;
    /** Most multicast groups of one interface. */
    public static final int MAX_GROUPS = 1024;

    final ArrayList<InterfaceAddress> addresses = new ArrayList<>();
    private final int index;
    private final String name;
    private LinkProperties link;
    private boolean up = true;
    /** Hop limit that a router advertised; 0 when none did (RFC 4861 section 6.3.2 CurHopLimit). */
    private int advertisedHopLimit;
    private final AddressMap<int[]> groups;

    NetworkInterface(int index, String name, LinkProperties link, Entropy entropy) {
        this.index = index;
        this.name = name;
        this.link = link;
        this.groups = new AddressMap<>(entropy);
    }

    /** Its number: 0 is the loopback. */
    public int index() {
        return index;
    }

    /** Its name: "lo", "tun0". */
    public String name() {
        return name;
    }

    /** What the link below can do. */
    public LinkProperties link() {
        return link;
    }

    /** Whether the link is up. */
    public boolean up() {
        return up;
    }

    /** Whether this is the loopback interface. */
    public boolean loopback() {
        return index == 0;
    }

    /** Its addresses, in the order in which they were added. */
    public List<InterfaceAddress> addresses() {
        return Collections.unmodifiableList(addresses);
    }

    /** The hop limit that a router advertised, 1…255; 0 for none. */
    public int advertisedHopLimit() {
        return advertisedHopLimit;
    }

    /** Takes note of a router's hop limit. */
    public void setAdvertisedHopLimit(int hopLimit) {
        advertisedHopLimit = hopLimit;
    }

    void setLink(LinkProperties newLink) {
        link = newLink;
    }

    void setUp(boolean nowUp) {
        up = nowUp;
    }

    /** The entry for an address; null when the interface does not have it. */
    public @Nullable InterfaceAddress find(IpAddress address) {
        return find(address.high(), address.low());
    }

    /** The entry for an address; null when the interface does not have it. Allocates nothing. */
    public @Nullable InterfaceAddress find(long high, long low) {
        for (int i = 0; i < addresses.size(); i++) {
            InterfaceAddress a = addresses.get(i);
            if (a.address.low() == low && a.address.high() == high) {
                return a;
            }
        }
        return null;
    }

    /** The link-local IPv6 address in use; null when there is none yet. */
    public @Nullable InterfaceAddress linkLocal() {
        for (InterfaceAddress a : addresses) {
            if (!a.address.isV4() && a.address.isLinkLocal() && a.usable()) {
                return a;
            }
        }
        return null;
    }

    /**
     * Whether packets to that multicast group are taken. All-hosts and all-nodes always are (RFC 1112 section 4, RFC
     * 4291 section 2.8).
     */
    @Rfc(value = 4291, section = "2.8")
    public boolean inGroup(long high, long low) {
        if (IpAddress.isV4(high, low) ? (int) low == 0xe0000001
                : low == 1 && (high == 0xff02_0000_0000_0000L || high == 0xff01_0000_0000_0000L)) {
            return true;
        }
        return groups.size() > 0 && groups.get(high, low) != null;
    }

    /** Joins a group, or joins it once more; false when the interface has no room for another. */
    public boolean join(IpAddress group) {
        int[] users = groups.get(group.high(), group.low());
        if (users != null) {
            users[0]++;
            return true;
        }
        if (groups.size() >= MAX_GROUPS) {
            return false;
        }
        groups.put(group.high(), group.low(), new int[]{1});
        return true;
    }

    /** Leaves a group as often as it was joined. */
    public void leave(IpAddress group) {
        int[] users = groups.get(group.high(), group.low());
        if (users != null && --users[0] == 0) {
            groups.remove(group.high(), group.low());
        }
    }

    /** The solicited-node multicast address of an IPv6 address. */
    @Rfc(value = 4291, section = "2.7.1")
    public static IpAddress solicitedNode(IpAddress address) {
        return new IpAddress(Ndp.solicitedNodeHigh(), Ndp.solicitedNodeLow(address.low()));
    }

    @Override
    public String toString() {
        return index + ": " + name + (up ? "" : " (down)") + " mtu " + link.mtu() + " " + addresses;
    }
}
