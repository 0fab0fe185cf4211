package sluice.core.tcp.input;

import java.lang.foreign.MemorySegment;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.tcp.option.Options;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/** Turns a datagram into the host's {@link Segment}: lengths, checksum, header fields, options. */
@Rfc(value = 9293, section = "3.1", req = {"MUST-3"})
public final class SegmentParser {
    private static final int MIN_HEADER = 20;

    private SegmentParser() {}

    /** Fills {@code s}; false when the segment is bad, which was counted. */
    public static boolean parse(Datagram d, Segment s, Counters counters) {
        Packet p = d.packet;
        MemorySegment m = p.memory;
        int at = d.payloadOffset;
        int length = d.payloadLength;
        counters.add(Counter.TcpInSegs, p.segments());
        if (length < MIN_HEADER) {
            counters.increment(Counter.TcpInErrs);
            return false;
        }
        int headerLength = Bytes.u8(m, at + 12L) >>> 2 & 0x3c;
        if (headerLength < MIN_HEADER || headerLength > length) {
            counters.increment(Counter.TcpInErrs);
            return false;
        }
        if (!p.checksumValid && !p.checksumPartial && !checksumGood(d, m, at, length)) {
            counters.increment(Counter.TcpInErrs);
            counters.increment(Counter.TcpInCsumErrors);
            return false;
        }
        s.packet = p;
        s.dataOffset = at + headerLength;
        s.dataLength = length - headerLength;
        s.seq = Bytes.i32(m, at + 4L);
        s.ack = Bytes.i32(m, at + 8L);
        s.flags = Bytes.u16(m, at + 12L) & 0x1ff;
        s.wnd = Bytes.u16(m, at + 14L);
        s.up = Bytes.u16(m, at + 18L);
        s.segments = p.gsoSize > 0 && s.dataLength > p.gsoSize ? (s.dataLength + p.gsoSize - 1) / p.gsoSize : 1;
        s.segmentSize = s.segments > 1 ? p.gsoSize : s.dataLength;
        s.trafficClass = d.trafficClass;
        s.ecn = d.trafficClass & 3;
        s.hopLimit = d.hopLimit;
        s.clearOptions();
        if (headerLength > MIN_HEADER && !Options.parse(s, m, at + MIN_HEADER, s.dataOffset)) {
            counters.increment(Counter.SluiceInvalidTcpHeader);
            return !s.has(Segment.SYN);
        }
        return true;
    }

    private static boolean checksumGood(Datagram d, MemorySegment m, int at, int length) {
        long sum = Checksum.pseudoHeader(d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow, 6, length);
        return Checksum.fold(sum + Checksum.sum(m, at, length)) == 0xffff;
    }
}
