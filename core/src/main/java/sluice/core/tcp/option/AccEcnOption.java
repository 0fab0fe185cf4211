package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.ecn.AccEcnReceiver;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/**
 * Accurate ECN: up to three 24-bit counters of payload bytes by the mark they arrived with. Kind 172 has them in the
 * order ECT(0), CE, ECT(1), kind 174 in the order ECT(1), CE, ECT(0); fields at the end may be left out. Sent with kind
 * 174, as Linux does.
 */
@Rfc(value = 9768, section = "3.2.3")
public final class AccEcnOption implements TcpOption {
    /** Kind of order 0. */
    public static final int ORDER_0 = 172;
    /** Kind of order 1. */
    public static final int ORDER_1 = 174;

    private static final int FIELD = 3;
    private static final int NOP = 1;
    /** Least SACK blocks that are left when the option takes the room of others. */
    private static final int KEPT_BLOCKS = 2;

    private final int kind;

    AccEcnOption(int kind) {
        this.kind = kind;
    }

    @Override
    public int kind() {
        return kind;
    }

    /** Whole fields count, whatever the length. */
    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        int fields = Math.min(3, (length - 2) / FIELD);
        segment.accEcnFields = fields;
        segment.accEcnOrder1 = kind == ORDER_1;
        for (int i = 0; i < fields; i++) {
            long at = offset + 2 + (long) FIELD * i;
            segment.accEcnField[i] = Bytes.u8(m, at) << 16 | Bytes.u16(m, at + 1);
        }
    }

    /**
     * What fits into {@code room} bytes: the number of fields, plus four times the number of SACK blocks that have to
     * go for it; -1 when it does not fit.
     *
     * @param needed fields that may not be left out; only for their sake SACK blocks go, and never the last two
     * @param blocks SACK blocks that follow it, counted in already
     */
    @Rfc(value = 9768, section = "3.2.3.3")
    public static int fit(int needed, int room, int blocks) {
        for (int given = 0;; given++) {
            for (int fields = AccEcnReceiver.maxFields(); fields >= needed; fields--) {
                if (room + 8 * given >= bytes(fields, blocks > 0)) {
                    return fields + 4 * given;
                }
            }
            if (needed == 0 || blocks - given <= KEPT_BLOCKS) {
                return -1;
            }
        }
    }

    /** Bytes it takes, to the next multiple of four; a SACK option's two NOPs are used up first. */
    private static int bytes(int fields, boolean beforeSack) {
        int size = 2 + FIELD * fields;
        int over = size & 3;
        return over <= (beforeSack ? 2 : 0) ? size - over : (size + 3) & ~3;
    }

    /**
     * Writes it with {@code fields} fields, of the first values when {@code r} is null; without padding. Returns the
     * offset after it.
     */
    public static int write(MemorySegment m, int offset, int fields, @Nullable AccEcnReceiver r) {
        Bytes.put16(m, offset, ORDER_1 << 8 | 2 + FIELD * fields);
        int at = offset + 2;
        for (int i = 0; i < fields; i++) {
            int value = r != null ? r.field(i) : i == 1 ? 0 : AccEcnReceiver.INITIAL_ECT_BYTES;
            Bytes.put8(m, at, value >>> 16);
            Bytes.put16(m, at + 1, value & 0xffff);
            at += FIELD;
        }
        return at;
    }

    /** Writes NOPs until {@code offset} is {@code over} bytes behind a multiple of four, counted from {@code start}. */
    public static int pad(MemorySegment m, int start, int offset, int over) {
        int at = offset;
        while ((at - start & 3) != over) {
            Bytes.put8(m, at++, NOP);
        }
        return at;
    }
}
