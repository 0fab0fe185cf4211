package sluice.core;

/**
 * What the stack has to know of a link below one of its interfaces.
 *
 * @param ethernet whether packets carry an Ethernet header and addresses have to be resolved (TAP, AF_PACKET); false for bare IP (TUN, pipes)
 * @param macAddress our 48-bit hardware address in the low bits; 0 without Ethernet
 * @param mtu largest IP packet on the wire, bytes, 576…65535 (1280 at least for IPv6)
 * @param gsoMaxBytes largest IP packet the stack may hand over as a super-segment for TCP; equal to {@code mtu} when the link cannot cut. At most 65535
 * @param checksumOffload whether the link completes a partial transport checksum on the way out
 * @param gathers whether the link sends a packet's tail from where it lies (no copy needed)
 * @param cutsDatagrams whether super-segments may be of UDP too (USO); only with {@code gsoMaxBytes} above {@code mtu} and {@code checksumOffload}
 */
public record LinkProperties(boolean ethernet, long macAddress, int mtu, int gsoMaxBytes, boolean checksumOffload, boolean gathers, boolean cutsDatagrams) {
    /** Checks ranges. */
    public LinkProperties {
        if (mtu < 68 || mtu > 65_535) {
            throw new IllegalArgumentException("mtu " + mtu + " is outside 68…65535");
        }
        if (gsoMaxBytes < mtu || gsoMaxBytes > 65_535) {
            throw new IllegalArgumentException("gsoMaxBytes " + gsoMaxBytes + " is outside mtu…65535");
        }
        if (cutsDatagrams && (gsoMaxBytes == mtu || !checksumOffload)) {
            throw new IllegalArgumentException("a link that cuts datagrams takes packets above its mtu and completes checksums");
        }
    }

    /** A link that does not cut datagrams. */
    public LinkProperties(boolean ethernet, long macAddress, int mtu, int gsoMaxBytes, boolean checksumOffload, boolean gathers) {
        this(ethernet, macAddress, mtu, gsoMaxBytes, checksumOffload, gathers, false);
    }

    /** A bare IP link without offloads. */
    public static LinkProperties plain(int mtu) {
        return new LinkProperties(false, 0, mtu, mtu, false, false);
    }
}
