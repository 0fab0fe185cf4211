package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.base.Rfc;
import sluice.core.BufferPool;
import sluice.core.ip.PartialDatagram.Outcome;

/** The places of fragments: which are taken, and what finding them costs. */
class PartialDatagramTest {
    /** As many pieces of 8 bytes as a datagram of 65,535 bytes has room for. */
    private static final int PIECES = 8_100;
    /** A red-black tree of so many is at most twice the logarithm deep; a fragment looks twice. */
    private static final int MOST_STEPS = 4 * 13;

    private final BufferPool pool = new BufferPool(64 << 20);
    private final MemorySegment bytes = Arena.ofAuto().allocate(70_000);
    private long steps;

    private PartialDatagram partial() {
        return new PartialDatagram(pool, 1, 0, (a, b) -> {
            steps++;
            return Integer.compare(a, b);
        });
    }

    private Outcome add(PartialDatagram p, int from, int to, boolean more) {
        return p.add(bytes, 0, 20, to - from, from, more, 0, 0);
    }

    private Outcome counted(PartialDatagram p, int from, int to, boolean more) {
        steps = 0;
        Outcome o = add(p, from, to, more);
        assertThat(steps).as("comparisons for %d to %d", from, to).isLessThanOrEqualTo(MOST_STEPS);
        return o;
    }

    private static List<Integer> orders(int how) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < PIECES; i++) {
            order.add(how == 1 ? PIECES - 1 - i : i);
        }
        if (how == 2) {
            Collections.shuffle(order, new Random(3));
        }
        return order;
    }

    /** Steps, not times: forwards, backwards and shuffled, and duplicates and overlaps at both ends and between. */
    @Test
    void aFragmentCostsTheLogarithmOfWhatIsHeld() {
        for (int how = 0; how < 3; how++) {
            PartialDatagram p = partial();
            for (int i : orders(how)) {
                assertThat(counted(p, 8 + 8 * i, 16 + 8 * i, true)).isEqualTo(Outcome.KEPT);
            }
            for (int i : new int[]{0, 1, PIECES / 2, PIECES - 2, PIECES - 1}) {
                assertThat(counted(p, 8 + 8 * i, 16 + 8 * i, true)).isEqualTo(Outcome.DUPLICATE);
                assertThat(counted(p, 8 * i, 16 + 8 * i, true)).isEqualTo(Outcome.OVERLAP);
            }
            long held = p.memoryBytes();
            assertThat(held).isGreaterThan(PIECES * 64L);
            p.release();
            assertThat(p.memoryBytes()).isZero();
        }
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    @Rfc(value = 815, section = "3")
    void aLastFragmentMayNotEndBeforeWhatIsHeld() {
        PartialDatagram p = partial();
        assertThat(add(p, 64, 128, true)).isEqualTo(Outcome.KEPT);
        assertThat(add(p, 0, 32, false)).isEqualTo(Outcome.CONTRADICTION);
        p = partial();
        assertThat(add(p, 64, 128, true)).isEqualTo(Outcome.KEPT);
        assertThat(add(p, 32, 63, false)).isEqualTo(Outcome.CONTRADICTION);
        p = partial();
        assertThat(add(p, 64, 128, false)).isEqualTo(Outcome.KEPT);
        assertThat(add(p, 32, 63, false)).isEqualTo(Outcome.CONTRADICTION);
        assertThat(add(p, 128, 136, true)).isEqualTo(Outcome.CONTRADICTION);
        assertThat(add(p, 128, 136, false)).isEqualTo(Outcome.CONTRADICTION);
    }

    /** Against a list that is walked from end to end. */
    @Test
    void outcomesAreThoseOfAPlainList() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            PartialDatagram p = partial();
            List<int[]> held = new ArrayList<>();
            int total = -1;
            int received = 0;
            for (int i = 0; i < 30; i++) {
                int from = 8 * random.nextInt(24);
                int to = from + 8 * (1 + random.nextInt(4));
                boolean more = random.nextInt(8) != 0;
                Outcome wanted = plain(held, total, from, to, more);
                if (wanted == Outcome.KEPT) {
                    held.add(new int[]{from, to});
                    total = more ? total : to;
                    received += to - from;
                    wanted = received == total ? Outcome.COMPLETE : Outcome.KEPT;
                }
                assertThat(add(p, from, to, more)).as("round %d, %d to %d", round, from, to).isEqualTo(wanted);
                if (wanted == Outcome.COMPLETE) {
                    break;
                }
            }
            p.release();
        }
        assertThat(pool.inUseBytes()).isZero();
    }

    private static Outcome plain(List<int[]> held, int total, int from, int to, boolean more) {
        if (total >= 0 && (more ? to > total : to != total)) {
            return Outcome.CONTRADICTION;
        }
        int end = 0;
        Outcome found = Outcome.KEPT;
        for (int[] h : held) {
            end = Math.max(end, h[1]);
            if (h[0] == from && h[1] == to) {
                found = Outcome.DUPLICATE;
            } else if (h[0] < to && h[1] > from) {
                found = Outcome.OVERLAP;
            }
        }
        return found == Outcome.KEPT && !more && end > to ? Outcome.CONTRADICTION : found;
    }
}
