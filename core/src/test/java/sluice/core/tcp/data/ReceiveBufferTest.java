package sluice.core.tcp.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import sluice.core.BufferPool;
import sluice.wire.Packet;

/** Bytes in the ring and bytes that stay in their packet, in and out of order. */
class ReceiveBufferTest {
    private static final int LARGE = Packet.BLOCK / 4;
    private static final int AT = 200;

    private final BufferPool pool = new BufferPool(1 << 24);
    private final ReceiveBuffer b = new ReceiveBuffer(pool);
    private final Packet packet = Packet.ofBlock();

    private static byte at(long position) {
        return (byte) (position * 31 + (position >> 9));
    }

    private void arrives(long position, int length) {
        for (int i = 0; i < length; i++) {
            packet.memory.set(ValueLayout.JAVA_BYTE, AT + i, at(position + i));
        }
    }

    private boolean keep(long position, int length) {
        arrives(position, length);
        if (!b.keep(position, packet, AT, length)) {
            return false;
        }
        packet.memory.fill((byte) 0x55);
        b.advance(position + length);
        return true;
    }

    private void store(long position, int length) {
        arrives(position, length);
        assertThat(b.copy(position, packet.memory, AT, length)).isTrue();
        packet.memory.fill((byte) 0x55);
    }

    private void storeInOrder(int length) {
        store(b.nextPosition(), length);
        b.advance(b.nextPosition() + length);
    }

    private void check(MemorySegment m, long position) {
        for (int i = 0; i < m.byteSize(); i++) {
            if (m.get(ValueLayout.JAVA_BYTE, i) != at(position + i)) {
                assertThat(i).as("first wrong byte of %d from %d", m.byteSize(), position).isNegative();
            }
        }
    }

    private void readInPlace(int atMost) {
        MemorySegment m = b.readable();
        if (m == null) {
            assertThat(b.available()).isZero();
            return;
        }
        MemorySegment part = m.asSlice(0, Math.min(atMost, m.byteSize()));
        check(part, b.readPosition());
        b.consume((int) part.byteSize());
    }

    private void peekAndConsume(int atMost) {
        MemorySegment target = Arena.ofAuto().allocate(Math.max(1, atMost));
        int n = b.peek(target, 0, atMost);
        assertThat(n).isEqualTo(Math.min(atMost, b.available()));
        check(target.asSlice(0, n), b.readPosition());
        if (n > 0) {
            assertThat((byte) b.byteAt(b.readPosition() + n - 1)).isEqualTo(at(b.readPosition() + n - 1));
        }
        b.consume(n);
    }

    @RepeatedTest(30)
    void whateverArrivedIsReadBack(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        long beyond = -1;
        long beyondEnd = -1;
        for (int step = 0; step < 400; step++) {
            int n = 1 + random.nextInt(3000);
            if (beyond > b.nextPosition()) {
                n = (int) Math.min(n, beyond - b.nextPosition());
            }
            switch (random.nextInt(8)) {
                case 0, 1 -> storeInOrder(n);
                case 2, 3 -> {
                    int large = LARGE + random.nextInt(Packet.BLOCK / 2 - AT - LARGE);
                    assertThat(keep(b.nextPosition(), large)).as("kept").isEqualTo(beyond < 0);
                }
                case 4 -> {
                    if (beyond < 0) {
                        beyond = b.nextPosition() + 1 + random.nextInt(5000);
                        beyondEnd = beyond + n;
                        store(beyond, n);
                    }
                }
                case 5 -> peekAndConsume(1 + random.nextInt(80_000));
                case 6 -> readInPlace(1 + random.nextInt(80_000));
                default -> {
                    if (random.nextInt(20) == 0) {
                        b.dropOutOfOrder();
                        beyond = -1;
                    } else if (random.nextInt(20) == 0) {
                        b.clear();
                        beyond = -1;
                        assertThat(pool.inUseBytes()).isZero();
                    }
                }
            }
            if (beyond >= 0 && b.nextPosition() == beyond) {
                b.advance(beyondEnd);
                beyond = -1;
            }
            assertThat(pool.inUseBytes()).isEqualTo(b.memoryBytes());
        }
        b.dropOutOfOrder();
        while (b.available() > 0) {
            readInPlace(Integer.MAX_VALUE);
        }
        assertThat(pool.inUseBytes()).as("memory of an empty buffer").isZero();
    }

    @Test
    void largePayloadStaysWhereItIs() {
        MemorySegment before = packet.memory;
        assertThat(keep(0, 60_000)).isTrue();
        assertThat(packet.memory).isNotEqualTo(before);
        assertThat(b.memory(b.readPosition())).isEqualTo(before);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK);
        b.consume(59_999);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK);
        b.consume(1);
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void whatFollowsAKeptPacketIsPutIntoItsMemoryWhileThatHasRoom() {
        assertThat(keep(0, 60_000)).isTrue();
        int room = Packet.BLOCK - AT - 60_000;
        storeInOrder(room - 1);
        storeInOrder(1);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK);
        assertThat(b.readableInPlace(b.readPosition())).isEqualTo(60_000 + room);
        storeInOrder(1);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK + BufferPool.MIN_BLOCK);
        while (b.available() > 0) {
            readInPlace(50_000);
        }
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void aRingThatHoldsEarlierBytesNeedNotSpanTheKeptPacket() {
        storeInOrder(100);
        assertThat(keep(100, 60_000)).isTrue();
        storeInOrder(100);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK + BufferPool.MIN_BLOCK);
        readInPlace(100);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK);
        readInPlace(60_100);
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void piecesOutOfOrderAreNotPutIntoAKeptPacket() {
        assertThat(keep(0, 60_000)).isTrue();
        store(70_000, 100);
        storeInOrder(100);
        assertThat(b.memoryBytes()).isEqualTo(Packet.BLOCK + 4 * BufferPool.MIN_BLOCK);
        assertThat(b.readableInPlace(b.readPosition())).isEqualTo(60_000);
        b.consume(60_000);
        readInPlace(100);
    }

    @Test
    void smallPayloadIsCopied() {
        assertThat(keep(0, LARGE - 1)).isFalse();
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void payloadOfPacketsThatTheirOwnerReliesOnIsCopied() {
        Packet own = Packet.ofMaxSize();
        assertThat(b.keep(0, own, AT, LARGE)).isFalse();
    }

    @Test
    void whereMemoryIsShortPayloadIsCopiedSoThatLessIsHeld() {
        MemorySegment much = pool.take(1 << 23);
        MemorySegment more = pool.take(BufferPool.MIN_BLOCK);
        assertThat(keep(0, 60_000)).isFalse();
        pool.give(java.util.Objects.requireNonNull(more));
        assertThat(keep(0, 60_000)).isTrue();
        pool.give(java.util.Objects.requireNonNull(much));
    }
}
