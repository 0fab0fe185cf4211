package sluice.sockets;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;
import sluice.base.BrokenInvariantException;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;

/**
 * The one place where errors of the stack become exceptions of {@code java.net}, the same ones that the JDK makes of
 * the kernel's errors.
 */
final class Errors {
    private Errors() {}

    /** For calls on an open connection. */
    static IOException io(ErrnoException e) {
        return withCause(switch (e.errno()) {
            case ECONNRESET -> new SocketException("Connection reset");
            case ECONNREFUSED -> new PortUnreachableException();
            default -> new SocketException(e.errno().text());
        }, e);
    }

    /** For connect, with the error of a call. */
    static IOException connect(ErrnoException e) {
        return withCause(connect(e.errno()), e);
    }

    /** For connect and bind. */
    static IOException connect(Errno errno) {
        String text = errno.text();
        return switch (errno) {
            case ECONNREFUSED, ETIMEDOUT, ENOTCONN -> new ConnectException(text);
            case EHOSTUNREACH -> new NoRouteToHostException(text);
            case EADDRINUSE, EADDRNOTAVAIL, EACCES, EPERM -> new BindException(text);
            case EPROTO -> new ProtocolException(text);
            case ECONNRESET -> new SocketException("Connection reset");
            default -> new SocketException(text);
        };
    }

    static SocketException stopped(ShardStoppedException e) {
        return withCause(new SocketException("Socket closed: " + e.getMessage()), e);
    }

    static SocketException closed() {
        return new SocketException("Socket closed");
    }

    /**
     * What to throw for an exception out of the core that is no {@link ErrnoException}: stops the shard when the core
     * is broken. Inside the shard.
     */
    static RuntimeException unexpected(HostAccess access, RuntimeException e) {
        if (e instanceof BrokenInvariantException) {
            access.fail(e);
        }
        return e;
    }

    private static <E extends Exception> E withCause(E made, Throwable cause) {
        made.initCause(cause);
        return made;
    }
}
