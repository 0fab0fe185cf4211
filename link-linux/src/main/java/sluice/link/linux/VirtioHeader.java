package sluice.link.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sluice.wire.Bytes;
import sluice.wire.Packet;

/**
 * The header of {@code linux/virtio_net.h} that stands before each packet of a device opened with {@code IFF_VNET_HDR}
 * or {@code PACKET_VNET_HDR}: flags, kind of segmentation, header length, segment size, start of the checksum, offset
 * of its field; in the machine's own byte order.
 *
 * <p>Nothing in it is believed: the header length is only the kernel's hint of what is linear, so it is computed here
 * from the transport header.
 */
final class VirtioHeader {
    /** Bytes of the short form, which TUN and packet sockets use. */
    static final int LENGTH = 10;

    private static final int NEEDS_CSUM = 1;
    private static final int DATA_VALID = 2;
    private static final int GSO_NONE = 0;
    private static final int GSO_TCPV4 = 1;
    private static final int GSO_TCPV6 = 4;
    private static final int GSO_UDP_L4 = 5;
    private static final int GSO_ECN = 0x80;

    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    private VirtioHeader() {}

    private static int u16(MemorySegment m, long offset) {
        return m.get(U16, offset) & 0xffff;
    }

    /**
     * Reads the header that stands before {@code packet.start} into the packet's fields.
     *
     * @param headerAt offset of the header in the packet's memory
     * @return false when it contradicts the packet: a checksum or header outside, an unknown kind of segmentation
     */
    static boolean parse(Packet packet, int headerAt) {
        MemorySegment m = packet.memory;
        int flags = Bytes.u8(m, headerAt);
        int kind = Bytes.u8(m, headerAt + 1);
        if ((flags & NEEDS_CSUM) != 0) {
            int checksumStart = u16(m, headerAt + 6);
            int checksumField = u16(m, headerAt + 8);
            if (checksumStart + checksumField + 2 > packet.end - packet.start) {
                return false;
            }
            packet.checksumPartial = true;
            packet.checksumStart = packet.start + checksumStart;
            packet.checksumField = checksumField;
        } else {
            packet.checksumValid = (flags & DATA_VALID) != 0;
        }
        return kind == GSO_NONE || parseSegmentation(packet, kind & ~GSO_ECN, u16(m, headerAt + 4));
    }

    private static boolean parseSegmentation(Packet packet, int kind, int size) {
        if (!packet.checksumPartial || size == 0) {
            return false;
        }
        int headers;
        if (kind == GSO_TCPV4 || kind == GSO_TCPV6) {
            if (packet.checksumField != TCP_CHECKSUM || packet.checksumStart + 20 > packet.end) {
                return false;
            }
            int tcpLength = (Bytes.u8(packet.memory, packet.checksumStart + 12) >>> 4) * 4;
            if (tcpLength < 20) {
                return false;
            }
            headers = packet.checksumStart - packet.start + tcpLength;
        } else if (kind == GSO_UDP_L4) {
            if (packet.checksumField != UDP_CHECKSUM) {
                return false;
            }
            headers = packet.checksumStart - packet.start + 8;
        } else {
            return false;
        }
        if (headers > packet.end - packet.start) {
            return false;
        }
        packet.gsoSize = size;
        packet.gsoKeepsCwr = true;
        packet.gsoHeaderLength = headers;
        return true;
    }

    /**
     * Writes the header for {@code packet} into its headroom.
     *
     * @param headerAt offset of the header, {@link #LENGTH} before {@code packet.start}
     * @param ethernet whether the packet begins with an Ethernet header
     */
    static void emit(Packet packet, int headerAt, boolean ethernet) {
        MemorySegment m = packet.memory;
        if (!packet.checksumPartial && packet.gsoSize == 0) {
            m.set(ValueLayout.JAVA_LONG_UNALIGNED, headerAt, 0);
            m.set(U16, headerAt + 8, (short) 0);
            return;
        }
        int kind = GSO_NONE;
        int size = 0;
        int headers = 0;
        if (packet.gsoSize != 0 && packet.length() > packet.gsoHeaderLength + packet.gsoSize) {
            size = packet.gsoSize;
            headers = packet.gsoHeaderLength;
            kind = segmentationKind(packet, ethernet);
        }
        Bytes.put8(m, headerAt, packet.checksumPartial ? NEEDS_CSUM : 0);
        Bytes.put8(m, headerAt + 1, kind);
        m.set(U16, headerAt + 2, (short) headers);
        m.set(U16, headerAt + 4, (short) size);
        m.set(U16, headerAt + 6, (short) (packet.checksumPartial ? packet.checksumStart - packet.start : 0));
        m.set(U16, headerAt + 8, (short) (packet.checksumPartial ? packet.checksumField : 0));
    }

    private static int segmentationKind(Packet packet, boolean ethernet) {
        MemorySegment m = packet.memory;
        if (packet.checksumField == UDP_CHECKSUM) {
            return GSO_UDP_L4;
        }
        int network = packet.start;
        if (ethernet) {
            network += Bytes.u16(m, network + 12) == 0x8100 ? 18 : 14;
        }
        int kind = Bytes.u8(m, network) >>> 4 == 6 ? GSO_TCPV6 : GSO_TCPV4;
        boolean congestionWindowReduced = (Bytes.u8(m, packet.checksumStart + 13) & 0x80) != 0;
        return congestionWindowReduced ? kind | GSO_ECN : kind;
    }
}
