package sluice.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImplFactory;
import sluice.sockets.internal.nio.Channels;
import sluice.sockets.internal.nio.EitherSocketImpl;
import sluice.sockets.internal.nio.Site;
import sluice.sockets.internal.nio.StackDatagramSocketImpl;

/**
 * {@code new Socket()}, {@code new ServerSocket()}, {@code new DatagramSocket()} and {@code new MulticastSocket()} for
 * programs that name no stack: an option beside {@link JvmSelectorProvider}, and with its rules. {@link
 * java.net.URLConnection}, JDBC drivers and others that use {@code java.net} are on the stack then.
 *
 * <p>The platform's SOCKS and HTTP proxies of the system properties do not apply to such sockets.
 */
public final class JvmSockets {
    private JvmSockets() {}

    /**
     * Sets the JVM's three factories. They cannot be set again, and not be taken back.
     *
     * @throws IOException they were set before
     */
    @SuppressWarnings("deprecation") // the only way
    public static void install() throws IOException {
        SocketImplFactory sockets = () -> new EitherSocketImpl(Site.ofThread(), false);
        Socket.setSocketImplFactory(sockets);
        ServerSocket.setSocketFactory(() -> new EitherSocketImpl(Site.ofThread(), true));
        JvmSelectorProvider provider = new JvmSelectorProvider();
        DatagramSocket.setDatagramSocketImplFactory(() -> new StackDatagramSocketImpl(
                () -> Channels.eitherDatagramSocket(provider, Site.ofThread())));
    }
}
