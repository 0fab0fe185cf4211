package sluice.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.NetemStatistics;
import sluice.link.Relay;
import sluice.link.SegmentationLink;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.SystemCallException;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;

/**
 * {@code sluice netem}: relays packets between two TUN devices that it makes, as bad a network as tc netem's words say.
 */
@Command(name = "netem", mixinStandardHelpOptions = true,
        description = "Relay between two TUN devices with the impairments of tc netem.", footer = {"",
            "Words: delay TIME [JITTER [CORRELATION]] [distribution uniform|normal|pareto|paretonormal]",
            "  loss [random] PERCENT [CORR] | loss gemodel P [R [1-H [1-K]]] | loss state P13 [P31 [P32 [P23 [P14]]]] "
                    + " ecn",
            "  duplicate PERCENT [CORR]  corrupt PERCENT [CORR]  reorder PERCENT [CORR] [gap N]",
            "  rate RATE [OVERHEAD [CELLSIZE [CELLOVERHEAD]]]  limit PACKETS", "",
            "The devices are up but have no addresses when it says ready; give them some.", "",
            "Example: between namespaces a and b", //
            "  sluice netem --between a/tun0 b/tun0 \"delay 50ms 20ms loss 2%%\" &",
            "  ip -n a addr add 10.0.0.1/24 dev tun0; ip -n b addr add 10.0.0.2/24 dev tun0"})
