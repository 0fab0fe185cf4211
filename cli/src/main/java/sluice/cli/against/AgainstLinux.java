package sluice.cli.against;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.lab.Experiment;
import sluice.lab.against.Comparison;
import sluice.lab.against.Part;
import sluice.lab.against.Play;
import sluice.lab.against.Wire;
import sluice.link.ImpairedLink;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.wire.IpAddress;

/**
 * Runs plays with the kernel of this machine in one part and our stack in the other, over a TUN device in a namespace
 * that is made for it and gone afterwards. Nothing outside is touched.
 */
public final class AgainstLinux {
    private static final String DEVICE = "tun0";
    private static final String KERNEL = "10.98.0.1";
    private static final String STACK = "10.98.0.2";
    /** One way; so that a round trip is longer than what threads take. */
    private static final String DELAY = "delay 10ms";

    private AgainstLinux() {}

    /** Null when it can be done here; else why not and what to do. */
    public static @Nullable String whyUnavailable() {
        String tun = TunDevice.whyUnavailable();
        return tun != null ? tun : NetworkNamespace.whyUnavailable();
    }

    /** Plays it twice, at the same time, each on a network of its own. */
    public static Comparison compare(Experiment experiment, Play play) throws InterruptedException {
        FutureTask<Part> ours = started(() -> play(play, true));
        FutureTask<Part> theirs = started(() -> play(play, false));
        return new Comparison(experiment.about(), got(ours), got(theirs));
    }

    private static FutureTask<Part> started(Callable<Part> work) {
        FutureTask<Part> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("sluice-against").start(task); // a namespace is a platform thread's
        return task;
    }

    private static Part got(FutureTask<Part> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            Throwable why = e.getCause();
            throw why instanceof RuntimeException r ? r : new IllegalStateException(why);
        }
    }

    private static Part play(Play play, boolean stackConnects) throws UnknownHostException, InterruptedException {
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            TunDevice device = namespace.openTun(TunOptions.tun(DEVICE).withOffload(false));
            InterfaceSetup.of(DEVICE).address(KERNEL + "/24").txQueueLength(1000).apply(namespace);
            NetemSpec delay = NetemSpec.parse(DELAY);
            Wire wire = new Wire(new ImpairedLink(device, new Netem(delay, false, 1), new Netem(delay, false, 2)),
                    stackConnects);
            HostConfig config = HostConfig.builder(new SystemEntropy()).name("sluice").build();
            Stack stack = Stack.builder(config).link(DEVICE, wire).waiter(new LinuxWaiter(device))
                    .address(DEVICE, IpAddress.parse(STACK), 24).start();
            try {
                StackSide ours = new StackSide(stack, InetAddress.getByName(STACK));
                KernelSide linux = new KernelSide(namespace, InetAddress.getByName(KERNEL));
                return stackConnects ? Part.of(play, ours, linux, wire) : Part.of(play, linux, ours, wire);
            } finally {
                stack.close(Duration.ZERO);
            }
        }
    }
}
