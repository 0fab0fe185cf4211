package sluice.programs;

import java.io.IOException;
import java.time.Duration;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.link.ImpairedLink;
import sluice.link.Link;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.wire.IpAddress;

/** A stack at the other end of a TUN device: {@link #KERNEL} is the kernel's address, {@link #OURS} ours. */
final class OverTun implements AutoCloseable {
    static final String KERNEL = "10.99.0.1";
    static final String OURS = "10.99.0.2";
    private static final String DEVICE = "tun0";

    final Stack stack;

    /** A path as {@code words} of tc netem say, in both directions; "" for one that does nothing. */
    OverTun(NetworkNamespace namespace, String words) throws IOException {
        TunDevice device = namespace.openTun(TunOptions.tun(DEVICE));
        InterfaceSetup.of(DEVICE).address(KERNEL + "/24").apply(namespace);
        Link link = words.isEmpty() ? device
                : new ImpairedLink(device, new Netem(NetemSpec.parse(words), false, 1),
                        new Netem(NetemSpec.parse(words), false, 2));
        stack = Stack.builder(HostConfig.builder(Entropy.seeded(System.nanoTime())).name("client").build())
                .link(DEVICE, link).waiter(new LinuxWaiter(device)).address(DEVICE, IpAddress.parse(OURS), 24).start();
    }

    @Override
    public void close() {
        stack.close(Duration.ZERO);
    }
}
