package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes are: a line comes out, walks end, readers end in IOException at worst, and nothing outside of the
 * packet is read.
 */
class WireFuzzTest {
    private static final int ROUNDS = Integer.getInteger("sluice.fuzz.rounds", 300_000);
    private static final int MAX = 400;

    private final Random random = new Random(20_250_101);
    private final FlowTable flows = new FlowTable(256);
    private final PacketPrinter[] printers = {new PacketPrinter(), new PacketPrinter().withChecksums().withLinkHeader(),
        new PacketPrinter().withRelativeSequence(flows)};
    private final int[] linkTypes = {LinkType.RAW, LinkType.RAW, LinkType.ETHERNET, LinkType.NULL};

    private List<MemorySegment> seeds() {
        TestPackets p = new TestPackets();
        List<MemorySegment> seeds = new ArrayList<>(
                List.of(p.syn(4), p.syn(6), p.udp(4, 30), p.udp(6, 30),
                        p.tcp(4, 1, 2, 0x18, 9, "0101 0512 000003e8 000007d0 fffffffb 00000007", 40),
                        p.icmp4(3, 3, 0, "4500 001d 0000 0000 4011 0000 0a000002 0a000001 9c40 0035 0009 0000", 0),
                        p.icmp6(1, 4, 0,
                                "60000000 0008 11 40 fd990000000000000000000000000002 "
                                        + "fd990000000000000000000000000001 9c40 0035 0008 0000",
                                0),
                        p.icmp6(135, 0, 0, "fd990000000000000000000000000002 0101 02aabbccddee 0501 0000 000005dc", 0),
                        p.icmp6(134, 0, 0,
                                "00000000 00000000 0304 40 c0 00015180 00003840 00000000 "
                                        + "fd990000000000000000000000000000",
                                0)));
        seeds.add(Hex.bytes(
                "60000000 0028 00 40 fd990000000000000000000000000001 fd990000000000000000000000000002 "
                        + "2b00050200000100 2c00000000000000"
                        + "3c00000000000001 1100010400000000 1234003500080000"));
        seeds.add(Hex.bytes(
                "4b00 003c 0000 0000 4006 0000 0a000001 0a000002 01830b080a0000090a00000a 0707040000000000 "
                        + "4408051300000000"
                        + "9c40 0050 01020304 00000000 5002 faf0 0000 0000"));
        seeds.add(Hex.bytes("ffffffffffff02aabbccddee0806 0001080006040001 02aabbccddee0a630002 0000000000000a630001"));
        seeds.add(Hex.bytes("ffffffffffff02aabbccddee8100 0005 0800 4500 0014 0000 0000 40060000 0a000001 0a000002"));
        return seeds;
    }

    private int mutate(MemorySegment seed, MemorySegment into) {
        int length = (int) Math.min(MAX, seed.byteSize());
        MemorySegment.copy(seed, 0, into, 0, length);
        for (int i = random.nextInt(6); i > 0; i--) {
            int at = random.nextInt(length);
            switch (random.nextInt(3)) {
                case 0 -> Bytes.put8(into, at, random.nextInt(256));
                case 1 -> Bytes.put8(into, at, Bytes.u8(into, at) ^ 1 << random.nextInt(8));
                default -> Bytes.put8(into, at, random.nextBoolean() ? 0 : 255);
            }
        }
        return random.nextInt(3) == 0 ? random.nextInt(length + 1) : length;
    }

