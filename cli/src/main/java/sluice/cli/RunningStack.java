package sluice.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sluice.control.ControlSocket;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.Settings;
import sluice.core.trace.TraceSink;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.CaptureLink;
import sluice.link.Link;
import sluice.link.PcapngSink;
import sluice.link.SegmentationLink;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * A stack on a TUN device as the options describe it, with its control socket. Closing sends FINs and removes the
 * device.
 */
final class RunningStack implements AutoCloseable {
    /** How long closing waits for the peers. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final long LOOK_MS = 1_000;

    private final Stack stack;
    private final String deviceName;
    private final ControlSocket control;

    private RunningStack(Stack stack, String deviceName, ControlSocket control) {
        this.stack = stack;
        this.deviceName = deviceName;
        this.control = control;
    }

    /** What a command adds to the options. */
    static final class Extras {
        /** Wraps the device; the capture is around it. */
        UnaryOperator<Link> wrap = link -> link;
        /** Takes the stack's decisions. */
        TraceSink trace = TraceSink.NONE;
        /** Runs before the first packet. */
        Consumer<Host> setup = host -> {
        };
        /** What the process calls itself when asked over the control socket. */
        String title = "sluice";
    }

    static RunningStack start(StackOptions o) {
        return start(o, new Extras());
    }

    static RunningStack start(StackOptions o, Extras extras) {
        o.check();
        NetworkNamespace namespace = o.namespace();
        o.checkKernel(namespace);
        TunOptions options = new TunOptions(o.tun, o.tap, !o.noOffload, false, o.existing ? 0 : o.mtu, 0);
        TunDevice device = namespace.openTun(options);
        try {
            if (!o.existing) {
                InterfaceSetup setup = InterfaceSetup.of(device.name());
                o.effectivePeers().forEach(p -> setup.address(p.toString()));
                setup.txQueueLength(1000).apply(namespace);
            }
            return run(o, extras, device);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    private static RunningStack run(StackOptions o, Extras extras, TunDevice device) {
        Link link = extras.wrap.apply(SegmentationLink.withOffloads(device));
        if (o.capture != null) {
            link = new CaptureLink(link, capture(o.capture, device), false);
        }
        HostConfig config = HostConfig.builder(new SystemEntropy()).name("sluice").settings(o.settings())
                .trace(extras.trace).build();
        ControlSocket control = new ControlSocket(extras.title).at(o.control)
                .onFailure(reason -> noControlSocket(o, reason));
        Stack stack = Stack.builder(config).link(device.name(), link).waiter(new LinuxWaiter(device)).setup(host -> {
            configure(host, o.effectiveAddresses(), o.effectiveGateways());
            extras.setup.accept(host);
        }).with(control).start();
        return new RunningStack(stack, device.name(), control);
    }

    /** A path that was asked for must work; without the usual place there is one line, and the command goes on. */
    private static void noControlSocket(StackOptions o, String reason) {
        if (o.control != null) {
            throw new IllegalArgumentException("--control " + o.control + ": " + reason);
        }
        o.spec.commandLine().getErr()
                .println("sluice: no control socket, so ss and the others will not find this process: " + reason);
    }

    private static PcapngSink capture(Path file, TunDevice device) {
        try {
            return PcapngSink.toFile(file, device.name(), device.properties().ethernet());
        } catch (IOException e) {
            throw new Failure("--capture " + file + ": " + Complaint.said(e));
        }
    }

    /** Gives the first interface after the loopback its addresses and default routes. */
    static void configure(Host host, List<Prefix> addresses, List<IpAddress> gateways) {
        for (Prefix p : addresses) {
            host.addAddress(1, p.address(), p.length());
        }
        for (IpAddress gateway : gateways) {
            boolean family = addresses.stream().anyMatch(a -> a.address().isV4() == gateway.isV4());
            if (family) {
                host.addRoute(new Prefix(gateway.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6, 0), 1, gateway, 0);
            }
        }
    }

    Stack stack() {
        return stack;
    }

    /** Waits for the latch; a stack that stops by itself, which only a defect makes it do, is a {@link Failure}. */
    void awaitStop(CountDownLatch stop) throws InterruptedException {
        while (!stop.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            try {
                stack.execute(host -> host);
            } catch (ShardStoppedException e) {
                throw new Failure(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause()));
            }
        }
    }

    /** The device's name as the kernel knows it. */
    String deviceName() {
        return deviceName;
    }

    /** Where ss and the others ask; null when there is no such socket. */
    @Nullable String controlPath() {
        Path path = control.path();
        return path == null ? null : path.toString();
    }

    /** The settings of the running host, as a copy. */
    Settings settings() {
        return stack.execute(host -> host.settings().copy());
    }

    @Override
    public void close() {
        stack.close(CLOSE_LIMIT);
    }
}
