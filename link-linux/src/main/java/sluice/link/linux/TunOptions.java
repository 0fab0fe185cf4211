package sluice.link.linux;

/**
 * How to open a TUN or TAP device.
 *
 * @param name interface name, 1 to 15 bytes; "sluice%d" lets the kernel choose the number
 * @param tap true for Ethernet frames, false for bare IP packets
 * @param offload ask for the virtio-net header, checksum offload and super-segments; false forces one wire packet per
 * call with its checksum made
 * @param multiQueue open one of several queues of the same interface; every queue's opener must ask for it
 * @param mtu largest IP packet, bytes, 68…65535 (set on the interface); 0 keeps what the interface has (1500 for a new
 * one)
 * @param macAddress our own hardware address on a TAP device, which must differ from the kernel's; 0 picks a random
 * local one
 */
public record TunOptions(String name, boolean tap, boolean offload, boolean multiQueue, int mtu, long macAddress) {
    /** Checks ranges. */
    public TunOptions {
        if (name.isEmpty() || name.length() > 15 || name.chars().anyMatch(c -> c <= ' ' || c == '/' || c > '~')) {
            throw new IllegalArgumentException(
                    "interface name \"" + name + "\" must have 1 to 15 printable characters, no blank and no slash");
        }
        if (mtu != 0 && (mtu < 68 || mtu > 65_535)) {
            throw new IllegalArgumentException("mtu " + mtu + " is outside 68…65535 (0 keeps the interface's)");
        }
    }

    /** A TUN device with offloads, one queue and the interface's MTU. */
    public static TunOptions tun(String name) {
        return new TunOptions(name, false, true, false, 0, 0);
    }

    /** A TAP device with offloads, one queue, the interface's MTU and a random local hardware address. */
    public static TunOptions tap(String name) {
        return new TunOptions(name, true, true, false, 0, 0);
    }

    /** The same, with or without offloads. */
    public TunOptions withOffload(boolean on) {
        return new TunOptions(name, tap, on, multiQueue, mtu, macAddress);
    }

    /** The same, as one of several queues. */
    public TunOptions withMultiQueue(boolean on) {
        return new TunOptions(name, tap, offload, on, mtu, macAddress);
    }

    /** The same, with this MTU in bytes. */
    public TunOptions withMtu(int bytes) {
        return new TunOptions(name, tap, offload, multiQueue, bytes, macAddress);
    }

    /** The same, with our hardware address in the low 48 bits. */
    public TunOptions withMacAddress(long address) {
        return new TunOptions(name, tap, offload, multiQueue, mtu, address);
    }
}
