package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.Settings;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.Stack;
import sluice.link.CaptureLink;
import sluice.link.ImpairedLink;
import sluice.link.Link;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.PcapngSink;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * A private network namespace with a TUN (or TAP) device and a stack of ours at its other end: 10.99.0.1 and fd99::1
 * are the kernel's, 10.99.0.2 and fd99::2 ours.
 */
final class Lab implements AutoCloseable {
    /** Name of the device. */
    static final String DEVICE = "tun0";

    final NetworkNamespace namespace;
    final TunDevice device;
    final Stack stack;
    /** The JDK's sockets on {@link #stack}. */
    final SluiceSockets sockets;
    final @Nullable ImpairedLink impaired;

    private Lab(NetworkNamespace namespace, TunDevice device, Stack stack, @Nullable ImpairedLink impaired) {
        this.namespace = namespace;
        this.device = device;
        this.stack = stack;
        sockets = SluiceSockets.of(stack);
        this.impaired = impaired;
    }

    static Builder builder() {
        return new Builder();
    }

    static Lab start() {
        return builder().start();
    }

    static final class Builder {
        private final Settings settings = new Settings();
        private final List<Consumer<Host>> setups = new ArrayList<>();
        private boolean tap;
        private boolean offload = true;
        private int mtu = 1500;
        private int queue = 1000;
        private @Nullable String out;
        private @Nullable String in;
        private long seed = 1;
        private @Nullable Path capture;
        private @Nullable NetworkNamespace namespace;

        Builder tap() {
            tap = true;
            return this;
        }

        Builder offload(boolean on) {
            offload = on;
            return this;
        }

        Builder mtu(int bytes) {
            mtu = bytes;
            return this;
        }

        /** Packets that the kernel holds for us. */
        Builder queue(int packets) {
            queue = packets;
            return this;
        }

        Builder in(NetworkNamespace given) {
            namespace = given;
            return this;
        }

        /** tc netem's words for both directions. */
        Builder impaired(String words, long with) {
            out = words;
            in = words;
            seed = with;
            return this;
        }

        Builder set(String name, String value) {
            settings.set(name, value);
            return this;
        }

        Builder setup(Consumer<Host> action) {
            setups.add(action);
            return this;
        }

        /** Writes what passes, as on a wire, to a pcapng file. */
        Builder capture(Path file) {
            capture = file;
            return this;
        }

        Lab start() {
            Machine.requireDevices();
            NetworkNamespace ns = namespace != null ? namespace : NetworkNamespace.createPrivate();
            TunDevice device = null;
            try {
                device = ns.openTun(new TunOptions(DEVICE, tap, offload, false, mtu, 0));
                InterfaceSetup setup = InterfaceSetup.of(DEVICE).address("10.99.0.1/24").txQueueLength(queue);
                if (mtu >= 1280) {
                    setup.address("fd99::1/64");
                }
                setup.apply(ns);
                Link link = device;
                ImpairedLink impaired = null;
                if (out != null) {
                    Netem outbound = new Netem(NetemSpec.parse(out), tap, seed);
                    Netem inbound = new Netem(NetemSpec.parse(in), tap, ~seed);
                    impaired = new ImpairedLink(link, outbound, inbound);
                    link = impaired;
                }
                if (capture != null) {
                    link = new CaptureLink(link, PcapngSink.toFile(capture, DEVICE, tap), true);
                }
                HostConfig config = HostConfig.builder(Entropy.seeded(System.nanoTime())).name("lab").settings(settings)
                        .build();
                Stack.Builder b = Stack.builder(config).link(DEVICE, link).waiter(new LinuxWaiter(device))
                        .address(DEVICE, Family.V4.oursIp(), 24)
                        .route(Prefix.parse("0.0.0.0/0"), DEVICE, Family.V4.kernelsIp());
                if (mtu >= 1280) {
                    b.address(DEVICE, Family.V6.oursIp(), 64).route(Prefix.parse("::/0"), DEVICE,
                            Family.V6.kernelsIp());
                }
                setups.forEach(b::setup);
                return new Lab(ns, device, b.start(), impaired);
            } catch (RuntimeException | IOException e) {
                if (device != null) {
                    device.close();
                }
                if (namespace == null) {
                    ns.close();
                }
                throw e instanceof RuntimeException r ? r : new IllegalStateException(e);
            }
        }
    }

