package sluice.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.wire.CaptureReader;
import sluice.wire.PacketDirection;
import sluice.wire.PcapWriter;

/** One segment of 100 bytes of data, behind every kind of header that captures have, and cut off everywhere. */
class CapturedSegmentTest {
    private static final String TCP = "9c400050 00000064 000000c8 50180200 00000000";
    private static final String V4 = "45000000 00070000 40060000 0a000001 0a000002";
    private static final String V6 = "60000000 0078NN40 fd000000000000000000000000000001 "
            + "fd000000000000000000000000000002";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** A pcap file with one packet, of which {@code captured} bytes are there. */
    private static byte[] pcap(int linkType, byte[] packet, int wireLength) {
        ByteBuffer b = ByteBuffer.allocate(40 + packet.length).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0xa1b2c3d4).putInt(0x00040002).putInt(0).putInt(0).putInt(65_535).putInt(linkType);
        b.putInt(1).putInt(0).putInt(packet.length).putInt(wireLength).put(packet);
        return b.array();
    }

    private static byte[] v4(String link) {
        byte[] packet = bytes(link + V4 + TCP + "00".repeat(100));
        packet[bytes(link).length + 3] = (byte) 140;
        return packet;
    }

    private static CapturedSegment.Kind read(CapturedSegment s, int linkType, byte[] packet, int wireLength)
            throws IOException {
        try (CaptureReader r = CaptureReader.open(new ByteArrayInputStream(pcap(linkType, packet, wireLength)))) {
            assertThat(r.next()).isTrue();
            return s.read(r);
        }
    }

    private static void isTheSegment(CapturedSegment s) {
        assertThat(s.sourcePort).isEqualTo(40_000);
        assertThat(s.destinationPort).isEqualTo(80);
        assertThat(s.seq).isEqualTo(100);
        assertThat(s.ack).isEqualTo(200);
        assertThat(s.payload).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"101, ''", "12, ''", "1, 020000000001 020000000002 0800", "1, 020000000001 020000000002 8100 0005 0800",
        "1, 020000000001 020000000002 88a8 0007 8100 0005 0800", "0, 02000000", "108, 00000002",
        "113, 0004 0001 0006 020000000001 0000 0800", "276, 0800 0000 00000003 0001 00 06 020000000001 0000",
        "1, 020000000001 020000000002 8864 11000001 0002 0021"})
    void behindEveryLinkHeader(int linkType, String link) throws IOException {
        CapturedSegment s = new CapturedSegment();
        byte[] packet = v4(link);
        assertThat(read(s, linkType, packet, packet.length)).isEqualTo(CapturedSegment.Kind.TCP);
        isTheSegment(s);
        assertThat(s.linkBytes).isEqualTo(bytes(link).length);
        assertThat(s.vlan).isEqualTo(link.contains("8100") ? 5 : -1);
        assertThat(s.direction).isEqualTo(linkType == 113 ? PacketDirection.OUTBOUND
                : linkType == 276 ? PacketDirection.INBOUND : PacketDirection.UNKNOWN);
    }

    /** Cut off behind the headers it is the same; within them it is said to be cut; never anything else. */
    @Test
    void cutOffEverywhere() throws IOException {
        byte[] packet = v4("020000000001 020000000002 8100 0005 0800");
        for (int n = 0; n < packet.length; n++) {
            CapturedSegment s = new CapturedSegment();
            CapturedSegment.Kind kind = read(s, 1, java.util.Arrays.copyOf(packet, n), packet.length);
            if (n >= 58) {
                assertThat(kind).isEqualTo(CapturedSegment.Kind.TCP);
                isTheSegment(s);
            } else {
                assertThat(kind).isIn(CapturedSegment.Kind.CUT, CapturedSegment.Kind.OTHER);
            }
        }
    }

    @Test
    void behindExtensionHeaders() throws IOException {
        byte[] packet = bytes(V6.replace("0078NN", "008800") + "3c00050200000000" + "0600010400000000" + TCP
                + "00".repeat(100));
        CapturedSegment s = new CapturedSegment();
        assertThat(read(s, 101, packet, packet.length)).isEqualTo(CapturedSegment.Kind.TCP);
        isTheSegment(s);
        assertThat(s.transportOffset).isEqualTo(56);
    }

    /** A super-segment whose length does not fit its header has the one of the packet. */
    @Test
    void aLengthOfZeroIsThatOfThePacket() throws IOException {
        byte[] packet = v4("");
        packet[3] = 0;
        CapturedSegment s = new CapturedSegment();
        assertThat(read(s, 101, packet, 70_040)).isEqualTo(CapturedSegment.Kind.TCP);
        assertThat(s.payload).isEqualTo(70_000);
    }

    /** Three fragments, the first one last: then the datagram is whole, and as long as all of them. */
    @Test
    void fragmentsArePutTogether() throws IOException {
        byte[] all = bytes(TCP + "00".repeat(100));
        CapturedSegment s = new CapturedSegment();
        int[][] pieces = {{40, 80}, {80, 120}, {0, 40}};
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        MemorySegment m = Arena.ofAuto().allocate(200);
        try (PcapWriter w = new PcapWriter(file, 101)) {
            for (int[] p : pieces) {
                byte[] packet = bytes(V4 + HexFormat.of().formatHex(all, p[0], p[1]));
                packet[3] = (byte) packet.length;
                packet[6] = (byte) (p[1] < all.length ? 0x20 : 0);
                packet[7] = (byte) (p[0] / 8);
                MemorySegment.copy(MemorySegment.ofArray(packet), 0, m, 0, packet.length);
                w.write(1, m, 0, packet.length);
            }
        }
        try (CaptureReader r = CaptureReader.open(new ByteArrayInputStream(file.toByteArray()))) {
            for (int i = 0; i < 3; i++) {
                assertThat(r.next()).isTrue();
                assertThat(s.read(r)).isEqualTo(i < 2 ? CapturedSegment.Kind.FRAGMENT : CapturedSegment.Kind.TCP);
            }
        }
        isTheSegment(s);
    }

    @Test
    void anIcmpErrorQuotesASegment() throws IOException {
        byte[] packet = bytes("45000038 00000000 40010000 0a000009 0a000001 03040000 00000514" + V4
                + "9c400050 00000064");
        CapturedSegment s = new CapturedSegment();
        assertThat(read(s, 101, packet, packet.length)).isEqualTo(CapturedSegment.Kind.ICMP_ERROR);
        assertThat(s.icmpSource).hasToString("10.0.0.9");
        assertThat(s.icmpMtu).isEqualTo(1300);
        assertThat(s.sourcePort).isEqualTo(40_000);
        assertThat(s.seq).isEqualTo(100);
    }

    @Test
    void gzipIsUnpacked() throws IOException {
        byte[] packet = v4("");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream g = new GZIPOutputStream(packed)) {
            g.write(pcap(101, packet, packet.length));
        }
        try (CaptureReader r = CaptureReader.open(new ByteArrayInputStream(packed.toByteArray()))) {
            assertThat(r.next()).isTrue();
            CapturedSegment s = new CapturedSegment();
            assertThat(s.read(r)).isEqualTo(CapturedSegment.Kind.TCP);
            isTheSegment(s);
            assertThat(r.next()).isFalse();
        }
    }
}
