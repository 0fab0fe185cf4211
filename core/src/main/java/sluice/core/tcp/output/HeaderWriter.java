package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.tcp.segment.FourTuple;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/** The fixed part of a TCP header, and its checksum: made here, or left to the device. */
@Rfc(value = 9293, section = "3.1", req = {"MUST-2"})
final class HeaderWriter {
    static final int MIN_LENGTH = 20;
    static final int MAX_LENGTH = 60;
    private static final int CHECKSUM_FIELD = 16;

    private HeaderWriter() {}

    /** Writes the 20 fixed bytes at the packet's start; options stand behind already, up to the packet's end. */
    static void write(Packet p, FourTuple tuple, int seq, int ack, int flags, int window) {
        MemorySegment m = p.memory;
        long at = p.start;
        Bytes.put32(m, at, tuple.localPort() << 16 | tuple.remotePort());
        Bytes.put32(m, at + 4, seq);
        Bytes.put32(m, at + 8, ack);
        Bytes.put16(m, at + 12, p.end - p.start << 10 | flags);
        Bytes.put16(m, at + 14, window);
        Bytes.put32(m, at + 16, 0);
    }

    /** The urgent pointer of a header that was written, with URG among its flags. */
    static void urgentPointer(Packet p, int pointer) {
        Bytes.put16(p.memory, p.start + 18L, pointer);
    }

    /** Completes the checksum over header and payload (tail included), or prepares it for a device that does. */
    static void checksum(Packet p, FourTuple tuple, Route route) {
        long sum = Checksum.pseudoHeader(tuple.local().high(), tuple.local().low(), tuple.remote().high(),
                tuple.remote().low(), 6, p.length());
        if (route.link.checksumOffload() || route.loopback) {
            p.checksumPartial = true;
            p.checksumStart = p.start;
            p.checksumField = CHECKSUM_FIELD;
            Bytes.put16(p.memory, p.start + (long) CHECKSUM_FIELD, Checksum.fold(sum));
            return;
        }
        p.flatten();
        Bytes.put16(p.memory, p.start + (long) CHECKSUM_FIELD,
                Checksum.finish(sum + Checksum.sum(p.memory, p.start, p.end - p.start)));
    }

    /**
     * As {@link #checksum}, when the payload's sum is known already: {@code payloadSum} over an even offset from the
     * header.
     */
    static void checksum(Packet p, FourTuple tuple, int headerLength, long payloadSum) {
        long sum = Checksum.pseudoHeader(tuple.local().high(), tuple.local().low(), tuple.remote().high(),
                tuple.remote().low(), 6, p.length());
        sum += Checksum.sum(p.memory, p.start, headerLength) + payloadSum;
        Bytes.put16(p.memory, p.start + (long) CHECKSUM_FIELD, Checksum.finish(sum));
    }
}
