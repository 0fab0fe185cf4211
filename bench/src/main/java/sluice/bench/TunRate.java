package sluice.bench;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Locale;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/**
 * How many packets a second a TUN device takes and gives, in a namespace of its own: {@code TunRate
 * write|writegso|read|empty SECONDS [REPETITIONS [NETNS]]}. Write sends UDP to a port nobody listens on; read drains
 * what a thread on a kernel socket sends, or, in a namespace that is named, what somebody else sends to 10.98.0.2 (for
 * a comparison with another reader under the same load); empty reads an empty device.
 */
public final class TunRate {
    private static final int SEGMENT = 1472;
    private static final int SEGMENTS = 44;

    private TunRate() {}

    /** The process. */
    public static void main(String[] args) throws Exception {
        String mode = args[0];
        double seconds = Double.parseDouble(args[1]);
        int repetitions = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        boolean offload = mode.equals("writegso");
        boolean named = args.length > 3;
        try (NetworkNamespace namespace = named ? NetworkNamespace.of(args[3]) : NetworkNamespace.createPrivate();
                TunDevice tun = namespace.openTun(TunOptions.tun("t0").withOffload(offload))) {
            InterfaceSetup.of("t0").address("10.98.0.1/24").txQueueLength(5000).apply(namespace);
            if (mode.equals("read") && !named) {
                startSender(namespace);
            }
            for (int i = 0; i < repetitions; i++) {
                long nanos = (long) (seconds * 1e9);
                switch (mode) {
                    case "write", "writegso" -> write(tun, mode, offload ? SEGMENTS : 1, nanos);
                    case "read" -> read(tun, nanos);
                    default -> empty(tun, nanos);
                }
            }
        }
    }

    private static void write(TunDevice tun, String mode, int segments, long nanos) {
        Packet p = udp(SEGMENT * segments, segments > 1);
        long packets = tun.transmitted();
        long bytes = tun.transmittedBytes();
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            for (int i = 0; i < 64; i++) {
                tun.transmit(p, now);
            }
            now = System.nanoTime();
        }
        report(mode, now - start, tun.transmitted() - packets, tun.transmittedBytes() - bytes, tun.transmitDropped());
    }

    private static void read(TunDevice tun, long nanos) {
        Packet p = Packet.ofMaxSize();
        long packets = tun.received();
        long bytes = tun.receivedBytes();
        long waits = 0;
        try (LinuxWaiter waiter = new LinuxWaiter(tun)) {
            long start = System.nanoTime();
            long now = start;
            while (now - start < nanos) {
                for (int i = 0; i < 64; i++) {
                    if (!tun.receive(p, now)) {
                        waits++;
                        waiter.await(100_000_000, false);
                    }
                }
                now = System.nanoTime();
            }
            report("read", now - start, tun.received() - packets, tun.receivedBytes() - bytes, waits);
        }
    }

    private static void empty(TunDevice tun, long nanos) {
        Packet p = Packet.ofMaxSize();
        long calls = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            for (int i = 0; i < 64; i++) {
                tun.receive(p, now);
            }
            calls += 64;
            now = System.nanoTime();
        }
        report("empty", now - start, calls, 0, 0);
    }

    private static void report(String mode, long nanos, long packets, long bytes, long other) {
        System.out.printf(Locale.ROOT,
                "TunRate %s: %.3f Mcalls/s %.2f Gbit/s (%.0f ns/call, avg %d B) waits/drops=%d%n", mode,
                packets * 1e3 / nanos,
                bytes * 8.0 / nanos,
                (double) nanos / Math.max(1, packets), bytes / Math.max(1, packets), other);
    }

    private static void startSender(NetworkNamespace namespace) throws Exception {
        DatagramChannel socket = namespace.call(() -> DatagramChannel.open(StandardProtocolFamily.INET));
        socket.connect(new InetSocketAddress("10.98.0.2", 9999));
        Thread.ofPlatform().daemon().start(() -> {
            ByteBuffer data = ByteBuffer.allocateDirect(SEGMENT);
            try {
                while (true) {
                    socket.write(data.clear());
                }
            } catch (java.io.IOException e) {
                System.err.println("sender ended: " + e);
            }
        });
    }

    private static Packet udp(int payload, boolean cut) {
        Packet p = Packet.ofMaxSize();
        MemorySegment m = p.memory;
        int n = p.start;
        int t = n + 20;
        p.end = t + 8 + payload;
        Bytes.put16(m, n, 0x4500);
        Bytes.put16(m, n + 2, 28 + payload);
        Bytes.put8(m, n + 8, 64);
        Bytes.put8(m, n + 9, 17);
        Bytes.put32(m, n + 12, 0x0a620002);
        Bytes.put32(m, n + 16, 0x0a620001);
        Bytes.put16(m, n + 10, Checksum.of(m, n, 20));
        Bytes.put16(m, t, 1234);
        Bytes.put16(m, t + 2, 9999);
        Bytes.put16(m, t + 4, 8 + payload);
        if (cut) {
            p.gsoSize = SEGMENT;
            p.gsoHeaderLength = 28;
            p.checksumPartial = true;
            p.checksumStart = t;
            p.checksumField = 6;
            Bytes.put16(m, t + 6,
                    Checksum.fold(Checksum.sum(m, n + 12, 8) + Checksum.ofWord(17) + Checksum.ofWord(8 + payload)));
        }
        return p;
    }
}
