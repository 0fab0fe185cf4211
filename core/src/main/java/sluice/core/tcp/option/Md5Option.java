package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.Segment;

/** A signature of TCP-MD5. No connection has a key yet, so a segment with it is not for us. */
@Rfc(value = 2385, section = "3.0")
final class Md5Option implements TcpOption {
    private static final int KIND = 19;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        segment.hasMd5 = true;
    }
}
