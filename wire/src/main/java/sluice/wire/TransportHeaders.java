package sluice.wire;

import java.lang.foreign.MemorySegment;

/**
 * Where the IP, TCP and UDP headers of a packet lie, found without believing any length, and the checksums over them.
 * One object is reused for many packets; not thread-safe.
 *
 * <p>Concerns whole packets only: of a fragment no transport header is found.
 */
public final class TransportHeaders {
    /** Protocol number of TCP. */
    public static final int TCP = 6;
    /** Protocol number of UDP. */
    public static final int UDP = 17;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_IPV6 = 0x86dd;

    /** Offset of the IP header. */
    public int network;
    /** Whether it is IPv6. */
    public boolean v6;
    /** Protocol of the transport header. */
    public int protocol;
    /** Offset of the transport header. */
    public int transport;
    /** Offset of the payload behind a TCP or UDP header. */
    public int payload;

    /**
     * Finds IP and a TCP or UDP header in the bytes before {@code packet.end}; false when there is none, or none whole.
     */
    public boolean locate(Packet packet, boolean ethernet) {
        MemorySegment m = packet.memory;
        network = packet.start;
        if (ethernet) {
            if (packet.end - network < 18) {
                return false;
            }
            int type = Bytes.u16(m, network + 12);
            network += 14;
            if (type == ETHERTYPE_VLAN) {
                type = Bytes.u16(m, network + 2);
                network += 4;
            }
            if (type != ETHERTYPE_IPV4 && type != ETHERTYPE_IPV6) {
                return false;
            }
        }
        if (packet.end - network < 20) {
            return false;
        }
        int version = Bytes.u8(m, network) >>> 4;
        v6 = version == 6;
        return (v6 ? locateV6(m, packet.end) : version == 4 && locateV4(m, packet.end)) && locatePayload(m, packet.end);
    }

    private boolean locateV4(MemorySegment m, int end) {
        int length = (Bytes.u8(m, network) & 15) * 4;
        boolean fragment = (Bytes.u16(m, network + 6) & 0x3fff) != 0;
        protocol = Bytes.u8(m, network + 9);
        transport = network + length;
        return length >= 20 && !fragment && transport <= end;
    }

    private boolean locateV6(MemorySegment m, int end) {
        transport = network + 40;
        protocol = end < transport ? -1 : Bytes.u8(m, network + 6);
        // Hop-by-hop, routing and destination options; each is at least 8 bytes, so the loop ends with the packet.
        while (protocol == 0 || protocol == 43 || protocol == 60) {
            if (transport + 8 > end) {
                return false;
            }
            protocol = Bytes.u8(m, transport);
            transport += (Bytes.u8(m, transport + 1) + 1) * 8;
        }
        return transport <= end;
    }

    private boolean locatePayload(MemorySegment m, int end) {
        if (protocol == TCP && transport + 20 <= end) {
            int length = (Bytes.u8(m, transport + 12) >>> 4) * 4;
            payload = transport + length;
            return length >= 20 && payload <= end;
        }
        payload = transport + 8;
        return protocol == UDP && payload <= end;
    }

    /** Distance from the transport header to its checksum. */
    public int checksumField() {
        return protocol == TCP ? 16 : 6;
    }

    /** Partial sum of the pseudo-header for a transport part of {@code length} bytes, 0…65535. */
    public long pseudoHeaderSum(MemorySegment m, int length) {
        return (v6 ? Checksum.sum(m, network + 8, 32) : Checksum.sum(m, network + 12, 8)) + Checksum.ofWord(protocol)
                + Checksum.ofWord(length);
    }

    /**
     * Writes the IP length for a packet that ends at {@code end} and, for IPv4, its identification and header checksum.
     */
    public void writeNetworkLength(MemorySegment m, int end, int identification) {
        if (v6) {
            Bytes.put16(m, network + 4, end - network - 40);
        } else {
            Bytes.put16(m, network + 2, end - network);
            Bytes.put16(m, network + 4, identification);
            Bytes.put16(m, network + 10, 0);
            Bytes.put16(m, network + 10, Checksum.of(m, network, (Bytes.u8(m, network) & 15) * 4));
        }
    }

    /**
     * Turns a partial checksum into a whole one; the packet must have no tail and not be a super-segment. Does nothing
     * for other packets.
     */
    public static void completeChecksum(Packet packet) {
        if (!packet.checksumPartial) {
            return;
        }
        packet.checksumPartial = false;
        packet.checksumValid = true;
        int field = packet.checksumStart + packet.checksumField;
        if (packet.checksumStart < packet.start || field + 2 > packet.end) {
            return;
        }
        long sum = Checksum.sum(packet.memory, packet.checksumStart, packet.end - packet.checksumStart);
        Bytes.put16(packet.memory, field, packet.checksumField == 6 ? Checksum.finishUdp(sum) : Checksum.finish(sum));
    }
}
