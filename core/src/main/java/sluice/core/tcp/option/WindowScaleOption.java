package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** Window scale, kind 3: the shift of the windows that its sender will announce, at most 14. Only with SYN. */
@Rfc(value = 7323, section = "2")
public final class WindowScaleOption implements TcpOption {
    /** Bytes, with the NOP in front. */
    public static final int LENGTH = 4;
    private static final int MAX_SHIFT = 14;

    @Override
    public int kind() {
        return 3;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length == 3 && segment.has(Segment.SYN)) {
            segment.windowScale = Math.min(MAX_SHIFT, Bytes.u8(m, offset + 2));
        }
    }

    /** Writes a NOP and the option; returns the offset after it. */
    public static int write(MemorySegment m, int offset, int shift) {
        Bytes.put32(m, offset, 1 << 24 | 3 << 16 | 3 << 8 | shift);
        return offset + LENGTH;
    }
}
