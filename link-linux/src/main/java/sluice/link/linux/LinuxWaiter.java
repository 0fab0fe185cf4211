package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sluice.link.LinkWaiter;

/**
 * Waits in {@code ppoll} for devices of the kernel, a time ({@link Alarm} or its own limit), or a wake-up from another
 * thread (an eventfd).
 *
 * <p>{@link #await} and {@link #close} belong to one thread (close only after the other threads have stopped waking
 * it); {@link #wakeup} is for any. Wake-ups are coalesced: only the first one while the thread sleeps costs a system
 * call, one that finds it awake costs a compare-and-set and makes the next {@link #await} return at once. Whatever a
 * waker wrote through volatile or atomic variables before {@link #wakeup} is seen after {@link #await} returns.
 *
 * <p>Where that pays ({@link AdaptiveSpin}) it looks for a while before it sleeps, because waking a sleeping processor
 * takes longer than a packet's whole round trip. Packets found so are read ahead ({@link KernelDevice#lookAhead}).
 *
 * <p>Timeouts have nanosecond resolution; the calling thread's timer slack (50 µs by default on Linux) is set to 1 µs.
 */
public final class LinuxWaiter implements LinkWaiter {
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    /**
     * Where the {@code struct pollfd} of the descriptors begin; before them a {@code struct timespec}, and the number
     * for the eventfd with room to read it back.
     */
    private static final int POLLFDS = 32;
    private static final int POLLFD_SIZE = 8;
    private static final int NUMBER = 16;
    /** Descriptors before those of the devices: the eventfd, the alarm. */
    private static final int OTHERS = 2;
    /** Limits from here on (below a second) are left to the alarm, shorter ones are given to the sleep. */
    private static final long ALARM_FROM_NS = 2_000_000;
    private static final long LONGEST_NS = 3_600_000_000_000L;

    private static final int AWAKE = 0;
    private static final int LOOKING = 1;
    private static final int SLEEPING = 2;
    private static final int WOKEN = 3;

    private final AtomicInteger phase = new AtomicInteger(AWAKE);
    private final KernelDevice[] devices;
    private final MemorySegment errnoState = Libc.newErrnoState();
    private final MemorySegment wakeErrnoState = Libc.newErrnoState();
    private final MemorySegment memory;
    private final AdaptiveSpin spin = new AdaptiveSpin();
    private final Alarm alarm = new Alarm();
    private final Object wakeLock = new Object();
    private long slackThread = -1;
    private int eventFd;

    /**
     * A waiter for these devices; it does not own them. Wrap-around links are awaited through the device below them.
     */
    public LinuxWaiter(List<? extends KernelDevice> devices) {
        this.devices = devices.toArray(new KernelDevice[0]);
        memory = Arena.ofAuto().allocate(POLLFDS + (this.devices.length + (long) OTHERS) * POLLFD_SIZE, 8);
        memory.set(ValueLayout.JAVA_LONG, NUMBER, 1);
        eventFd = Libc.eventfd(errnoState, 0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (eventFd < 0) {
            alarm.close();
            throw new SystemCallException("eventfd", -eventFd, null);
        }
        describe(0, eventFd, POLLIN);
        describe(1, alarm.descriptor(), POLLIN);
    }

    /** A waiter for these devices; it does not own them. */
    public LinuxWaiter(KernelDevice... devices) {
        this(List.of(devices));
    }

    private void describe(int slot, int fd, int events) {
        memory.set(ValueLayout.JAVA_INT, POLLFDS + (long) slot * POLLFD_SIZE, fd);
        memory.set(ValueLayout.JAVA_SHORT, POLLFDS + (long) slot * POLLFD_SIZE + 4, (short) events);
    }

    private int happened(int slot) {
        return memory.get(ValueLayout.JAVA_SHORT, POLLFDS + (long) slot * POLLFD_SIZE + 6);
    }

    @Override
    public void await(long timeoutNs, boolean wantWritable) {
        if (!phase.compareAndSet(AWAKE, LOOKING)) {
            phase.set(AWAKE); // woken since the last return
            return;
        }
        long left = timeoutNs;
        if (!wantWritable && spin.isWorthwhile()) {
            left = look(timeoutNs);
        }
        if (left > 0 && phase.compareAndSet(LOOKING, SLEEPING)) {
            sleep(left, wantWritable);
        }
        phase.set(AWAKE);
    }

    /**
     * Looks for packets again and again, for as long as a thread takes to be woken; what is left of the timeout when
     * none came, else 0.
     */
    private long look(long timeoutNs) {
        if (anyAhead()) { // without asking for the time
            spin.ended(true);
            return 0;
        }
        long began = System.nanoTime();
        long limit = Math.min(AdaptiveSpin.SPIN_NS, timeoutNs);
        while (true) {
            boolean found = anyAhead() || phase.get() == WOKEN;
            long passed = System.nanoTime() - began;
            if (found || passed >= limit) {
                spin.ended(found);
                return found ? 0 : timeoutNs == Long.MAX_VALUE ? timeoutNs : timeoutNs - passed;
            }
        }
    }

    private boolean anyAhead() {
        for (KernelDevice device : devices) {
            if (device.lookAhead()) {
                return true;
            }
        }
        return false;
    }

    private void sleep(long timeoutNs, boolean wantWritable) {
        if (slackThread != Thread.currentThread().threadId()) {
            slackThread = Thread.currentThread().threadId();
            LinuxThread.timerSlack(1_000);
        }
        int events = wantWritable ? POLLIN | POLLOUT : POLLIN;
        for (int i = 0; i < devices.length; i++) {
            KernelDevice device = devices[i];
            if (device.hasLookedAhead()) {
                return;
            }
            describe(i + OTHERS, device.isGone() ? -1 : device.descriptor(), events);
        }
        int ready = Libc.ppoll(errnoState, memory.address() + POLLFDS, devices.length + OTHERS, limit(timeoutNs));
        if (ready > 0) {
            afterPoll();
        } else if (ready < 0 && ready != -Libc.EINTR) {
            throw new SystemCallException("ppoll", -ready, null);
        }
        // Interrupted by a signal: the caller looks at its links and comes back, which is all that is promised.
    }

    /** The address of the limit that the sleep needs itself, or 0. */
    private long limit(long timeoutNs) {
        if (timeoutNs < ALARM_FROM_NS) {
            memory.set(ValueLayout.JAVA_LONG, 0, 0);
            memory.set(ValueLayout.JAVA_LONG, 8, timeoutNs);
            return memory.address();
        }
        if (timeoutNs != Long.MAX_VALUE) {
            alarm.ringBy(System.nanoTime() + Math.min(timeoutNs, LONGEST_NS));
        }
        return 0;
    }

    private void afterPoll() {
        if (happened(0) != 0) {
            // resets the counter; the value does not matter
            Libc.read(errnoState, eventFd, memory.address() + NUMBER + 8, 8);
        }
        if (happened(1) != 0) {
            alarm.rang();
        }
        for (int i = 0; i < devices.length; i++) {
            if ((happened(i + OTHERS) & ~(POLLIN | POLLOUT)) != 0) {
                devices[i].onPollError();
            }
        }
    }

    @Override
    public void wakeup() {
        if (phase.get() != WOKEN && phase.getAndSet(WOKEN) == SLEEPING) {
            synchronized (wakeLock) {
                if (eventFd >= 0) {
                    Libc.write(wakeErrnoState, eventFd, memory.address() + NUMBER, 8);
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
        alarm.close();
    }
}
