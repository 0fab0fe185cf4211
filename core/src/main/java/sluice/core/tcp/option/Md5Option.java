package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;

/** MD5 signature, kind 19. What it says is checked by {@link sluice.core.tcp.auth}. */
@Rfc(value = 2385, section = "3.0")
final class Md5Option implements TcpOption {
    private static final int KIND = 19;
    private static final int LENGTH = 18;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length == LENGTH) {
            segment.signedTwice |= segment.isSigned();
            segment.md5At = (int) offset;
        }
    }
}
