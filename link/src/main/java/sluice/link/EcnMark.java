package sluice.link;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.wire.Bytes;
import sluice.wire.Checksum;

/** The congestion-experienced mark of an IP header. */
@Rfc(value = 3168, section = "5")
final class EcnMark {
    private static final int CE = 3;

    private EcnMark() {}

    /** Marks the packet whose IP header is at {@code offset}; false when its sender does not know ECN. */
    static boolean set(MemorySegment m, int offset) {
        if (Bytes.u8(m, offset) >>> 4 == 6) {
            int word = Bytes.u16(m, offset);
            if ((word & CE << 4) == 0) {
                return false;
            }
            Bytes.put16(m, offset, word | CE << 4);
            return true;
        }
        int before = Bytes.u16(m, offset);
        if ((before & CE) == 0) {
            return false;
        }
        Bytes.put16(m, offset, before | CE);
        Bytes.put16(m, offset + 10, Checksum.update16(Bytes.u16(m, offset + 10), before, before | CE));
        return true;
    }
}
