package sluice.core.tcp.ecn;

import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;

/**
 * Classic feedback: a CE mark is echoed with ECE on every acknowledgment until the sender says by CWR that it has
 * reduced its window.
 */
@Rfc(value = 3168, section = "6.1")
@Rfc(value = 9293, section = "3.8.2", req = "SHLD-8")
public final class ClassicEcn {
    private boolean echo;
    private boolean confirm;
    private boolean seen;

    /** What a data segment's marks ask of the acknowledgments. */
    public enum Wish {
        /** Nothing. */
        NOTHING,
        /** The next few without delay. */
        QUICK,
        /** One at once. */
        NOW
    }

    /**
     * Data arrived. {@code exact} is for DCTCP, which echoes exactly as long as marks arrive and acknowledges each
     * change at once (RFC 8257 section 3.2).
     *
     * <p>As on Linux, acknowledgments are not delayed after the first mark, nor when an unmarked segment follows marked
     * ones: it is probably a retransmission.
     */
    Wish onData(Segment seg, boolean exact) {
        boolean ce = seg.ecn == Ecn.CE;
        if (exact) {
            seen |= seg.ecn != 0;
            boolean changed = echo != ce;
            echo = ce;
            return changed ? Wish.NOW : Wish.NOTHING;
        }
        Wish wish = Wish.NOTHING;
        if (seg.has(Segment.CWR)) {
            echo = false;
            wish = Wish.NOW; // the sender's window may be very small now
        }
        if (seg.ecn == 0) {
            return seen && wish == Wish.NOTHING ? Wish.QUICK : wish;
        }
        seen = true;
        if (ce && !echo) {
            echo = true;
            wish = wish == Wish.NOTHING ? Wish.QUICK : wish;
        }
        return wish;
    }

    /** Whether a packet with a mark arrived. */
    boolean seen() {
        return seen;
    }

    /** The window was reduced: the next new data says so. */
    void reduced() {
        confirm = true;
    }

    /** The reduction is undone: if the peer has not been told of it, it will not be. */
    void takenBack() {
        confirm = false;
    }

    /** Flags of a segment; new data takes the confirmation along. */
    int flags(boolean newData) {
        int f = echo ? Segment.ECE : 0;
        if (newData && confirm) {
            confirm = false;
            f |= Segment.CWR;
        }
        return f;
    }
}
