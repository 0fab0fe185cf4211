package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/**
 * User timeout, kind 28: how long its sender lets data go unacknowledged, in seconds, or in minutes when they do not
 * fit.
 */
@Rfc(value = 5482, section = "3.3")
public final class UserTimeoutOption implements TcpOption {
    /** Bytes of the option. */
    public static final int LENGTH = 4;
    /** Largest value, seconds. */
    public static final int MAX_SECONDS = 0x7fff * 60;
    private static final int KIND = 28;
    private static final int MINUTES = 0x8000;
    private static final int MINUTE = 60;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length == LENGTH) {
            int v = Bytes.u16(m, offset + 2);
            // 0 is reserved: as if absent
            segment.userTimeoutSeconds = (v & MINUTES) != 0 ? (v & MINUTES - 1) * MINUTE : v;
        }
    }

    /** Writes the option; returns the offset after it. */
    public static int write(MemorySegment m, int offset, int seconds) {
        int value = seconds < MINUTES ? seconds : MINUTES | Math.min(seconds, MAX_SECONDS) / MINUTE;
        Bytes.put32(m, offset, KIND << 24 | LENGTH << 16 | value);
        return offset + LENGTH;
    }
}