    @Test
    void printerNeverThrows() {
        List<MemorySegment> seeds = seeds();
        MemorySegment scratch = Arena.ofAuto().allocate(MAX);
        long characters = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int length;
            if (round % 5 == 0) {
                length = random.nextInt(120);
                for (int i = 0; i < length; i++) {
                    Bytes.put8(scratch, i, random.nextInt(256));
                }
                if (length > 0 && random.nextInt(4) != 0) {
                    Bytes.put8(scratch, 0, random.nextBoolean() ? 0x45 : 0x60);
                }
            } else {
                length = mutate(seeds.get(random.nextInt(seeds.size())), scratch);
            }
            // An exact slice: reading a byte too far is an exception.
            MemorySegment exact = scratch.asSlice(0, length);
            String line = printers[random.nextInt(printers.length)].print(linkTypes[random.nextInt(linkTypes.length)],
                    exact, 0, length);
            characters += line.length();
            assertThat(line.length()).isBetween(1, 4000);
        }
        assertThat(characters).isPositive();
        assertThat(flows.size()).isLessThanOrEqualTo(256);
    }

    @Test
    void walksEndInsideTheirBytes() {
        MemorySegment scratch = Arena.ofAuto().allocate(MAX);
        OptionCursor cursor = new OptionCursor();
        Ipv6Extensions extensions = new Ipv6Extensions();
        OptionCursor.Form[] forms = OptionCursor.Form.values();
        for (int round = 0; round < ROUNDS; round++) {
            int length = random.nextInt(MAX / 2);
            boolean small = random.nextBoolean();
            for (int i = 0; i < length; i++) {
                Bytes.put8(scratch, i, small ? random.nextInt(9) : random.nextInt(256));
            }
            MemorySegment exact = scratch.asSlice(0, length);
            cursor.reset(forms[round & 3], exact, 0, length);
            int covered = 0;
            while (cursor.next()) {
                assertThat(cursor.length()).isPositive();
                assertThat(cursor.offset()).isEqualTo(covered);
                covered += cursor.length();
                assertThat(cursor.dataOffset() + cursor.dataLength()).isLessThanOrEqualTo(covered);
            }
            assertThat(covered).isLessThanOrEqualTo(length);
            assertThat(cursor.isMalformed() || cursor.isAtEndOfList() || covered == length).isTrue();
            if (length >= Ipv6.HEADER_LENGTH) {
                Bytes.put8(exact, 6, new int[]{0, 43, 44, 51, 60, 135}[random.nextInt(6)]);
                extensions.reset(exact, 0, length);
                int headers = 0;
                while (extensions.next()) {
                    headers++;
                    assertThat(extensions.offset() + extensions.length()).isLessThanOrEqualTo(length);
                }
                assertThat(headers).isLessThanOrEqualTo(Ipv6Extensions.MAX_HEADERS);
            }
        }
    }

    @Test
    void readersEndInIoExceptionAtWorst() throws IOException {
        List<byte[]> files = List.of(pcap(), pcapng());
        int whole = 0;
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] file = files.get(round & 1).clone();
            for (int i = random.nextInt(4); i > 0; i--) {
                file[random.nextInt(
                        file.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(3) - 1);
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(file.length) : file.length;
            try (CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(file, 0, length))) {
                int count = 0;
                while (reader.next()) {
                    count++;
                    assertThat(reader.offset() + reader.length()).isLessThanOrEqualTo(reader.memory().byteSize());
                    printers[0].print(reader.linkType(), reader.memory(), reader.offset(), reader.length(),
                            reader.wireLength());
                    assertThat(reader.interfaceIndex()).isNotNegative();
                }
                assertThat(count).isLessThan(100);
                whole++;
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
        assertThat(whole).isPositive();
    }

    private byte[] pcap() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(file, LinkType.RAW)) {
            for (MemorySegment m : seeds()) {
                writer.write(random.nextLong() >>> 2, m, 0, (int) m.byteSize());
            }
        }
        return file.toByteArray();
    }

    private byte[] pcapng() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(file)) {
            int first = writer.addInterface("tun0", LinkType.RAW);
            int second = writer.addInterface("tap0", LinkType.ETHERNET);
            for (MemorySegment m : seeds()) {
                byte[] text = m.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE);
                writer.write(random.nextBoolean() ? first : second, random.nextLong() >>> 2, PacketDirection.INBOUND, m,
                        0, (int) m.byteSize(),
                        random.nextBoolean() ? null : new String(text, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return file.toByteArray();
    }
}
