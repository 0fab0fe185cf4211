package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * What the kernel lets a thread say about itself. All calls concern the calling platform thread; on a virtual thread
 * they would hit its carrier and are refused.
 */
public final class LinuxThread {
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int MASK_BYTES = 128;

    private LinuxThread() {}

    /**
     * Binds the calling thread to processors, for measurements.
     *
     * @param cpus processor numbers, 0…1023, at least one
     * @throws SystemCallException when none of them is there or allowed
     */
    public static void pin(int... cpus) {
        BitSet set = new BitSet();
        for (int cpu : cpus) {
            if (cpu < 0 || cpu >= MASK_BYTES * 8) {
                throw new IllegalArgumentException("processor " + cpu + " is outside 0…1023");
            }
            set.set(cpu);
        }
        setAffinity(set);
    }

    /** The processors the calling thread may run on. */
    public static BitSet affinity() {
        requirePlatformThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            int r = Libc.schedGetaffinity(Libc.newErrnoState(), mask);
            if (r < 0) {
                throw new SystemCallException("sched_getaffinity", -r, null);
            }
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_LONG));
        }
    }

    /** Lets the calling thread run on the processors of the set. */
    public static void setAffinity(BitSet cpus) {
        requirePlatformThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            cpus.stream().forEach(cpu -> {
                long word = mask.getAtIndex(ValueLayout.JAVA_LONG, cpu / 64);
                mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / 64, word | 1L << cpu % 64);
            });
            int r = Libc.schedSetaffinity(Libc.newErrnoState(), mask);
            if (r < 0) {
                throw new SystemCallException("sched_setaffinity " + cpus, -r,
                        "This machine has " + Runtime.getRuntime().availableProcessors() + " processors for us");
            }
        }
    }

    /**
     * How late the kernel may wake the calling thread from a timed wait, in nanoseconds, at least 1. A refusal is
     * ignored: waits are then less exact.
     */
    public static void timerSlack(long ns) {
        if (!Thread.currentThread().isVirtual()) {
            Libc.prctl(Libc.newErrnoState(), PR_SET_TIMERSLACK, ns);
        }
    }

    static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "this call changes the platform thread it runs on and cannot be made on a virtual thread");
        }
    }
}
