package sluice.drill;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.MtuDiscovery;
import sluice.core.Setting;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.data.DeferredAccept;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Datagrams;
import sluice.drill.Descriptor.Stream;
import sluice.drill.Outcome.Attempt;

/** fcntl, ioctl, getsockopt and setsockopt. */
final class OptionCalls {
    /** ~0: SO_MAX_PACING_RATE as an int before it was set. */
    private static final long NO_PACING_RATE = 0xffff_ffffL;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final Set<String> QUERIES = Set.of("SIOCINQ", "FIONREAD", "SIOCOUTQ", "TIOCOUTQ", "SIOCOUTQNSD");
    /** IP_PMTUDISC_OMIT. */
    private static final int LAST_MTU_DISCOVERY = 5;
    private static final int DEFAULT_MSS = 536;
    private static final int MIN_SNDBUF = 4608;
    private static final int MIN_RCVBUF = 2304;
    private final Sockets sockets;

    OptionCalls(Sockets sockets) {
        this.sockets = sockets;
    }

    Attempt begin(Action.Call call) {
        return switch (call.name()) {
            case "fcntl" -> () -> control(call);
            case "ioctl" -> () -> query(call);
            case "getsockopt" -> () -> get(call);
            default -> () -> set(call);
        };
    }

    private Outcome control(Action.Call call) {
        Descriptor d = sockets.descriptor(call, 0);
        int command = Symbols.int32(Sockets.argument(call, 1));
        if (command == F_GETFL) {
            return Outcome.of(Symbols.O_RDWR | (d.nonBlocking ? Symbols.O_NONBLOCK : 0));
        }
        if (command == F_GETFD) {
            return Outcome.ZERO;
        }
        long value = Symbols.value(Sockets.argument(call, 2));
        if (command == F_SETFL) {
            d.nonBlocking = (value & Symbols.O_NONBLOCK) != 0;
        } else if (command != F_SETFD) {
            throw LinuxNames.notDone("command of fcntl", Sockets.argument(call, 1).toString(), LinuxNames.CONSTANTS);
        }
        return Outcome.ZERO;
    }

    private Outcome query(Action.Call call) {
        Stream s = sockets.stream(call, 0);
        String request = Sockets.argument(call, 1).toString();
        TcpSocket t = s.tcb;
        if (request.equals("FIONBIO")) {
            s.nonBlocking = Symbols.value(Sockets.argument(call, 2)) != 0;
            return Outcome.ZERO;
        }
        if (!QUERIES.contains(request)) {
            throw LinuxNames.notDone("request of ioctl", request, LinuxNames.CONSTANTS);
        }
        if (s.listener != null) {
            return Outcome.error(Errno.EINVAL);
        }
        long actual = t == null ? 0 : switch (request) {
            case "SIOCOUTQ", "TIOCOUTQ" -> t.sendBuffer.size();
            case "SIOCOUTQNSD" -> t.unsentBytes();
            default -> t.availableBeforeUrgent();
        };
        compare("ioctl " + request, Sockets.argument(call, 2), actual);
        return Outcome.ZERO;
    }

    private static void compare(String what, Expr wanted, long actual) {
        if (!(wanted instanceof Expr.Ellipsis) && Symbols.value(wanted) != actual) {
            throw new FailException(what + ": the value differs", wanted.toString(), Long.toString(actual));
        }
    }

    private static long number(Expr e) {
        return e instanceof Expr.Array a && a.elements().isEmpty() ? 0 : Symbols.value(e);
    }

    // --- set ---

    private Outcome set(Action.Call call) {
        Descriptor d = sockets.descriptor(call, 0);
        String name = name(call);
        Expr value = Sockets.argument(call, 3);
        if (d instanceof Datagrams u) {
            return DatagramOptions.set(u, name, number(value));
        }
        if (!(d instanceof Stream s)) {
            return Outcome.error(Errno.ENOTSOCK);
        }
        TcpSocket t = s.tcb;
        @Nullable Errno error;
        if (t == null) {
            error = write(s, name, value);
        } else if (name.equals("TCP_NODELAY")) {
            error = write(s, name, value);
            if (error == null) {
                t.noDelay(s.options.noDelay, sockets.machine.nowNs());
            }
        } else {
            @Nullable Errno[] found = new Errno[1];
            t.change(live -> found[0] = write(s, name, value), sockets.machine.nowNs());
            error = found[0];
        }
        if (error != null) {
            return Outcome.error(error);
        }
        return Outcome.ZERO;
    }

