package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;
import sluice.base.BrokenInvariantException;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;

/** Which exceptions the JDK makes of errors: of the kernel's, and an adaptor of a channel's. */
final class Failures {
    private Failures() {}

    /** Of read and write. */
    static IOException transfer(ErrnoException e) {
        return with(e.errno() == Errno.ECONNREFUSED ? new PortUnreachableException()
                : new IOException(e.errno().text()), e);
    }

    /** Of all other calls of a socket: connect, bind, listen, options. */
    static IOException call(ErrnoException e) {
        return with(call(e.errno()), e);
    }

    /** Of all other calls of a socket. */
    static IOException call(Errno errno) {
        String text = errno.text();
        return switch (errno) {
            case ECONNREFUSED, ETIMEDOUT, ENOTCONN -> new ConnectException(text);
            case EHOSTUNREACH -> new NoRouteToHostException(text);
            case EADDRINUSE, EADDRNOTAVAIL, EACCES -> new BindException(text);
            case EPROTO -> new ProtocolException(text);
            default -> new SocketException(text);
        };
    }

    /** The stack is closed, or has failed. */
    static SocketException stopped(ShardStoppedException e) {
        return with(new SocketException("Network is down: " + e.getMessage()), e);
    }

    /** What to throw for another exception out of the core: stops the host when the core is broken. Inside. */
    static RuntimeException unexpected(HostAccess access, RuntimeException e) {
        if (e instanceof BrokenInvariantException) {
            access.fail(e);
        }
        return e;
    }

    /** What an adaptor ({@code channel.socket()}) throws for what its channel threw. */
    static IOException ofAdaptor(Exception e) {
        if (e instanceof IOException io && !(e instanceof ClosedChannelException)) {
            return io;
        }
        return ofSocket(e);
    }

    /** The same where only a {@link SocketException} may be thrown. */
    static SocketException ofSocket(Exception e) {
        if (e instanceof SocketException s) {
            return s;
        }
        @Nullable String text = switch (e) {
            case ClosedChannelException closed -> "Socket is closed";
            case NotYetConnectedException not -> "Socket is not connected";
            case AlreadyBoundException already -> "Already bound";
            case AlreadyConnectedException already -> "Already connected";
            case NotYetBoundException not -> "Socket is not bound yet";
            case UnsupportedAddressTypeException unsupported -> "Unsupported address type";
            case UnresolvedAddressException unresolved -> "Unresolved address";
            case IOException io -> io.getMessage();
            default -> throw e instanceof RuntimeException r ? r : new IllegalStateException(e);
        };
        return with(new SocketException(text), e);
    }

    private static <E extends Exception> E with(E made, Throwable cause) {
        made.initCause(cause);
        return made;
    }
}
