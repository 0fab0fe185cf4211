package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.Route;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** The Internet checksum where IP, ICMP and UDP need it. */
@Rfc(value = 1071)
public final class Sums {
    private Sums() {}

    /**
     * Whether the transport checksum of a datagram with pseudo-header is right; true when the device vouches or the
     * packet never was on a wire.
     */
    public static boolean transportValid(Datagram d) {
        Packet p = d.packet;
        if (p.checksumValid || p.checksumPartial) {
            return true;
        }
        return Checksum.isValid(Checksum.transport(p.memory, d.payloadOffset, d.payloadLength, d.sourceHigh,
                d.sourceLow, d.destinationHigh, d.destinationLow,
                d.protocol));
    }

    /** Whether the checksum over bytes without pseudo-header is right. */
    public static boolean valid(MemorySegment m, long offset, int length) {
        return Checksum.isValid(Checksum.sum(m, offset, length));
    }

    /** Computes a checksum without pseudo-header (ICMP over IPv4) over the whole packet, into {@code start + field}. */
    public static void fillPlain(Packet p, int field) {
        Bytes.put16(p.memory, p.start + field, 0);
        Bytes.put16(p.memory, p.start + field, Checksum.of(p.memory, p.start, p.end - p.start));
    }

    /**
     * Sets the transport checksum of a packet without tail, at {@code start + field}: complete, or partial when the
     * link finishes it.
     *
     * @param mayBePartial false when the packet could be cut
     */
    public static void fillTransport(Packet p, int field, Route route, IpAddress source, IpAddress destination,
            int protocol, boolean mayBePartial) {
        int length = p.end - p.start;
        long pseudo = Checksum.pseudoHeader(source.high(), source.low(), destination.high(), destination.low(),
                protocol, length);
        if (mayBePartial && route.link.checksumOffload()) {
            Bytes.put16(p.memory, p.start + field, Checksum.fold(pseudo));
            p.checksumPartial = true;
            p.checksumStart = p.start;
            p.checksumField = field;
            return;
        }
        Bytes.put16(p.memory, p.start + field, 0);
        Bytes.put16(p.memory, p.start + field, Checksum.finishUdp(pseudo + Checksum.sum(p.memory, p.start, length)));
    }

    /**
     * Whether a packet has no partial checksum, or one that lies within it: behind {@code headerLength} bytes of IP
     * header, and whole before its end. What a link says may reach into bytes behind the IP packet, which are cut off.
     */
    static boolean partialFits(Packet p, int headerLength) {
        return !p.checksumPartial || p.checksumField >= 0 && p.checksumStart >= p.start + headerLength
                && p.checksumStart <= p.end - 2 - p.checksumField;
    }

    /** Finishes a partial checksum in software; it must fit ({@link #partialFits}). */
    public static void completePartial(Packet p) {
        int at = p.checksumStart + p.checksumField;
        Bytes.put16(p.memory, at, Checksum.finishUdp(Checksum.sum(p.memory, p.checksumStart, p.end - p.checksumStart)));
        p.checksumPartial = false;
    }
}
