package sluice.drill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Datagrams;
import sluice.drill.Descriptor.Stream;
import sluice.drill.Outcome.Attempt;
import sluice.wire.IpAddress;

/**
 * File descriptors of the script's application, and the system calls on them. A call is an {@link Attempt}: asked again
 * until it has an outcome.
 */
final class Sockets {
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_PACKET = 10;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_LAST = 45;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int IPPROTO_UDPLITE = 136;
    private static final int IPPROTO_MPTCP = 262;
    private static final int SHUT_RD = 0;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;

    final Machine machine;
    final DrillOptions options;
    final Flows flows;
    private final Map<Integer, Descriptor> descriptors = new LinkedHashMap<>();
    private final TransferCalls transfers;
    private final OptionCalls optionCalls;
    private final PollCalls polls;

    Sockets(Machine machine, DrillOptions options, Flows flows) {
        this.machine = machine;
        this.options = options;
        this.flows = flows;
        transfers = new TransferCalls(this);
        optionCalls = new OptionCalls(this);
        polls = new PollCalls(this);
    }

    /** The call, begun. */
    Attempt begin(Action.Call call) {
        Attempt attempt = dispatch(call);
        Attempt guarded = () -> {
            try {
                return attempt.attempt();
            } catch (ErrnoException e) {
                return Outcome.error(e.errno());
            }
        };
        return guarded.until(attempt.untilNs());
    }

    private Attempt dispatch(Action.Call call) {
        return switch (call.name()) {
            case "socket" -> () -> socket(call);
            case "bind" -> () -> bind(call);
            case "listen" -> () -> listen(call);
            case "accept", "accept4" -> accept(call);
            case "connect" -> connect(call);
            case "close" -> close(call);
            case "shutdown" -> () -> shutdown(call);
            case "read", "readv", "recv", "recvfrom", "recvmsg", "write", "writev", "send", "sendto", "sendmsg" ->
                transfers.begin(call);
            case "fcntl", "ioctl", "getsockopt", "setsockopt" -> optionCalls.begin(call);
            case "poll", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait" -> polls.begin(call);
            default -> throw new SkipException("the system call " + call.name() + " is not done");
        };
    }

    // --- descriptors ---

    /** Gives a new descriptor the number that the script expects. */
    void register(int fd, Descriptor d) {
        descriptors.put(fd, d);
    }

    /** The socket that was opened last and is still open; null for none. */
    @Nullable Stream newest() {
        Stream newest = null;
        for (Descriptor d : descriptors.values()) {
            newest = d instanceof Stream s ? s : newest;
        }
        return newest;
    }

    /** The descriptor in argument {@code index}; EBADF when there is none. */
    Descriptor descriptor(Action.Call call, int index) {
        return descriptor(Symbols.value(argument(call, index)));
    }

    Descriptor descriptor(long fd) {
        Descriptor d = descriptors.get((int) fd);
        if (d == null) {
            throw new ErrnoException(Errno.EBADF, "descriptor " + fd);
        }
        return d;
    }

    Stream stream(Action.Call call, int index) {
        if (descriptor(call, index) instanceof Stream s) {
            return s;
        }
        boolean socket = descriptor(call, index) instanceof Datagrams;
        throw new ErrnoException(socket ? Errno.EOPNOTSUPP : Errno.ENOTSOCK, "descriptor " + argument(call, index));
    }

    static Expr argument(Action.Call call, int index) {
        if (index >= call.arguments().size()) {
            throw new FailException(call.name() + " has too few arguments");
        }
        return call.arguments().get(index);
    }

    private Outcome socket(Action.Call call) {
        Expr domain = argument(call, 0);
        int family = domain instanceof Expr.Ellipsis ? options.mode() == DrillMode.IPV4 ? AF_INET : AF_INET6
                : Symbols.int32(domain);
        int type = Symbols.int32(argument(call, 1));
        int protocol = Symbols.int32(argument(call, 2));
        Errno wrong = wrongSocket(family, type, protocol);
        if (wrong != null) {
            return Outcome.error(wrong);
        }
        Descriptor d = (type & 0xf) == SOCK_DGRAM ? new Datagrams(machine.host().udp().open())
                : new Stream(family == AF_INET6);
        d.nonBlocking = (type & Symbols.O_NONBLOCK) != 0;
        return Outcome.opened(d);
    }

