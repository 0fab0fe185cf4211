package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** Maximum segment size, kind 2: the largest payload the sender of the option takes. Only with SYN. */
@Rfc(value = 9293, section = "3.7.1", req = {"MUST-14", "MUST-65"})
public final class MssOption implements TcpOption {
    /** Bytes of the option. */
    public static final int LENGTH = 4;

    @Override
    public int kind() {
        return 2;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length == LENGTH && segment.has(Segment.SYN)) {
            segment.mss = Bytes.u16(m, offset + 2);
        }
    }

    /** Writes the option; returns the offset after it. */
    public static int write(MemorySegment m, int offset, int mss) {
        Bytes.put32(m, offset, 2 << 24 | LENGTH << 16 | mss);
        return offset + LENGTH;
    }
}
