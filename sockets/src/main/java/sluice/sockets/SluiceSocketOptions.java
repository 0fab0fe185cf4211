package sluice.sockets;

import java.net.SocketOption;
import sluice.core.tcp.user.TcpInfo;

/**
 * Socket options of the stack that the JDK has no name for, for channels and sockets of Sluice. Their names and units
 * are Linux's; 0 means "the host's setting" or "off" where nothing else is said.
 */
public final class SluiceSocketOptions {
    /** TCP_CONGESTION: name of the congestion control. */
    public static final SocketOption<String> CONGESTION_CONTROL = option("TCP_CONGESTION", String.class);
    /** TCP_USER_TIMEOUT: milliseconds that data may stay unacknowledged. */
    public static final SocketOption<Integer> USER_TIMEOUT = option("TCP_USER_TIMEOUT", Integer.class);
    /** TCP_INFO: the connection's numbers now; can only be read, and only of a connection. */
    public static final SocketOption<TcpInfo> TCP_INFO = option("TCP_INFO", TcpInfo.class);
    /** TCP_CORK: only full segments are sent, for at most 200 ms. */
    public static final SocketOption<Boolean> CORK = option("TCP_CORK", Boolean.class);
    /** TCP_NOTSENT_LOWAT: writable only while fewer bytes than this wait to be sent. */
    public static final SocketOption<Integer> NOTSENT_LOWAT = option("TCP_NOTSENT_LOWAT", Integer.class);
    /** TCP_DEFER_ACCEPT of a listener: seconds to wait for data before a connection is handed to accept. */
    public static final SocketOption<Integer> DEFER_ACCEPT = option("TCP_DEFER_ACCEPT", Integer.class);
    /** TCP_FASTOPEN of a listener: Fast Open connections that may wait for the end of their handshake. */
    public static final SocketOption<Integer> FASTOPEN = option("TCP_FASTOPEN", Integer.class);
    /** TCP_FASTOPEN_CONNECT: the SYN waits for the first data and takes it along. */
    public static final SocketOption<Boolean> FASTOPEN_CONNECT = option("TCP_FASTOPEN_CONNECT", Boolean.class);
    /** TCP_MAXSEG: upper bound for segments both ways, bytes, 88…32767. */
    public static final SocketOption<Integer> MAX_SEGMENT = option("TCP_MAXSEG", Integer.class);
    /** SO_OOBINLINE: urgent data stays in the stream. */
    public static final SocketOption<Boolean> OOB_INLINE = option("SO_OOBINLINE", Boolean.class);

    private SluiceSocketOptions() {}

    private static <T> SocketOption<T> option(String name, Class<T> type) {
        return new Named<>(name, type);
    }

    private record Named<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }
}
