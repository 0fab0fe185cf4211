package sluice.core.tcp.recovery;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.data.StateVariables;

/**
 * Tells apart why segments were retransmitted: data lost, ACK lost, data delayed; and finds what the network
 * duplicated. Nothing in the sender depends on it.
 *
 * <p>What is retransmitted is remembered until newer retransmissions push it out. The evidence, for each of them:
 * <ul>
 * <li>a D-SACK for what was never retransmitted, or more of them than copies: DUPLICATED;
 * <li>a D-SACK for it when the peer had reported a hole there at the time it was retransmitted: DELAYED;
 * <li>a D-SACK in the first report that it arrived: no report of the first copy ever came: ACK_LOST;
 * <li>a D-SACK after another report that it arrived, or a report that the retransmission cannot have drawn (by its
 * timestamp echo, or less than a round trip after it): DELAYED;
 * <li>but for a FIN the echo of its first copy, a round trip or more after the retransmission: ACK_LOST. TIME-WAIT
 * repeats its acknowledgment as it was, with neither D-SACK nor a newer timestamp (RFC 7323 section 4.3);
 * <li>a report that it arrived, and no D-SACK for a round trip: DATA_LOST. (Without D-SACK at the peer, spurious
 * retransmissions that timestamps do not uncover look the same.)
 * </ul>
 * Where the retransmission of a lost segment is duplicated by the network the answer is DELAYED: the sender sees the
 * same.
 */
@Rfc(value = 2883, section = "5")
@Rfc(value = 3522, section = "3")
public final class PathDiagnosis {
    private static final int MEMORY = 64;
    private static final PathFault[] FAULTS = PathFault.values();

    /** A stretch of the stream that was retransmitted. */
    private static final class Resent {
        long from;
        long to;
        int copies;
        long reported;
        long firstNs;
        int firstTs;
        boolean hole;
        boolean covered;
        long coveredNs;
        boolean judged;
        boolean heldForLost;
    }

    private final StateVariables t;
    private static final long[] NONE = new long[FAULTS.length];
    private static final Resent[] NOTHING = new Resent[0];
    private long[] segments = NONE;
    private Resent[] memory = NOTHING;
    private int oldest;
    private int size;
    private int open;
    private long forgottenBefore = Long.MIN_VALUE;

    PathDiagnosis(StateVariables t) {
        this.t = t;
    }

    /** Whether nothing happened that it tells apart. */
    boolean isUntouched() {
        return size == 0 && segments == NONE;
    }

    /** Segments of this connection that met this fate, as far as it is known by now. */
    public long segments(PathFault fault) {
        return segments[fault.ordinal()];
    }

    /** The sequence range was retransmitted; {@code hole}: the peer has reported something behind it. */
    void retransmitted(int seq, int end, boolean hole, long nowNs) {
        long from = t.sendPosition(seq);
        long to = from + (end - seq);
        Resent r = find(from, to);
        if (r == null || r.covered) {
            r = next(nowNs);
            r.from = from;
            r.to = to;
            r.copies = 0;
            r.reported = 0;
            r.firstNs = nowNs;
            r.firstTs = t.timestampClock(nowNs);
            r.hole = hole;
            r.covered = false;
            r.judged = false;
            r.heldForLost = false;
            open++;
        }
        r.copies++;
    }

    private Resent next(long nowNs) {
        if (memory.length == 0) {
            memory = new Resent[MEMORY];
            for (int i = 0; i < MEMORY; i++) {
                memory[i] = new Resent();
            }
        }
        if (size < MEMORY) {
            return memory[oldest + size++ & MEMORY - 1];
        }
        Resent r = memory[oldest];
        oldest = oldest + 1 & MEMORY - 1;
        if (!r.judged) {
            open--;
            if (r.covered) {
                judge(r, PathFault.DATA_LOST, nowNs);
            }
        }
        forgottenBefore = Math.max(forgottenBefore, r.to);
        return r;
    }

    private @Nullable Resent find(long from, long to) {
        for (int i = size - 1; i >= 0; i--) {
            Resent r = memory[oldest + i & MEMORY - 1];
            if (from < r.to && to > r.from) {
                return r;
            }
        }
        return null;
    }

