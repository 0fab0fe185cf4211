package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.data.ReassemblyQueue;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.option.SackOption;
import sluice.wire.Bytes;

/** The SACK option of a segment that leaves: what has arrived out of order, and a D-SACK before it. */
@Rfc(value = 2018, section = "4")
@Rfc(value = 2883, section = "4")
final class SackBlocks {
    private static final int NOP = 1;

    private SackBlocks() {}

    /** How many blocks there are to report. */
    static int blocks(StateVariables t) {
        return t.agreed.sackPermitted ? t.reassembly.recentCount() + (t.dsack.pending ? 1 : 0) : 0;
    }

    /**
     * Writes up to {@code max} blocks, without the NOPs that align them; returns the offset after them. The pending
     * D-SACK is reported once.
     */
    static int write(MemorySegment m, int offset, StateVariables t, int max) {
        int blocks = Math.min(max, blocks(t));
        Bytes.put16(m, offset, SackOption.KIND << 8 | 2 + 8 * blocks);
        int at = offset + 2;
        int written = 0;
        if (t.dsack.pending) {
            at = block(m, at, t.dsack.left, t.dsack.right);
            t.dsack.pending = false;
            written = 1;
        }
        ReassemblyQueue q = t.reassembly;
        for (int i = 0; written < blocks; i++, written++) {
            at = block(m, at, t.receiveSeq(q.recentStart(i)), t.receiveSeq(q.recentEnd(i)));
        }
        return at;
    }

    /** Writes an aligned option with this block alone; returns the offset after it. */
    static int writeOne(MemorySegment m, int offset, int left, int right) {
        Bytes.put32(m, offset, NOP << 24 | NOP << 16 | SackOption.KIND << 8 | 10);
        return block(m, offset + 4, left, right);
    }

    private static int block(MemorySegment m, int at, int left, int right) {
        Bytes.put32(m, at, left);
        Bytes.put32(m, at + 4, right);
        return at + 8;
    }
}
