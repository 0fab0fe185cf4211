package sluice.core.tcp.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import sluice.base.Rfc;
import sluice.core.BufferPool;

/** What Nagle's algorithm remembers. */
class NagleTest {
    /** The small segment ended at the position that has the same sequence number. */
    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "SHLD-7")
    void aSmallSegmentOfLongAgoHoldsNothingBack() {
        MemorySegment gibibyte = MemorySegment.NULL.reinterpret(1 << 30); // never read
        Nagle nagle = new Nagle();
        SendBuffer buffer = new SendBuffer(new BufferPool(1 << 20), Integer.MAX_VALUE);
        buffer.append(Arena.ofAuto().allocate(10), 0, 10);
        nagle.sentSmall(10);
        assertThat(nagle.smallIsOutstanding(buffer)).isTrue();
        buffer.acknowledged(10);
        for (int i = 0; i < 5; i++) {
            assertThat(nagle.smallIsOutstanding(buffer)).as("after %s GiB", i).isFalse();
            buffer.refer(gibibyte, 0, 1 << 30);
            buffer.acknowledged(buffer.end());
        }
    }
}
