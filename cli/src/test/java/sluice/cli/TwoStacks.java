package sluice.cli;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Consumer;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.link.ParkWaiter;
import sluice.link.PipeLink;
import sluice.sockets.Addresses;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;

/** Two running hosts joined by a pipe in memory: a is 10.0.0.1, b is 10.0.0.2. */
public final class TwoStacks implements AutoCloseable {
    public static final IpAddress A = IpAddress.parse("10.0.0.1");
    public static final IpAddress B = IpAddress.parse("10.0.0.2");

    public final Stack a;
    public final Stack b;

    public TwoStacks() {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500).withOffloads(65_535), 1024);
        a = start("a", pipe.a(), A);
        b = start("b", pipe.b(), B);
    }

    private static Stack start(String name, PipeLink link, IpAddress address) {
        ParkWaiter waiter = new ParkWaiter();
        link.setWaiter(waiter);
        Consumer<Host> setup = host -> host.addAddress(1, address, 24);
        return Stack.builder(HostConfig.builder(Entropy.seeded(name.hashCode())).name(name).build()).name(name)
                .link("pipe", link).waiter(waiter).setup(setup)
                .start();
    }

    /** A connection from a to b whose reads wait for 10 s at most. */
    public Socket connect(int port) throws IOException {
        Socket s = SluiceSockets.of(a).socketFactory().createSocket(Addresses.toInet(B), port);
        s.setSoTimeout(10_000);
        return s;
    }

    @Override
    public void close() {
        a.close(Duration.ofMillis(200));
        b.close(Duration.ZERO);
    }
}
