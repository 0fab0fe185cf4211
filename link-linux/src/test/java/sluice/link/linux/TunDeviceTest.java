package sluice.link.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.core.LinkProperties;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/** The device against the kernel, in a namespace of its own. */
class TunDeviceTest {
    private static final int OURS = 0x0a630002;
    private static final int KERNELS = 0x0a630001;

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Machine.requireDevices();
        namespace = NetworkNamespace.createPrivate();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private TunDevice open(boolean offload) {
        TunDevice tun = namespace.openTun(TunOptions.tun("t0").withOffload(offload));
        InterfaceSetup.of("t0").address("10.99.0.1/24").address("fd99::1/64").txQueueLength(1000).apply(namespace);
        return tun;
    }

    /** 500, TUN's own number, overflows while the reader waits a hundredth of a second for a processor. */
    @Test
    void theKernelQueuesMuchForASlowReaderUnlessAnotherNumberWasChosen() throws Exception {
        try (TunDevice tun = namespace.openTun(TunOptions.tun("t0"))) {
            assertThat(queueLength()).isEqualTo(TunDevice.QUEUE_PACKETS);
            InterfaceSetup.of(tun.name()).txQueueLength(1000).apply(namespace);
            namespace.call(() -> {
                Interfaces.queueLength("t0", 500, TunDevice.QUEUE_PACKETS);
                return "";
            });
            assertThat(queueLength()).isEqualTo(1000);
        }
    }

    private int queueLength() throws Exception {
        String shown = namespace.call(() -> IpTool.run(List.of("-o", "link", "show", "t0")));
        return Integer.parseInt(shown.replaceAll("(?s).*qlen (\\d+).*", "$1"));
    }

    private static Packet await(TunDevice tun) {
        Packet p = Packet.ofMaxSize();
        try (LinuxWaiter waiter = new LinuxWaiter(tun)) {
            for (int i = 0; i < 50; i++) {
                if (tun.receive(p, 5)) {
                    assertThat(p.timestampNs).isEqualTo(5);
                    return p;
                }
                waiter.await(100_000_000, false);
            }
        }
        throw new AssertionError("nothing came from " + tun);
    }

    /** A UDP packet to the kernel with a partial or whole checksum. */
    private static Packet udp(byte[] data, boolean partial) {
        Packet p = Packet.ofMaxSize();
        MemorySegment m = p.memory;
        int n = p.start;
        int t = n + 20;
        p.end = t + 8 + data.length;
        Bytes.put16(m, n, 0x4500);
        Bytes.put16(m, n + 2, 28 + data.length);
        Bytes.put8(m, n + 8, 64);
        Bytes.put8(m, n + 9, 17);
        Bytes.put32(m, n + 12, OURS);
        Bytes.put32(m, n + 16, KERNELS);
        Bytes.put16(m, n + 10, Checksum.of(m, n, 20));
        Bytes.put16(m, t, 1234);
        Bytes.put16(m, t + 2, 5000);
        Bytes.put16(m, t + 4, 8 + data.length);
        MemorySegment.copy(data, 0, m, ValueLayout.JAVA_BYTE, t + 8, data.length);
        long pseudo = Checksum.sum(m, n + 12, 8) + Checksum.ofWord(17) + Checksum.ofWord(8 + data.length);
        if (partial) {
            p.checksumPartial = true;
            p.checksumStart = t;
            p.checksumField = 6;
            Bytes.put16(m, t + 6, Checksum.fold(pseudo));
        } else {
            Bytes.put16(m, t + 6, Checksum.finishUdp(pseudo + Checksum.sum(m, t, 8 + data.length)));
        }
        return p;
    }

