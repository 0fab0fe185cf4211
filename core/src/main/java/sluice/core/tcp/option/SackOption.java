package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/**
 * SACK, kind 5: what arrived beyond the acknowledgment number, most recent first; the first block may report a
 * duplicate (D-SACK).
 */
@Rfc(value = 2018, section = "3")
@Rfc(value = 2883, section = "4")
public final class SackOption implements TcpOption {
    public static final int KIND = 5;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length < 10 || (length - 2) % 8 != 0) {
            return;
        }
        segment.sackBlocks = Math.min(Segment.MAX_SACK_BLOCKS, (length - 2) / 8);
        for (int i = 0; i < segment.sackBlocks; i++) {
            segment.sackLeft[i] = Bytes.i32(m, offset + 2 + i * 8L);
            segment.sackRight[i] = Bytes.i32(m, offset + 6 + i * 8L);
        }
    }
}