    /** Writes the option into the stream's options, which are the connection's own once there is one. */
    private @Nullable Errno write(Stream s, String name, Expr value) {
        return name.equals("SO_LINGER") ? linger(s, value) : apply(s, name, value);
    }

    /** The option's name; its level must be the one it belongs to, for an option is a number within its level. */
    private static String name(Action.Call call) {
        String name = Sockets.argument(call, 2).toString();
        long level = Symbols.value(Sockets.argument(call, 1));
        long own = name.startsWith("SO_") ? 1 : name.startsWith("TCP_") ? Seen.TCP : name.startsWith("UDP_") ? Seen.UDP
                : name.startsWith("IPV6_") ? 41 : name.startsWith("IP_") ? 0 : level;
        if (level != own && LinuxNames.OPTIONS.contains(name)) {
            throw new FailException(name + " is no option of level " + Sockets.argument(call, 1));
        }
        return name;
    }

    private static @Nullable Errno linger(Stream s, Expr value) {
        Expr e = value instanceof Expr.Array a && a.elements().size() == 1 ? a.elements().getFirst() : value;
        if (!(e instanceof Expr.Struct st)) {
            return Errno.EINVAL;
        }
        Expr on = st.get("onoff");
        Expr seconds = st.get("linger");
        s.options.lingerSeconds = on == null || seconds == null || Symbols.value(on) == 0 ? -1
                : Symbols.int32(seconds);
        return null;
    }

    private @Nullable Errno apply(Stream s, String name, Expr value) {
        SocketOptions o = s.options;
        if (name.equals("TCP_CONGESTION") && value instanceof Expr.Str text) {
            String before = o.congestionControl;
            o.congestionControl = text.text();
            try {
                CongestionControls.check(o, sockets.machine.settings());
            } catch (ErrnoException e) {
                o.congestionControl = before;
                return e.errno();
            }
            return null;
        }
        if (KeyCalls.concerns(name)) {
            return KeyCalls.set(s, name, value, sockets.options.remote());
        }
        if (name.startsWith("TCP_FASTOPEN")) {
            return FastOpenOptions.set(s, name, value, sockets.machine);
        }
        long v = number(value);
        switch (name) {
            case "SO_REUSEADDR" -> o.reuseAddress = v != 0;
            case "SO_REUSEPORT" -> o.reusePort = v != 0;
            case "SO_MAX_PACING_RATE" -> o.maxPacingRate = v == NO_PACING_RATE ? 0 : v;
            case "SO_KEEPALIVE" -> o.keepAlive = v != 0;
            case "SO_TIMESTAMPING" -> {
                return ErrorQueue.stamps(s, (int) v);
            }
            case "SO_ZEROCOPY" -> {
                if (v < 0 || v > 1) {
                    return Errno.EINVAL;
                }
                o.zeroCopy = v != 0;
            }
            case "SO_OOBINLINE" -> o.oobInline = v != 0;
            case "SO_RCVLOWAT" -> o.receiveLowatBytes = (int) Math.max(1, v);
            case "SO_SNDBUF" -> sendBuffer(s, (int) v);
            case "SO_RCVBUF" -> receiveBuffer(s, (int) v);
            case "TCP_NODELAY" -> o.noDelay = v != 0;
            case "TCP_CORK" -> o.cork = v != 0;
            case "TCP_THIN_LINEAR_TIMEOUTS" -> {
                if (v < 0 || v > 1) {
                    return Errno.EINVAL;
                }
                o.thinLinearTimeouts = v != 0;
            }
            case "TCP_QUICKACK" -> o.quickAck = v != 0;
            case "TCP_INQ" -> s.reportUnread = v != 0;
            case "TCP_NOTSENT_LOWAT" -> o.notSentLowatBytes = v & 0xffff_ffffL;
            case "TCP_WINDOW_CLAMP" -> {
                if (v == 0 && s.tcb != null) {
                    return Errno.EINVAL;
                }
                o.windowClampBytes = v == 0 ? 0 : Math.max(MIN_RCVBUF / 2, (int) v);
            }
            case "TCP_DEFER_ACCEPT" -> o.deferAcceptSeconds = (int) v;
            case "TCP_USER_TIMEOUT" -> {
                if (v < 0) {
                    return Errno.EINVAL;
                }
                o.userTimeoutMs = (int) v;
            }
            case "IP_RECVERR", "IPV6_RECVERR" -> o.receiveErrors = v != 0;
            case "IP_MTU_DISCOVER", "IPV6_MTU_DISCOVER" -> {
                if (v < 0 || v > LAST_MTU_DISCOVERY) {
                    return Errno.EINVAL;
                }
                if (v >= MtuDiscovery.values().length) { // PROBE, INTERFACE, OMIT
                    unsupported(name);
                }
                o.mtuDiscovery = MtuDiscovery.values()[(int) v];
            }
            case "IP_TOS", "IPV6_TCLASS" -> o.trafficClass = (int) v & 0xff;
            case "SO_PRIORITY", "SO_MARK", "SO_BINDTODEVICE", "IP_FREEBIND", "IPV6_V6ONLY",
                    "SO_RCVTIMEO", "SO_SNDTIMEO" ->
                unsupported(name);
            default -> {
                return bounded(o, name, v);
            }
        }
        return null;
    }

