package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.DatagramSocketImplFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.TimeWait;
import sluice.engine.Stack;
import sluice.link.ParkWaiter;
import sluice.link.PipeLink;
import sluice.sockets.Addresses;
import sluice.sockets.SluiceAsynchronousProvider;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** Two stacks with a pipe between them. */
class MemoryBackend implements Backend {
    private static final IpAddress CLIENT = IpAddress.ofV4(0x0a000001);
    private static final IpAddress SERVER = IpAddress.ofV4(0x0a000002);
    private static final String CLIENT6 = "fd00::1";
    private static final String SERVER6 = "fd00::2";

    private final Stack clientStack;
    private final Stack serverStack;
    private final SelectorProvider client;
    private final SelectorProvider server;
    private final AsynchronousChannelProvider asyncClient;
    private final AsynchronousChannelProvider asyncServer;

    MemoryBackend() {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
        clientStack = stack("client", pipe.a(), CLIENT, CLIENT6, 1);
        serverStack = stack("server", pipe.b(), SERVER, SERVER6, 2);
        client = SluiceSelectorProvider.of(clientStack);
        server = SluiceSelectorProvider.of(serverStack);
        asyncClient = SluiceAsynchronousProvider.of(clientStack);
        asyncServer = SluiceAsynchronousProvider.of(serverStack);
    }

    /** The same with channels of the default provider. */
    static Backend either() {
        MemoryBackend m = new MemoryBackend();
        return new EitherBackend(m, m.clientStack.access(), m.serverStack.access());
    }

    private static Stack stack(String name, PipeLink link, IpAddress address, String address6,
            long seed) {
        ParkWaiter waiter = new ParkWaiter();
        link.setWaiter(waiter);
        return Stack.builder(HostConfig.builder(Entropy.seeded(seed)).name(name).build()).name(name)
                .link("pipe0", link).waiter(waiter).address("pipe0", address, 24)
                .address("pipe0", IpAddress.parse(address6), 64).route(Prefix.parse("224.0.0.0/4"), "pipe0", null)
                .route(Prefix.parse("ff00::/8"), "pipe0", null).start();
    }

    @Override
    public SelectorProvider client() {
        return client;
    }

    @Override
    public SelectorProvider server() {
        return server;
    }

    @Override
    public AsynchronousChannelProvider async(boolean onServer) {
        return onServer ? asyncServer : asyncClient;
    }

    @Override
    public Socket newSocket(boolean onServer) throws IOException {
        return SluiceSockets.of(onServer ? serverStack : clientStack).socket();
    }

    @Override
    public ServerSocket newServerSocket() {
        return SluiceSockets.of(serverStack).serverSocket();
    }

    @Override
    public DatagramSocket newDatagramSocket() throws IOException {
        return SluiceSockets.of(clientStack).datagramSocket();
    }

    /** What the JVM would be given to make its datagram sockets. */
    final DatagramSocketImplFactory datagramSocketFactory() {
        return SluiceSockets.of(clientStack).datagramSocketImplFactory();
    }

    @Override
    public InetAddress clientAddress() {
        return Addresses.toInet(CLIENT);
    }

    @Override
    public InetAddress serverAddress() {
        return Addresses.toInet(SERVER);
    }

    @Override
    public InetAddress address6(boolean ofServer) {
        return Backend.address(ofServer ? SERVER6 : CLIENT6);
    }

    @Override
    public void awaitNothingLeft() {
        awaitNothingLeft(clientStack);
        awaitNothingLeft(serverStack);
    }

    /** Waits until a stack has no endpoint left but TIME-WAITs. */
    static void awaitNothingLeft(Stack stack) {
        long end = System.nanoTime() + Suite.SOON_MS * 1_000_000L;
        String left = left(stack);
        while (!left.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
            left = left(stack);
        }
        assertThat(left).as("endpoints left").isEmpty();
    }

    private static String left(Stack stack) {
        return stack.execute(host -> {
            StringBuilder all = new StringBuilder();
            host.tcp().forEachEndpoint(e -> {
                if (!(e instanceof TimeWait)) {
                    all.append(e).append('\n');
                }
            });
            host.udp().sockets().forEach(u -> all.append(u).append('\n'));
            return all.toString();
        });
    }

    @Override
    public boolean isOracle() {
        return false;
    }

    @Override
    public void close() {
        clientStack.close(Duration.ZERO);
        serverStack.close(Duration.ZERO);
    }
}
