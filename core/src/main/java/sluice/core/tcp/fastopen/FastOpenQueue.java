package sluice.core.tcp.fastopen;

import java.util.ArrayDeque;
import sluice.base.Rfc;

/**
 * How many Fast Open connections of one listener wait for the end of their handshake. A limit keeps a flood of spoofed
 * SYNs from using up memory; a connection that was reset counts for a minute more, so that a flood that draws resets
 * from its victims is no way around the limit.
 */
@Rfc(value = 7413, section = "5.1")
@Rfc(value = 7413, section = "4.2.2")
public final class FastOpenQueue {
    private static final long RESET_COUNTS_NS = 60_000_000_000L;
    private final ArrayDeque<Long> resetUntilNs = new ArrayDeque<>(0);
    private int length;

    /** Connections that count now. */
    public int length() {
        return length;
    }

    /** Whether one more may be taken in; one that was reset long enough ago makes room. */
    public boolean hasRoom(int limit, long nowNs) {
        if (length < limit) {
            return true;
        }
        Long oldest = resetUntilNs.peek();
        if (limit == 0 || oldest == null || oldest > nowNs) {
            return false;
        }
        resetUntilNs.poll();
        length--;
        return true;
    }

    /** A connection begins. */
    public void add() {
        length++;
    }

    /** A connection's handshake is over, or it is gone. */
    public void remove() {
        length--;
    }

    /** A connection was reset by its peer: it counts for a minute more. */
    public void reset(long nowNs) {
        resetUntilNs.add(nowNs + RESET_COUNTS_NS);
    }
}
