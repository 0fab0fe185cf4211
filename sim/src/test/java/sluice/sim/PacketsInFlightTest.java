package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import sluice.wire.Packet;

/** Packets come out as they went in, in any mixture of sizes, while the memory wraps and grows. */
class PacketsInFlightTest {
    private record Sent(long arrivalNs, byte[] bytes) {}

    private static byte[] bytes(Packet p) {
        return p.memory.asSlice(p.start, p.end - p.start).toArray(ValueLayout.JAVA_BYTE);
    }

    private static Packet tcp(World w, SplittableRandom random, int payload, boolean fromPattern, boolean asTail) {
        Packet p = Packet.ofMaxSize();
        for (int i = 0; i < 40; i++) {
            p.memory.set(ValueLayout.JAVA_BYTE, p.end++, (byte) random.nextInt());
        }
        p.memory.set(ValueLayout.JAVA_BYTE, p.start, (byte) 0x45);
        p.memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, p.start + 6L, (short) 0);
        p.memory.set(ValueLayout.JAVA_BYTE, p.start + 9L, (byte) 6);
        p.memory.set(ValueLayout.JAVA_BYTE, p.start + 32L, (byte) 0x50);
        int place = random.nextInt(2 * PatternStream.PERIOD - payload);
        if (fromPattern && asTail) {
            p.tail = w.pattern();
            p.tailOffset = place;
            p.tailLength = payload;
        } else if (fromPattern) {
            MemorySegment.copy(w.pattern(), place, p.memory, p.end, payload);
            p.end += payload;
        } else {
            for (int i = 0; i < payload; i++) {
                p.memory.set(ValueLayout.JAVA_BYTE, p.end++, (byte) random.nextInt());
            }
        }
        return p;
    }

    @RepeatedTest(10)
    void packetsComeOutAsTheyWentIn(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        World w = new World(repetition.getCurrentRepetition());
        while (w.patternIndex() == null) {
            // a run long enough
        }
        PacketsInFlight queue = new PacketsInFlight(w);
        ArrayDeque<Sent> expected = new ArrayDeque<>();
        Packet into = Packet.ofMaxSize();
        long now = 1;
        boolean filling = true;
        for (int step = 0; step < 4000; step++) {
            if (random.nextInt(300) == 0) {
                filling = !filling;
            }
            if (random.nextInt(10) < (filling ? 8 : 2)) {
                int payload = random.nextInt(8) == 0 ? random.nextInt(60_000) : random.nextInt(1500);
                Packet p = tcp(w, random, payload, random.nextBoolean(), random.nextBoolean());
                queue.add(p, ++now);
                p.flatten();
                expected.add(new Sent(now, bytes(p)));
            } else if (!expected.isEmpty()) {
                Sent s = expected.poll();
                assertThat(queue.firstNs()).isEqualTo(s.arrivalNs);
                queue.take(into);
                assertThat(bytes(into)).isEqualTo(s.bytes);
            }
            assertThat(queue.size()).isEqualTo(expected.size());
        }
    }
}
