package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.base.Rfc;

class ChecksumTest {
    private final Random random = new Random(1);
    private final MemorySegment memory = Arena.ofAuto().allocate(70_000, 8);

    /** The sum as RFC 1071 words it: 16 bits at a time, in network order. */
    private static int naive(MemorySegment m, long offset, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            int b = m.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff;
            sum += (i & 1) == 0 ? b << 8 : b;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    private void fill(int from, int length, int like) {
        for (int i = 0; i < length; i++) {
            int b = switch (like) {
                case 0 -> 0;
                case 1 -> 0xff;
                default -> random.nextInt(256);
            };
            memory.set(ValueLayout.JAVA_BYTE, from + i, (byte) b);
        }
    }

    @Test
    @Rfc(value = 1071, section = "3")
    void theExampleOfRfc1071() {
        MemorySegment m = Hex.bytes("0001 f203 f4f5 f6f7");
        assertThat(Checksum.fold(Checksum.sum(m, 0, 8))).isEqualTo(0xddf2);
        assertThat(Checksum.of(m, 0, 8)).isEqualTo(0x220d);
    }

    @Test
    void equalsTheNaiveLoopForAllAlignmentsAndLengths() {
        for (int like = 0; like < 3; like++) {
            fill(0, 256, like);
            for (int offset = 0; offset < 16; offset++) {
                for (int length = 0; length <= 200; length++) {
                    assertThat(Checksum.fold(Checksum.sum(memory, offset, length)))
                            .isEqualTo(naive(memory, offset, length));
                }
            }
        }
    }

    @Test
    void equalsTheNaiveLoopForLongPackets() {
        for (int like = 0; like < 3; like++) {
            fill(0, 70_000, like);
            for (int length : new int[]{1460, 8191, 8192, 8193, 16_385, 65_535, 69_990}) {
                assertThat(Checksum.fold(Checksum.sum(memory, 3, length))).isEqualTo(naive(memory, 3, length));
            }
        }
    }

    @Test
    void copyingGivesTheSameSumAndTheSameBytes() {
        fill(0, 70_000, 2);
        MemorySegment target = Arena.ofAuto().allocate(70_000);
        for (int length : new int[]{0, 1, 2, 7, 8, 9, 100, 1460, 8192, 8193, 20_001, 65_535}) {
            target.fill((byte) 0x55);
            long sum = Checksum.copyAndSum(memory, 5, target, 3, length);
            assertThat(Checksum.fold(sum)).isEqualTo(naive(memory, 5, length));
            assertThat(target.asSlice(3, length).mismatch(memory.asSlice(5, length))).isEqualTo(-1);
            assertThat(target.get(ValueLayout.JAVA_BYTE, 2)).isEqualTo((byte) 0x55);
            assertThat(target.get(ValueLayout.JAVA_BYTE, 3 + length)).isEqualTo((byte) 0x55);
        }
        byte[] heap = memory.asSlice(0, 999).toArray(ValueLayout.JAVA_BYTE);
        assertThat(Checksum.fold(Checksum.copyAndSum(MemorySegment.ofArray(heap), 1, target, 0, 998)))
                .isEqualTo(naive(memory, 1, 998));
    }

    @Test
    void piecesJoinAtOddAndEvenDistances() {
        fill(0, 4000, 2);
        for (int round = 0; round < 3000; round++) {
            int total = random.nextInt(400);
            long sum = 0;
            for (int at = 0; at < total;) {
                int piece = Math.min(total - at, random.nextInt(40));
                sum = Checksum.append(sum, at, Checksum.sum(memory, 7 + at, piece));
                at += piece;
            }
            assertThat(Checksum.fold(sum)).isEqualTo(naive(memory, 7, total));
        }
    }

    @Test
    void pseudoHeaderOfBothFamilies() {
        IpAddress a = IpAddress.parse("10.1.2.3");
        IpAddress b = IpAddress.parse("192.168.255.254");
        MemorySegment v4 = Hex.bytes("0a010203 c0a8fffe 0006 1234");
        assertThat(Checksum.fold(Checksum.pseudoHeader(a.high(), a.low(), b.high(), b.low(), 6, 0x1234)))
                .isEqualTo(naive(v4, 0, 12));
        IpAddress c = IpAddress.parse("fd99::2");
        IpAddress d = IpAddress.parse("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
        MemorySegment v6 = Hex
                .bytes("fd990000000000000000000000000002 20010db8ffffffffffffffffffffffff 00012345 00000011");
        assertThat(Checksum.fold(Checksum.pseudoHeader(c.high(), c.low(), d.high(), d.low(), 17, 0x12345)))
                .isEqualTo(naive(v6, 0, 40));
    }

    @Test
    @Rfc(value = 1624, section = "3")
    void incrementalUpdateEqualsANewSum() {
        for (int round = 0; round < 20_000; round++) {
            fill(0, 20, round % 7 == 0 ? 0 : 2);
            Bytes.put16(memory, 10, 0);
            int before = Checksum.of(memory, 0, 20);
            int word = random.nextInt(65_536);
            int old = Bytes.u16(memory, 4);
            Bytes.put16(memory, 4, word);
            int updated = Checksum.update16(before, old, word);
            Bytes.put16(memory, 10, updated);
            assertThat(Checksum.isValid(Checksum.sum(memory, 0, 20)) || Checksum.fold(Checksum.sum(memory, 0, 20)) == 0)
                    .isTrue();
            int old32 = Bytes.i32(memory, 12);
            int new32 = random.nextInt();
            Bytes.put32(memory, 12, new32);
            Bytes.put16(memory, 10, Checksum.update32(updated, old32, new32));
            assertThat(Checksum.isValid(Checksum.sum(memory, 0, 20)) || Checksum.fold(Checksum.sum(memory, 0, 20)) == 0)
                    .isTrue();
        }
        assertThat(Checksum.update16(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
    }

    @Test
    void udpNeverWritesZero() {
        assertThat(Checksum.finishUdp(Checksum.ofWord(0xffff))).isEqualTo(0xffff);
        assertThat(Checksum.finish(Checksum.ofWord(0xffff))).isZero();
        assertThat(Checksum.finishUdp(Checksum.ofWord(0x1234))).isEqualTo(0xedcb);
    }
}
