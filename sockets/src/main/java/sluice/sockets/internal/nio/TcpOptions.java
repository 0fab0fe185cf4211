package sluice.sockets.internal.nio;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.tcp.user.TcpSocket;
import sluice.sockets.SluiceSocketOptions;

/** The socket options of TCP: from the JDK's names to the fields of {@link SocketOptions}, and their ranges. */
final class TcpOptions {
    private static final int MAX_LINGER = 65_535;

    /** How one option is read and written; what cannot be written is only read. */
    private record Access<T>(Function<TcpEnd, T> get, @Nullable BiConsumer<TcpEnd, T> set, Function<T, T> check) {}

    private static final Map<SocketOption<?>, Access<?>> ALL = new HashMap<>();
    /** Of a connection. */
    static final Set<SocketOption<?>> STREAM;
    /** Of a {@link java.net.Socket} that is no channel's. */
    static final Set<SocketOption<?>> STREAM_SOCKET;
    /** Of a listener. */
    static final Set<SocketOption<?>> LISTENER;
    /** Of a {@link java.net.ServerSocket} that is no channel's. */
    static final Set<SocketOption<?>> LISTENING_SOCKET;

    static {
        standard();
        extended();
        ours();
        STREAM = Set.copyOf(ALL.keySet());
        Set<SocketOption<?>> s = new HashSet<>(STREAM);
        s.remove(SluiceSocketOptions.RECEIVE_TIMEOUT); // setSoTimeout says it
        STREAM_SOCKET = Set.copyOf(s);
        Set<SocketOption<?>> l = new HashSet<>(Set.of(StandardSocketOptions.SO_RCVBUF,
                StandardSocketOptions.SO_REUSEADDR, SluiceSocketOptions.CONGESTION_CONTROL,
                SluiceSocketOptions.DEFER_ACCEPT, SluiceSocketOptions.FASTOPEN,
                SluiceSocketOptions.AUTHENTICATION_KEYS, SluiceSocketOptions.USER_TIMEOUT,
                SluiceSocketOptions.NOTSENT_LOWAT, SluiceSocketOptions.MAX_SEGMENT));
        l.addAll(Set.of(StandardSocketOptions.SO_REUSEPORT, SluiceSocketOptions.MAX_PACING_RATE));
        l.addAll(Set.of(ExtendedSocketOptions.TCP_QUICKACK, ExtendedSocketOptions.TCP_KEEPIDLE,
                ExtendedSocketOptions.TCP_KEEPINTERVAL, ExtendedSocketOptions.TCP_KEEPCOUNT));
        LISTENER = Set.copyOf(l);
        l.add(StandardSocketOptions.IP_TOS);
        LISTENING_SOCKET = Set.copyOf(l);
    }

    private TcpOptions() {}

    private static void standard() {
        flag(StandardSocketOptions.TCP_NODELAY, o -> o.noDelay, (o, v) -> o.noDelay = v);
        flag(StandardSocketOptions.SO_KEEPALIVE, o -> o.keepAlive, (o, v) -> o.keepAlive = v);
        flag(StandardSocketOptions.SO_REUSEADDR, o -> o.reuseAddress, (o, v) -> o.reuseAddress = v);
        flag(StandardSocketOptions.SO_REUSEPORT, o -> o.reusePort, (o, v) -> o.reusePort = v);
        number(StandardSocketOptions.SO_LINGER, o -> o.lingerSeconds, (o, v) -> o.lingerSeconds = v,
                v -> v < 0 ? -1 : Math.min(v, MAX_LINGER));
        number(StandardSocketOptions.IP_TOS, o -> o.trafficClass, (o, v) -> o.trafficClass = v,
                v -> range(v, 0, 255, "Invalid IP_TOS value"));
        put(StandardSocketOptions.SO_SNDBUF, TcpOptions::sendBuffer, (o, v) -> o.sendBufferBytes = v,
                v -> buffer(v, "Invalid send/receive buffer size"));
        put(StandardSocketOptions.SO_RCVBUF, TcpOptions::receiveBuffer, (o, v) -> o.receiveBufferBytes = v,
                v -> buffer(v, "Invalid send/receive buffer size"));
    }

