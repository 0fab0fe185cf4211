package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** Fast Open, kind 34: a cookie, or the request for one. Only with SYN; the last one counts. */
@Rfc(value = 7413, section = "4.1.1")
public final class FastOpenOption implements TcpOption {
    private static final int KIND = 34;
    private static final int BASE = 2;
    private static final int EXPERIMENT_BASE = 4;
    private static final int NOP_NOP = 0x0101;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        take(segment, m, offset + BASE, length - BASE, false);
    }

    static void take(Segment segment, MemorySegment m, long at, int length, boolean experimental) {
        if (!segment.has(Segment.SYN) || length < 0 || (length & 1) != 0) {
            return;
        }
        if (length == 0) {
            segment.fastOpen = experimental ? FastOpenCookie.EXPERIMENTAL_REQUEST : FastOpenCookie.REQUEST;
        } else if (FastOpenCookie.validLength(length)) {
            byte[] value = new byte[length];
            MemorySegment.copy(m, java.lang.foreign.ValueLayout.JAVA_BYTE, at, value, 0, length);
            segment.fastOpen = FastOpenCookie.of(value, experimental);
        } else {
            segment.fastOpen = null;
        }
    }

    /** Bytes that the option takes, padding included. */
    public static int length(FastOpenCookie cookie) {
        return cookie.length() + (cookie.experimental() ? EXPERIMENT_BASE : BASE) + 3 & ~3;
    }

    /** Writes the option, padded to four bytes; returns the offset after it. */
    public static int write(MemorySegment m, int offset, FastOpenCookie cookie) {
        int end = offset + length(cookie);
        int at = offset;
        if (cookie.experimental()) {
            Bytes.put32(m, at,
                    ExperimentOption.KIND << 24 | EXPERIMENT_BASE + cookie.length() << 16 | ExperimentOption.FAST_OPEN);
            at += EXPERIMENT_BASE;
        } else {
            Bytes.put16(m, at, KIND << 8 | BASE + cookie.length());
            at += BASE;
        }
        cookie.copyTo(m, at);
        if (at + cookie.length() < end) {
            Bytes.put16(m, end - 2, NOP_NOP);
        }
        return end;
    }
}
