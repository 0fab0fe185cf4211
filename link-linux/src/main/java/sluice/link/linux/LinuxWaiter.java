package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sluice.link.LinkWaiter;

/**
 * Waits in {@code ppoll} for devices of the kernel, a time, or a wake-up from another thread (an eventfd).
 *
 * <p>{@link #await} and {@link #close} belong to one thread (close only after the other threads have stopped waking it); {@link #wakeup} is for any. Wake-ups
 * are coalesced: only the first one while the thread sleeps costs a system call, one that finds it awake costs a compare-and-set and makes the next {@link
 * #await} return at once. Whatever a waker wrote through volatile or atomic variables before {@link #wakeup} is seen after {@link #await} returns.
 *
 * <p>Where that pays ({@link AdaptiveSpin}) it looks for a while before it sleeps, because waking a sleeping processor takes longer than a packet's whole round trip.
 *
 * <p>Timeouts have nanosecond resolution; the calling thread's timer slack (50 µs by default on Linux) is set to 1 µs.
 */
public final class LinuxWaiter implements LinkWaiter {
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int POLLFD_SIZE = 8;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private static final int AWAKE = 0;
    private static final int SLEEPING = 1;
    private static final int WOKEN = 2;

    private final AtomicInteger phase = new AtomicInteger(AWAKE);
    private final KernelDevice[] devices;
    private final MemorySegment errnoState = Libc.newErrnoState();
    private final MemorySegment wakeErrnoState = Libc.newErrnoState();
    private final MemorySegment memory;
    private final MemorySegment timespec;
    private final MemorySegment one;
    private final MemorySegment zero;
    private final AdaptiveSpin spin = new AdaptiveSpin();
    private final Object wakeLock = new Object();
    private long slackThread = -1;
    private int eventFd;

    /** A waiter for these devices; it does not own them. Wrap-around links are awaited through the device below them. */
    public LinuxWaiter(List<? extends KernelDevice> devices) {
        this.devices = devices.toArray(new KernelDevice[0]);
        memory = Arena.ofAuto().allocate((this.devices.length + 1L) * POLLFD_SIZE + 48, 8);
        timespec = memory.asSlice((this.devices.length + 1L) * POLLFD_SIZE, 16);
        one = memory.asSlice((this.devices.length + 1L) * POLLFD_SIZE + 16, 8);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        zero = memory.asSlice((this.devices.length + 1L) * POLLFD_SIZE + 32, 16);
        eventFd = Libc.eventfd(errnoState, 0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (eventFd < 0) {
            throw new SystemCallException("eventfd", -eventFd, null);
        }
        describe(0, eventFd, POLLIN);
    }

    /** A waiter for these devices; it does not own them. */
    public LinuxWaiter(KernelDevice... devices) {
        this(List.of(devices));
    }

    private void describe(int slot, int fd, int events) {
        memory.set(ValueLayout.JAVA_INT, (long) slot * POLLFD_SIZE, fd);
        memory.set(ValueLayout.JAVA_SHORT, (long) slot * POLLFD_SIZE + 4, (short) events);
    }

    private int happened(int slot) {
        return memory.get(ValueLayout.JAVA_SHORT, (long) slot * POLLFD_SIZE + 6);
    }

    @Override
    public void await(long timeoutNs, boolean wantWritable) {
        if (!phase.compareAndSet(AWAKE, SLEEPING)) {
            phase.set(AWAKE); // woken since the last return
            return;
        }
        if (slackThread != Thread.currentThread().threadId()) {
            slackThread = Thread.currentThread().threadId();
            LinuxThread.timerSlack(1_000);
        }
        int events = wantWritable ? POLLIN | POLLOUT : POLLIN;
        for (int i = 0; i < devices.length; i++) {
            KernelDevice device = devices[i];
            describe(i + 1, device.isGone() ? -1 : device.descriptor(), events);
        }
        int ready = spin.isWorthwhile() ? lookThenSleep(timeoutNs) : sleep(timeoutNs);
        phase.set(AWAKE);
        if (ready > 0) {
            afterPoll();
        } else if (ready < 0 && ready != -Libc.EINTR) {
            throw new SystemCallException("ppoll", -ready, null);
        }
        // Interrupted by a signal: the caller looks at its links and comes back, which is all that is promised.
    }

    /** Looks again and again, for as long as a thread takes to be woken, and sleeps for what is left of the timeout when nothing came. */
    private int lookThenSleep(long timeoutNs) {
        long began = System.nanoTime();
        long limit = Math.min(AdaptiveSpin.SPIN_NS, timeoutNs);
        long passed;
        int ready;
        do {
            ready = Libc.ppoll(errnoState, memory.address(), devices.length + 1L, zero.address());
            passed = System.nanoTime() - began;
        } while (ready == 0 && passed < limit);
        spin.ended(ready != 0);
        if (ready != 0 || passed >= timeoutNs) {
            return ready;
        }
        return sleep(timeoutNs == Long.MAX_VALUE ? timeoutNs : timeoutNs - passed);
    }

    private int sleep(long timeoutNs) {
        if (timeoutNs == Long.MAX_VALUE) {
            return Libc.ppoll(errnoState, memory.address(), devices.length + 1L, 0);
        }
        long wait = Math.max(0, timeoutNs);
        timespec.set(ValueLayout.JAVA_LONG, 0, wait / NS_PER_SECOND);
        timespec.set(ValueLayout.JAVA_LONG, 8, wait % NS_PER_SECOND);
        return Libc.ppoll(errnoState, memory.address(), devices.length + 1L, timespec.address());
    }

    private void afterPoll() {
        if (happened(0) != 0) {
            Libc.read(errnoState, eventFd, one.address() + 8, 8); // resets the counter; the value does not matter
        }
        for (int i = 0; i < devices.length; i++) {
            if ((happened(i + 1) & ~(POLLIN | POLLOUT)) != 0) {
                devices[i].onPollError();
            }
        }
    }

    @Override
    public void wakeup() {
        if (phase.get() != WOKEN && phase.getAndSet(WOKEN) == SLEEPING) {
            synchronized (wakeLock) {
                if (eventFd >= 0) {
                    Libc.write(wakeErrnoState, eventFd, one.address(), 8);
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (wakeLock) {
            if (eventFd >= 0) {
                Libc.close(errnoState, eventFd);
                eventFd = -1;
            }
        }
    }
}