    private DatagramChannel kernelSocket() throws Exception {
        DatagramChannel socket = namespace.call(() -> DatagramChannel.open(StandardProtocolFamily.INET));
        socket.bind(new InetSocketAddress("10.99.0.1", 5000));
        socket.configureBlocking(false);
        return socket;
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (i * 7);
        }
        return data;
    }

    private static byte[] receive(DatagramChannel socket) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(70_000);
        for (int i = 0; i < 2000 && socket.receive(buffer) == null; i++) {
            Thread.sleep(1);
        }
        byte[] got = new byte[buffer.flip().remaining()];
        buffer.get(got);
        return got;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theKernelTakesOurPacketsAndWeItsOwn(boolean offload) throws Exception {
        try (TunDevice tun = open(offload); DatagramChannel socket = kernelSocket()) {
            assertThat(tun.offloads()).isEqualTo(offload);
            assertThat(tun.properties())
                    .isEqualTo(new LinkProperties(false, 0, 1500, offload ? 65_535 : 1500, offload, offload,
                            (tun.offloadFlags() & TunDevice.F_USO4) != 0));
            assertThat(tun.transmit(udp(data(333), offload), 0)).isTrue();
            assertThat(receive(socket)).isEqualTo(data(333));

            socket.send(ByteBuffer.wrap(data(200)), new InetSocketAddress("10.99.0.2", 7));
            Packet p = await(tun);
            assertThat(p.length()).isEqualTo(228);
            assertThat(Bytes.i32(p.memory, p.start + 16)).isEqualTo(OURS);
            assertThat(p.checksumPartial).isEqualTo(offload);
            if (offload) {
                assertThat(p.checksumStart).isEqualTo(p.start + 20);
                assertThat(p.checksumField).isEqualTo(6);
            }
            assertThat(tun.receive(p, 0)).isFalse();
            assertThat(tun.received()).isEqualTo(1);
            assertThat(tun.transmitted()).isEqualTo(1);
            assertThat(tun.errnoCounts()).isEmpty();
        }
    }

    /**
     * Read while waiting or when asked for, into memory of the same size (exchanged) or of another (copied): all come,
     * whole and in order.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void packetsReadAheadAreNeitherLostNorMixed(boolean offload) throws Exception {
        try (TunDevice tun = open(offload); DatagramChannel socket = kernelSocket()) {
            Packet[] into = {Packet.ofBlock(), Packet.ofMaxSize()};
            for (int i = 0; i < 200; i++) {
                byte[] data = data(10 + i * 5);
                socket.send(ByteBuffer.wrap(data), new InetSocketAddress("10.99.0.2", 7));
                Packet p = into[i & 1];
                boolean ahead = (i & 2) == 0;
                if (ahead) {
                    assertThat(tun.lookAhead()).isTrue();
                    assertThat(tun.hasLookedAhead()).isTrue();
                }
                if (!tun.receive(p, i)) { // one read may be left out, two never
                    assertThat(tun.receive(p, i)).isTrue();
                }
                assertThat(tun.hasLookedAhead()).isFalse();
                assertThat(p.timestampNs).isEqualTo(i);
                assertThat(p.memory.asSlice(p.start + 28L, p.length() - 28L).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(data);
            }
            assertThat(tun.lookAhead()).isFalse();
            assertThat(tun.received()).isEqualTo(200);
            assertThat(tun.receiveDropped()).isZero();
        }
    }

    @Test
    void aPacketReadAheadEndsEveryWait() throws Exception {
        try (TunDevice tun = open(true);
                DatagramChannel socket = kernelSocket();
                LinuxWaiter waiter = new LinuxWaiter(tun)) {
            socket.send(ByteBuffer.wrap(data(100)), new InetSocketAddress("10.99.0.2", 7));
            assertThat(tun.lookAhead()).isTrue();
            for (int i = 0; i < 3; i++) {
                waiter.await(Long.MAX_VALUE, i == 1); // for ever, if only the kernel were asked
            }
            assertThat(tun.receive(Packet.ofBlock(), 1)).isTrue();
        }
    }

    @Test
    void aTailIsGathered() throws Exception {
        try (TunDevice tun = open(true); DatagramChannel socket = kernelSocket()) {
            Packet p = udp(data(1000), true);
            MemorySegment tail = Arena.ofAuto().allocate(2000);
            MemorySegment.copy(p.memory, p.end - 800, tail, 77, 800);
            p.end -= 800;
            p.tail = tail;
            p.tailOffset = 77;
            p.tailLength = 800;
            assertThat(tun.transmit(p, 0)).isTrue();
            assertThat(receive(socket)).isEqualTo(data(1000));
            assertThat(tun.transmittedBytes()).isEqualTo(1028);
        }
    }

    @Test
    void aUdpSuperSegmentArrivesAsDatagrams() throws Exception {
        try (TunDevice tun = open(true); DatagramChannel socket = kernelSocket()) {
            Packet p = udp(data(2500), true);
            p.gsoSize = 1000;
            p.gsoHeaderLength = 28;
            assertThat(tun.transmit(p, 0)).isTrue();
            assertThat(tun.errnoCounts()).isEmpty();
            assertThat(List.of(receive(socket).length, receive(socket).length, receive(socket).length))
                    .containsExactly(1000, 1000, 500);
        }
    }

    @Test
    void aTcpSuperSegmentComesFromTheKernel() throws Exception {
        try (TunDevice tun = open(true);
                SocketChannel socket = namespace.call(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
            socket.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 20);
            socket.configureBlocking(false);
            socket.connect(new InetSocketAddress("10.99.0.2", 80));
            Packet syn = await(tun);
            assertThat(Bytes.u8(syn.memory, syn.start + 33) & 2).as("SYN").isEqualTo(2);
            assertThat(tun.transmit(synAck(syn), 0)).isTrue();
            for (int i = 0; i < 2000 && !socket.finishConnect(); i++) {
                Thread.sleep(1);
            }
            socket.write(ByteBuffer.wrap(data(10_000)));
            Packet p = await(tun);
            while (p.gsoSize == 0) {
                p = await(tun);
            }
            assertThat(p.gsoSize).isEqualTo(1460);
            assertThat(p.gsoHeaderLength).isEqualTo(40);
            assertThat(p.length()).isGreaterThan(1500);
            assertThat(p.checksumField).isEqualTo(16);
            assertThat(Bytes.u16(p.memory, p.start + 2)).isEqualTo(p.length());
        }
    }

    /** SYN-ACK without options but an MSS, with a partial checksum. */
    private static Packet synAck(Packet syn) {
        Packet p = Packet.ofMaxSize();
        MemorySegment m = p.memory;
        int n = p.start;
        int t = n + 20;
        p.end = t + 24;
        Bytes.put16(m, n, 0x4500);
        Bytes.put16(m, n + 2, 44);
        Bytes.put8(m, n + 8, 64);
        Bytes.put8(m, n + 9, 6);
        Bytes.put32(m, n + 12, OURS);
        Bytes.put32(m, n + 16, KERNELS);
        Bytes.put16(m, n + 10, Checksum.of(m, n, 20));
        Bytes.put16(m, t, 80);
        Bytes.put16(m, t + 2, Bytes.u16(syn.memory, syn.start + 20));
        Bytes.put32(m, t + 4, 1000);
        Bytes.put32(m, t + 8, Bytes.i32(syn.memory, syn.start + 24) + 1);
        Bytes.put16(m, t + 12, 0x6012);
        Bytes.put16(m, t + 14, 60_000);
        Bytes.put32(m, t + 20, 0x02040000 | 1460);
        Bytes.put16(m, t + 16, Checksum.fold(Checksum.sum(m, n + 12, 8) + Checksum.ofWord(6) + Checksum.ofWord(24)));
        p.checksumPartial = true;
        p.checksumStart = t;
        p.checksumField = 16;
        return p;
    }

    @Test
    void refusedPacketsAreCountedAndNeverRetriedForEver() {
        try (TunDevice tun = open(true)) {
            namespace.ip("link", "set", "t0", "down");
            assertThat(tun.transmit(udp(data(10), true), 0)).isTrue();
            assertThat(tun.errnoCounts()).containsEntry(Libc.EIO, 1L);
            namespace.ip("link", "set", "t0", "up");
            Packet rubbish = Packet.ofMaxSize();
            rubbish.end += 40;
            Bytes.put8(rubbish.memory, rubbish.start, 0x90);
            assertThat(tun.transmit(rubbish, 0)).isTrue();
            assertThat(tun.errnoCounts()).containsEntry(Libc.EINVAL, 1L);
            assertThat(tun.transmitDropped()).isEqualTo(2);
            assertThat(tun.isGone()).isFalse();
        }
    }

    @Test
    void withoutOffloadAPacketThatNeedsItIsDropped() {
        try (TunDevice tun = open(false)) {
            assertThat(tun.transmit(udp(data(10), true), 0)).isTrue();
            assertThat(tun.transmitDropped()).isEqualTo(1);
            assertThat(tun.transmitted()).isZero();
        }
    }

    @Test
    void aDeletedInterfaceIsNoticedAndDoesNotSpin() {
        try (TunDevice tun = open(true); LinuxWaiter waiter = new LinuxWaiter(tun)) {
            namespace.ip("link", "del", "t0");
            waiter.await(1_000_000_000, false);
            assertThat(tun.receive(Packet.ofMaxSize(), 0)).isFalse();
            assertThat(tun.isGone()).isTrue();
            long start = System.nanoTime();
            waiter.await(20_000_000, false);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @Test
    void aPacketSocketTellsDownFromDeleted() {
        try (TunDevice tap = namespace.openTun(TunOptions.tap("tap0"))) {
            InterfaceSetup.of("tap0").apply(namespace);
            try (RawSocketDevice raw = namespace.openRawSocket("tap0", true, 0);
                    LinuxWaiter waiter = new LinuxWaiter(raw)) {
                namespace.ip("link", "set", "tap0", "down");
                awaitError(waiter, raw);
                assertThat(raw.isGone()).as("it may come up again").isFalse();
                Packet frame = Packet.ofMaxSize();
                frame.end = frame.start + 60;
                assertThat(raw.transmit(frame, 0)).isTrue();
                assertThat(raw.refusal()).isEqualTo("Network is down");
                namespace.ip("link", "set", "tap0", "up");
                assertThat(raw.transmit(frame, 0)).isTrue();
                assertThat(raw.refusal()).isNull();
                tap.close();
                awaitError(waiter, raw);
                assertThat(raw.isGone()).isTrue();
            }
        }
    }

    private static void awaitError(LinuxWaiter waiter, RawSocketDevice raw) {
        Packet p = Packet.ofMaxSize();
        for (int i = 0; i < 20 && !raw.isGone(); i++) {
            waiter.await(20_000_000, false);
            while (raw.receive(p, 0)) {
                p.clear();
            }
        }
    }

    @Test
    void queuesOfOneInterface() {
        List<TunDevice> queues = namespace.openTunQueues(TunOptions.tun("mq%d").withMtu(9000), 3);
        assertThat(queues).extracting(TunDevice::name).containsExactly("mq0", "mq0", "mq0");
        assertThat(queues).allMatch(q -> q.properties().mtu() == 9000);
        queues.forEach(TunDevice::close);
        assertThat(namespace.ip("-br", "link")).doesNotContain("mq0");
    }

    @Test
    void tapAndPacketSocketSeeEachOthersFrames() {
        try (TunDevice tap = namespace.openTun(TunOptions.tap("tap0"))) {
            InterfaceSetup.of("tap0").apply(namespace);
            assertThat(tap.properties().ethernet()).isTrue();
            assertThat(tap.properties().macAddress() >>> 40 & 3).as("a local unicast address").isEqualTo(2);
            try (RawSocketDevice raw = namespace.openRawSocket("tap0", true, 0);
                    LinuxWaiter waiter = new LinuxWaiter(tap, raw)) {
                assertThat(raw.offloads()).isTrue();
                Packet frame = Packet.ofMaxSize();
                frame.end = frame.start + 60;
                Bytes.put64(frame.memory, frame.start, 0xffff_ffff_ffff_0200L);
                Bytes.put16(frame.memory, frame.start + 12, 0x88b5); // for local experiments
                Bytes.put32(frame.memory, frame.start + 20, 0xcafe);
                Packet got = Packet.ofMaxSize();
                tap.transmit(frame, 0);
                boolean seen = false;
                for (int i = 0; i < 20 && !seen; i++) {
                    waiter.await(50_000_000, false);
                    seen = raw.receive(got, 0) && Bytes.i32(got.memory, got.start + 20) == 0xcafe;
                }
                assertThat(seen).as("from TAP to the packet socket").isTrue();
                raw.transmit(frame, 0);
                seen = false;
                for (int i = 0; i < 20 && !seen; i++) {
                    waiter.await(50_000_000, false);
                    seen = tap.receive(got, 0) && Bytes.i32(got.memory, got.start + 20) == 0xcafe;
                }
                assertThat(seen).as("from the packet socket to TAP").isTrue();
            }
        }
    }

    @Test
    void errorsSayWhatToDo() {
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> namespace.openTun(TunOptions.tun("lo")))
                .withMessageContaining("ioctl TUNSETIFF lo")
                .withMessageContaining("another kind");
        try (TunDevice first = namespace.openTun(TunOptions.tun("t0"))) {
            assertThatExceptionOfType(SystemCallException.class)
                    .isThrownBy(() -> namespace.openTun(TunOptions.tun("t0"))).withMessageContaining("multiQueue")
                    .matches(e -> e.errno() == Libc.EBUSY);
            assertThat(first.isGone()).isFalse();
        }
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> namespace.openRawSocket("nope", true, 0))
                .withMessageContaining("no such interface");
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> namespace.ip("address", "add", "x"))
                .withMessageContaining("any valid prefix");
    }

    @Test
    void closingTwiceIsHarmless() {
        TunDevice tun = open(true);
        tun.close();
        tun.close();
        assertThat(tun.receive(Packet.ofMaxSize(), 0)).isFalse();
        assertThat(tun.isGone()).isTrue();
    }
}
