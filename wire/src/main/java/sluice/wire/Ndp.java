package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * Views of the messages of IPv6 neighbour discovery; {@code o} is the offset of the ICMPv6 header. Options are walked
 * by an {@link OptionCursor} of form NDP. Builders leave the checksum 0: {@link Icmpv6#updateChecksum} completes the
 * message.
 */
@Rfc(value = 4861, section = "4")
public final class Ndp {
    /** Bytes of a router solicitation before its options. */
    public static final int ROUTER_SOLICITATION_LENGTH = 8;
    /** Bytes of a router advertisement before its options. */
    public static final int ROUTER_ADVERTISEMENT_LENGTH = 16;
    /** Bytes of a neighbour solicitation or advertisement before its options. */
    public static final int NEIGHBOR_LENGTH = 24;
    /** Bytes of a redirect before its options. */
    public static final int REDIRECT_LENGTH = 40;
    /** Hop limit of all these messages; others are forged (RFC 4861 section 7.1). */
    public static final int HOP_LIMIT = 255;

    /** Option: source link-layer address. */
    public static final int OPTION_SOURCE_LINK_ADDRESS = 1;
    /** Option: target link-layer address. */
    public static final int OPTION_TARGET_LINK_ADDRESS = 2;
    /** Option: prefix information. */
    public static final int OPTION_PREFIX = 3;
    /** Option: redirected header. */
    public static final int OPTION_REDIRECTED_HEADER = 4;
    /** Option: MTU. */
    public static final int OPTION_MTU = 5;
    /** Bytes of a link-layer address option for Ethernet. */
    public static final int LINK_ADDRESS_OPTION_LENGTH = 8;
    /** Bytes of a prefix information option. */
    public static final int PREFIX_OPTION_LENGTH = 32;

    /** Flag of neighbour advertisements: sent by a router. */
    public static final int FLAG_ROUTER = 0x8000_0000;
    /** Flag of neighbour advertisements: answers a solicitation. */
    public static final int FLAG_SOLICITED = 0x4000_0000;
    /** Flag of neighbour advertisements: replace what you know. */
    public static final int FLAG_OVERRIDE = 0x2000_0000;

    private Ndp() {}

    /** Bytes before the options of a message of this type; 0 when the type is none of these. */
    public static int fixedLength(int type) {
        return switch (type) {
            case Icmpv6.ROUTER_SOLICITATION -> ROUTER_SOLICITATION_LENGTH;
            case Icmpv6.ROUTER_ADVERTISEMENT -> ROUTER_ADVERTISEMENT_LENGTH;
            case Icmpv6.NEIGHBOR_SOLICITATION, Icmpv6.NEIGHBOR_ADVERTISEMENT -> NEIGHBOR_LENGTH;
            case Icmpv6.REDIRECT -> REDIRECT_LENGTH;
            default -> 0;
        };
    }

    /** Target of a neighbour message or redirect, upper half. */
    public static long targetHigh(MemorySegment m, long o) {
        return Bytes.i64(m, o + 8);
    }

    /** Target, lower half. */
    public static long targetLow(MemorySegment m, long o) {
        return Bytes.i64(m, o + 16);
    }

    /** Flags of a neighbour advertisement: a set of the constants. */
    public static int flags(MemorySegment m, long o) {
        return Bytes.i32(m, o + 4);
    }

    /** Destination of a redirect, upper half. */
    public static long redirectDestinationHigh(MemorySegment m, long o) {
        return Bytes.i64(m, o + 24);
    }

    /** Destination of a redirect, lower half. */
    public static long redirectDestinationLow(MemorySegment m, long o) {
        return Bytes.i64(m, o + 32);
    }

    /** Router advertisement: hop limit to use; 0 for not said. */
    public static int currentHopLimit(MemorySegment m, long o) {
        return Bytes.u8(m, o + 4);
    }

    /** Router advertisement: flags M (0x80) and O (0x40). */
    public static int routerFlags(MemorySegment m, long o) {
        return Bytes.u8(m, o + 5);
    }

    /** Router advertisement: how long it is a default router, seconds; 0 for not at all. */
    public static int routerLifetimeSeconds(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** Router advertisement: reachable time, ms; 0 for not said. */
    public static long reachableTimeMs(MemorySegment m, long o) {
        return Bytes.u32(m, o + 8);
    }

    /** Router advertisement: time between solicitations, ms; 0 for not said. */
    public static long retransTimerMs(MemorySegment m, long o) {
        return Bytes.u32(m, o + 12);
    }

    /**
     * The Ethernet address in a link-layer address option at {@code option} (its type byte), which must have eight
     * bytes.
     */
    public static long optionLinkAddress(MemorySegment m, long option) {
        return Ethernet.readMac(m, option + 2);
    }

    /** The MTU in an MTU option of eight bytes. */
    public static long optionMtu(MemorySegment m, long option) {
        return Bytes.u32(m, option + 4);
    }

    /** Prefix information option (32 bytes): length of the prefix, bits. */
    public static int optionPrefixLength(MemorySegment m, long option) {
        return Bytes.u8(m, option + 2);
    }

    /** Prefix information option: flags L (0x80, on-link) and A (0x40, autonomous). */
    public static int optionPrefixFlags(MemorySegment m, long option) {
        return Bytes.u8(m, option + 3);
    }

    /** Prefix information option: valid lifetime, seconds; 2^32-1 for ever. */
    public static long optionValidLifetimeSeconds(MemorySegment m, long option) {
        return Bytes.u32(m, option + 4);
    }

    /** Prefix information option: preferred lifetime, seconds; 2^32-1 for ever. */
    public static long optionPreferredLifetimeSeconds(MemorySegment m, long option) {
        return Bytes.u32(m, option + 8);
    }

    /** Prefix information option: the prefix, upper half. */
    public static long optionPrefixHigh(MemorySegment m, long option) {
        return Bytes.i64(m, option + 16);
    }

    /** Prefix information option: the prefix, lower half. */
    public static long optionPrefixLow(MemorySegment m, long option) {
        return Bytes.i64(m, option + 24);
    }

    /** Upper half of the solicited-node multicast address of any address (RFC 4291 section 2.7.1). */
    public static long solicitedNodeHigh() {
        return 0xff02_0000_0000_0000L;
    }

    /** Lower half of the solicited-node multicast address of the address with this lower half. */
    public static long solicitedNodeLow(long addressLow) {
        return 0x0000_0001_ff00_0000L | addressLow & 0xff_ffff;
    }

    /**
     * Writes a neighbour solicitation; returns its length.
     *
     * @param mac our hardware address for the source link-layer address option; negative for no option (duplicate
     * address detection)
     */
    public static int writeNeighborSolicitation(MemorySegment m, long o, long targetHigh, long targetLow, long mac) {
        return writeNeighbor(m, o, Icmpv6.NEIGHBOR_SOLICITATION, 0, targetHigh, targetLow, OPTION_SOURCE_LINK_ADDRESS,
                mac);
    }

    /**
     * Writes a neighbour advertisement; returns its length.
     *
     * @param flags a set of the FLAG_ constants
     * @param mac our hardware address for the target link-layer address option; negative for no option
     */
    public static int writeNeighborAdvertisement(MemorySegment m, long o, int flags, long targetHigh, long targetLow,
            long mac) {
        return writeNeighbor(m, o, Icmpv6.NEIGHBOR_ADVERTISEMENT, flags, targetHigh, targetLow,
                OPTION_TARGET_LINK_ADDRESS, mac);
    }

    private static int writeNeighbor(MemorySegment m, long o, int type, int flags, long targetHigh, long targetLow,
            int option, long mac) {
        Icmpv6.write(m, o, type, 0, flags);
        Bytes.put64(m, o + 8, targetHigh);
        Bytes.put64(m, o + 16, targetLow);
        return NEIGHBOR_LENGTH + writeLinkAddressOption(m, o + NEIGHBOR_LENGTH, option, mac);
    }

    /** Writes a router solicitation; returns its length. A negative {@code mac} leaves the option out. */
    public static int writeRouterSolicitation(MemorySegment m, long o, long mac) {
        Icmpv6.write(m, o, Icmpv6.ROUTER_SOLICITATION, 0, 0);
        return ROUTER_SOLICITATION_LENGTH
                + writeLinkAddressOption(m, o + ROUTER_SOLICITATION_LENGTH, OPTION_SOURCE_LINK_ADDRESS, mac);
    }

    /** Writes a link-layer address option; returns its length, which is 0 for a negative {@code mac}. */
    public static int writeLinkAddressOption(MemorySegment m, long at, int option, long mac) {
        if (mac < 0) {
            return 0;
        }
        Bytes.put8(m, at, option);
        Bytes.put8(m, at + 1, 1);
        Ethernet.putMac(m, at + 2, mac);
        return LINK_ADDRESS_OPTION_LENGTH;
    }
}
