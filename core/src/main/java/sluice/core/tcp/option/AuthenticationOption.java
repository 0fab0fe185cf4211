package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** Authentication (TCP-AO), kind 29: KeyID, RNextKeyID and the MAC, which {@link sluice.core.tcp.auth} checks. */
@Rfc(value = 5925, section = "2.2")
final class AuthenticationOption implements TcpOption {
    private static final int KIND = 29;
    private static final int LEAST = 4;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length > LEAST) {
            segment.signedTwice |= segment.isSigned();
            segment.aoAt = (int) offset;
            segment.aoLength = length;
            segment.aoKeyId = Bytes.u8(m, offset + 2);
            segment.aoNextKeyId = Bytes.u8(m, offset + 3);
        }
    }
}
