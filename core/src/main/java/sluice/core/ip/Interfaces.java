package sluice.core.ip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.LinkProperties;
import sluice.wire.IpAddress;

/** The interfaces of one host and the addresses that are its own, looked up without allocating. */
public final class Interfaces {
    /** Most interfaces of one host, loopback included. */
    public static final int MAX_INTERFACES = 256;

    private final ArrayList<NetworkInterface> all = new ArrayList<>();
    private final AddressMap<NetworkInterface> local;
    private final Entropy entropy;
    private int[] broadcasts = new int[0];

    Interfaces(Entropy entropy) {
        this.entropy = entropy;
        this.local = new AddressMap<>(entropy);
    }

    NetworkInterface add(String name, LinkProperties link) {
        if (all.size() >= MAX_INTERFACES) {
            throw new ErrnoException(Errno.ENOBUFS, "add interface " + name);
        }
        NetworkInterface i = new NetworkInterface(all.size(), name, link, entropy);
        all.add(i);
        return i;
    }

    /** All of them, in the order of their index. */
    public List<NetworkInterface> all() {
        return Collections.unmodifiableList(all);
    }

    /** The interface with that index; null when there is none. */
    public @Nullable NetworkInterface get(int index) {
        return index >= 0 && index < all.size() ? all.get(index) : null;
    }

    /** The interface with that index. */
    public NetworkInterface require(int index) {
        NetworkInterface i = get(index);
        if (i == null) {
            throw new ErrnoException(Errno.ENOENT, "interface " + index);
        }
        return i;
    }

    /** Whether the address is one of ours and in use; all of 127.0.0.0/8 is. */
    public boolean isLocal(long high, long low) {
        return local.get(high, low) != null || (IpAddress.isV4(high, low) && (int) low >>> 24 == 127);
    }

    /** The interface that has the address; null when none has it in use. */
    public @Nullable NetworkInterface owner(long high, long low) {
        NetworkInterface i = local.get(high, low);
        return i != null || !isLocal(high, low) ? i : all.get(0);
    }

    /** Whether the address is 255.255.255.255 or the broadcast address of one of our networks. */
    public boolean isBroadcast(long high, long low) {
        if (!IpAddress.isV4(high, low)) {
            return false;
        }
        int bits = (int) low;
        if (bits == -1) {
            return true;
        }
        for (int b : broadcasts) {
            if (b == bits) {
                return true;
            }
        }
        return false;
    }

    /** To be called after any change of addresses. */
    void rebuild() {
        local.clear();
        int[] found = new int[8];
        int n = 0;
        for (NetworkInterface i : all) {
            for (InterfaceAddress a : i.addresses) {
                if (a.usable()) {
                    if (local.get(a.address.high(), a.address.low()) == null) {
                        local.put(a.address.high(), a.address.low(), i);
                    }
                    int b = a.broadcastBits();
                    if (b != 0 && !i.loopback()) {
                        found = n == found.length ? Arrays.copyOf(found, n * 2) : found;
                        found[n++] = b;
                    }
                }
            }
        }
        broadcasts = Arrays.copyOf(found, n);
    }
}