    private static void unsupported(String name) {
        switch (name) {
            case "SO_PRIORITY", "SO_MARK", "IP_FREEBIND", "IPV6_V6ONLY" -> {
                // changes nothing that a script on one host sees
            }
            default -> throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
        }
    }

    private static @Nullable Errno bounded(SocketOptions o, String name, long v) {
        int n = (int) v;
        switch (name) {
            case "TCP_MAXSEG" -> {
                if (n != 0 && (n < 88 || n > 32_767)) {
                    return Errno.EINVAL;
                }
                o.maxSegmentBytes = n;
            }
            case "TCP_SYNCNT" -> {
                if (n < 1 || n > 127) {
                    return Errno.EINVAL;
                }
                o.synRetries = n;
            }
            case "TCP_KEEPIDLE" -> {
                if (n < 1 || n > 32_767) {
                    return Errno.EINVAL;
                }
                o.keepIdleSeconds = n;
            }
            case "TCP_KEEPINTVL" -> {
                if (n < 1 || n > 32_767) {
                    return Errno.EINVAL;
                }
                o.keepIntervalSeconds = n;
            }
            case "TCP_KEEPCNT" -> {
                if (n < 1 || n > 127) {
                    return Errno.EINVAL;
                }
                o.keepCount = n;
            }
            case "TCP_LINGER2" -> o.finTimeoutSeconds = n < 0 ? -1 : n;
            case "IP_TTL", "IPV6_UNICAST_HOPS" -> {
                if (n != -1 && (n < 1 || n > 255)) {
                    return Errno.EINVAL;
                }
                o.hopLimit = Math.max(0, n);
            }
            default -> throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
        }
        return null;
    }

    /** Linux keeps twice the value, for its own overhead; the payload that fits is what counts here. */
    private void sendBuffer(Stream s, int v) {
        int asked = (int) Math.min(v, sockets.machine.settings().get(Setting.WMEM_MAX));
        s.sendBufferAsked = Math.max(asked, MIN_SNDBUF / 2);
        s.options.sendBufferBytes = 2 * s.sendBufferAsked;
    }

    private void receiveBuffer(Stream s, int v) {
        int asked = (int) Math.min(v, sockets.machine.settings().get(Setting.RMEM_MAX));
        s.receiveBufferAsked = Math.max(asked, MIN_RCVBUF / 2);
        s.options.receiveBufferBytes = s.receiveBufferAsked;
    }

    // --- get ---

    private Outcome get(Action.Call call) {
        Descriptor d = sockets.descriptor(call, 0);
        String name = name(call);
        Expr wanted = Sockets.argument(call, 3);
        if (d instanceof Datagrams u) {
            if (name.startsWith("TCP_")) {
                return Outcome.error(Errno.EOPNOTSUPP);
            }
            compare("getsockopt " + name, wanted, DatagramOptions.get(u, name));
            return Outcome.ZERO;
        }
        if (!(d instanceof Stream s)) {
            return Outcome.error(Errno.ENOTSOCK);
        }
        if (name.equals("TCP_CONGESTION")) {
            return congestion(s, wanted);
        }
        if (KeyCalls.concerns(name)) {
            return KeyCalls.get(s, name, wanted);
        }
        if (name.equals("SO_LINGER")) {
            return lingerOf(s, wanted);
        }
        compare("getsockopt " + name, wanted, value(s, name));
        return Outcome.ZERO;
    }

    private Outcome congestion(Stream s, Expr wanted) {
        TcpSocket t = s.tcb;
        String own = s.options.congestionControl;
        String actual = t != null ? t.congestion.control().name()
                : own != null ? own : sockets.machine.settings().text(Setting.TCP_CONGESTION_CONTROL);
        if (wanted instanceof Expr.Ellipsis) {
            return Outcome.ZERO;
        }
        if (!(wanted instanceof Expr.Str text) || !text.text().equals(actual)) {
            throw new FailException("getsockopt TCP_CONGESTION: the value differs", wanted.toString(), actual);
        }
        return Outcome.ZERO;
    }

