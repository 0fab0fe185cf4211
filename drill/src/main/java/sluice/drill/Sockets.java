package sluice.drill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.tcp.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Stream;
import sluice.drill.Outcome.Attempt;
import sluice.wire.IpAddress;

/**
 * File descriptors of the script's application, and the system calls on them. A call is an {@link Attempt}: asked again
 * until it has an outcome.
 */
final class Sockets {
    private static final int SOCK_DGRAM = 2;
    private static final int SHUT_RD = 0;
    private static final int SHUT_WR = 1;

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
        return () -> {
            try {
                return attempt.attempt();
            } catch (ErrnoException e) {
                return Outcome.error(e.errno());
            }
        };
    }

    private Attempt dispatch(Action.Call call) {
        return switch (call.name()) {
            case "socket" -> now(socket(call));
            case "bind" -> () -> bind(stream(call, 0), call);
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

    private static Attempt now(Outcome outcome) {
        return () -> outcome;
    }

    // --- descriptors ---

    /** Gives a new descriptor the number that the script expects. */
    void register(long fd, Descriptor d) {
        descriptors.put((int) fd, d);
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
        throw new ErrnoException(Errno.ENOTSOCK, "descriptor " + argument(call, index));
    }

    static Expr argument(Action.Call call, int index) {
        if (index >= call.arguments().size()) {
            throw new FailException(call.name() + " has too few arguments");
        }
        return call.arguments().get(index);
    }

    private Outcome socket(Action.Call call) {
        Expr domain = argument(call, 0);
        boolean v6 = domain instanceof Expr.Ellipsis ? options.mode() != DrillMode.IPV4 : Symbols.value(domain) == 10;
        long type = Symbols.value(argument(call, 1));
        Descriptor d = (type & 0xf) == SOCK_DGRAM ? new Descriptor.Datagrams(machine.host().udp().open())
                : new Stream(v6);
        if ((type & 0xf) > SOCK_DGRAM) {
            throw new SkipException("raw sockets are not done");
        }
        d.nonBlocking = (type & Symbols.O_NONBLOCK) != 0;
        return Outcome.opened(d);
    }

    /** The address and port of a "..." or "{sa_family=…}" argument. */
    private Endpoint endpoint(Expr e, IpAddress address, int port) {
        if (unspecified(e) || !(e instanceof Expr.Struct s)) {
            return new Endpoint(address, port, unspecified(e));
        }
        Expr p = s.get("sin_port");
        Expr a = s.get("sin_addr");
        IpAddress given = a instanceof Expr.Func f && f.arguments().size() == 1
                && f.arguments().getFirst() instanceof Expr.Str text
                        ? IpAddress.parse(text.text())
                        : address;
        return new Endpoint(given, p == null ? port : (int) Symbols.value(p), false);
    }

    private record Endpoint(IpAddress address, int port, boolean unspecified) {}

    private Outcome bind(Stream s, Action.Call call) {
        Endpoint e = endpoint(argument(call, 1), options.local(), options.bindPort());
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
                    (int) Symbols.value(argument(call, 1)));
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
            if (descriptor(call, 0) instanceof Descriptor.Datagrams d) {
                Endpoint e = endpoint(argument(call, 1), options.connectAddress(), options.connectPort());
                d.socket.connect(e.address, e.port);
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
        boolean[] begun = new boolean[1];
        Descriptor[] closing = new Descriptor[1];
        long[] until = new long[1];
        return () -> {
            if (!begun[0]) {
                begun[0] = true;
                Descriptor d = descriptor(call, 0);
                closing[0] = d;
                letGo(d, call);
                if (d instanceof Stream s) {
                    until[0] = machine.nowNs() + Math.max(0, s.options.lingerSeconds) * 1_000_000_000L;
                }
            }
            return closing[0] instanceof Stream s && lingers(s) && machine.nowNs() < until[0] ? null : Outcome.ZERO;
        };
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
        descriptors.remove((int) Symbols.value(argument(call, 0)));
        polls.closed(d);
        switch (d) {
            case Stream s -> close(s);
            case Descriptor.Datagrams u -> u.socket.close();
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
        Stream s = stream(call, 0);
        long how = Symbols.value(argument(call, 1));
        TcpSocket t = s.tcb;
        TcpListener l = s.listener;
        if (l != null) {
            if (how != SHUT_WR) {
                l.close(machine.nowNs());
                s.listener = null;
            }
            return Outcome.ZERO;
        }
        if (t == null) {
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
