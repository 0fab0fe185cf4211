package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/**
 * Reads the options of a segment: known kinds by their class, unknown ones skipped by their length, at any alignment,
 * on any segment.
 */
@Rfc(value = 9293, section = "3.1", req = {"MUST-4", "MUST-5", "MUST-6", "MUST-7", "MUST-64", "MUST-68", "MUST-69"})
public final class Options {
    private static final int TIMESTAMPS_ONLY = 0x0101_080a;
    private static final @Nullable TcpOption[] BY_KIND = new TcpOption[256];

    static {
        register(new MssOption());
        register(new WindowScaleOption());
        register(new SackPermittedOption());
        register(new SackOption());
        register(new TimestampsOption());
        register(new Md5Option());
        register(new AuthenticationOption());
        register(new UserTimeoutOption());
        register(new FastOpenOption());
        register(new ExperimentOption());
        register(new AccEcnOption(AccEcnOption.ORDER_0));
        register(new AccEcnOption(AccEcnOption.ORDER_1));
    }

    private Options() {}

    private static void register(TcpOption o) {
        BY_KIND[o.kind()] = o;
    }

    /**
     * Reads the options in {@code [offset, end)} into {@code segment}.
     *
     * @return false when an option has an impossible length; what came before it was read, the rest was not
     */
    public static boolean parse(Segment segment, MemorySegment m, int offset, int end) {
        if (end - offset == TimestampsOption.LENGTH && Bytes.i32(m, offset) == TIMESTAMPS_ONLY) {
            segment.hasTimestamps = true;
            segment.tsVal = Bytes.i32(m, offset + 4);
            segment.tsEcr = Bytes.i32(m, offset + 8);
            return true;
        }
        for (int at = offset; at < end;) {
            int kind = Bytes.u8(m, at);
            if (kind == 0) {
                return true;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < end ? Bytes.u8(m, at + 1) : 0;
            if (length < 2 || at + length > end) {
                return false;
            }
            TcpOption o = BY_KIND[kind];
            if (o != null) {
                o.parse(segment, m, at, length);
            }
            at += length;
        }
        return true;
    }
}