final class NetemCommand implements Callable<Integer> {
    private static final int QUEUE_PACKETS = 4000;
    private static final double MOST_SECONDS = 1e9;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--between", arity = "2", required = true, paramLabel = "NETNS/TUN",
            description = "The two devices to make; NETNS is a name under /run/netns or a process id;"
                    + " - or nothing before the slash is the present one.")
    private String[] between = {};

    @Parameters(index = "0", arity = "0..1", defaultValue = "", paramLabel = "SPEC",
            description = "What happens both ways (or only first to second, with --reverse).")
    private String words = "";

    @Option(names = "--reverse", paramLabel = "SPEC",
            description = "What happens from the second to the first instead.")
    private @Nullable String reverse;

    @Option(names = "--seed", paramLabel = "N",
            description = "Seed of the random numbers; chosen and printed when not given.")
    private @Nullable Long seed;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500",
            description = "MTU of both devices, 68 to 65535; default ${DEFAULT-VALUE}.")
    private int mtu;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "Ends after this time; else Ctrl-C ends it.")
    private @Nullable Double durationSeconds;

    @Option(names = "--json",
            description = "Print the statistics at the end as JSON; the line \"ready\" goes to standard error.")
    private boolean json;

    private volatile boolean stopped;

    NetemCommand() {}

    /**
     * One side of the relay.
     *
     * @param namespace where
     * @param device name of the device
     */
    private record Side(NetworkNamespace namespace, String device) {
        static Side parse(String text) {
            int slash = text.lastIndexOf('/');
            String namespace = slash <= 0 ? "-" : text.substring(0, slash);
            try {
                TunOptions device = TunOptions.tun(text.substring(slash + 1));
                return new Side(NetworkNamespace.of(namespace), device.name());
            } catch (SystemCallException e) {
                throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
            }
        }

        TunDevice open(int mtu) {
            TunDevice device = KernelInterfaces.open(namespace, "--between", TunOptions.tun(this.device).withMtu(mtu));
            try {
                InterfaceSetup.of(device.name()).txQueueLength(QUEUE_PACKETS).apply(namespace);
                return device;
            } catch (RuntimeException e) {
                device.close();
                throw e;
            }
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Limits.within(spec, "--mtu", mtu, 68, 65_535);
            if (durationSeconds != null) {
                Limits.seconds(spec, "--duration", durationSeconds, 0, MOST_SECONDS);
            }
            NetemSpec forward = Limits.parse(spec, "SPEC", words, NetemSpec::parse);
            NetemSpec backward = reverse == null ? forward
                    : Limits.parse(spec, "--reverse", reverse, NetemSpec::parse);
            if (between.length != 2 || between[0].equals(between[1])) {
                throw new IllegalArgumentException("--between " + String.join(" ", between)
                        + ": it is said once, with two devices that are not the same");
            }
            Side first = Limits.parse(spec, "--between", between[0], Side::parse);
            Side second = Limits.parse(spec, "--between", between[1], Side::parse);
            long used = seed == null ? ThreadLocalRandom.current().nextLong(1L << 32) : seed;
            relay(first, second, new Netem(forward, false, used),
                    new Netem(backward, false, ~used), used, out);
            return Main.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void relay(Side first, Side second, Netem forward, Netem backward, long usedSeed, PrintWriter out) {
        CountDownLatch done = new CountDownLatch(1);
        try (TunDevice a = first.open(mtu);
                TunDevice b = second.open(mtu);
                DeviceWatch watchA = DeviceWatch.start(a, spec.commandLine().getErr());
                DeviceWatch watchB = DeviceWatch.start(b, spec.commandLine().getErr());
                LinuxWaiter waiter = new LinuxWaiter(a, b)) {
            Thread hook = new Thread(() -> stopAndWait(waiter, done), "sluice-netem-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Relay relay = new Relay(SegmentationLink.withOffloads(a), SegmentationLink.withOffloads(b), forward,
                    backward);
            PrintWriter say = json ? spec.commandLine().getErr() : out;
            say.println("ready seed " + usedSeed);
            say.flush();
            long end = durationSeconds == null ? Long.MAX_VALUE : System.nanoTime() + (long) (durationSeconds * 1e9);
            relay.run(waiter,
                    () -> stopped || a.isGone() || b.isGone() || (end != Long.MAX_VALUE && System.nanoTime() >= end));
            print(relay, a, b, usedSeed, out);
            if (a.isGone() || b.isGone()) {
                throw new Failure((a.isGone() ? a : b).name() + " is gone (the device was deleted)");
            }
            if (!stopped) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            if (!stopped) { // the virtual machine is going down: the hook stays
                throw e;
            }
        } finally {
            done.countDown();
        }
    }

    /** Runs in the shutdown hook: the virtual machine halts when this returns. */
    private void stopAndWait(LinuxWaiter waiter, CountDownLatch done) {
        stopped = true;
        waiter.wakeup();
        try {
            done.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Relay relay, TunDevice a, TunDevice b, long usedSeed, PrintWriter out) {
        if (json) {
            out.println("{\"seed\":" + usedSeed + ",\"forward\":" + json(relay.forwardStatistics()) + ",\"reverse\":"
                    + json(relay.backwardStatistics()) + "}");
        } else {
            out.println(between[0] + " -> " + between[1] + ": " + text(relay.forwardStatistics()));
            out.println(between[1] + " -> " + between[0] + ": " + text(relay.backwardStatistics()));
            if (a.transmitDropped() + b.transmitDropped() != 0) {
                out.println("refused by the kernel: " + a + ", " + b);
            }
        }
        out.flush();
    }

    private static String text(NetemStatistics s) {
        return String.format(Locale.ROOT,
                "received %d, passed %d (%d bytes), lost %d, marked %d, duplicated %d, corrupted %d, reordered %d,"
                        + " overlimit %d, still queued %d",
                s.received(), s.passed(), s.passedBytes(), s.lost(), s.marked(), s.duplicated(), s.corrupted(),
                s.reordered(), s.overlimit(), s.queued());
    }

    private static String json(NetemStatistics s) {
        return String.format(Locale.ROOT,
                "{\"received\":%d,\"passed\":%d,\"passedBytes\":%d,\"lost\":%d,\"marked\":%d,\"duplicated\":%d,"
                        + "\"corrupted\":%d,\"reordered\":%d,\"overlimit\":%d,\"queued\":%d}",
                s.received(), s.passed(), s.passedBytes(), s.lost(), s.marked(), s.duplicated(), s.corrupted(),
                s.reordered(), s.overlimit(), s.queued());
    }
}