    /** The peer received this range twice. Called before what else the same acknowledgment reports. */
    void duplicateReported(int seq, int end, long nowNs) {
        long from = t.sendPosition(seq);
        long to = from + (end - seq);
        Resent r = find(from, to);
        if (r == null) {
            if (to > forgottenBefore) {
                say(PathFault.DUPLICATED, from, to, nowNs);
            }
            return;
        }
        boolean more = r.reported >= r.copies * (r.to - r.from);
        r.reported += to - from;
        if (more) {
            say(PathFault.DUPLICATED, from, to, nowNs);
        } else if (r.heldForLost) {
            r.heldForLost = false;
            met(PathFault.DATA_LOST, -count(r.from, r.to));
            say(PathFault.DELAYED, r.from, r.to, nowNs);
        } else if (!r.judged) {
            judge(r, r.hole || r.covered ? PathFault.DELAYED : PathFault.ACK_LOST, nowNs);
            open--;
        }
        cover(r, nowNs);
    }

    /** SACK reports a range that was retransmitted. */
    void sacked(int seq, int end, long nowNs) {
        long from = t.sendPosition(seq);
        Resent r = find(from, from + (end - seq));
        if (r != null) {
            arrived(r, nowNs - r.firstNs < minRttNs(), nowNs);
        }
    }

    /**
     * An acknowledgment was processed. {@code echo} is its timestamp echo, of use when {@code echoValid}; it tells
     * which copy of what followed {@code priorUna} came.
     */
    void acknowledged(int priorUna, int echo, boolean echoValid, long nowNs) {
        if (open == 0) {
            return;
        }
        long una = t.sendPosition(t.snd.una);
        long before = t.sendPosition(priorUna);
        long patienceNs = t.rtt.srttUs() * 1000;
        for (int i = 0; i < size; i++) {
            Resent r = memory[oldest + i & MEMORY - 1];
            if (!r.covered && una >= r.to) {
                boolean soon = nowNs - r.firstNs < minRttNs();
                boolean original = echoValid && r.from == before && echo - r.firstTs < 0;
                if (original && !soon && r.to > t.sendBuffer.end() && !r.judged) {
                    judge(r, PathFault.ACK_LOST, nowNs);
                    open--;
                }
                arrived(r, soon || original, nowNs);
            }
            if (r.covered && !r.judged && nowNs - r.coveredNs > patienceNs) {
                judge(r, PathFault.DATA_LOST, nowNs);
                open--;
            }
        }
    }

    private long minRttNs() {
        long us = t.rtt.minRttUs();
        return us == Long.MAX_VALUE ? 0 : us * 1000;
    }

    private void arrived(Resent r, boolean mustBeTheOriginal, long nowNs) {
        if (r.covered) {
            return;
        }
        cover(r, nowNs);
        if (mustBeTheOriginal && !r.judged) {
            judge(r, PathFault.DELAYED, nowNs);
            open--;
        }
    }

    private static void cover(Resent r, long nowNs) {
        if (!r.covered) {
            r.covered = true;
            r.coveredNs = nowNs;
        }
    }

    /**
     * Gives the answers that wait for nothing but time: all of them when the connection ends, else what is old enough.
     */
    public void settle(boolean all, long nowNs) {
        for (int i = 0; i < size && open > 0; i++) {
            Resent r = memory[oldest + i & MEMORY - 1];
            if (r.covered && !r.judged && (all || nowNs - r.coveredNs > t.rtt.srttUs() * 1000)) {
                judge(r, PathFault.DATA_LOST, nowNs);
                open--;
            }
        }
    }

    private void judge(Resent r, PathFault fault, long nowNs) {
        r.judged = true;
        r.heldForLost = fault == PathFault.DATA_LOST;
        say(fault, r.from, r.to, nowNs);
    }

    private void say(PathFault fault, long from, long to, long nowNs) {
        long n = count(from, to);
        met(fault, n);
        t.host.counters().add(fault.counter(), n);
        t.trace.diagnosed(fault, t.sendSeq(from), from, (int) (to - from), n, nowNs);
    }

    private void met(PathFault fault, long n) {
        if (segments == NONE) {
            segments = new long[FAULTS.length];
        }
        segments[fault.ordinal()] += n;
    }

    private long count(long from, long to) {
        int mss = Math.max(1, t.sendMss);
        return Math.max(1, (to - from + mss - 1) / mss);
    }
}
