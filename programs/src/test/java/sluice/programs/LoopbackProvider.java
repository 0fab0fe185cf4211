package sluice.programs;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Collections;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.ImpairedLink;
import sluice.link.PipeLink;
import sluice.sockets.Addresses;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * All channels and sockets of a JVM on one stack: a JVM started with {@code
 * -Djava.nio.channels.spi.SelectorProvider=sluice.programs.LoopbackProvider} runs other people's tests on it as they
 * are.
 *
 * <p>The stack speaks to itself only. Since tests look at the machine's interfaces, it has some of the same names and
 * addresses, with a default route; what goes out there is lost.
 */
public final class LoopbackProvider extends SelectorProvider {
    private final SelectorProvider stack;
    private final SelectorProvider platform;

    /** Called by the JVM, once. */
    @SuppressWarnings("deprecation") // the JVM's factories
    public LoopbackProvider() throws IOException {
        Stack running = start();
        stack = SluiceSelectorProvider.of(running);
        platform = platform();
        SluiceSockets sockets = SluiceSockets.of(running);
        Socket.setSocketImplFactory(sockets.socketImplFactory());
        ServerSocket.setSocketFactory(sockets.serverSocketImplFactory());
        DatagramSocket.setDatagramSocketImplFactory(sockets.datagramSocketImplFactory());
    }

    /** The JVM gives it nowhere while this is its default. */
    private static SelectorProvider platform() {
        try {
            return (SelectorProvider) Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("sun.nio.ch is not exported", e);
        }
    }

    /** Sockets of the file system are no network. */
    private SelectorProvider of(ProtocolFamily family) {
        return family == StandardProtocolFamily.UNIX ? platform : stack;
    }

    private static Stack start() throws IOException {
        Stack.Builder b = Stack.builder(HostConfig.builder(new SystemEntropy()).name("loopback").build());
        for (NetworkInterface i : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (!i.isLoopback() && i.isUp()) {
                PipeLink nowhere = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE).a();
                b.link(i.getName(), ImpairedLink.outbound(nowhere, "loss 100%", 1));
                for (InterfaceAddress a : i.getInterfaceAddresses()) {
                    IpAddress address = Addresses.of(a.getAddress());
                    b.address(i.getName(), address, a.getNetworkPrefixLength())
                            .route(Prefix.parse(address.isV4() ? "0.0.0.0/0" : "::/0"), i.getName(), null);
                }
            }
        }
        return b.start();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return stack.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return of(family).openSocketChannel(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return stack.openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return of(family).openServerSocketChannel(family);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return stack.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return stack.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return stack.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return stack.openSelector();
    }
}
