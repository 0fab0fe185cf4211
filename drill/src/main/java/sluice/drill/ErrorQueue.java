package sluice.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.core.tcp.data.SendReports;
import sluice.core.tcp.data.SendReports.Report;
import sluice.core.tcp.data.SendReports.Timestamp;
import sluice.core.tcp.data.SendReports.ZeroCopyDone;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Stream;
import sluice.drill.Outcome.Attempt;

/**
 * recvmsg with MSG_ERRQUEUE: what became of zero-copy writes, and timestamps of writes, as Linux's control messages.
 */
final class ErrorQueue {
    /** A kernel's buffer takes so many parts of a zero-copy write; this stack counts none. */
    static final int MAX_FRAGMENTS = 17;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_IPV6 = 41;
    private static final int SCM_TIMESTAMPING = 37;
    private static final int IP_RECVERR = 11;
    private static final int IPV6_RECVERR = 25;
    private static final int SOF_SOFTWARE = 1 << 4;
    private static final int SOF_OPT_ID = 1 << 7;
    private static final int STAMPS = SendReports.STAMP_SENT | SendReports.STAMP_SCHEDULED
            | SendReports.STAMP_ACKNOWLEDGED;

    private ErrorQueue() {}

    /** SO_TIMESTAMPING. */
    static @Nullable Errno stamps(Stream s, int flags) {
        if ((flags & ~(STAMPS | SOF_SOFTWARE | SOF_OPT_ID)) != 0
                || (flags & STAMPS) != 0 && (flags & SOF_SOFTWARE) == 0) {
            throw new SkipException("SO_TIMESTAMPING with 0x" + Integer.toHexString(flags) + " is not done");
        }
        TcpSocket t = s.tcb;
        if (t == null) {
            throw new SkipException("SO_TIMESTAMPING before there is a connection is not done");
        }
        t.sendTimestamps(flags & STAMPS);
        return null;
    }

    /** Takes the oldest report and compares it with what the script expects. */
    static Attempt receive(Descriptor d, Expr.@Nullable Struct message, Sockets sockets) {
        return () -> {
            if (!(d instanceof Stream s)) {
                return Outcome.error(Errno.EAGAIN);
            }
            TcpSocket t = s.tcb;
            SendReports reports = t == null ? null : t.reports();
            Report r = reports == null ? null : reports.poll();
            if (r == null) {
                return Outcome.error(Errno.EAGAIN);
            }
            if (message != null) {
                compare(message, r, s.v6, sockets);
            }
            return Outcome.ZERO;
        };
    }

    private static void compare(Expr.Struct message, Report r, boolean v6, Sockets sockets) {
        List<Expr> wanted = message.get("msg_control") instanceof Expr.Array a ? a.elements() : List.of();
        boolean stamp = r instanceof Timestamp;
        if (wanted.size() != (stamp ? 2 : 1)) {
            throw new FailException("recvmsg: control messages differ", wanted.toString(), r.toString());
        }
        same("msg_flags", message.get("msg_flags"), Symbols.MSG_ERRQUEUE | (stamp ? Symbols.MSG_TRUNC : 0));
        Expr.Struct error = data(wanted.getLast(), v6 ? SOL_IPV6 : 0, v6 ? IPV6_RECVERR : IP_RECVERR);
        same("ee_type", error.get("ee_type"), 0);
        switch (r) {
            case ZeroCopyDone z -> {
                same("ee_errno", error.get("ee_errno"), 0);
                same("ee_origin", error.get("ee_origin"), 5);
                same("ee_code", error.get("ee_code"), 1);
                same("ee_info", error.get("ee_info"), z.first());
                same("ee_data", error.get("ee_data"), z.last());
            }
            case Timestamp t -> {
                same("ee_errno", error.get("ee_errno"), Errno.ENOMSG.number());
                same("ee_origin", error.get("ee_origin"), 4);
                same("ee_code", error.get("ee_code"), 0);
                same("ee_info", error.get("ee_info"), t.stage().ordinal());
                same("ee_data", error.get("ee_data"), t.key());
                time(data(wanted.getFirst(), SOL_SOCKET, SCM_TIMESTAMPING), t, sockets);
            }
        }
    }

    private static void time(Expr.Struct wanted, Timestamp t, Sockets sockets) {
        Expr seconds = wanted.get("scm_sec");
        Expr nanoseconds = wanted.get("scm_nsec");
        if (seconds == null || nanoseconds == null) {
            throw new FailException("a timestamp has scm_sec and scm_nsec, not " + wanted);
        }
        long us = Symbols.value(seconds) * 1_000_000 + Symbols.value(nanoseconds) / 1000;
        long actual = Machine.toScriptUs(t.ns());
        if (Math.abs(us - actual) > sockets.options.toleranceUs()) {
            throw new FailException("recvmsg: the timestamp differs", us + " us", actual + " us");
        }
    }

    private static Expr.Struct data(Expr message, int level, int type) {
        if (message instanceof Expr.Struct m && m.get("cmsg_data") instanceof Expr.Struct d) {
            same("cmsg_level", m.get("cmsg_level"), level);
            same("cmsg_type", m.get("cmsg_type"), type);
            return d;
        }
        throw new FailException("a control message is needed in place of " + message);
    }

    private static void same(String what, @Nullable Expr wanted, long actual) {
        if (wanted != null && !(wanted instanceof Expr.Ellipsis) && Symbols.value(wanted) != actual) {
            throw new FailException("recvmsg: " + what + " differs", wanted.toString(), Long.toString(actual));
        }
    }
}
