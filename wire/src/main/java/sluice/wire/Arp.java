package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of an ARP packet for IPv4 over Ethernet; {@code o} is the offset of its first byte. IPv4 addresses are their 32
 * bits.
 */
@Rfc(826)
public final class Arp {
    /** Bytes of a packet for IPv4 over Ethernet. */
    public static final int LENGTH = 28;
    /** Bytes before the addresses. */
    public static final int FIXED_LENGTH = 8;
    /** Operation: who has this address? */
    public static final int REQUEST = 1;
    /** Operation: I have. */
    public static final int REPLY = 2;

    private static final int HARDWARE_ETHERNET = 1;

    private Arp() {}

    /** Kind of hardware; 1 is Ethernet. */
    public static int hardwareType(MemorySegment m, long o) {
        return Bytes.u16(m, o);
    }

    /** Kind of protocol, as an Ethernet type. */
    public static int protocolType(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** Bytes of a hardware address. */
    public static int hardwareLength(MemorySegment m, long o) {
        return Bytes.u8(m, o + 4);
    }

    /** Bytes of a protocol address. */
    public static int protocolLength(MemorySegment m, long o) {
        return Bytes.u8(m, o + 5);
    }

    /** Request or reply. */
    public static int operation(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** Hardware address of the sender. */
    public static long senderMac(MemorySegment m, long o) {
        return Ethernet.readMac(m, o + 8);
    }

    /** IPv4 address of the sender. */
    public static int senderAddress(MemorySegment m, long o) {
        return Bytes.i32(m, o + 14);
    }

    /** Hardware address of the target. */
    public static long targetMac(MemorySegment m, long o) {
        return Ethernet.readMac(m, o + 18);
    }

    /** IPv4 address of the target. */
    public static int targetAddress(MemorySegment m, long o) {
        return Bytes.i32(m, o + 24);
    }

    /** Whether {@code length} bytes hold a packet for IPv4 over Ethernet, so that the other methods may be used. */
    public static boolean isIpv4OverEthernet(MemorySegment m, long o, int length) {
        return length >= LENGTH && hardwareType(m, o) == HARDWARE_ETHERNET && protocolType(m, o) == Ethernet.TYPE_IPV4
                && hardwareLength(m, o) == 6
                && protocolLength(m, o) == 4;
    }

    /** Writes a packet; returns its length. */
    public static int write(MemorySegment m, long o, int operation, long senderMac, int senderAddress, long targetMac,
            int targetAddress) {
        Bytes.put16(m, o, HARDWARE_ETHERNET);
        Bytes.put16(m, o + 2, Ethernet.TYPE_IPV4);
        Bytes.put8(m, o + 4, 6);
        Bytes.put8(m, o + 5, 4);
        Bytes.put16(m, o + 6, operation);
        Ethernet.putMac(m, o + 8, senderMac);
        Bytes.put32(m, o + 14, senderAddress);
        Ethernet.putMac(m, o + 18, targetMac);
        Bytes.put32(m, o + 24, targetAddress);
        return LENGTH;
    }
}