    private static void extended() {
        flag(ExtendedSocketOptions.TCP_QUICKACK, o -> o.quickAck, (o, v) -> o.quickAck = v);
        keepalive(ExtendedSocketOptions.TCP_KEEPIDLE, Setting.TCP_KEEPALIVE_TIME, o -> o.keepIdleSeconds,
                (o, v) -> o.keepIdleSeconds = v, 32_767);
        keepalive(ExtendedSocketOptions.TCP_KEEPINTERVAL, Setting.TCP_KEEPALIVE_INTVL, o -> o.keepIntervalSeconds,
                (o, v) -> o.keepIntervalSeconds = v, 32_767);
        keepalive(ExtendedSocketOptions.TCP_KEEPCOUNT, Setting.TCP_KEEPALIVE_PROBES, o -> o.keepCount,
                (o, v) -> o.keepCount = v, 127);
    }

    private static void ours() {
        flag(SluiceSocketOptions.OOB_INLINE, o -> o.oobInline, (o, v) -> o.oobInline = v);
        flag(SluiceSocketOptions.CORK, o -> o.cork, (o, v) -> o.cork = v);
        flag(SluiceSocketOptions.FASTOPEN_CONNECT, o -> o.fastOpenConnect, (o, v) -> o.fastOpenConnect = v);
        number(SluiceSocketOptions.FASTOPEN, o -> o.fastOpenQueue, (o, v) -> o.fastOpenQueue = v,
                v -> range(v, 0, Integer.MAX_VALUE, "Invalid TCP_FASTOPEN value"));
        number(SluiceSocketOptions.USER_TIMEOUT, o -> o.userTimeoutMs, (o, v) -> o.userTimeoutMs = v,
                v -> range(v, 0, Integer.MAX_VALUE, "Invalid TCP_USER_TIMEOUT value"));
        number(SluiceSocketOptions.NOTSENT_LOWAT, o -> (int) o.notSentLowatBytes, (o, v) -> o.notSentLowatBytes = v,
                v -> range(v, 0, Integer.MAX_VALUE, "Invalid TCP_NOTSENT_LOWAT value"));
        number(SluiceSocketOptions.DEFER_ACCEPT, o -> o.deferAcceptSeconds, (o, v) -> o.deferAcceptSeconds = v,
                v -> range(v, 0, 32_767, "Invalid TCP_DEFER_ACCEPT value"));
        number(SluiceSocketOptions.MAX_SEGMENT, o -> o.maxSegmentBytes, (o, v) -> o.maxSegmentBytes = v,
                v -> v == 0 ? 0 : range(v, 88, 32_767, "Invalid TCP_MAXSEG value"));
        put(SluiceSocketOptions.CONGESTION_CONTROL, TcpOptions::congestionControl, (o, v) -> o.congestionControl = v,
                v -> v);
        flag(SluiceSocketOptions.ZEROCOPY, o -> o.zeroCopy, (o, v) -> o.zeroCopy = v);
        put(SluiceSocketOptions.MAX_PACING_RATE, e -> e.options().maxPacingRate, (o, v) -> o.maxPacingRate = v,
                v -> Math.max(0, v));
        put(SluiceSocketOptions.AUTHENTICATION_KEYS, TcpOptions::keys, (o, v) -> o.keys = v, AuthenticationKeys::copy);
        ALL.put(SluiceSocketOptions.TCP_INFO, new Access<>(TcpOptions::info, null, v -> v));
        ALL.put(SluiceSocketOptions.RECEIVE_TIMEOUT, new Access<>(e -> ((StreamEnd) e).receiveTimeoutMs,
                (e, v) -> ((StreamEnd) e).receiveTimeoutMs = v,
                v -> range(v, 0, Integer.MAX_VALUE, "Invalid SO_RCVTIMEO value")));
    }

