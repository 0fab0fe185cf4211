package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sluice.cli.service.EchoHandler;
import sluice.cli.service.StreamService;
import sluice.link.linux.RawSocketDevice;
import sluice.wire.Packet;

/**
 * Frames with bits flipped, bytes lost and lengths that lie, put on an Ethernet link by the kernel: nothing breaks, and
 * each one is accounted for.
 */
class MalformedTest {
    private static final int FRAMES = 150_000;

    /** What went over the link in an ordinary conversation. */
    private static List<byte[]> ordinaryFrames(Lab lab) throws Exception {
        List<byte[]> frames = new ArrayList<>();
        try (RawSocketDevice tap = lab.namespace.openRawSocket(Lab.DEVICE, false, 0)) {
            for (Family family : Family.values()) {
                lab.run(Duration.ofSeconds(5), "ping", "-c", "1", "-s", "3000", family.ours);
                lab.run(Duration.ofSeconds(5), "ping", "-c", "1", "-R", family.ours);
                try (Connected c = Connected.toUs(lab, family);
                        java.nio.channels.DatagramChannel udp = lab.kernelUdp(family.kernelsInet(), 0)) {
                    Transfer.start("ordinary", c.sluicePeer(), c.kernelPeer(), 5000).finish(Duration.ofSeconds(3), lab);
                    Transfer.start("ordinary", c.kernelPeer(), c.sluicePeer(), 5000).finish(Duration.ofSeconds(3), lab);
                    udp.send(java.nio.ByteBuffer.allocate(3000), new java.net.InetSocketAddress(family.oursInet(), 7));
                    udp.send(java.nio.ByteBuffer.allocate(30), new java.net.InetSocketAddress(family.oursInet(), 8));
                }
                try (DatagramSocket s = lab.datagramSocket(0)) {
                    // answered by an ICMP error
                    s.send(new DatagramPacket(new byte[100], 100, family.kernelsInet(), 9999));
                }
            }
            Lab.pause(50);
            Packet p = Packet.ofMaxSize();
            while (tap.receive(p, 0)) {
                frames.add(p.memory.asSlice(p.start, p.length()).toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return frames;
    }

    private static void sum(byte[] f) {
        // The IPv4 header checksum put right again, so that what is behind it is looked at.
        int ihl = (f[14] & 15) * 4;
        if (f.length > 34 && f[12] == 8 && f[13] == 0 && f[14] >> 4 == 4 && ihl >= 20 && 14 + ihl <= f.length) {
            f[24] = 0;
            f[25] = 0;
            int sum = 0;
            for (int i = 14; i < 14 + ihl; i += 2) {
                sum += (f[i] & 0xff) << 8 | f[i + 1] & 0xff;
            }
            while (sum > 0xffff) {
                sum = (sum & 0xffff) + (sum >> 16);
            }
            f[24] = (byte) (~sum >> 8);
            f[25] = (byte) ~sum;
        }
    }

    private static byte[] mutate(byte[] from, SplittableRandom random) {
        byte[] f = random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(from, Math.max(14, random.nextInt(from.length + 20))) : from.clone();
        int header = Math.min(f.length, 14 + 80);
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = 12 + random.nextInt(Math.max(1, header - 12));
            f[at] = (byte) (random.nextBoolean() ? f[at] ^ 1 << random.nextInt(8) : random.nextInt(256));
        }
        if (f.length > 35 && random.nextInt(4) != 0) {
            sum(f);
        }
        return f;
    }

    @Test
    void mutatedFrames() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (Lab lab = Lab.builder().tap().offload(false).queue(10_000)
                .setup(host -> StreamService.listen(host, 7, () -> EchoHandler.INSTANCE)).start();
                DatagramSocket udp = lab.datagramSocket(7);
                Connected bystander = Connected.toUs(lab, Family.V4)) {
            List<byte[]> frames = ordinaryFrames(lab);
            byte[] ours = new byte[6];
            long mac = lab.device.properties().macAddress();
            for (int i = 0; i < 6; i++) {
                ours[i] = (byte) (mac >> 40 - 8 * i);
            }
            frames.removeIf(f -> f.length < 42);
            frames.forEach(f -> System.arraycopy(ours, 0, f, 0, 6)); // also what we had sent comes to us now
            assertThat(frames.size()).isGreaterThan(20);
            long received = lab.device.received();
            try (RawSocketDevice tap = lab.namespace.openRawSocket(Lab.DEVICE, false, 0)) {
                Packet p = Packet.ofMaxSize();
                for (int i = 0; i < FRAMES; i++) {
                    byte[] f = mutate(frames.get(random.nextInt(frames.size())), random);
                    p.clear();
                    MemorySegment.copy(f, 0, p.memory, ValueLayout.JAVA_BYTE, p.start, f.length);
                    p.end = p.start + f.length;
                    while (!tap.transmit(p, 0)) {
                        Thread.onSpinWait();
                    }
                    if (i % 5000 == 4999) {
                        lab.stack.execute(sluice.core.Host::name); // throws when the core broke
                    }
                }
            }
            Lab.pause(300);
            Map<String, Long> counters = lab.counters();
            System.out.println("received " + (lab.device.received() - received) + " of " + FRAMES + ": " + counters);
            assertThat(lab.device.received() - received).isGreaterThan(FRAMES / 2);
            accounted(lab);
            // The stack still works.
            lab.assertAlive();
            Transfer.start("bystander", bystander.sluicePeer(), bystander.kernelPeer(), 1 << 20)
                    .finish(Duration.ofSeconds(4), lab);
            Transfer.start("bystander", bystander.kernelPeer(), bystander.sluicePeer(), 1 << 20)
                    .finish(Duration.ofSeconds(4), lab);
            try (Connected c = Connected.fromUs(lab, Family.V6)) {
                Transfer.start("afterwards", c.sluicePeer(), c.kernelPeer(), 1 << 20).finish(Duration.ofSeconds(4),
                        lab);
            }
        }
    }

    /**
     * Every IPv4 packet that came in was delivered, kept as a fragment, or counted as a drop; every segment and
     * datagram likewise.
     */
    private static void accounted(Lab lab) {
        Map<String, Long> c = lab.counters();
        long in = n(c, "IpInReceives");
        long out = n(c, "IpInDelivers") + n(c, "IpInHdrErrors") + n(c, "IpInAddrErrors") + n(c, "IpInDiscards")
                + n(c, "IpInUnknownProtos")
                + n(c, "IpExtInNoRoutes") + n(c, "IpExtInTruncatedPkts") + n(c, "IpReasmReqds") - n(c, "IpReasmOKs");
        assertThat(out).as("IPv4 packets accounted for").isEqualTo(in);
        long in6 = n(c, "Ip6InReceives");
        long out6 = n(c, "Ip6InDelivers") + n(c, "Ip6InHdrErrors") + n(c, "Ip6InAddrErrors") + n(c, "Ip6InDiscards")
                + n(c, "Ip6InUnknownProtos")
                + n(c, "Ip6InNoRoutes") + n(c, "Ip6InTruncatedPkts") + n(c, "Ip6ReasmReqds") - n(c, "Ip6ReasmOKs");
        assertThat(out6).as("IPv6 packets accounted for").isEqualTo(in6);
        // Between the two: ARP.
        assertThat(in + in6 + n(c, "SluiceInvalidLinkPacket")).as("frames accounted for")
                .isBetween(lab.device.received() * 95 / 100, lab.device.received());
    }

    private static long n(Map<String, Long> counters, String name) {
        return counters.getOrDefault(name, 0L);
    }
}
