package sluice.sockets.suite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** A network namespace of the kernel, and a stack at the other end of its TUN device. */
final class Tun implements AutoCloseable {
    private static final String DEVICE = "tun0";
    private static final String GROUPS = "224.0.0.0/4";
    private static final int MTU = 1500;
    private static final IpAddress KERNEL = IpAddress.parse("10.99.0.1");
    static final String KERNEL6 = "fd99::1";
    static final String OURS6 = "fd99::2";
    private static final String GROUPS6 = "ff00::/8";
    private static final IpAddress OURS = IpAddress.parse("10.99.0.2");

    final NetworkNamespace namespace;
    final Stack stack;
    /** The kernel's side of the device. */
    final NetworkInterface device;

    private Tun(NetworkNamespace namespace) throws IOException {
        this.namespace = namespace;
        TunDevice tun = namespace.openTun(new TunOptions(DEVICE, false, true, false, MTU, 0));
        InterfaceSetup.of(DEVICE).address(KERNEL + "/24").address(KERNEL6 + "/64").route(GROUPS).apply(namespace);
        device = inside(() -> NetworkInterface.getByName(DEVICE));
        stack = Stack.builder(HostConfig.builder(Entropy.seeded(1)).name("tun").build()).link(DEVICE, tun)
                .waiter(new LinuxWaiter(tun)).address(DEVICE, OURS, 24)
                .address(DEVICE, IpAddress.parse(OURS6), 64).route(Prefix.parse(GROUPS), DEVICE, null)
                .route(Prefix.parse(GROUPS6), DEVICE, null).start();
    }

    /** Skips the tests, loudly, where the machine does not allow it. */
    static Tun start() throws IOException {
        String why = whyUnavailable();
        if (why != null) {
            System.err.println("*** SKIPPED: the socket suite over a TUN device cannot run here: " + why);
        }
        Assumptions.assumeTrue(why == null, () -> "SKIPPED: " + why);
        NetworkNamespace namespace = NetworkNamespace.createPrivate();
        try {
            return new Tun(namespace);
        } catch (RuntimeException | IOException e) {
            namespace.close();
            throw e;
        }
    }

    private static @Nullable String whyUnavailable() {
        String tun = TunDevice.whyUnavailable();
        return tun != null ? tun : NetworkNamespace.whyUnavailable();
    }

    /** What {@code action} opens belongs to the namespace. An interrupt of the calling thread is for others. */
    <T> T inside(Callable<T> action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return namespace.call(action);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static InetAddress kernelAddress() {
        return Addresses.toInet(KERNEL);
    }

    static InetAddress ourAddress() {
        return Addresses.toInet(OURS);
    }

    @Override
    public void close() {
        stack.close(Duration.ZERO);
        namespace.close();
    }
}
