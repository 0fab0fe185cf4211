package sluice.core.tcp.user;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.fastopen.FastOpenCache;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.core.tcp.segment.TcpState;

/**
 * OPEN and SEND in one: an active open whose SYN takes data along, when there is a cookie for the server, and asks for
 * one otherwise.
 */
@Rfc(value = 7413, section = "4.2.1")
public final class FastOpenCall {
    /** Kept free in a SYN with data for options that middleboxes add. */
    private static final int RESERVED_FOR_OPTIONS = 40;

    private FastOpenCall() {}

    /**
     * An active open with TCP_FASTOPEN_CONNECT: with a cookie at hand the SYN waits for the first data; without, it
     * asks for one at once.
     */
    public static void connecting(Tcb t, long nowNs) {
        if (t.tcp.fastOpen().allows(FastOpenHost.CLIENT)) {
            t.fastOpen.deferred = mayCarryData(t, nowNs);
        }
    }

    /** See {@link TcpSocket#sendWithSyn}. */
    public static int send(Tcb t, @Nullable MemorySegment data, long offset, int length, long nowNs) {
        if (!t.tcp.fastOpen().allows(FastOpenHost.CLIENT)) {
            throw new ErrnoException(Errno.EOPNOTSUPP, "Fast Open of " + t.tuple);
        }
        if (t.state() != TcpState.SYN_SENT || !t.sent.isEmpty() || t.sendBuffer.size() > 0) {
            throw new ErrnoException(t.state() == TcpState.SYN_SENT ? Errno.EALREADY : Errno.EISCONN,
                    "Fast Open of " + t.tuple);
        }
        FastOpen f = t.fastOpen;
        if (f.deferred) {
            f.deferred = false;
            t.count(Counter.TcpActiveOpens);
        }
        if (mayCarryData(t, nowNs)) {
            int room = room(t, nowNs);
            int n = Math.min(room, length);
            if (data != null && n > 0 && t.sendBuffer.append(data, offset, n)) {
                t.pieces.begin(0, n);
                t.pieces.push();
                t.nagle.pushedUpTo = n;
                f.synBytes = n;
            }
        }
        t.wantOutput();
        return f.synBytes;
    }

    /** Chooses the option of the SYN; whether data may go with it. */
    @Rfc(value = 7413, section = "4.1.3")
    private static boolean mayCarryData(Tcb t, long nowNs) {
        FastOpenHost host = t.tcp.fastOpen();
        FastOpen f = t.fastOpen;
        f.option = null;
        if (host.blackHole().resting(nowNs)) {
            return false;
        }
        f.probing = host.blackHole().remembered();
        if (host.allows(FastOpenHost.CLIENT_NO_COOKIE) || t.options.fastOpenNoCookie) {
            return true;
        }
        FastOpenCache.Known known = host.cache().find(t.tuple.local(), t.tuple.remote());
        f.option = known == null ? null : known.cookie();
        if (f.option != null) {
            return true;
        }
        f.failure = FastOpen.Failure.COOKIE_UNAVAILABLE;
        f.option = known != null && known.tryExperimental() ? FastOpenCookie.EXPERIMENTAL_REQUEST
                : FastOpenCookie.REQUEST;
        return false;
    }

    /** Bytes that fit beside all options: by the MSS the server announced last time, our own bound, and the path. */
    @Rfc(value = 7413, section = "4.2.1")
    private static int room(Tcb t, long nowNs) {
        FastOpenCache.Known known = t.tcp.fastOpen().cache().find(t.tuple.local(), t.tuple.remote());
        t.agreed.peerMss = known != null && known.mss() > 0 ? known.mss() : t.agreed.advertisedMss;
        t.syncMss(nowNs);
        return Math.max(0, PathMtu.withoutOptions(t) - RESERVED_FOR_OPTIONS);
    }
}
