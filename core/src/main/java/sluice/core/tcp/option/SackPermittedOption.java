package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** SACK permitted, kind 4: its sender understands SACK. Only with SYN. */
@Rfc(value = 2018, section = "2")
public final class SackPermittedOption implements TcpOption {
    /** Bytes, with two NOPs in front. */
    public static final int LENGTH = 4;

    @Override
    public int kind() {
        return 4;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length == 2 && segment.has(Segment.SYN)) {
            segment.sackPermitted = true;
        }
    }

    /** Writes two NOPs and the option; returns the offset after it. */
    public static int write(MemorySegment m, int offset) {
        Bytes.put32(m, offset, 0x0101_0402);
        return offset + LENGTH;
    }
}
