package sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sluice.cli.Unwritable;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.trace.TraceSink;
import sluice.engine.Stack;
import sluice.link.CaptureLink;
import sluice.link.Link;
import sluice.link.NetemSpec;
import sluice.link.ParkWaiter;
import sluice.link.PipeLink;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.SystemCallException;
import sluice.link.linux.TunDevice;

/** Sets up both sides of the demo, runs it and takes everything down again, however it ends. */
public final class DemoRun {
    private static final int PIPE_PACKETS = 1024;

    private final Options options;
    private final Consumer<String> say;

    /**
     * What may be chosen.
     *
     * @param cleanBytes size of a file on the clean path
     * @param impairedBytes size of a file on the impaired path
     * @param impairment netem's words
     * @param seed of files and impairment
     * @param pcapng where packets go
     * @param json whether the result is one line of JSON
     */
    public record Options(long cleanBytes, long impairedBytes, String impairment, long seed, Path pcapng,
            boolean json) {}

    /** How a stack on a TUN device is started, which is the caller's knowledge. */
    public interface TunStarter {
        /** Starts our side in a namespace; the result is closed at the end. */
        Running start(NetworkNamespace namespace, UnaryOperator<Link> wrap, TraceSink trace);
    }

    /** How a host's pieces common to all starts are made. */
    public interface HostStarter {
        /** A configuration with strong random numbers. */
        HostConfig.Builder config(String name);
    }

    /** A stack that runs. */
    public interface Running extends AutoCloseable {
        /** The stack. */
        Stack stack();

        @Override
        void close();
    }

    private volatile boolean captured = true;

    /** Prepares a run that says what it does. */
    public DemoRun(Options options, Consumer<String> say) {
        this.options = options;
        this.say = say;
    }

    /** Why there can be no demo with the kernel; null when there can. */
    public static @Nullable String whyNoKernel() {
        String tun = TunDevice.whyUnavailable();
        return tun != null ? tun : NetworkNamespace.whyUnavailable();
    }

    /** With the kernel; the summary line and whether all was whole. */
    public boolean withKernel(TunStarter starter, Consumer<String> result) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (DemoFiles files = new DemoFiles(); NetworkNamespace namespace = namespace()) {
            KernelOther other = new KernelOther(namespace);
            Thread hook = new Thread(() -> cleanUp(other, files));
            Runtime.getRuntime().addShutdownHook(hook);
            try (other) {
                say.accept("== Sluice as 10.99.0.2 and fd99::2 on a TUN device in network namespace " + namespace
                        + ", the kernel as 10.99.0.1 and fd99::1");
                SwitchedLink[] link = new SwitchedLink[1];
                DemoCapture capture = new DemoCapture(options.pcapng, "tun", this::captureFailed);
                try (Running running = starter.start(namespace, below -> capturing(below, capture, link), capture)) {
                    other.startServer(files.others());
                    Demo demo = new Demo(running.stack(), link[0], capture, other, files, say);
                    demo.run(options.cleanBytes, options.impairedBytes, options.seed, options.impairment);
                    return finish(demo, "kernel", null, start, result);
                }
            } finally {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    /** Whether the capture is whole; after the run. */
    public boolean captured() {
        return captured;
    }

    private void captureFailed(IOException e) {
        captured = false;
        System.err.println("sluice demo: " + Unwritable.text("--capture", options.pcapng, e));
    }

    private Link capturing(Link below, DemoCapture capture, SwitchedLink[] link) {
        link[0] = new SwitchedLink(below, NetemSpec.parse(options.impairment), options.seed);
        return new CaptureLink(link[0], capture, false);
    }

    private static void cleanUp(KernelOther other, DemoFiles files) {
        other.close();
        try {
            files.close();
        } catch (IOException e) {
            System.err.println("sluice demo: " + e);
        }
    }

    private static NetworkNamespace namespace() {
        try {
            return NetworkNamespace.create("sluice-demo-" + ProcessHandle.current().pid());
        } catch (SystemCallException e) {
            return NetworkNamespace.createPrivate(); // /run/netns cannot be written, as inside a user namespace
        }
    }

    /** Between two hosts of ours in memory. */
    public boolean inMemory(String why, HostStarter starter, MemoryConfigurer configurer, Consumer<String> result)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        say.accept("== " + why);
        say.accept(
                "== So both sides are Sluice, joined in memory: A as 10.99.0.2 and fd99::2, B as 10.99.0.1 and "
                        + "fd99::1");
        LinkProperties properties = LinkProperties.plain(1500).withOffloads(65_535);
        PipeLink.Pair pipe = PipeLink.pair(properties, PIPE_PACKETS);
        SwitchedLink[] link = new SwitchedLink[1];
        try (DemoFiles files = new DemoFiles()) {
            DemoCapture capture = new DemoCapture(options.pcapng, "pipe", this::captureFailed);
            ParkWaiter waiterA = new ParkWaiter();
            ParkWaiter waiterB = new ParkWaiter();
            pipe.a().setWaiter(waiterA);
            pipe.b().setWaiter(waiterB);
            Stack b = Stack.builder(starter.config("B").build()).name("sluice-B").link("pipe", pipe.b()).waiter(waiterB)
                    .setup(host -> configurer.configure(host, List.of("10.99.0.1/24", "fd99::1/64"))).start();
            try (Stack a = Stack.builder(starter.config("A").trace(capture).build()).name("sluice-A")
                    .link("pipe", capturing(pipe.a(), capture, link))
                    .waiter(waiterA)
                    .setup(host -> configurer.configure(host, List.of("10.99.0.2/24", "fd99::2/64"))).start();
                    MemoryOther other = new MemoryOther(b, files.others())) {
                Demo demo = new Demo(a, link[0], capture, other, files, say);
                demo.run(options.cleanBytes, options.impairedBytes, options.seed, options.impairment);
                return finish(demo, "memory", why, start, result);
            }
        }
    }

    /** Gives a host its addresses. */
    public interface MemoryConfigurer {
        /** Adds them to the first interface. */
        void configure(sluice.core.Host host, List<String> prefixes);
    }

    private boolean finish(Demo demo, String mode, @Nullable String why, long start, Consumer<String> result) {
        double seconds = (System.nanoTime() - start) / 1e9;
        if (options.json) {
            result.accept(demo.json(mode, why, options.pcapng, seconds));
        } else {
            say.accept("");
            say.accept("Packets: " + options.pcapng);
            result.accept(String.format(Locale.ROOT, "%s in %.1f s",
                    demo.isWhole() ? "Every transfer was whole," : "NOT every transfer was whole,", seconds));
        }
        return demo.isWhole();
    }
}
