package sluice.sockets;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImplFactory;
import sluice.sockets.internal.nio.EitherSocketImpl;
import sluice.sockets.internal.nio.Site;

/**
 * {@code new Socket()} and {@code new ServerSocket()} for programs that name no stack: an option beside {@link
 * JvmSelectorProvider}, and with its rules. {@link java.net.URLConnection}, JDBC drivers and others that use {@code
 * java.net} are on the stack then.
 *
 * <p>The platform's SOCKS and HTTP proxies of the system properties do not apply to such sockets.
 */
public final class JvmSockets {
    private JvmSockets() {}

    /**
     * Sets the JVM's two factories. They cannot be set again, and not be taken back.
     *
     * @throws IOException they were set before
     */
    @SuppressWarnings("deprecation") // the only way
    public static void install() throws IOException {
        SocketImplFactory sockets = () -> new EitherSocketImpl(Site.ofThread(), false);
        Socket.setSocketImplFactory(sockets);
        ServerSocket.setSocketFactory(() -> new EitherSocketImpl(Site.ofThread(), true));
    }
}
