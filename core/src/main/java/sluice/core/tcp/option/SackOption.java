package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.Segment;
import sluice.core.tcp.StateVariables;
import sluice.core.tcp.data.ReassemblyQueue;
import sluice.wire.Bytes;

/**
 * SACK, kind 5: what arrived beyond the acknowledgment number, most recent first; the first block may report a
 * duplicate (D-SACK).
 */
@Rfc(value = 2018, section = "3")
@Rfc(value = 2883, section = "4")
public final class SackOption implements TcpOption {
    private static final int KIND = 5;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void parse(Segment segment, MemorySegment m, long offset, int length) {
        if (length < 10 || (length - 2) % 8 != 0) {
            return;
        }
        segment.sackBlocks = Math.min(Segment.MAX_SACK_BLOCKS, (length - 2) / 8);
        for (int i = 0; i < segment.sackBlocks; i++) {
            segment.sackLeft[i] = Bytes.i32(m, offset + 2 + i * 8L);
            segment.sackRight[i] = Bytes.i32(m, offset + 6 + i * 8L);
        }
    }

    /** How many blocks there are to report. */
    public static int blocks(StateVariables t) {
        return t.agreed.sackPermitted ? t.reassembly.recentCount() + (t.dsackPending ? 1 : 0) : 0;
    }

    /**
     * Writes up to {@code max} blocks, without the NOPs that align them; returns the offset after them. The pending
     * D-SACK is reported once.
     */
    public static int write(MemorySegment m, int offset, StateVariables t, int max) {
        int blocks = Math.min(max, blocks(t));
        Bytes.put16(m, offset, KIND << 8 | 2 + 8 * blocks);
        int at = offset + 2;
        int written = 0;
        if (t.dsackPending) {
            at = block(m, at, t.dsackLeft, t.dsackRight);
            t.dsackPending = false;
            written = 1;
        }
        ReassemblyQueue q = t.reassembly;
        for (int i = 0; written < blocks; i++, written++) {
            int right = t.receiveSeq(q.recentEnd(i));
            boolean withFin = t.finExpected && !t.finReceived && right == t.finSeq;
            at = block(m, at, t.receiveSeq(q.recentStart(i)), withFin ? right + 1 : right);
        }
        return at;
    }

    private static int block(MemorySegment m, int at, int left, int right) {
        Bytes.put32(m, at, left);
        Bytes.put32(m, at + 4, right);
        return at + 8;
    }
}
