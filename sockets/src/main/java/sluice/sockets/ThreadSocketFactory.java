package sluice.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.engine.ThreadHost;

/**
 * Sockets of the stack that the calling thread belongs to ({@link Stack#run}), the platform's where it belongs to none.
 * For programs that are given a factory by the name of its class, as PostgreSQL's driver is
 * ({@code socketFactory=sluice.sockets.ThreadSocketFactory}); whoever can hand over an object hands over {@link
 * SluiceSockets#socketFactory}.
 *
 * <p><b>Thread rules.</b> Any thread; which thread asks is what decides.
 */
public final class ThreadSocketFactory extends SocketFactory {
    /** For those who know the name of the class alone. */
    public ThreadSocketFactory() {}

    private static SocketFactory here() {
        HostAccess host = ThreadHost.current();
        return host == null ? SocketFactory.getDefault() : SluiceSockets.of(host).socketFactory();
    }

    @Override
    public Socket createSocket() throws IOException {
        return here().createSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return here().createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return here().createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return here().createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return here().createSocket(host, port, local, localPort);
    }
}
