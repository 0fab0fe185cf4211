package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import sluice.sockets.SluiceSocketOptions;

/** The options of a {@link java.net.SocketImpl} by the old numbers of {@link SocketOptions}. Inside the host. */
final class NumberedOptions {
    private NumberedOptions() {}

    static void set(TcpEnd end, int name, Object value) throws IOException {
        switch (name) {
            case SocketOptions.SO_LINGER -> TcpOptions.set(end, StandardSocketOptions.SO_LINGER,
                    Boolean.FALSE.equals(value) ? -1 : number(value, "SO_LINGER"));
            case SocketOptions.IP_TOS -> TcpOptions.set(end, StandardSocketOptions.IP_TOS, number(value, "IP_TOS"));
            case SocketOptions.SO_SNDBUF ->
                TcpOptions.set(end, StandardSocketOptions.SO_SNDBUF, positive(value, "SO_SNDBUF"));
            case SocketOptions.SO_RCVBUF ->
                TcpOptions.set(end, StandardSocketOptions.SO_RCVBUF, positive(value, "SO_RCVBUF"));
            case SocketOptions.TCP_NODELAY -> flag(end, StandardSocketOptions.TCP_NODELAY, value, "TCP_NODELAY");
            case SocketOptions.SO_KEEPALIVE -> flag(end, StandardSocketOptions.SO_KEEPALIVE, value, "SO_KEEPALIVE");
            case SocketOptions.SO_OOBINLINE -> flag(end, SluiceSocketOptions.OOB_INLINE, value, "SO_OOBINLINE");
            case SocketOptions.SO_REUSEADDR -> flag(end, StandardSocketOptions.SO_REUSEADDR, value, "SO_REUSEADDR");
            case SocketOptions.SO_REUSEPORT -> flag(end, StandardSocketOptions.SO_REUSEPORT, value, "SO_REUSEPORT");
            default -> throw new SocketException("Unknown option " + name);
        }
    }

    static Object get(TcpEnd end, int name) throws IOException {
        return switch (name) {
            case SocketOptions.SO_LINGER -> {
                int seconds = TcpOptions.get(end, StandardSocketOptions.SO_LINGER);
                yield seconds < 0 ? (Object) false : (Object) seconds;
            }
            case SocketOptions.IP_TOS -> TcpOptions.get(end, StandardSocketOptions.IP_TOS);
            case SocketOptions.SO_SNDBUF -> TcpOptions.get(end, StandardSocketOptions.SO_SNDBUF);
            case SocketOptions.SO_RCVBUF -> TcpOptions.get(end, StandardSocketOptions.SO_RCVBUF);
            case SocketOptions.TCP_NODELAY -> TcpOptions.get(end, StandardSocketOptions.TCP_NODELAY);
            case SocketOptions.SO_KEEPALIVE -> TcpOptions.get(end, StandardSocketOptions.SO_KEEPALIVE);
            case SocketOptions.SO_OOBINLINE -> TcpOptions.get(end, SluiceSocketOptions.OOB_INLINE);
            case SocketOptions.SO_REUSEADDR -> TcpOptions.get(end, StandardSocketOptions.SO_REUSEADDR);
            case SocketOptions.SO_REUSEPORT -> TcpOptions.get(end, StandardSocketOptions.SO_REUSEPORT);
            default -> throw new SocketException("Unknown option " + name);
        };
    }

    static int timeout(Object value) throws SocketException {
        int ms = number(value, "SO_TIMEOUT");
        if (ms < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        return ms;
    }

    private static void flag(TcpEnd end, SocketOption<Boolean> name, Object value, String what)
            throws SocketException {
        if (!(value instanceof Boolean b)) {
            throw new SocketException("Bad value for " + what);
        }
        TcpOptions.set(end, name, b);
    }

    private static int number(Object value, String what) throws SocketException {
        if (!(value instanceof Integer i)) {
            throw new SocketException("Bad value for " + what);
        }
        return i;
    }

    private static int positive(Object value, String what) throws SocketException {
        int i = number(value, what);
        if (i <= 0) {
            throw new SocketException(what + " <= 0");
        }
        return i;
    }
}
