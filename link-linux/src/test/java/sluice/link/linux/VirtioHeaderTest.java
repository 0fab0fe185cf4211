package sluice.link.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.wire.Bytes;
import sluice.wire.Packet;

class VirtioHeaderTest {
    private static final int AT = Packet.HEADROOM - VirtioHeader.LENGTH;

    private static Packet with(int length, int flags, int kind, int headerLength, int size, int start, int field) {
        Packet p = Packet.ofMaxSize();
        p.end = p.start + length;
        Bytes.put8(p.memory, p.start, 0x45);
        Bytes.put8(p.memory, p.start + 32, 0x80); // TCP header of 32 bytes
        Bytes.put8(p.memory, AT, flags);
        Bytes.put8(p.memory, AT + 1, kind);
        short[] words = {(short) headerLength, (short) size, (short) start, (short) field};
        for (int i = 0; i < 4; i++) {
            p.memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, AT + 2 + i * 2L, words[i]);
        }
        return p;
    }

    @Test
    void readsASuperSegmentAndReckonsItsHeaderItself() {
        Packet p = with(5000, 1, 1, 9999, 1400, 20, 16); // the kernel's header length is only a hint of what is linear
        assertThat(VirtioHeader.parse(p, AT)).isTrue();
        assertThat(p.gsoHeaderLength).isEqualTo(52);
        assertThat(p.gsoSize).isEqualTo(1400);
        assertThat(p.checksumPartial).isTrue();
        assertThat(p.checksumStart).isEqualTo(p.start + 20);
        assertThat(p.checksumField).isEqualTo(16);
    }

    @Test
    void writesWhatItReads() {
        Packet p = with(5000, 1, 1, 52, 1400, 20, 16);
        byte[] before = p.memory.asSlice(AT, VirtioHeader.LENGTH).toArray(ValueLayout.JAVA_BYTE);
        VirtioHeader.parse(p, AT);
        p.memory.asSlice(AT, VirtioHeader.LENGTH).fill((byte) -1);
        VirtioHeader.emit(p, AT, false);
        assertThat(p.memory.asSlice(AT, VirtioHeader.LENGTH).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
    }

    @Test
    void onePieceIsNoSuperSegment() {
        Packet p = with(1452, 1, 1, 52, 1400, 20, 16);
        VirtioHeader.parse(p, AT);
        p.memory.asSlice(AT, VirtioHeader.LENGTH).fill((byte) -1);
        VirtioHeader.emit(p, AT, false);
        assertThat(Bytes.u8(p.memory, AT + 1)).as("kind: the kernel refuses a super-segment of one piece").isZero();
        assertThat(p.memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, AT + 4)).as("size").isZero();
        assertThat(Bytes.u8(p.memory, AT)).as("its checksum is asked for all the same").isEqualTo(1);
    }

    @Test
    void refusesContradictions() {
        assertThat(VirtioHeader.parse(with(100, 1, 0, 0, 0, 90, 16), AT)).isFalse(); // checksum outside
        assertThat(VirtioHeader.parse(with(100, 1, 0, 0, 0, 65535, 65535), AT)).isFalse();
        // segmentation without checksum
        assertThat(VirtioHeader.parse(with(5000, 0, 1, 52, 1400, 20, 16), AT)).isFalse();
        assertThat(VirtioHeader.parse(with(5000, 1, 1, 52, 0, 20, 16), AT)).isFalse(); // no size
        assertThat(VirtioHeader.parse(with(5000, 1, 3, 52, 1400, 20, 6), AT)).isFalse(); // fragments of UDP
        assertThat(VirtioHeader.parse(with(5000, 1, 1, 52, 1400, 20, 6), AT)).isFalse(); // TCP with UDP's field
        assertThat(VirtioHeader.parse(with(39, 1, 1, 52, 1400, 20, 16), AT)).isFalse(); // half a TCP header
    }

    @Test
    void neverLeavesThePacketWhateverStandsThere() {
        Random random = new Random(1);
        Packet shared = Packet.ofMaxSize();
        byte[] bytes = new byte[VirtioHeader.LENGTH + 80];
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(bytes);
            Packet p = new Packet(shared.memory);
            java.lang.foreign.MemorySegment.copy(bytes, 0, p.memory, ValueLayout.JAVA_BYTE, AT, bytes.length);
            p.memory.set(ValueLayout.JAVA_BYTE, AT, (byte) (bytes[0] & 3));
            p.memory.set(ValueLayout.JAVA_BYTE, AT + 1, (byte) (bytes[1] & 0x87));
            p.memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, AT + 6, (short) (bytes[6] & 127));
            p.memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, AT + 8, (short) (bytes[8] & 31));
            p.end = p.start + 1 + random.nextInt(80);
            if (VirtioHeader.parse(p, AT)) {
                assertThat(!p.checksumPartial
                        || p.checksumStart >= p.start && p.checksumStart + p.checksumField + 2 <= p.end).isTrue();
                assertThat(p.gsoSize == 0 || p.gsoHeaderLength <= p.length()).isTrue();
            }
        }
    }
}
