package sluice.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import sluice.core.LinkProperties;
import sluice.link.Link;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.Relay;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.wire.Packet;

/**
 * Two kernels' TCPs, each in a namespace of its own, with a relay of ours between their TUN devices where faults are
 * planted, and a tcpdump at either end. The client is 10.77.0.1, the server 10.77.0.2.
 */
final class TwoKernels implements AutoCloseable {
    static final String CLIENT = "10.77.0.1";
    static final String SERVER = "10.77.0.2";
    private static final byte[] MARKER = "the capture ends here".getBytes(UTF_8);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Whether a packet goes on; asked by the relay's thread. */
    @FunctionalInterface
    interface Gate {
        boolean passes(Packet packet);
    }

    final NetworkNamespace client;
    final NetworkNamespace server;
    private final Path directory;
    private final Gated forth;
    private final Gated back;
    private final Thread relay;
    private final LinuxWaiter waiter;
    private final List<Process> dumps = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * @param offload whether the devices take super-segments of 64 KB, as tcpdump then sees them
     * @param netem what happens to what the client sends
     * @param netemBack to what the server sends
     */
    TwoKernels(Path directory, boolean offload, String netem, String netemBack) throws IOException {
        this.directory = directory;
        client = NetworkNamespace.createPrivate();
        server = NetworkNamespace.createPrivate();
        TunDevice a = open(client, offload, CLIENT);
        TunDevice b = open(server, offload, SERVER);
        forth = new Gated(a);
        back = new Gated(b);
        waiter = new LinuxWaiter(a, b);
        Relay r = new Relay(forth, back, new Netem(NetemSpec.parse(netem), false, 1),
                new Netem(NetemSpec.parse(netemBack), false, 2));
        relay = Thread.ofPlatform().daemon().name("relay").start(() -> r.run(waiter, () -> stopped));
        dump(client, "client");
        dump(server, "server");
    }

    private static TunDevice open(NetworkNamespace in, boolean offload, String address) {
        TunDevice d = in.openTun(TunOptions.tun("tun0").withOffload(offload));
        InterfaceSetup.of("tun0").address(address + "/24").txQueueLength(5000).apply(in);
        return d;
    }

    private void dump(NetworkNamespace in, String name) throws IOException {
        Process p = in.start(new ProcessBuilder("tcpdump", "-i", "tun0", "-U", "--immediate-mode", "-B", "8192", "-Z",
                "root", "-w", capture(name).toString()).redirectOutput(ProcessBuilder.Redirect.DISCARD));
        dumps.add(p);
        var said = p.errorReader();
        for (String line = said.readLine(); line == null || !line.contains("listening on"); line = said.readLine()) {
            if (line == null) {
                throw new IOException("tcpdump ended");
            }
        }
    }

    /** The capture at an end, "client" or "server". */
    Path capture(String end) {
        return directory.resolve(end + ".pcap");
    }

    // --- what goes wrong ---

    /** Decides on what the client sends. */
    void forth(Gate gate) {
        forth.gate = gate;
    }

    /** Decides on what the server sends. */
    void back(Gate gate) {
        back.gate = gate;
    }

    // --- the two kernels' sockets ---

    ServerSocketChannel listen(int receiveBuffer) throws IOException {
        ServerSocketChannel s = Lab.inside(server, ServerSocketChannel::open);
        if (receiveBuffer > 0) {
            s.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        return s.bind(new InetSocketAddress(SERVER, 80), 16);
    }

    SocketChannel socket() {
        return Lab.inside(client, SocketChannel::open);
    }

    SocketChannel connect() throws IOException {
        SocketChannel c = socket();
        c.connect(new InetSocketAddress(SERVER, 80));
        return c;
    }

    /** Both captures are whole: everything up to now has been written. */
    void endCaptures() throws Exception {
        mark(client, SERVER, capture("client"));
        mark(server, CLIENT, capture("server"));
        for (Process p : dumps) {
            p.destroy();
            p.waitFor();
        }
        dumps.clear();
    }

    private static void mark(NetworkNamespace from, String to, Path seenIn) throws IOException {
        try (DatagramChannel d = Lab.inside(from, DatagramChannel::open)) {
            d.send(ByteBuffer.wrap(MARKER), new InetSocketAddress(to, 9));
        }
        Lab.await("tcpdump has written everything", LIMIT, () -> {
            try {
                return new String(Files.readAllBytes(seenIn), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains(new String(MARKER, UTF_8));
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        waiter.wakeup();
        relay.join();
        dumps.forEach(Process::destroyForcibly);
        forth.close();
        back.close();
        waiter.close();
        client.close();
        server.close();
    }

    /** A device with a gate behind it. */
    private static final class Gated implements Link {
        private final Link below;
        volatile Gate gate = _ -> true;

        Gated(Link below) {
            this.below = below;
        }

        @Override
        public LinkProperties properties() {
            return below.properties();
        }

        @Override
        public boolean receive(Packet into, long nowNs) {
            while (below.receive(into, nowNs)) {
                if (gate.passes(into)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean transmit(Packet packet, long nowNs) {
            return below.transmit(packet, nowNs);
        }

        @Override
        public long nextEventNs() {
            return below.nextEventNs();
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
