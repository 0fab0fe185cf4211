package sluice.observe.capture;

import java.lang.foreign.MemorySegment;
import sluice.wire.Bytes;
import sluice.wire.CaptureReader;
import sluice.wire.Ethernet;
import sluice.wire.LinkType;
import sluice.wire.PacketDirection;

/**
 * What stands before the IP header of a captured packet: nothing, Ethernet with VLAN tags or PPPoE, the four bytes of a
 * loopback, Linux's cooked headers (www.tcpdump.org/linktypes.html). One object reads one after the other.
 */
final class LinkHeader {
    private static final int RAW_BSD = 12;
    private static final int RAW_OPENBSD = 14;
    private static final int LOOP = 108;
    private static final int COOKED = 113;
    private static final int COOKED_2 = 276;
    private static final int TYPE_PROVIDER_VLAN = 0x88a8;
    private static final int TYPE_OLD_PROVIDER_VLAN = 0x9100;
    private static final int TYPE_PPPOE = 0x8864;
    private static final int PPPOE_BYTES = 8;
    private static final int COOKED_OUTGOING = 4;
    private static final int MOST_TAGS = 4;

    /** Which way the packet went, by the reader or by the cooked header. */
    PacketDirection direction = PacketDirection.UNKNOWN;
    /** Which interface saw it: the file's, or the one a cooked header of version 2 names. */
    int interfaceIndex;
    /** The innermost VLAN, -1 without a tag. */
    int vlan;

    /** Bytes before the IP header; -1 when no IP header follows, or none that this knows how to find. */
    int read(CaptureReader r) {
        MemorySegment m = r.memory();
        long at = r.offset();
        int length = r.length();
        direction = r.direction();
        interfaceIndex = r.interfaceIndex();
        vlan = -1;
        return switch (r.linkType()) {
            case LinkType.RAW, LinkType.IPV4, LinkType.IPV6, RAW_BSD, RAW_OPENBSD -> 0;
            case LinkType.ETHERNET -> typed(m, at, Ethernet.HEADER_LENGTH - 2, length);
            case LinkType.NULL, LOOP -> 4;
            case COOKED -> {
                if (length >= 16) {
                    cooked(Bytes.u16(m, at));
                }
                yield typed(m, at, 14, length);
            }
            case COOKED_2 -> {
                if (length < 20) {
                    yield -1;
                }
                cooked(Bytes.u8(m, at + 10));
                interfaceIndex = Bytes.i32(m, at + 4);
                int header = typed(m, at, 0, 2);
                yield header < 0 ? -1 : 20;
            }
            default -> -1;
        };
    }

    private void cooked(int packetType) {
        if (direction == PacketDirection.UNKNOWN && packetType <= COOKED_OUTGOING) {
            direction = packetType == COOKED_OUTGOING ? PacketDirection.OUTBOUND : PacketDirection.INBOUND;
        }
    }

    /** An EtherType at {@code o}, behind which may be tags with further ones. */
    private int typed(MemorySegment m, long at, int o, int length) {
        int type = o;
        for (int tags = 0; tags <= MOST_TAGS && type + 2 <= length; tags++) {
            switch (Bytes.u16(m, at + type)) {
                case Ethernet.TYPE_IPV4, Ethernet.TYPE_IPV6 -> {
                    return type + 2;
                }
                case Ethernet.TYPE_VLAN, TYPE_PROVIDER_VLAN, TYPE_OLD_PROVIDER_VLAN -> {
                    if (type + 6 > length) {
                        return -1;
                    }
                    vlan = Bytes.u16(m, at + type + 2) & 0xfff;
                    type += 4;
                }
                case TYPE_PPPOE -> {
                    return type + 2 + PPPOE_BYTES;
                }
                default -> {
                    return -1;
                }
            }
        }
        return -1;
    }
}
