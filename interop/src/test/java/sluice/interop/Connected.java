package sluice.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import sluice.core.tcp.user.TcpInfo;
import sluice.sockets.SluiceSocketOptions;

/** An open connection between the kernel and us. */
record Connected(SocketChannel kernel, Socket sluice) implements AutoCloseable {
    /** A handshake's segments may be lost several times: 1 + 2 + 4 + 8 + 16 s. */
    private static final int LIMIT_MS = 60_000;

    /** The kernel connects to us. */
    static Connected toUs(Lab lab, Family family) throws IOException {
        try (ServerSocket server = lab.sockets.serverSocketFactory().createServerSocket(0)) {
            server.setSoTimeout(LIMIT_MS);
            SocketChannel kernel = lab.kernelConnect(family.oursInet(), server.getLocalPort());
            return new Connected(kernel, server.accept());
        }
    }

    /** We connect to the kernel. */
    static Connected fromUs(Lab lab, Family family) throws IOException {
        try (ServerSocketChannel server = lab.kernelListen(family.kernelsInet(), 0)) {
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Socket sluice = lab.sockets.socket();
            sluice.connect(new InetSocketAddress(family.kernelsInet(), port), LIMIT_MS);
            return new Connected(server.accept(), sluice);
        }
    }

    /** Our end's numbers now. */
    TcpInfo info() throws IOException {
        return sluice.getOption(SluiceSocketOptions.TCP_INFO);
    }

    Peer kernelPeer() {
        return Peer.of(kernel);
    }

    Peer sluicePeer() {
        return Peer.of(sluice);
    }

    @Override
    public void close() throws IOException {
        try {
            sluice.close();
        } finally {
            kernel.close();
        }
    }
}
