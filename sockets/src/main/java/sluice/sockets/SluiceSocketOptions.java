package sluice.sockets;

import java.net.SocketOption;
import sluice.core.tcp.auth.AuthenticationKeys;
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
    /**
     * SO_RCVTIMEO: milliseconds that a blocking read of a {@link java.nio.channels.SocketChannel} waits at most, after
     * which it throws {@link java.net.SocketTimeoutException} and the channel stays open; 0 for no limit. The streams
     * of a {@link java.net.Socket} have {@link java.net.Socket#setSoTimeout} for it.
     */
    public static final SocketOption<Integer> RECEIVE_TIMEOUT = option("SO_RCVTIMEO", Integer.class);
    /** TCP_CORK: only full segments are sent, for at most 200 ms. */
    public static final SocketOption<Boolean> CORK = option("TCP_CORK", Boolean.class);
    /** SO_MAX_PACING_RATE: bytes per second that are sent at most, spread over time; 0 for no limit. */
    public static final SocketOption<Long> MAX_PACING_RATE = option("SO_MAX_PACING_RATE", Long.class);
    /**
     * SO_ZEROCOPY: what is written from a direct buffer (that of a memory segment, say) is not copied but sent from
     * where it lies. It must stay the same until the peer has acknowledged it ({@link TcpInfo#bytesAcked}) or the
     * connection is over, closed though the channel may be. Worth it from some 16 KiB a call on.
     */
    public static final SocketOption<Boolean> ZEROCOPY = option("SO_ZEROCOPY", Boolean.class);
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
    /**
     * TCP_MD5SIG, TCP_AO_ADD_KEY and its kin: the keys that sign segments; the whole set is read and written, as a
     * copy. Connections of a listener begin with its keys for their peer. Of a live connection MD5 starts, changes and
     * stops at once; TCP-AO is for its whole life, and its keys in use must be among the new ones.
     */
    public static final SocketOption<AuthenticationKeys> AUTHENTICATION_KEYS = option("TCP_AUTHENTICATION_KEYS",
            AuthenticationKeys.class);
    /** UDP_SEGMENT: what one call sends goes in datagrams of so many bytes of payload, 1…65535; 0 sends it as one. */
    public static final SocketOption<Integer> UDP_SEGMENT = option("UDP_SEGMENT", Integer.class);
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
