package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

class CaptureTest {
    private static final long T = 1_700_000_000_123_456_789L;
    private final TestPackets packets = new TestPackets();

    private static CaptureReader read(ByteArrayOutputStream file) throws IOException {
        return CaptureReader.open(new ByteArrayInputStream(file.toByteArray()));
    }

    private static void assertSame(CaptureReader reader, MemorySegment packet) {
        assertThat(reader.length()).isEqualTo((int) packet.byteSize());
        assertThat(reader.memory().asSlice(reader.offset(), reader.length()).mismatch(packet)).isEqualTo(-1);
    }

    @Test
    void pcapRoundTrip() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        MemorySegment big = packets.udp(4, 60_000);
        try (PcapWriter writer = new PcapWriter(file, LinkType.RAW)) {
            writer.write(T, packets.syn(4), 0, 60);
            for (int i = 0; i < 20; i++) {
                writer.write(T + i, big, 0, (int) big.byteSize());
            }
        }
        try (CaptureReader reader = read(file)) {
            assertThat(reader).isInstanceOf(PcapReader.class);
            assertThat(reader.next()).isTrue();
            assertThat(reader.timestampNs()).isEqualTo(T);
            assertThat(reader.linkType()).isEqualTo(LinkType.RAW);
            assertSame(reader, packets.syn(4));
            for (int i = 0; i < 20; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.timestampNs()).isEqualTo(T + i);
                assertSame(reader, big);
            }
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void pcapngRoundTrip() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        MemorySegment syn = packets.syn(6);
        try (PcapngWriter writer = new PcapngWriter(file)) {
            int tun = writer.addInterface("tun0", LinkType.RAW);
            int tap = writer.addInterface("tap-ä", LinkType.ETHERNET, 50);
            writer.write(tun, T, PacketDirection.OUTBOUND, syn, 0, 80, "cwnd 10, first flight");
            writer.write(tap, T + 1, PacketDirection.INBOUND, syn, 0, 80, null);
            writer.write(tun, T + 2, PacketDirection.UNKNOWN, syn, 0, 79, null);
            writer.write(tun, T + 3, PacketDirection.UNKNOWN, syn, 0, 0, "ü".repeat(20_000));
        }
        try (CaptureReader reader = read(file)) {
            assertThat(reader).isInstanceOf(PcapngReader.class);
            assertThat(reader.next()).isTrue();
            assertSame(reader, syn);
            assertThat(reader.timestampNs()).isEqualTo(T);
            assertThat(reader.interfaceName()).isEqualTo("tun0");
            assertThat(reader.linkType()).isEqualTo(LinkType.RAW);
            assertThat(reader.direction()).isEqualTo(PacketDirection.OUTBOUND);
            assertThat(reader.comment()).isEqualTo("cwnd 10, first flight");
            assertThat(reader.next()).isTrue();
            assertThat(reader.interfaceIndex()).isEqualTo(1);
            assertThat(reader.interfaceName()).isEqualTo("tap-ä");
            assertThat(reader.linkType()).isEqualTo(LinkType.ETHERNET);
            assertThat(reader.length()).isEqualTo(50);
            assertThat(reader.wireLength()).isEqualTo(80);
            assertThat(reader.direction()).isEqualTo(PacketDirection.INBOUND);
            assertThat(reader.comment()).isNull();
            assertThat(reader.next()).isTrue();
            assertThat(reader.length()).isEqualTo(79);
            assertThat(reader.direction()).isEqualTo(PacketDirection.UNKNOWN);
            assertThat(reader.next()).isTrue();
            assertThat(reader.length()).isZero();
            assertThat(reader.comment()).isEqualTo("ü".repeat(PcapngWriter.MAX_TEXT / 2));
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void aPacketWithTailAndPartialChecksumIsWrittenWhole() throws IOException {
        MemorySegment m = packets.tcp(4, 1, 2, Tcp.ACK, 5, "", 1001);
        Packet p = Packet.ofMaxSize();
        MemorySegment.copy(m, 0, p.memory, p.start, 40);
        p.end = p.start + 40;
        p.tail = m;
        p.tailOffset = 40;
        p.tailLength = 1001;
        p.checksumPartial = true;
        p.checksumStart = p.start + 20;
        p.checksumField = Tcp.CHECKSUM_OFFSET;
        long pseudo = Checksum.pseudoHeader(0, Ipv4.sourceLow(m, 0), 0, Ipv4.destinationLow(m, 0), IpProtocol.TCP,
                1021);
        Bytes.put16(p.memory, p.start + 36L, Checksum.fold(pseudo));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(file, LinkType.RAW)) {
            writer.write(T, p);
        }
        try (CaptureReader reader = read(file)) {
            assertThat(reader.next()).isTrue();
            assertSame(reader, m);
        }
        ByteArrayOutputStream ng = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(ng)) {
            writer.write(writer.addInterface("x", LinkType.RAW), T, PacketDirection.OUTBOUND, p, null);
        }
        try (CaptureReader reader = read(ng)) {
            assertThat(reader.next()).isTrue();
            assertSame(reader, m);
        }
    }

    @Test
    void slowChannelsAndFlush() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        WritableByteChannel oneByte = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) {
                file.write(source.get());
                return 1;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                // nothing to release
            }
        };
        try (PcapWriter writer = new PcapWriter(oneByte, LinkType.RAW, 100)) {
            writer.write(T, packets.udp(4, 200), 0, 228);
            assertThat(file.size()).isZero();
            writer.flush();
            assertThat(file.size()).isEqualTo(24 + 16 + 100);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PcapWriter(Channels.newChannel(file), LinkType.RAW, 262_145));
    }

    @Test
    void otherByteOrderAndMicroseconds() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[]{(byte) 0xa1, (byte) 0xb2, (byte) 0xc3, (byte) 0xd4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 4, 0, 0, 0, 0, 0, 101});
        file.writeBytes(new byte[]{0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 9, 7, 8, 9});
        try (CaptureReader reader = read(file)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.timestampNs()).isEqualTo(1_000_002_000L);
            assertThat(reader.length()).isEqualTo(3);
            assertThat(reader.wireLength()).isEqualTo(9);
            assertThat(Bytes.u8(reader.memory(), reader.offset())).isEqualTo(7);
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void damagedFilesSaySo() throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> CaptureReader.open(new ByteArrayInputStream(new byte[0])));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> CaptureReader.open(new ByteArrayInputStream(new byte[30])))
                .withMessageContaining("not a capture file");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(file, LinkType.RAW)) {
            writer.write(T, packets.syn(4), 0, 60);
        }
        byte[] cut = java.util.Arrays.copyOf(file.toByteArray(), file.size() - 1);
        CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(cut));
        assertThatExceptionOfType(IOException.class).isThrownBy(reader::next)
                .withMessageContaining("in the middle of a packet");
    }
}
