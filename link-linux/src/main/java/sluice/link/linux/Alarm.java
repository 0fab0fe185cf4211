package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A timer of the kernel that becomes readable at its time (a timerfd). It stays set over many sleeps whose limits move
 * on: a sleep that names its own limit costs a third more (measured: 466 and 321 ns for a {@code ppoll} that finds
 * something, and the timer to be set and taken back when it finds nothing).
 *
 * <p>Used by one thread at a time.
 */
final class Alarm {
    private static final int CLOCK_MONOTONIC = 1;
    private static final int TFD_TIMER_ABSTIME = 1;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final MemorySegment errnoState = Libc.newErrnoState();
    /** A {@code struct itimerspec}; its first half, the interval, stays 0. Read into as well. */
    private final MemorySegment memory = Arena.ofAuto().allocate(40, 8);
    private boolean set;
    private long atNs;
    private int fd;

    Alarm() {
        fd = Libc.timerfdCreate(errnoState, CLOCK_MONOTONIC, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new SystemCallException("timerfd_create", -fd, null);
        }
    }

    /** What to wait for; -1 once closed. */
    int descriptor() {
        return fd;
    }

    /**
     * It shall ring at {@code untilNs} (of {@link System#nanoTime}, in the future) at the latest, and may ring before.
     */
    void ringBy(long untilNs) {
        if (set && atNs <= untilNs) {
            return;
        }
        memory.set(ValueLayout.JAVA_LONG, 16, untilNs / NS_PER_SECOND);
        memory.set(ValueLayout.JAVA_LONG, 24, untilNs % NS_PER_SECOND);
        int r = Libc.timerfdSettime(errnoState, fd, TFD_TIMER_ABSTIME, memory.address());
        if (r < 0) {
            throw new SystemCallException("timerfd_settime", -r, null);
        }
        set = true;
        atNs = untilNs;
    }

    /** It was found readable: quiet until it is set again. */
    void rang() {
        Libc.read(errnoState, fd, memory.address() + 32, 8); // how often does not matter
        set = false;
    }

    /** Idempotent. */
    void close() {
        if (fd >= 0) {
            Libc.close(errnoState, fd);
            fd = -1;
        }
    }
}
