package sluice.drill;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The C names that scripts use, with Linux's numbers. */
final class Symbols {
    static final int MSG_OOB = 1;
    static final int MSG_PEEK = 2;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_EOR = 0x80;
    static final int MSG_WAITALL = 0x100;
    static final int MSG_ERRQUEUE = 0x2000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_MORE = 0x8000;
    static final int MSG_ZEROCOPY = 0x4000000;
    static final int MSG_FASTOPEN = 0x20000000;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int POLLIN = 1;
    static final int POLLPRI = 2;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 0x10;
    static final int POLLRDHUP = 0x2000;
    static final long EPOLLET = 1L << 31;
    static final long EPOLLONESHOT = 1L << 30;

    private static final Map<String, Long> VALUES = new HashMap<>();

    static {
        put("AF_UNSPEC", 0, "AF_INET", 2, "AF_INET6", 10, "PF_INET", 2, "PF_INET6", 10);
        put("SOCK_STREAM", 1, "SOCK_DGRAM", 2, "SOCK_RAW", 3, "SOCK_NONBLOCK", O_NONBLOCK, "SOCK_CLOEXEC", 0x80000);
        put("IPPROTO_IP", 0, "IPPROTO_ICMP", 1, "IPPROTO_TCP", 6, "IPPROTO_UDP", 17, "IPPROTO_IPV6", 41,
                "IPPROTO_ICMPV6", 58);
        put("SOL_SOCKET", 1, "SOL_IP", 0, "SOL_TCP", 6, "SOL_UDP", 17, "SOL_IPV6", 41);
        put("MSG_OOB", MSG_OOB, "MSG_PEEK", MSG_PEEK, "MSG_TRUNC", MSG_TRUNC, "MSG_CTRUNC", 8, "MSG_DONTWAIT",
                MSG_DONTWAIT, "MSG_EOR", MSG_EOR, "MSG_WAITALL",
                MSG_WAITALL, "MSG_ERRQUEUE", MSG_ERRQUEUE, "MSG_NOSIGNAL", MSG_NOSIGNAL, "MSG_MORE", MSG_MORE,
                "MSG_ZEROCOPY", MSG_ZEROCOPY, "MSG_FASTOPEN",
                MSG_FASTOPEN);
        put("O_RDONLY", 0, "O_WRONLY", 1, "O_RDWR", O_RDWR, "O_NONBLOCK", O_NONBLOCK, "F_GETFD", 1, "F_SETFD", 2,
                "F_GETFL", 3, "F_SETFL", 4, "FD_CLOEXEC", 1);
        put("SHUT_RD", 0, "SHUT_WR", 1, "SHUT_RDWR", 2, "SIOCINQ", 0x541B, "FIONREAD", 0x541B, "SIOCOUTQ", 0x5411,
                "TIOCOUTQ", 0x5411, "SIOCOUTQNSD", 0x894B,
                "FIONBIO", 0x5421);
        put("POLLIN", POLLIN, "POLLPRI", POLLPRI, "POLLOUT", POLLOUT, "POLLERR", POLLERR, "POLLHUP", POLLHUP,
                "POLLNVAL", 0x20, "POLLRDNORM", 0x40,
                "POLLWRNORM",
                0x100, "POLLRDHUP", POLLRDHUP, "EPOLLIN", POLLIN, "EPOLLPRI", POLLPRI, "EPOLLOUT", POLLOUT, "EPOLLERR",
                POLLERR, "EPOLLHUP", POLLHUP,
                "EPOLLRDHUP",
                POLLRDHUP, "EPOLLRDNORM", 0x40, "EPOLLWRNORM", 0x100, "EPOLLET", EPOLLET, "EPOLLONESHOT", EPOLLONESHOT,
                "EPOLL_CTL_ADD", 1, "EPOLL_CTL_DEL", 2,
                "EPOLL_CTL_MOD", 3);
        put("IP_PMTUDISC_DONT", 0, "IP_PMTUDISC_WANT", 1, "IP_PMTUDISC_DO", 2, "IP_PMTUDISC_PROBE", 3,
                "IPV6_PMTUDISC_DONT", 0, "IPV6_PMTUDISC_WANT", 1,
                "IPV6_PMTUDISC_DO", 2);
        put("TCP_CM_INQ", 36, "TCP_INQ", 36, "IPTOS_LOWDELAY", 0x10, "IPTOS_THROUGHPUT", 8, "IPTOS_RELIABILITY", 4,
                "IPTOS_MINCOST", 2, "UINT_MAX",
                0xffff_ffffL);
        put("TCP_ESTABLISHED", 1, "TCP_SYN_SENT", 2, "TCP_SYN_RECV", 3, "TCP_FIN_WAIT1", 4, "TCP_FIN_WAIT2", 5,
                "TCP_TIME_WAIT", 6, "TCP_CLOSE", 7,
                "TCP_CLOSE_WAIT", 8, "TCP_LAST_ACK", 9, "TCP_LISTEN", 10, "TCP_CLOSING", 11);
        put("SO_EE_ORIGIN_TIMESTAMPING", 4, "SO_EE_ORIGIN_ZEROCOPY", 5, "SO_EE_CODE_ZEROCOPY_COPIED", 1,
                "SCM_TSTAMP_SND", 0, "SCM_TSTAMP_SCHED", 1,
                "SCM_TSTAMP_ACK", 2, "SCM_TIMESTAMPING", 37, "IP_RECVERR", 11, "IPV6_RECVERR", 25, "EPOLLEXCLUSIVE",
                1L << 28);
        put("SOF_TIMESTAMPING_TX_HARDWARE", 1, "SOF_TIMESTAMPING_TX_SOFTWARE", 2, "SOF_TIMESTAMPING_RX_HARDWARE", 4,
                "SOF_TIMESTAMPING_RX_SOFTWARE", 8,
                "SOF_TIMESTAMPING_SOFTWARE", 16, "SOF_TIMESTAMPING_RAW_HARDWARE", 64, "SOF_TIMESTAMPING_OPT_ID", 128,
                "SOF_TIMESTAMPING_TX_SCHED", 256,
                "SOF_TIMESTAMPING_TX_ACK", 512, "SOF_TIMESTAMPING_OPT_CMSG", 1024, "SOF_TIMESTAMPING_OPT_TSONLY", 2048);
        put("TCP_CA_Open", 0, "TCP_CA_Disorder", 1, "TCP_CA_CWR", 2, "TCP_CA_Recovery", 3, "TCP_CA_Loss", 4);
        put("TCPI_OPT_TIMESTAMPS", 1, "TCPI_OPT_SACK", 2, "TCPI_OPT_WSCALE", 4, "TCPI_OPT_ECN", 8, "TCPI_OPT_ECN_SEEN",
                16, "TCPI_OPT_SYN_DATA", 32);
        LinuxNames.errors().forEach((name, number) -> VALUES.put(name, (long) number));
    }

    private Symbols() {}

    private static void put(Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            VALUES.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
        }
    }

    /** The number of a name, or null. */
    static @Nullable Long find(String name) {
        return VALUES.get(name);
    }

    /** A number of 32 bits, with or without a sign. */
    static int int32(Expr e) {
        long v = value(e);
        if (v < Integer.MIN_VALUE || v > 0xffff_ffffL) {
            throw new FailException(e + " does not fit in 32 bits");
        }
        return (int) v;
    }

    /** The number that an expression stands for. */
    static long value(Expr e) {
        return switch (e) {
            case Expr.Num n -> n.value();
            case Expr.Word w -> {
                Long v = find(w.name());
                if (v == null) {
                    throw LinuxNames.notDone("constant", w.name(), LinuxNames.CONSTANTS);
                }
                yield v;
            }
            case Expr.Or or -> value(or.left()) | value(or.right());
            case Expr.Array a when a.elements().size() == 1 -> value(a.elements().getFirst());
            case Expr.Func f when f.name().equals("htons") && f.arguments().size() == 1 ->
                value(f.arguments().getFirst());
            default -> throw new FailException("a number is needed in place of " + e);
        };
    }
}