    /** A socket of ours that is bound to a port of all addresses. */
    DatagramSocket datagramSocket(int port) throws IOException {
        DatagramSocket s = sockets.datagramSocket();
        s.bind(new InetSocketAddress(port));
        return s;
    }

    // ---- the kernel's side

    /** Sets a sysctl of the namespace: "net.ipv4.tcp_sack". */
    void sysctl(String name, String value) {
        sysctl(namespace, name, value);
    }

    static void sysctl(NetworkNamespace namespace, String name, String value) {
        String path = "/proc/sys/" + name.replace('.', '/');
        namespace.run("sh", "-c", "echo '" + value + "' > " + path);
    }

    SocketChannel kernelSocket() {
        return inside(namespace, SocketChannel::open);
    }

    SocketChannel kernelConnect(InetAddress to, int port) throws IOException {
        SocketChannel c = kernelSocket();
        try {
            c.connect(new InetSocketAddress(to, port));
        } catch (IOException | RuntimeException e) {
            c.close();
            throw e;
        }
        return c;
    }

    ServerSocketChannel kernelListen(InetAddress on, int port) throws IOException {
        ServerSocketChannel s = inside(namespace, ServerSocketChannel::open);
        s.bind(new InetSocketAddress(on, port), 4096);
        return s;
    }

    DatagramChannel kernelUdp(InetAddress on, int port) throws IOException {
        return inside(namespace, DatagramChannel::open).bind(new InetSocketAddress(on, port));
    }

