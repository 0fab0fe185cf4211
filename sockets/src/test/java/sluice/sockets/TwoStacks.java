package sluice.sockets;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.link.ParkWaiter;
import sluice.link.PipeLink;
import sluice.wire.IpAddress;

/** Two stacks on real threads with a pipe between them. */
final class TwoStacks implements AutoCloseable {
    static final IpAddress LEFT = IpAddress.ofV4(0x0a000001);
    static final IpAddress RIGHT = IpAddress.ofV4(0x0a000002);

    private static final int BACKLOG = 4096;

    final Stack left;
    final Stack right;

    TwoStacks() {
        this(LinkProperties.plain(1500));
    }

    TwoStacks(LinkProperties properties) {
        PipeLink.Pair pipe = PipeLink.pair(properties, PipeLink.DEFAULT_QUEUE);
        left = stack("left", pipe.a(), LEFT, 1);
        right = stack("right", pipe.b(), RIGHT, 2);
    }

    private static Stack stack(String name, PipeLink link, IpAddress address, long seed) {
        ParkWaiter waiter = new ParkWaiter();
        link.setWaiter(waiter);
        return Stack.builder(HostConfig.builder(Entropy.seeded(seed)).name(name).build()).name(name).link("pipe0", link)
                .waiter(waiter)
                .address("pipe0", address, 24)
                .start();
    }

    ServerSocket listen() throws IOException {
        return SluiceSockets.of(right).serverSocketFactory().createServerSocket(0, BACKLOG, Addresses.toInet(RIGHT));
    }

    Socket connect(ServerSocket server) throws IOException {
        return SluiceSockets.of(left).socketFactory().createSocket(server.getInetAddress(), server.getLocalPort());
    }

    @Override
    public void close() {
        left.close();
        right.close(Duration.ZERO); // its peer is gone
    }
}
