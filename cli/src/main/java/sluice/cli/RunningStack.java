package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import sluice.engine.LinkGoneException;
import sluice.engine.MemoryReturn;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.engine.StackExtension;
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
import sluice.observe.jfr.JfrTrace;
import sluice.observe.qlog.QlogTrace;
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
    private final NetworkNamespace namespace;
    private final TunDevice device;
    private final DeviceWatch watch;
    private final @Nullable PcapngSink capture;
    private final @Nullable QlogTrace qlog;
    private final ControlSocket control;

    private RunningStack(Stack stack, NetworkNamespace namespace, TunDevice device, DeviceWatch watch,
            ControlSocket control, Written written) {
        this.stack = stack;
        this.namespace = namespace;
        this.device = device;
        this.watch = watch;
        this.capture = written.capture;
        this.qlog = written.qlog;
        this.control = control;
    }

    /** What it writes, when asked to. */
    private record Written(@Nullable PcapngSink capture, @Nullable QlogTrace qlog) {}

    /** What a command adds to the options. */
    static final class Extras {
        /** Wraps the device; the capture is around it. */
        UnaryOperator<Link> wrap = link -> link;
        /** Takes the stack's decisions. */
        TraceSink trace = new JfrTrace();
        /** Runs before the first packet. */
        Consumer<Host> setup = host -> {
        };
        /** Lives beside the stack. */
        List<StackExtension> extensions = List.of();
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
        TunDevice device = KernelInterfaces.open(namespace, "--tun", options);
        try {
            if (!o.existing) {
                InterfaceSetup setup = InterfaceSetup.of(device.name());
                o.effectivePeers().forEach(p -> setup.address(p.toString()));
                setup.apply(namespace);
            }
            return run(o, extras, namespace, device);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    private static RunningStack run(StackOptions o, Extras extras, NetworkNamespace namespace, TunDevice device) {
        Link link = extras.wrap.apply(SegmentationLink.withOffloads(device));
        PcapngSink capture = o.capture == null ? null : capture(o, o.capture, device);
        if (capture != null) {
            link = new CaptureLink(link, capture, false);
        }
        QlogTrace qlog = o.qlog == null ? null : qlog(o, o.qlog, extras);
        HostConfig config = HostConfig.builder(new SystemEntropy()).name("sluice").settings(o.settings())
                .trace(qlog == null ? extras.trace : qlog).build();
        ControlSocket control = new ControlSocket(extras.title).at(o.control)
                .onFailure(reason -> noControlSocket(o, reason));
        Stack.Builder builder = Stack.builder(config).link(device.name(), link).waiter(new LinuxWaiter(device))
                .setup(host -> {
                    configure(host, o.effectiveAddresses(), o.effectiveGateways());
                    extras.setup.accept(host);
                }).with(control).with(new MemoryReturn());
        extras.extensions.forEach(builder::with);
        Stack stack = builder.start();
        return new RunningStack(stack, namespace, device, DeviceWatch.start(device, o.spec.commandLine().getErr()),
                control, new Written(capture, qlog));
    }

    /** A path that was asked for must work; without the usual place there is one line, and the command goes on. */
    private static void noControlSocket(StackOptions o, String reason) {
        if (o.control != null) {
            throw new IllegalArgumentException("--control " + o.control + ": " + reason);
        }
        o.spec.commandLine().getErr()
                .println("sluice: no control socket, so ss and the others will not find this process: " + reason);
    }

    private static PcapngSink capture(StackOptions o, Path file, TunDevice device) {
        try {
            PcapngSink sink = PcapngSink.toFile(file, device.name(), device.properties().ethernet());
            PrintWriter err = o.spec.commandLine().getErr();
            sink.onFailure(e -> {
                err.println("sluice: " + Unwritable.text("--capture", file, e));
                err.flush();
            });
            return sink;
        } catch (IOException e) {
            throw new Failure(Unwritable.text("--capture", file, e));
        }
    }

    private static QlogTrace qlog(StackOptions o, Path file, Extras extras) {
        try {
            QlogTrace trace = new QlogTrace(Files.newOutputStream(file), extras.title, Instant.now(),
                    extras.trace);
            PrintWriter err = o.spec.commandLine().getErr();
            trace.onFailure(e -> {
                err.println("sluice: " + Unwritable.text("--qlog", file, e));
                err.flush();
            });
            return trace;
        } catch (IOException e) {
            throw new Failure(Unwritable.text("--qlog", file, e));
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

    /**
     * Waits for the latch; a stack that stops by itself, because its device or its namespace was deleted or by a
     * defect, is a {@link Failure}.
     */
    void awaitStop(CountDownLatch stop) throws InterruptedException {
        while (!stop.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            try {
                stack.execute(host -> host);
            } catch (ShardStoppedException e) {
                Throwable cause = e.getCause();
                if (cause instanceof LinkGoneException) {
                    throw new Failure(String.valueOf(cause.getMessage()));
                }
                throw new Failure(e.getMessage() + (cause == null ? "" : ": " + cause));
            } catch (OutOfMemoryError e) {
                continue; // the stack goes on without, and so does this
            }
            if (namespace.isGone()) {
                throw new Failure("network namespace " + namespace.name() + " is gone (it was deleted)");
            }
        }
    }

    /** The device's name as the kernel knows it. */
    String deviceName() {
        return device.name();
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

    /** Ends it; a {@link Failure} when a file could not be written, which has been said. */
    @Override
    public void close() {
        watch.close();
        stack.close(CLOSE_LIMIT);
        if (qlog != null) {
            qlog.close();
        }
        if (capture != null && capture.failure() != null || qlog != null && qlog.failure() != null) {
            throw Failure.said();
        }
    }
}
