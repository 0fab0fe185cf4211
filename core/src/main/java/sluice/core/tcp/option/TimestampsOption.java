package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** Timestamps, kind 8: the sender's clock and an echo of ours. */
@Rfc(value = 7323, section = "3")
public final class TimestampsOption implements TcpOption {
    /** Bytes, with two NOPs (or SACK-permitted) in front. */
    public static final int LENGTH = 12;

    @Override
    public int kind() {
        return 8;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length == 10) {
            segment.hasTimestamps = true;
            segment.tsVal = Bytes.i32(m, offset + 2);
            segment.tsEcr = Bytes.i32(m, offset + 6);
        }
    }

    /** Writes the option behind two NOPs, or behind SACK-permitted when asked; returns the offset after it. */
    public static int write(MemorySegment m, int offset, int tsVal, int tsEcr, boolean withSackPermitted) {
        Bytes.put32(m, offset, withSackPermitted ? 0x0402_080a : 0x0101_080a);
        Bytes.put32(m, offset + 4, tsVal);
        Bytes.put32(m, offset + 8, tsEcr);
        return offset + LENGTH;
    }
}
