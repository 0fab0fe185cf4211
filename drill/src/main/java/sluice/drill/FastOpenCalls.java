package sluice.drill;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.core.Setting;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Stream;

/**
 * What a write does before the handshake: MSG_FASTOPEN, and the first write after a connect that TCP_FASTOPEN_CONNECT
 * put off.
 */
final class FastOpenCalls {
    private final Sockets sockets;

    FastOpenCalls(Sockets sockets) {
        this.sockets = sockets;
    }

    /** Whether a write with these flags has to do with it. */
    static boolean concerns(Stream s, int flags) {
        TcpSocket t = s.tcb;
        return (flags & Symbols.MSG_FASTOPEN) != 0 || t != null && t.fastOpen.deferred;
    }

    /** Bytes that went with the SYN, and what the call says at once if it does not go on. */
    record Begun(int taken, @Nullable Outcome outcome) {}

    /** Begins the call: opens the connection if there is none. {@code to} is the address argument, null for none. */
    Begun begin(Stream s, @Nullable Expr to, int length, boolean nowhere, boolean wait) {
        if ((sockets.machine.settings().get(Setting.TCP_FASTOPEN) & FastOpenHost.CLIENT) == 0
                || to != null && Sockets.unspecified(to)) {
            return failed(Errno.EOPNOTSUPP);
        }
        TcpSocket t = s.tcb;
        if (t == null) {
            if (nowhere && length > 0) {
                return failed(Errno.EFAULT);
            }
            sockets.startConnection(s, to);
            t = s.tcb;
            return t == null ? failed(Errno.ECONNABORTED) : withSyn(t, length, wait);
        }
        if (t.fastOpen.deferred) {
            return nowhere && length > 0 ? failed(Errno.EFAULT) : withSyn(t, length, wait);
        }
        if (!s.connecting) {
            return failed(Errno.EISCONN);
        }
        if (t.inHandshake()) {
            return wait ? new Begun(0, null) : failed(Errno.EALREADY);
        }
        Outcome o = ended(s, t);
        return new Begun(0, o);
    }

    private Begun withSyn(TcpSocket t, int length, boolean wait) {
        int taken;
        try (Arena arena = Arena.ofConfined()) {
            taken = t.sendWithSyn(arena.allocate(Math.max(1, length)), 0, length, sockets.machine.nowNs());
        }
        t.writerWaits = wait && taken < length;
        return wait ? new Begun(taken, null)
                : new Begun(taken, taken > 0 ? Outcome.of(taken) : Outcome.error(Errno.EINPROGRESS));
    }

    /** The handshake is over: the error it ended with, or null to go on. */
    static @Nullable Outcome ended(Stream s, TcpSocket t) {
        s.connecting = false;
        if (t.state() == TcpState.CLOSED) {
            Errno e = t.takeError();
            return Outcome.error(e == null ? Errno.ECONNABORTED : e);
        }
        s.connected = true;
        return null;
    }

    private static Begun failed(Errno e) {
        return new Begun(0, Outcome.error(e));
    }
}
