package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/**
 * Kind 254, for experiments, told apart by the number that follows (RFC 6994). Known: 0xF989, Fast Open as it was
 * before it had a kind of its own.
 */
@Rfc(value = 6994, section = "3")
@Rfc(value = 7413, section = "8")
final class ExperimentOption implements TcpOption {
    static final int KIND = 254;
    static final int FAST_OPEN = 0xf989;
    private static final int BASE = 4;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length >= BASE && Bytes.u16(m, offset + 2) == FAST_OPEN) {
            FastOpenOption.take(segment, m, offset + BASE, length - BASE, true);
        }
    }
}
