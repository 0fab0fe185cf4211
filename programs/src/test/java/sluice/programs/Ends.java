package sluice.programs;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Callable;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.SluiceSelectorProvider;

/** Where a program's server and its client run, for programs that take a provider of channels. */
final class Ends implements AutoCloseable {
    /** Who has our stack; the other is the kernel's, at the other end of a TUN device. */
    enum Ours {
        BOTH, SERVER, CLIENT
    }

    final SelectorProvider servers;
    final SelectorProvider clients;

    private final InetAddress address;
    private final Callable<Void> end;
    private final Inside kernel;
    private final boolean serverIsKernels;
    private final boolean clientIsKernels;

    /** Where the kernel's sockets are. */
    private interface Inside {
        <T> T call(Callable<T> action) throws Exception;
    }

    private Ends(SelectorProvider servers, SelectorProvider clients, String address, Inside kernel,
            Callable<Void> end) {
        this.servers = servers;
        this.clients = clients;
        this.address = InetAddress.ofLiteral(address);
        this.kernel = kernel;
        this.end = end;
        serverIsKernels = address.equals(OverTun.KERNEL);
        clientIsKernels = address.equals(OverTun.OURS);
    }

    /** A path as {@code words} of tc netem say, in both directions; "" for one that does nothing. */
    static Ends of(Ours ours, String words) throws Exception {
        if (ours == Ours.BOTH) {
            TwoStacks stacks = new TwoStacks(words);
            return new Ends(stacks.serverProvider(), stacks.clientProvider(), TwoStacks.at(0).getHostString(),
                    Callable::call, () -> {
                        stacks.close();
                        return null;
                    });
        }
        Machine.requireDevices();
        NetworkNamespace namespace = NetworkNamespace.createPrivate();
        OverTun tun = new OverTun(namespace, words);
        SelectorProvider stack = SluiceSelectorProvider.of(tun.stack);
        boolean server = ours == Ours.SERVER;
        return new Ends(server ? stack : kernels(), server ? kernels() : stack,
                server ? OverTun.OURS : OverTun.KERNEL, namespace::call, () -> {
                    tun.close();
                    namespace.close();
                    return null;
                });
    }

    private static SelectorProvider kernels() throws ReflectiveOperationException {
        return (SelectorProvider) Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get").invoke(null);
    }

    /** An address of the server's. */
    InetSocketAddress at(int port) {
        return new InetSocketAddress(address, port);
    }

    /** Makes what opens the server's channels, or whose threads do. */
    <T> T atServer(Callable<T> action) throws Exception {
        return serverIsKernels ? kernel.call(action) : action.call();
    }

    /** Makes what opens the client's channels, or whose threads do. */
    <T> T atClient(Callable<T> action) throws Exception {
        return clientIsKernels ? kernel.call(action) : action.call();
    }

    @Override
    public void close() throws Exception {
        end.call();
    }
}
