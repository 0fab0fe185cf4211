package sluice.core.icmp;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.IcmpError;
import sluice.wire.Bytes;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;

/** Reads the packet that an ICMP error quotes, or any packet of our own: addresses, protocol, ports. */
@Rfc(value = 1122, section = "3.2.2")
@Rfc(value = 4443, section = "2.4")
public final class IcmpQuote {
    private static final int MAX_EXTENSION_HEADERS = 8;

    private IcmpQuote() {}

    /**
     * Fills the fields of {@code e} that describe the quoted packet, {@code [from, to)} of {@code m}.
     *
     * @return false when it cannot be told whose packet it was: too short, a later fragment, an unknown extension
     * header
     */
    public static boolean parse(MemorySegment m, int from, int to, IcmpError e) {
        if (to - from < 20) {
            return false;
        }
        int version = Ipv4.version(m, from);
        return version == 4 ? parseV4(m, from, to, e) : version == 6 && parseV6(m, from, to, e);
    }

    private static boolean parseV4(MemorySegment m, int from, int to, IcmpError e) {
        int headerLength = Ipv4.headerLength(m, from);
        if (headerLength < 20 || from + headerLength + 8 > to || Ipv4.fragmentOffset(m, from) != 0) {
            return false;
        }
        e.v6 = false;
        e.localHigh = 0;
        e.localLow = Ipv4.sourceLow(m, from);
        e.remoteHigh = 0;
        e.remoteLow = Ipv4.destinationLow(m, from);
        e.protocol = Ipv4.protocol(m, from);
        transport(m, from + headerLength, to, e);
        return true;
    }

    private static boolean parseV6(MemorySegment m, int from, int to, IcmpError e) {
        if (to - from < 48) {
            return false;
        }
        int at = transportOffset(m, from, to);
        if (at < 0 || at + 8 > to) {
            return false;
        }
        e.v6 = true;
        e.localHigh = Ipv6.sourceHigh(m, from);
        e.localLow = Ipv6.sourceLow(m, from);
        e.remoteHigh = Ipv6.destinationHigh(m, from);
        e.remoteLow = Ipv6.destinationLow(m, from);
        e.protocol = transportProtocol(m, from, to);
        transport(m, at, to, e);
        return true;
    }

    private static void transport(MemorySegment m, int at, int to, IcmpError e) {
        e.quotedLength = to - at;
        boolean echo = e.protocol == 1 || e.protocol == 58;
        e.localPort = Bytes.u16(m, echo ? at + 4 : at);
        e.remotePort = echo ? 0 : Bytes.u16(m, at + 2);
        e.seq = echo ? Bytes.u16(m, at + 6) : Bytes.i32(m, at + 4);
    }

    /** Offset of the upper-layer header of the IPv6 packet at {@code from}; -1 when it cannot be found. */
    static int transportOffset(MemorySegment m, int from, int to) {
        return (int) (walk(m, from, to) >> 8);
    }

    /**
     * Protocol of the upper-layer header of the IPv6 packet at {@code from}; valid when {@link #transportOffset} found
     * one.
     */
    static int transportProtocol(MemorySegment m, int from, int to) {
        return (int) walk(m, from, to) & 0xff;
    }

    private static long walk(MemorySegment m, int from, int to) {
        if (to - from < 40) {
            return -1L << 8;
        }
        int next = Bytes.u8(m, from + 6);
        int at = from + 40;
        for (int seen = 0; seen < MAX_EXTENSION_HEADERS; seen++) {
            if (next != 0 && next != 43 && next != 44 && next != 60) {
                return (long) at << 8 | next;
            }
            if (at + 8 > to || (next == 44 && (Bytes.u16(m, at + 2) & 0xfff8) != 0)) {
                break;
            }
            int length = next == 44 ? 8 : (Bytes.u8(m, at + 1) + 1) << 3;
            next = Bytes.u8(m, at);
            at += length;
        }
        return -1L << 8;
    }
}
