package sluice.core;

/**
 * What the stack has to know of a link below one of its interfaces.
 *
 * @param ethernet whether packets carry an Ethernet header and addresses have to be resolved (TAP, AF_PACKET); false
 * for bare IP (TUN, pipes)
 * @param macAddress our 48-bit hardware address in the low bits; 0 without Ethernet
 * @param mtu largest IP packet on the wire, bytes, 576…65535 (1280 at least for IPv6)
 * @param gsoMaxBytes largest IP packet the stack may hand over as a super-segment for TCP; equal to {@code mtu} when
 * the link cannot cut. At most 65535
 * @param checksumOffload whether the link completes a partial transport checksum on the way out
 * @param gathers whether the link sends a packet's tail from where it lies (no copy needed)
 * @param cutsDatagrams whether super-segments may be of UDP too (USO); only with {@code gsoMaxBytes} above {@code mtu}
 * and {@code checksumOffload}
 */
public record LinkProperties(boolean ethernet, long macAddress, int mtu, int gsoMaxBytes, boolean checksumOffload,
        boolean gathers, boolean cutsDatagrams) {
    /** Checks ranges. */
    public LinkProperties {
        if (mtu < 68 || mtu > 65_535) {
            throw new IllegalArgumentException("mtu " + mtu + " is outside 68…65535");
        }
        if (gsoMaxBytes < mtu || gsoMaxBytes > 65_535) {
            throw new IllegalArgumentException("gsoMaxBytes " + gsoMaxBytes + " is outside mtu…65535");
        }
        if (cutsDatagrams && (gsoMaxBytes == mtu || !checksumOffload)) {
            throw new IllegalArgumentException(
                    "a link that cuts datagrams takes packets above its mtu and completes checksums");
        }
    }

    /** A bare IP link that takes one packet at a time, whole. */
    public static LinkProperties plain(int mtu) {
        return new LinkProperties(false, 0, mtu, mtu, false, false, false);
    }

    /** The same with Ethernet headers. */
    public LinkProperties withEthernet(long mac) {
        return new LinkProperties(true, mac, mtu, gsoMaxBytes, checksumOffload, gathers, cutsDatagrams);
    }

    /**
     * The same, cutting TCP super-segments of at most {@code maxBytes} (or {@link #mtu} if that is more) and completing
     * checksums.
     */
    public LinkProperties withOffloads(int maxBytes) {
        return new LinkProperties(ethernet, macAddress, mtu, Math.max(mtu, maxBytes), true, gathers, cutsDatagrams);
    }

    /** The same, sending tails from where they lie. */
    public LinkProperties withGathering() {
        return new LinkProperties(ethernet, macAddress, mtu, gsoMaxBytes, checksumOffload, true, cutsDatagrams);
    }

    /** The same, cutting datagrams too; nothing changes for a link whose mtu leaves nothing to cut. */
    public LinkProperties withDatagramCutting() {
        return new LinkProperties(ethernet, macAddress, mtu, gsoMaxBytes, checksumOffload, gathers, gsoMaxBytes > mtu);
    }
}
