package sluice.sockets.suite;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSockets;

/** One stack that speaks to itself. */
final class LoopbackBackend implements Backend {
    private final Stack stack = Stack.builder(HostConfig.builder(Entropy.seeded(1)).name("loopback").build()).start();
    private final SelectorProvider provider = SluiceSelectorProvider.of(stack);
    private final SluiceSockets sockets = SluiceSockets.of(stack);

    @Override
    public SelectorProvider client() {
        return provider;
    }

    @Override
    public SelectorProvider server() {
        return provider;
    }

    @Override
    public Socket newSocket(boolean onServer) throws IOException {
        return sockets.socket();
    }

    @Override
    public ServerSocket newServerSocket() {
        return sockets.serverSocket();
    }

    @Override
    public DatagramSocket newDatagramSocket() throws IOException {
        return sockets.datagramSocket();
    }

    @Override
    public InetAddress clientAddress() {
        return Backend.address("127.0.0.1");
    }

    @Override
    public InetAddress serverAddress() {
        return Backend.address("127.0.0.1");
    }

    @Override
    public void awaitNothingLeft() {
        MemoryBackend.awaitNothingLeft(stack);
    }

    @Override
    public boolean isOracle() {
        return false;
    }

    @Override
    public void close() {
        stack.close(Duration.ZERO);
    }
}
