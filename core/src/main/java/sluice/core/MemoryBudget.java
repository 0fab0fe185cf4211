package sluice.core;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;

/**
 * What the sockets of one protocol may hold together: {@code net.ipv4.tcp_mem}, {@code net.ipv4.udp_mem}, in Linux's
 * way ({@code __sk_mem_raise_allocated}).
 *
 * <p>Below the first number nobody is asked. Above the second TCP is under pressure until it is below the first again:
 * buffers and windows do not grow, windows of those who do not read shrink. Between the first and the third a socket
 * gets more that has less than its least buffer, and under TCP's pressure one that holds less than the average: those
 * who hold most are refused first. Above the third everybody is refused, but a TCP socket that holds nothing gets one
 * smallest block all the same, so that every connection goes on; these together take as much as the limit once more.
 *
 * <p>The numbers are read each time, so that sysctl changes them while the host runs. Heap that a peer can make grow
 * (intervals of a reassembly queue, the scoreboard) is charged too.
 */
public final class MemoryBudget {
    /** Somebody who was refused and holds nothing whose end would wake it. */
    public interface Waiter {
        /** There may be memory now. */
        void memoryFree();
    }

    private static final int LOW = 0;
    private static final int PRESSURE = 1;
    private static final int LIMIT = 2;
    private static final int PAGE_SHIFT = Long.numberOfTrailingZeros(Setting.PAGE_BYTES);

    private final Settings settings;
    private final Setting pages;
    /** Null for a protocol that knows no pressure: UDP. */
    private final @Nullable Counters pressures;
    /** In the order of their coming. */
    private final SequencedSet<Waiter> waiters = new LinkedHashSet<>(0);
    private long allocatedBytes;
    private int sockets;
    private boolean pressure;
    private long nowNs;
    private long pressureSinceNs;

    MemoryBudget(Settings settings, Setting pages, @Nullable Counters pressures) {
        this.settings = settings;
        this.pages = pages;
        this.pressures = pressures;
    }

    private static long pages(long bytes) {
        return bytes + Setting.PAGE_BYTES - 1 >> PAGE_SHIFT;
    }

    private long number(int i) {
        return settings.get(pages, i);
    }

    void setNow(long now) {
        nowNs = now;
    }

    /** Takes {@code bytes} while so much is left that nobody is asked what it holds; false when not. */
    boolean takeFreely(long bytes) {
        if (pressure || pages(allocatedBytes + bytes) > number(LOW)) {
            return false;
        }
        allocatedBytes += bytes;
        return true;
    }

    /**
     * Takes {@code bytes}; false, and nothing happened, when they are not to be had.
     *
     * @param held what the socket holds already, both directions
     * @param below it has less than its least buffer in this direction
     */
    boolean take(long bytes, long held, boolean below) {
        long after = pages(allocatedBytes + bytes);
        if (after <= number(LOW)) {
            leavePressure();
        } else {
            if (after > number(PRESSURE)) {
                enterPressure();
            }
            if (after > number(LIMIT) || !below && !mayRaise(held + bytes)) {
                return false;
            }
        }
        allocatedBytes += bytes;
        return true;
    }

    private boolean mayRaise(long heldThen) {
        return pressures != null && (!pressure || number(LIMIT) > (long) sockets * pages(heldThen));
    }

    /** Takes {@code bytes} beyond the limit, up to its double; for a socket that holds nothing. */
    boolean force(long bytes) {
        long limit = number(LIMIT);
        if (pressures == null || pages(allocatedBytes + bytes) - limit > limit) {
            return false;
        }
        allocatedBytes += bytes;
        return true;
    }

    /** Takes {@code bytes} that cannot be refused. */
    void charge(long bytes) {
        allocatedBytes += bytes;
        if (pages(allocatedBytes) > number(PRESSURE)) {
            enterPressure();
        }
    }

    /** Gives back. */
    void give(long bytes) {
        allocatedBytes -= bytes;
        if (pressure && pages(allocatedBytes) < number(LOW)) {
            leavePressure();
        }
        if (!waiters.isEmpty() && pages(allocatedBytes) < number(LIMIT)) {
            wake(pressure ? 1 : waiters.size());
        }
    }

    private void wake(int most) {
        for (int i = 0; i < most && !waiters.isEmpty(); i++) {
            waiters.removeFirst().memoryFree();
        }
    }

    /** Tells {@code waiter}, once, when there may be memory. */
    public void await(Waiter waiter) {
        waiters.add(waiter);
    }

    /** The same is over, and need not be told. */
    public void forget(Waiter waiter) {
        waiters.remove(waiter);
    }

    private void enterPressure() {
        if (!pressure && pressures != null) {
            pressure = true;
            pressureSinceNs = nowNs;
            pressures.increment(Counter.TcpExtTCPMemoryPressures);
        }
    }

    private void leavePressure() {
        if (pressure && pressures != null) {
            pressure = false;
            pressures.add(Counter.TcpExtTCPMemoryPressuresChrono, (nowNs - pressureSinceNs) / 1_000_000);
        }
    }

    /** Whether buffers and windows must not grow and those of who does not read shrink. */
    public boolean underPressure() {
        return pressure;
    }

    /** Whether buffers may grow. */
    public boolean mayGrow() {
        return !pressure && pages(allocatedBytes) < number(LOW);
    }

    /** Whether there is so much left that memory may be spent to save a copy. */
    boolean isPlenty() {
        return pages(allocatedBytes) <= number(LOW);
    }

    /** Whether not one page is left. */
    public boolean isExhausted() {
        return pages(allocatedBytes) >= number(LIMIT);
    }

    /** Bytes taken now. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Sockets that take from it, whether they hold something or not. */
    public int sockets() {
        return sockets;
    }

    void opened() {
        sockets++;
    }

    void closed() {
        sockets--;
    }

    long least(Setting setting) {
        return settings.get(setting);
    }
}
