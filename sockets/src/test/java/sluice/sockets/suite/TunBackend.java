package sluice.sockets.suite;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Callable;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSockets;

/** A stack of ours and the kernel, with a TUN device between them: one is the client's host, the other the server's. */
final class TunBackend implements Backend {
    private final Tun tun;
    private final boolean clientIsOurs;
    private final SelectorProvider ours;
    private final SelectorProvider kernels;

    TunBackend(Tun tun, boolean clientIsOurs) {
        this.tun = tun;
        this.clientIsOurs = clientIsOurs;
        ours = SluiceSelectorProvider.of(tun.stack);
        kernels = new NamespaceProvider(tun);
    }

    @Override
    public SelectorProvider client() {
        return clientIsOurs ? ours : kernels;
    }

    @Override
    public SelectorProvider server() {
        return clientIsOurs ? kernels : ours;
    }

    @Override
    public SelectorProvider clientProvider() {
        return clientIsOurs ? ours : SelectorProvider.provider();
    }

    @Override
    public Socket newSocket(boolean onServer) throws IOException {
        return onServer != clientIsOurs ? SluiceSockets.of(tun.stack).socket() : tun.inside(() -> {
            Socket s = new Socket();
            s.getSoTimeout(); // makes the socket, which is else made by the first call that needs one
            return s;
        });
    }

    @Override
    public ServerSocket newServerSocket() throws IOException {
        return !clientIsOurs ? SluiceSockets.of(tun.stack).serverSocket() : tun.inside(() -> {
            ServerSocket s = new ServerSocket();
            s.getSoTimeout();
            return s;
        });
    }

    @Override
    public DatagramSocket newDatagramSocket() throws IOException {
        return clientIsOurs ? SluiceSockets.of(tun.stack).datagramSocket()
                : tun.inside(() -> new DatagramSocket(null));
    }

    @Override
    public InetAddress clientAddress() {
        return clientIsOurs ? Tun.ourAddress() : Tun.kernelAddress();
    }

    @Override
    public InetAddress serverAddress() {
        return clientIsOurs ? Tun.kernelAddress() : Tun.ourAddress();
    }

    @Override
    public InetAddress address6(boolean ofServer) {
        return Backend.address(ofServer == clientIsOurs ? Tun.KERNEL6 : Tun.OURS6);
    }

    @Override
    public NetworkInterface groupInterface() {
        return tun.device;
    }

    @Override
    public <T> T onClient(Callable<T> question) throws Exception {
        return clientIsOurs ? question.call() : tun.inside(question);
    }

    @Override
    public boolean isOracle() {
        return false;
    }

    @Override
    public void awaitNothingLeft() {
        MemoryBackend.awaitNothingLeft(tun.stack);
    }

    @Override
    public void close() {
        // the next case has the same hosts
    }
}