    private static Outcome lingerOf(Stream s, Expr wanted) {
        Expr e = wanted instanceof Expr.Array a && a.elements().size() == 1 ? a.elements().getFirst() : wanted;
        if (e instanceof Expr.Struct st) {
            Expr on = st.get("onoff");
            Expr seconds = st.get("linger");
            if (on != null) {
                compare("getsockopt SO_LINGER", on, s.options.lingerSeconds >= 0 ? 1 : 0);
            }
            if (seconds != null) {
                compare("getsockopt SO_LINGER", seconds, Math.max(0, s.options.lingerSeconds));
            }
        }
        return Outcome.ZERO;
    }

    private long value(Stream s, String name) {
        SocketOptions o = s.options;
        TcpSocket t = s.tcb;
        return switch (name) {
            case "SO_ERROR" -> {
                Errno e = s.takeError();
                yield e == null ? 0 : e.number();
            }
            case "SO_REUSEADDR" -> o.reuseAddress ? 1 : 0;
            case "SO_REUSEPORT" -> o.reusePort ? 1 : 0;
            case "SO_MAX_PACING_RATE" -> o.maxPacingRate == 0 ? NO_PACING_RATE : o.maxPacingRate;
            case "SO_KEEPALIVE" -> o.keepAlive ? 1 : 0;
            case "SO_ZEROCOPY" -> o.zeroCopy ? 1 : 0;
            case "SO_TIMESTAMPING" -> o.sendTimestamps;
            case "SO_OOBINLINE" -> o.oobInline ? 1 : 0;
            case "SO_RCVLOWAT" -> o.receiveLowatBytes;
            case "SO_ACCEPTCONN" -> s.listener != null ? 1 : 0;
            case "SO_TYPE" -> 1;
            case "SO_PROTOCOL" -> Seen.TCP;
            case "SO_DOMAIN" -> s.v6 ? 10 : 2;
            case "SO_SNDBUF" ->
                s.sendBufferAsked > 0 ? 2L * s.sendBufferAsked : sockets.machine.settings().get(Setting.TCP_WMEM, 1);
            case "SO_RCVBUF" -> s.receiveBufferAsked > 0 ? 2L * s.receiveBufferAsked
                    : sockets.machine.settings().get(Setting.TCP_RMEM, 1);
            case "TCP_NODELAY" -> o.noDelay ? 1 : 0;
            case "TCP_CORK" -> o.cork ? 1 : 0;
            case "TCP_THIN_LINEAR_TIMEOUTS" -> o.thinLinearTimeouts ? 1 : 0;
            case "TCP_MAXSEG" ->
                t != null && t.sendMss > 0 ? t.sendMss : o.maxSegmentBytes > 0 ? o.maxSegmentBytes : DEFAULT_MSS;
            case "TCP_NOTSENT_LOWAT" -> o.notSentLowatBytes;
            case "TCP_USER_TIMEOUT" -> o.userTimeoutMs;
            case "TCP_INQ" -> s.reportUnread ? 1 : 0;
            case "TCP_WINDOW_CLAMP" -> o.windowClampBytes;
            case "TCP_DEFER_ACCEPT" ->
                DeferredAccept.rounded(o.deferAcceptSeconds,
                        sockets.machine.settings().get(Setting.TCP_RTO_MAX_MS) / 1000);
            case "TCP_SYNCNT" -> setting(o.synRetries, Setting.TCP_SYN_RETRIES);
            case "TCP_KEEPIDLE" -> setting(o.keepIdleSeconds, Setting.TCP_KEEPALIVE_TIME);
            case "TCP_KEEPINTVL" -> setting(o.keepIntervalSeconds, Setting.TCP_KEEPALIVE_INTVL);
            case "TCP_KEEPCNT" -> setting(o.keepCount, Setting.TCP_KEEPALIVE_PROBES);
            case "IP_TTL" -> setting(o.hopLimit, Setting.IP_DEFAULT_TTL);
            case "IP_TOS", "IPV6_TCLASS" -> o.trafficClass;
            case "IP_RECVERR", "IPV6_RECVERR" -> o.receiveErrors ? 1 : 0;
            case "TCP_FASTOPEN", "TCP_FASTOPEN_CONNECT", "TCP_FASTOPEN_NO_COOKIE" ->
                FastOpenOptions.get(s, name, sockets.machine);
            default -> throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
        };
    }

    private long setting(int own, Setting otherwise) {
        return own > 0 ? own : sockets.machine.settings().get(otherwise);
    }
}
