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

/** Bytes in the ring, and bytes that stay in the application's memory, in any order. */
class SendBufferTest {
    private static final int LARGEST = 3000;

    private static byte at(long position) {
        return (byte) (position * 31 + (position >> 9));
    }

    private static MemorySegment bytes(long position, int length) {
        MemorySegment m = Arena.ofAuto().allocate(length + 7L);
        for (int i = 0; i < length; i++) {
            m.set(ValueLayout.JAVA_BYTE, i + 7L, at(position + i));
        }
        return m;
    }

    private static void check(SendBuffer b, long position, int length) {
        MemorySegment target = Arena.ofAuto().allocate(Math.max(1, length));
        b.read(position, target, 0, length);
        for (int i = 0; i < length; i++) {
            assertThat(target.get(ValueLayout.JAVA_BYTE, i)).as("byte %d of %d from %d", i, length, position)
                    .isEqualTo(at(position + i));
        }
        if (length > 0 && b.isContiguous(position, length)) {
            MemorySegment m = b.memory(position);
            long offset = b.offset(position);
            for (int i = 0; i < length; i++) {
                assertThat(m.get(ValueLayout.JAVA_BYTE, offset + i))
                        .as("gathered byte %d of %d from %d", i, length, position).isEqualTo(at(position + i));
            }
        }
    }

    @RepeatedTest(50)
    void whateverIsKeptIsReadBack(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        BufferPool pool = new BufferPool(1 << 24);
        SendBuffer b = new SendBuffer(pool, 1 << 20);
        for (int step = 0; step < 300; step++) {
            int n = 1 + random.nextInt(LARGEST);
            switch (random.nextInt(5)) {
                case 0 -> assertThat(b.append(bytes(b.end(), n), 7, n)).isTrue();
                case 1 -> b.refer(bytes(b.end(), n), 7, n);
                case 2 -> {
                    MemorySegment room = b.writable(n);
                    if (room != null) {
                        for (int i = 0; i < room.byteSize(); i++) {
                            room.set(ValueLayout.JAVA_BYTE, i, at(b.end() + i));
                        }
                        b.commit((int) room.byteSize());
                    }
                }
                default -> b.acknowledged(b.start() + random.nextLong(b.size() + 1L));
            }
            for (int i = 0; i < 4 && b.size() > 0; i++) {
                long from = b.start() + random.nextInt(b.size());
                check(b, from, (int) Math.min(b.end() - from, 1 + random.nextInt(2 * LARGEST)));
            }
        }
        b.acknowledged(b.end());
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void piecesOfTheApplicationsMemoryThatLieSideBySideJoin() {
        SendBuffer b = new SendBuffer(new BufferPool(1 << 20), 1 << 20);
        MemorySegment m = bytes(0, 4000);
        b.refer(m, 7, 1000);
        b.refer(m, 1007, 3000);
        assertThat(b.isContiguous(0, 4000)).isTrue();
        assertThat(b.memory(2000)).isSameAs(m);
        assertThat(b.offset(2000)).isEqualTo(2007);
        assertThat(b.memoryBytes()).isZero();
    }
}
