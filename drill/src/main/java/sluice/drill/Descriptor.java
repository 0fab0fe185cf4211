package sluice.drill;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;

/** What a file descriptor stands for. */
sealed abstract class Descriptor {
    boolean nonBlocking;

    /** Bits of {@link Pollable}; 0 for what cannot be waited for. */
    int readiness() {
        return 0;
    }

    /** A TCP socket in any of its lives. */
    static final class Stream extends Descriptor {
        final boolean v6;
        SocketOptions options = new SocketOptions();
        @Nullable IpAddress boundAddress;
        int boundPort;
        @Nullable TcpListener listener;
        @Nullable TcpSocket tcb;
        /** A connect that was not waited for is under way. */
        boolean connecting;
        /** It was connected once, so that a second connect says so. */
        boolean connected;
        /** What TCP_INFO said before the last disconnect; null before one. */
        @Nullable TcpInfo disconnected;
        /** SO_SNDBUF as asked for; 0 never. */
        int sendBufferAsked;
        /** SO_RCVBUF as asked for; 0 never. */
        int receiveBufferAsked;
        /** TCP_INQ. */
        boolean reportUnread;
        boolean noPathMtuDiscovery;
        @Nullable Flow flow;

        Stream(boolean v6) {
            this.v6 = v6;
            options.reuseAddress = false;
        }

        @Override
        int readiness() {
            TcpSocket t = tcb;
            if (t != null) {
                return t.readiness();
            }
            TcpListener l = listener;
            return l != null ? l.readiness() : Pollable.HANGUP | Pollable.WRITABLE;
        }

        @Nullable Errno takeError() {
            TcpSocket t = tcb;
            return t == null ? null : t.takeError();
        }
    }

    /** A UDP socket. */
    static final class Datagrams extends Descriptor {
        final UdpSocket socket;

        Datagrams(UdpSocket socket) {
            this.socket = socket;
        }

        @Override
        int readiness() {
            return socket.readiness();
        }
    }

    /** What epoll_create made. */
    static final class Epoll extends Descriptor {
        final Map<Integer, Watch> watches = new LinkedHashMap<>();

        /** One descriptor that is watched. */
        static final class Watch {
            final Descriptor target;
            int events;
            /** What the application gave along: a union of 64 bits. */
            long data;
            /** What was reported and has not been news since (EPOLLET). */
            int reported;
            long newsSeen;
            boolean disabled;

            Watch(Descriptor target, int events) {
                this.target = target;
                this.events = events;
            }
        }
    }
}
