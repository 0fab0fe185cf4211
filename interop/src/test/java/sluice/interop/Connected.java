package sluice.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import sluice.core.tcp.data.SocketOptions;
import sluice.sockets.SluiceServerSocket;
import sluice.sockets.SluiceSocket;
import sluice.wire.IpAddress;

/** An open connection between the kernel and us. */
record Connected(SocketChannel kernel, SluiceSocket sluice) implements AutoCloseable {
    /** A handshake's segments may be lost several times: 1 + 2 + 4 + 8 + 16 s. */
    private static final int LIMIT_MS = 60_000;

    /** The kernel connects to us. */
    static Connected toUs(Lab lab, Family family) throws IOException {
        try (SluiceServerSocket server = new SluiceServerSocket(lab.stack, IpAddress.ANY_V6, 0, 16,
                new SocketOptions())) {
            server.setSoTimeout(LIMIT_MS);
            SocketChannel kernel = lab.kernelConnect(family.oursInet(), server.getLocalPort());
            return new Connected(kernel, server.accept());
        }
    }

    /** We connect to the kernel. */
    static Connected fromUs(Lab lab, Family family) throws IOException {
        try (ServerSocketChannel server = lab.kernelListen(family.kernelsInet(), 0)) {
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            SluiceSocket sluice = new SluiceSocket(lab.stack);
            sluice.connect(new InetSocketAddress(family.kernelsInet(), port), LIMIT_MS);
            return new Connected(server.accept(), sluice);
        }
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