    static <T> T inside(NetworkNamespace namespace, java.util.concurrent.Callable<T> action) {
        try {
            return namespace.call(action);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a finished program printed. */
    record Run(int status, String out) {}

    /** Runs a program inside, at most so long; standard output and error together. It is ended when it takes longer. */
    Run run(Duration limit, String... command) throws IOException, InterruptedException {
        return run(namespace, limit, command);
    }

    static Run run(NetworkNamespace namespace, Duration limit, String... command)
            throws IOException, InterruptedException {
        Process p = namespace.start(new ProcessBuilder(command).redirectErrorStream(true));
        p.getOutputStream().close();
        StringBuilder out = new StringBuilder();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try (var r = p.inputReader()) {
                for (int c = r.read(); c >= 0; c = r.read()) {
                    synchronized (out) {
                        out.append((char) c);
                    }
                }
            } catch (IOException ended) {
                // the process was ended
            }
        });
        boolean done = p.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!done) {
            p.destroyForcibly().waitFor();
        }
        reader.join(2000);
        synchronized (out) {
            if (!done) {
                throw new AssertionError(
                        String.join(" ", command) + " did not end in " + limit.toSeconds() + " s; it printed\n" + out);
            }
            return new Run(p.exitValue(), out.toString());
        }
    }

    // ---- our side

    long count(Counter counter) {
        return stack.execute(host -> host.counters().get(counter));
    }

    /** All counters that are not zero. */
    Map<String, Long> counters() {
        return stack.execute(host -> {
            Map<String, Long> all = new TreeMap<>();
            for (Counter c : Counter.values()) {
                long v = host.counters().get(c);
                if (v != 0 && !c.isLevel()) {
                    all.put(c.toString(), v);
                }
            }
            return all;
        });
    }

    /** TCP endpoints other than listeners and TIME-WAIT. */
    List<String> connections() {
        return stack.execute(host -> {
            List<String> all = new ArrayList<>();
            host.tcp().forEachEndpoint(e -> {
                if (!(e instanceof TcpListener) && !(e instanceof TimeWait)) {
                    all.add(e.toString());
                }
            });
            return all;
        });
    }

    int connectionCount() {
        return stack.execute(host -> {
            int[] n = {0};
            host.tcp().forEachEndpoint(e -> n[0] += e instanceof TcpListener || e instanceof TimeWait ? 0 : 1);
            return n[0];
        });
    }

    int timeWaits() {
        return stack.execute(host -> {
            int[] n = {0};
            host.tcp().forEachEndpoint(e -> n[0] += e instanceof TimeWait ? 1 : 0);
            return n[0];
        });
    }

    long poolBytes() {
        return stack.execute(host -> host.pool().inUseBytes());
    }

    /** Everything about every connection of both sides, for messages of failed tests. */
    String state() {
        StringBuilder s = new StringBuilder();
        stack.execute(host -> {
            long now = stack.shard().nowNs();
            host.tcp().forEachEndpoint((Endpoint e) -> {
                s.append(e).append('\n');
                if (e instanceof TcpSocket t) {
                    var i = t.info(now);
                    s.append("   cwnd ").append(i.sndCwnd).append(" ssthresh ").append(i.sndSsthresh).append(" ca ")
                            .append(i.caState).append(" rto ")
                            .append(i.rtoUs).append("us rtt ").append(i.rttUs).append("us unacked ").append(i.unacked)
                            .append(" lost ").append(i.lost)
                            .append(" retrans ").append(i.retrans).append('/').append(i.totalRetrans)
                            .append(" backoff ").append(i.backoff).append(" sndwnd ")
                            .append(i.sndWnd).append(" rcvwnd ").append(i.rcvWnd).append(" recvq ").append(i.recvQ)
                            .append(" sendq ").append(i.sendQ)
                            .append(" notsent ").append(i.notsentBytes).append(" timer ").append(i.timer).append(' ')
                            .append(i.timerNs / 1000).append("us\n");
                }
            });
            return null;
        });
        s.append(counters()).append('\n');
        if (impaired != null) {
            s.append("out ").append(impaired.outStatistics()).append("\nin ").append(impaired.inStatistics())
                    .append('\n');
        }
        s.append(namespace.run("ss", "-tieno"));
        return s.toString();
    }

    static void await(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            pause(10);
        }
    }

    static void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** All connections are gone, their memory too. */
    void assertNothingLeft() {
        // On a bad path the FIN may be lost several times.
        Duration limit = Duration.ofSeconds(impaired == null ? 5 : 60);
        await("no connection left but TIME-WAIT", limit, () -> connectionCount() == 0);
        await("buffers given back", Duration.ofSeconds(1), () -> poolBytes() == 0);
    }

    /**
     * Waits until the kernel of this namespace reaches an address on another link: a pair of veth that has just come up
     * may take a second to carry IPv6.
     */
    void awaitKernelReaches(String address) throws Exception {
        for (int i = 0; i < 10; i++) {
            if (run(Duration.ofSeconds(5), "ping", "-c", "1", "-W", "1", address).status() == 0) {
                return;
            }
        }
        throw new AssertionError("the kernel does not reach " + address);
    }

    /** The stack answers a ping of the kernel, in both families. */
    void assertAlive() throws IOException, InterruptedException {
        assertThat(run(Duration.ofSeconds(5), "ping", "-c", "1", "-W", "3", Family.V4.ours).status()).as("ping of IPv4")
                .isZero();
        if (device.properties().mtu() >= 1280) {
            assertThat(run(Duration.ofSeconds(5), "ping", "-c", "1", "-W", "3", Family.V6.ours).status())
                    .as("ping of IPv6").isZero();
        }
    }

    @Override
    public void close() {
        try {
            assertThat(stack.shard().statistics().listenerFailures()).as("listeners that threw").isZero();
            stack.execute(Host::name); // throws when the core broke
        } finally {
            try {
                stack.close(Duration.ofMillis(200));
            } finally {
                namespace.close();
            }
        }
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }
}