    private static void keepalive(SocketOption<Integer> name, Setting setting, Function<SocketOptions, Integer> get,
            BiConsumer<SocketOptions, Integer> set, int most) {
        put(name, e -> {
            int own = get.apply(e.options());
            return own != 0 ? own : settings(e).getInt(setting);
        }, set, v -> range(v, 1, most, null));
    }

    private static Settings settings(TcpEnd e) {
        return e.access.host().settings();
    }

    private static TcpInfo info(TcpEnd e) {
        TcpSocket t = e.tcb();
        if (t == null) {
            throw new ErrnoException(Errno.ENOTCONN, "TCP_INFO");
        }
        return t.info(e.access.nowNs());
    }

    private static AuthenticationKeys keys(TcpEnd e) {
        AuthenticationKeys k = e.options().keys;
        return k == null ? new AuthenticationKeys() : k.copy();
    }

    private static int sendBuffer(TcpEnd e) {
        int own = e.options().sendBufferBytes;
        TcpSocket t = e.tcb();
        return own != 0 ? own
                : t != null ? t.info(e.access.nowNs()).sndBufBytes : (int) settings(e).get(Setting.TCP_WMEM, 1);
    }

    private static int receiveBuffer(TcpEnd e) {
        int own = e.options().receiveBufferBytes;
        TcpSocket t = e.tcb();
        return own != 0 ? own
                : t != null ? t.info(e.access.nowNs()).rcvBufBytes : (int) settings(e).get(Setting.TCP_RMEM, 1);
    }

    private static String congestionControl(TcpEnd e) {
        TcpSocket t = e.tcb();
        String own = t != null ? t.info(e.access.nowNs()).congestionControl : e.options().congestionControl;
        return own != null ? own : settings(e).text(Setting.TCP_CONGESTION_CONTROL);
    }

    private static int buffer(int bytes, String complaint) {
        return Math.max(1, range(bytes, 0, Integer.MAX_VALUE, complaint));
    }

    private static int range(int value, int min, int max, @Nullable String complaint) {
        if (value < min || value > max) {
            throw complaint != null ? new IllegalArgumentException(complaint)
                    : new ErrnoException(Errno.EINVAL, "set option to " + value);
        }
        return value;
    }

    private static void flag(SocketOption<Boolean> name, Function<SocketOptions, Boolean> get,
            BiConsumer<SocketOptions, Boolean> set) {
        put(name, e -> get.apply(e.options()), set, v -> v);
    }

    private static void number(SocketOption<Integer> name, Function<SocketOptions, Integer> get,
            BiConsumer<SocketOptions, Integer> set, IntUnaryOperator check) {
        put(name, e -> get.apply(e.options()), set, check::applyAsInt);
    }

    private static <T> void put(SocketOption<T> name, Function<TcpEnd, T> get,
            BiConsumer<SocketOptions, T> set, Function<T, T> check) {
        ALL.put(name, new Access<>(get, (e, v) -> e.change(o -> set.accept(o, v)), check));
    }

    @SuppressWarnings("unchecked") // put gave both the same type
    private static <T> Access<T> access(SocketOption<T> name) {
        return (Access<T>) Objects.requireNonNull(ALL.get(name));
    }

    /** Complains as the JDK does about an option that is not {@code supported} or a value not of its type. */
    static <T> void check(SocketOption<T> name, Set<SocketOption<?>> supported, @Nullable T value, boolean set) {
        if (!supported.contains(Objects.requireNonNull(name)) || set && access(name).set == null) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
        if (set && !name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }

    /** Sets a checked option; inside the host. */
    static <T> void set(TcpEnd end, SocketOption<T> name, T value) {
        Access<T> a = access(name);
        Objects.requireNonNull(a.set).accept(end, a.check.apply(value));
    }

    /** Reads a checked option; inside the host. */
    static <T> T get(TcpEnd end, SocketOption<T> name) {
        return access(name).get.apply(end);
    }
}