    /** As Linux answers: unknown flags, then the family, then the kind, then whether the protocol fits the kind. */
    private static @Nullable Errno wrongSocket(int family, int type, int protocol) {
        int kind = type & 0xf;
        if ((type & ~0xf & ~(Symbols.O_NONBLOCK | SOCK_CLOEXEC)) != 0 || kind > SOCK_PACKET) {
            return Errno.EINVAL;
        }
        if (family != AF_INET && family != AF_INET6) {
            if (family > 0 && family <= AF_LAST) {
                throw new SkipException("sockets of family " + family + " are not done");
            }
            return Errno.EAFNOSUPPORT;
        }
        if (protocol < 0 || protocol > IPPROTO_MPTCP) {
            return Errno.EINVAL;
        }
        boolean elsewhere = kind == SOCK_RAW || kind > SOCK_RAW || protocol == IPPROTO_MPTCP && kind == 1
                || kind == SOCK_DGRAM && (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6
                        || protocol == IPPROTO_UDPLITE);
        if (elsewhere) {
            throw new SkipException("sockets of kind " + kind + " and protocol " + protocol + " are not done");
        }
        int own = kind == SOCK_DGRAM ? Seen.UDP : Seen.TCP;
        if (kind == 0) {
            return Errno.EINVAL;
        }
        return protocol != 0 && protocol != own ? Errno.EPROTONOSUPPORT : null;
    }

    /** The address and port of a "..." or "{sa_family=…}" argument. */
    Endpoint endpoint(Expr e, IpAddress address, int port) {
        if (unspecified(e) || !(e instanceof Expr.Struct s)) {
            return new Endpoint(address, port, unspecified(e));
        }
        Expr p = s.get("sin_port");
        Expr a = s.get("sin_addr");
        IpAddress given = a instanceof Expr.Func f && f.arguments().size() == 1
                && f.arguments().getFirst() instanceof Expr.Str text
                        ? address(text.text())
                        : address;
        return new Endpoint(given, p == null ? port : Symbols.int32(p), false);
    }

    /** An address argument. {@code unspecified}: it says AF_UNSPEC. */
    record Endpoint(IpAddress address, int port, boolean unspecified) {}

