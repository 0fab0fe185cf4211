package sluice.core.tcp.user;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.data.SendTime;
import sluice.core.tcp.output.SendDecision;
import sluice.core.tcp.output.SendSpace;
import sluice.core.tcp.segment.TcpState;

/** SEND: bytes go into the send buffer; the sender takes them from there. */
@Rfc(value = 9293, section = "3.10.2", req = {"MUST-60", "MUST-61"})
public final class SendCall {
    private static final int DEFAULT_MSS = 536;
    /** As Linux's largest super-segment without its headers. */
    private static final int MAX_PIECE = 65_216;

    private SendCall() {}

    /** See {@link TcpSocket#send(MemorySegment, long, int, int, long)}. */
    public static int send(Tcb t, MemorySegment source, long offset, int length, int flags, long nowNs) {
        if (!takes(t, length)) {
            return 0;
        }
        boolean refer = (flags & TcpSocket.FLAG_ZEROCOPY) != 0 && t.options.zeroCopy && source.isNative();
        int goal = goal(t);
        int taken = 0;
        for (int n = next(t, goal, length, refer); n > 0; n = next(t, goal, length - taken, refer)) {
            if (refer) {
                t.sendBuffer.refer(source, offset + taken, n);
            } else {
                t.sendBuffer.append(source, offset + taken, n);
            }
            taken += n;
        }
        queued(t, taken, taken == length ? flags : flagsOfSome(flags), nowNs);
        return taken;
    }

    /** See {@link TcpSocket#send(byte[], int, int, int, long)}. */
    public static int send(Tcb t, byte[] source, int offset, int length, int flags, long nowNs) {
        if (!takes(t, length)) {
            return 0;
        }
        int goal = goal(t);
        int taken = 0;
        for (int n = next(t, goal, length, false); n > 0; n = next(t, goal, length - taken, false)) {
            t.sendBuffer.append(source, offset + taken, n);
            taken += n;
        }
        queued(t, taken, taken == length ? flags : flagsOfSome(flags), nowNs);
        return taken;
    }

    private static boolean takes(Tcb t, int length) {
        check(t);
        if (length == 0 || t.state() == TcpState.CLOSED) {
            return false;
        }
        SendSpace.grow(t);
        return true;
    }

    private static int flagsOfSome(int flags) {
        return flags & ~(TcpSocket.FLAG_URGENT | TcpSocket.FLAG_END_OF_RECORD) | TcpSocket.FLAG_MORE;
    }

    /**
     * How many of the bytes that are left go into the buffer next, into the piece that waits or a new one; 0 for none
     * now. The caller puts them there.
     */
    private static int next(Tcb t, int goal, int left, boolean refer) {
        if (left == 0) {
            return 0;
        }
        long end = t.sendBuffer.end();
        long soon = sentSoon(t);
        int tail = t.pieces.tail(soon);
        boolean fresh = tail == 0 || tail >= goal;
        int n = fresh && !memoryFree(t, soon) ? 0
                : Math.min(Math.min(left, fresh ? goal : goal - tail),
                        t.sendBuffer.limitBytes() + goal - t.sendBuffer.size());
        if (n <= 0) {
            t.noSpace = true;
            return 0;
        }
        n = refer ? n : t.sendBuffer.memoryFor(n);
        if (n == 0) {
            SendSpace.refused(t);
            return 0;
        }
        put(t, fresh, end, n);
        return n;
    }

    /** Most bytes of a piece: what a super-segment holds, and no more than half of the peer's largest window. */
    private static int goal(Tcb t) {
        int mss = SendDecision.boundToHalfWindow(t, t.sendMss > 0 ? t.sendMss : DEFAULT_MSS);
        int most = MAX_PIECE;
        if (t.snd.maxWnd > 0) {
            most = Math.min(most, t.snd.maxWnd > DEFAULT_MSS ? t.snd.maxWnd >> 1 : t.snd.maxWnd);
        }
        return Math.max(most - most % mss, mss);
    }

    /** See {@link TcpSocket#pieceRoom}. */
    public static int pieceRoom(Tcb t) {
        int goal = goal(t);
        int tail = t.pieces.tail(sentSoon(t));
        return tail == 0 || tail >= goal ? goal : goal - tail;
    }

    /** A new piece may begin: the buffer is not full, and not too much waits to be sent. */
    private static boolean memoryFree(Tcb t, long sentSoon) {
        return t.sendBuffer.size() < t.sendBuffer.limitBytes() && t.sendBuffer.end() - sentSoon < SendSpace.lowat(t);
    }

    /** Where the send stream will be once everything has left that may leave now. */
    private static long sentSoon(Tcb t) {
        long next = t.sendPosition(t.snd.nxt);
        int mss = SendDecision.boundToHalfWindow(t, t.sendMss);
        if (!t.isEstablished() || mss <= 0) {
            return next;
        }
        long unsent = t.sendBuffer.end() - next;
        long room = Math.max(0, (long) (t.congestion.cwndSegments() - t.sent.inFlight())) * mss;
        long may = Math.max(0, Math.min(room, Seq.diff(t.snd.right(), t.snd.nxt)));
        return next + (may >= unsent ? unsent - unsent % mss : may - may % mss);
    }

    private static void put(Tcb t, boolean fresh, long start, int n) {
        if (fresh) {
            t.pieces.begin(start, start + n);
        } else {
            t.pieces.extend(start + n);
        }
        if (start + n - t.nagle.pushedUpTo > t.snd.maxWnd >> 1) {
            t.pieces.push();
            t.nagle.pushedUpTo = start + n;
        }
    }

    private static void check(Tcb t) {
        Errno e = t.error;
        if (e != null) {
            t.error = null;
            throw new ErrnoException(e, "send on " + t.tuple);
        }
        if (t.fin.queued || t.state() == TcpState.CLOSED || t.orphan) {
            throw new ErrnoException(Errno.EPIPE, "send on " + t.tuple);
        }
    }

    private static void queued(Tcb t, int n, int flags, long nowNs) {
        if (n == 0) {
            return;
        }
        t.sendTime.start(SendTime.Kind.BUSY, nowNs);
        t.nagle.moreFollows = (flags & TcpSocket.FLAG_MORE) != 0 && t.sendBuffer.room() > 0;
        if (!t.nagle.moreFollows) {
            t.pieces.push();
            t.nagle.pushedUpTo = t.sendBuffer.end();
        }
        if ((flags & TcpSocket.FLAG_URGENT) != 0) {
            t.urgent.toSend(true);
            t.snd.up = t.sendSeq(t.sendBuffer.end());
        }
        if ((flags & TcpSocket.FLAG_END_OF_RECORD) != 0) {
            t.pieces.close();
        }
        t.nagle.corkExpired = false;
        t.wantOutput();
    }

    /** A region of the send buffer to fill in place; null when it is full or the connection does not take data. */
    public static @Nullable MemorySegment writableRegion(Tcb t, int wanted) {
        check(t);
        SendSpace.grow(t);
        MemorySegment room = t.sendBuffer.writable(wanted);
        if (room == null && t.sendBuffer.room() > 0) {
            SendSpace.refused(t);
        }
        return room;
    }

    /** See {@link TcpSocket#commit}. */
    public static void commit(Tcb t, int bytes, int flags, long nowNs) {
        int tail = t.pieces.tail(t.sendPosition(t.snd.nxt));
        long end = t.sendBuffer.end();
        t.sendBuffer.commit(bytes);
        if (bytes > 0) {
            put(t, tail == 0 || tail + bytes > Math.max(goal(t), bytes), end, bytes);
        }
        queued(t, bytes, flags, nowNs);
    }

}
