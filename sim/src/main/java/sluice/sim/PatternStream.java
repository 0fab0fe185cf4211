package sluice.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sluice.base.Entropy;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.user.TcpSocket;

/**
 * What one side of a connection sends: the byte at stream position p is a function of the world's seed, the sender's
 * address and port, and p. So every byte that arrives can be checked without keeping any.
 *
 * <p>The function repeats after 65,521 bytes, a prime: no shift by a block, a window or a number of segments goes
 * unnoticed.
 */
public final class PatternStream {
    /** Bytes after which the function repeats. */
    public static final int PERIOD = 65_521;

    private final MemorySegment pattern;
    private final long shift;

    private PatternStream(MemorySegment pattern, long shift) {
        this.pattern = pattern;
        this.shift = shift;
    }

    /** Two periods of the function, for a world. */
    static MemorySegment pattern(long seed) {
        MemorySegment m = Arena.ofAuto().allocate(2L * PERIOD, 64);
        Entropy e = Entropy.seeded(seed, "stream");
        for (int i = 0; i < PERIOD; i++) {
            byte b = (byte) (e.nextLong() >>> 24);
            m.set(ValueLayout.JAVA_BYTE, i, b);
            m.set(ValueLayout.JAVA_BYTE, i + PERIOD, b);
        }
        return m;
    }

    /** What the owner of {@code tuple} sends. */
    static PatternStream sentBy(MemorySegment pattern, FourTuple tuple) {
        return new PatternStream(pattern, shift(tuple.local().low(), tuple.localPort()));
    }

    /** What the owner of {@code tuple} receives. */
    static PatternStream receivedBy(MemorySegment pattern, FourTuple tuple) {
        return new PatternStream(pattern, shift(tuple.remote().low(), tuple.remotePort()));
    }

    private static long shift(long address, int port) {
        return ((address & 0xffff) * 40_503 + port * 7919L) % PERIOD;
    }

    private int index(long position) {
        return (int) ((position + shift) % PERIOD);
    }

    /** The byte at a position. */
    public byte at(long position) {
        return pattern.get(ValueLayout.JAVA_BYTE, index(position));
    }

    /**
     * Queues the bytes from {@code position} on; returns how many the connection took, which may be fewer than {@code
     * length}.
     */
    public int send(TcpSocket t, long position, int length, int flags, long nowNs) {
        int at = index(position);
        int n = Math.min(length, 2 * PERIOD - at);
        return t.send(pattern, at, n, flags, nowNs);
    }

    /**
     * Compares {@code length} bytes at {@code offset} with those from {@code position} on; returns the position of the
     * first that differs, or -1.
     */
    public long firstDifference(MemorySegment m, long offset, int length, long position) {
        for (int done = 0; done < length;) {
            int at = index(position + done);
            int n = Math.min(length - done, 2 * PERIOD - at);
            if (!same(m, offset + done, pattern, at, n)) {
                return position + done
                        + MemorySegment.mismatch(m, offset + done, offset + done + n, pattern, at, at + n);
            }
            done += n;
        }
        return -1;
    }

    /** Whether they are the same, as nearly always: in the plainest of loops, which the compiler vectorises. */
    private static boolean same(MemorySegment a, long atA, MemorySegment b, long atB, int length) {
        long differences = 0;
        int longs = length >>> 3;
        for (int i = 0; i < longs; i++) {
            differences |= a.get(ValueLayout.JAVA_LONG_UNALIGNED, atA + i * 8L)
                    ^ b.get(ValueLayout.JAVA_LONG_UNALIGNED, atB + i * 8L);
        }
        for (int i = longs << 3; i < length; i++) {
            differences |= a.get(ValueLayout.JAVA_BYTE, atA + i) ^ b.get(ValueLayout.JAVA_BYTE, atB + i);
        }
        return differences == 0;
    }
}