    static IpAddress address(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FailException(String.valueOf(e.getMessage()));
        }
    }

    private Outcome bind(Action.Call call) {
        Endpoint e = endpoint(argument(call, 1), options.local(), options.bindPort());
        if (descriptor(call, 0) instanceof Datagrams d) {
            d.socket.bind(e.address, e.port);
            return Outcome.ZERO;
        }
        Stream s = stream(call, 0);
        if (s.boundPort != 0 || s.tcb != null) {
            return Outcome.error(Errno.EINVAL);
        }
        s.boundAddress = e.address;
        s.boundPort = e.port;
        return Outcome.ZERO;
    }

    private Outcome listen(Action.Call call) {
        Stream s = stream(call, 0);
        if (s.tcb != null) {
            return Outcome.error(Errno.EINVAL);
        }
        if (s.listener == null) {
            IpAddress any = s.v6 ? IpAddress.ANY_V6 : IpAddress.ANY_V4;
            IpAddress bound = s.boundAddress;
            TcpListener l = machine.host().tcp().listen(s.options, bound == null ? any : bound, s.boundPort,
                    Symbols.int32(argument(call, 1)));
            s.options = l.options();
            s.listener = l;
        }
        flows.listening(s);
        return Outcome.ZERO;
    }

    private Attempt accept(Action.Call call) {
        return () -> {
            Stream s = stream(call, 0);
            TcpListener l = s.listener;
            if (l == null) {
                return Outcome.error(Errno.EINVAL);
            }
            TcpSocket t = l.accept();
            if (t == null) {
                return s.nonBlocking ? Outcome.error(Errno.EAGAIN) : null;
            }
            Stream accepted = new Stream(s.v6);
            accepted.options = t.options();
            accepted.tcb = t;
            accepted.connected = true;
            accepted.sendBufferAsked = s.sendBufferAsked;
            accepted.receiveBufferAsked = s.receiveBufferAsked;
            accepted.reportUnread = s.reportUnread;
            flows.accepted(accepted, t);
            return Outcome.opened(accepted);
        };
    }

    private Attempt connect(Action.Call call) {
        boolean[] begun = new boolean[1];
        return () -> {
            if (descriptor(call, 0) instanceof Datagrams d) {
                Endpoint e = endpoint(argument(call, 1), options.connectAddress(), options.connectPort());
                if (e.unspecified) {
                    d.socket.disconnect();
                } else {
                    d.socket.connect(e.address, e.port);
                }
                return Outcome.ZERO;
            }
            Stream s = stream(call, 0);
            TcpSocket t = s.tcb;
            if (!begun[0]) {
                begun[0] = true;
                Endpoint e = endpoint(argument(call, 1), options.connectAddress(), options.connectPort());
                if (e.unspecified) {
                    return disconnect(s);
                }
                if (t != null) {
                    return again(s, t);
                }
                start(s, e);
                t = s.tcb;
                if (t != null && t.fastOpen.deferred) {
                    return Outcome.ZERO;
                }
                if (s.nonBlocking) {
                    return Outcome.error(Errno.EINPROGRESS);
                }
            }
            return t == null ? Outcome.error(Errno.ECONNABORTED) : connected(s, t);
        };
    }

    /** Whether an address argument says AF_UNSPEC. */
    static boolean unspecified(Expr e) {
        if (e instanceof Expr.Word w) {
            return w.name().equals("AF_UNSPEC");
        }
        Expr family = e instanceof Expr.Struct s ? s.get("sa_family") : null;
        return family != null && Symbols.value(family) == 0;
    }

    /** Connects to the address that a sendto names. */
    void startConnection(Stream s, @Nullable Expr to) {
        start(s, to == null ? new Endpoint(options.connectAddress(), options.connectPort(), false)
                : endpoint(to, options.connectAddress(), options.connectPort()));
    }

    private void start(Stream s, Endpoint e) {
        if (s.listener != null) {
            throw new ErrnoException(Errno.EISCONN, "connect of a listener");
        }
        Flow flow = flows.connecting(s, e.address, e.port);
        IpAddress from = s.boundAddress;
        TcpSocket t = machine.host().tcp().connect(s.options, from, s.boundPort, e.address, e.port, machine.nowNs());
        s.options = t.options();
        s.tcb = t;
        s.connecting = true;
        flow.socket = s;
    }

    private Outcome disconnect(Stream s) {
        TcpSocket t = s.tcb;
        if (t != null) {
            s.disconnected = t.info(machine.nowNs());
            t.abort(machine.nowNs());
        }
        s.tcb = null;
        s.connecting = false;
        s.connected = false;
        return Outcome.ZERO;
    }

    /** Connect of a socket that was connected, or is about to be. */
    private static Outcome again(Stream s, TcpSocket t) {
        if (!s.connecting || t.fastOpen.deferred) {
            return Outcome.error(Errno.EISCONN);
        }
        if (t.state() == TcpState.SYN_SENT || t.state() == TcpState.SYN_RECEIVED) {
            return Outcome.error(Errno.EALREADY);
        }
        Outcome done = connected(s, t);
        return done == null ? Outcome.error(Errno.EALREADY) : done;
    }

    private static @Nullable Outcome connected(Stream s, TcpSocket t) {
        if (t.state() == TcpState.SYN_SENT || t.state() == TcpState.SYN_RECEIVED) {
            return null;
        }
        s.connecting = false;
        if (t.state() == TcpState.CLOSED) {
            Errno e = t.takeError();
            s.tcb = null;
            return Outcome.error(e == null ? Errno.ECONNABORTED : e);
        }
        s.connected = true;
        return Outcome.ZERO;
    }

    private Attempt close(Action.Call call) {
        Descriptor d = descriptors.get(Symbols.int32(argument(call, 0)));
        if (d == null) {
            return () -> Outcome.error(Errno.EBADF);
        }
        letGo(d, call);
        if (!(d instanceof Stream s) || !lingers(s)) {
            return () -> Outcome.ZERO;
        }
        long until = machine.nowNs() + s.options.lingerSeconds * 1_000_000_000L;
        Attempt waiting = () -> lingers(s) && machine.nowNs() < until ? null : Outcome.ZERO;
        return waiting.until(until);
    }

    /** SO_LINGER: close() waits while something is not acknowledged. */
    private static boolean lingers(Stream s) {
        TcpSocket t = s.tcb;
        return t != null && s.options.lingerSeconds > 0 && switch (t.state()) {
            case FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }

    private void letGo(Descriptor d, Action.Call call) {
        descriptors.remove(Symbols.int32(argument(call, 0)));
        polls.closed(d);
        switch (d) {
            case Stream s -> close(s);
            case Datagrams u -> u.socket.close();
            case Descriptor.Epoll e -> e.watches.clear();
        }
    }

    private void close(Stream s) {
        TcpSocket t = s.tcb;
        TcpListener l = s.listener;
        if (t != null) {
            t.close(machine.nowNs());
        }
        if (l != null) {
            l.close(machine.nowNs());
        }
        flows.closed(s);
    }

    private Outcome shutdown(Action.Call call) {
        long how = Symbols.value(argument(call, 1));
        if (how < SHUT_RD || how > SHUT_RDWR) {
            return Outcome.error(Errno.EINVAL);
        }
        if (descriptor(call, 0) instanceof Datagrams d) {
            return d.socket.remoteAddress() == null ? Outcome.error(Errno.ENOTCONN) : Outcome.ZERO;
        }
        Stream s = stream(call, 0);
        TcpSocket t = s.tcb;
        TcpListener l = s.listener;
        if (l != null) {
            if (how != SHUT_WR) {
                l.close(machine.nowNs());
                s.listener = null;
            }
            return Outcome.ZERO;
        }
        if (t == null || t.state() == TcpState.CLOSED || t.state() == TcpState.TIME_WAIT) {
            return Outcome.error(Errno.ENOTCONN);
        }
        if (t.state() == TcpState.SYN_SENT) {
            return disconnect(s);
        }
        if (how != SHUT_WR) {
            t.shutdownRead(machine.nowNs());
        }
        if (how != SHUT_RD) {
            t.shutdownWrite(machine.nowNs());
        }
        return Outcome.ZERO;
    }

    /** Everything that is open. */
    List<Descriptor> all() {
        return List.copyOf(descriptors.values());
    }

    /** Watched descriptors may have news: remembers it for edge-triggered waiting. */
    void noteNews() {
        polls.noteNews(all());
    }
}
