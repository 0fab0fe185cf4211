package sluice.cli.service;

import java.util.LinkedHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sluice.core.Host;
import sluice.core.Setting;

/**
 * How many connections a service has at a time. When all places are taken, the one whose connection has gone longest
 * without any progress is given to the newcomer: who never reads, or says nothing, cannot keep the others out.
 *
 * <p>Any thread may call any method.
 *
 * @param <C> a connection, told from others by its identity
 */
public final class Places<C> {
    private final LongSupplier most;
    private final LongSupplier clockNs;
    /** When each got on last; the least recently progressed first. */
    private final LinkedHashMap<C, Long> byProgress = new LinkedHashMap<>(16, 0.75f, true);

    /** So many places as {@code most} says when it is asked. */
    public Places(LongSupplier most) {
        this(most, System::nanoTime);
    }

    Places(LongSupplier most, LongSupplier clockNs) {
        this.most = most;
        this.clockNs = clockNs;
    }

    /** A quarter of the connections that a host may have (fs.file-max), so that four services have room. */
    public static <C> Places<C> of(Host host) {
        return new Places<>(() -> Math.max(1, host.settings().get(Setting.FILE_MAX) / 4));
    }

    /** Takes a place; the connection whose place it was, which the caller has to reset; null when one was free. */
    public synchronized @Nullable C enter(C newcomer) {
        C slowest = byProgress.size() >= most.getAsLong() ? byProgress.firstEntry().getKey() : null;
        if (slowest != null) {
            byProgress.remove(slowest);
        }
        byProgress.put(newcomer, clockNs.getAsLong());
        return slowest;
    }

    /**
     * Whether all places are taken, and each by one that has got on in the last {@code graceNs}: who can let newcomers
     * wait should, or a crowd of them drives out those that are served, only slowly.
     */
    public synchronized boolean isCrowded(long graceNs) {
        return byProgress.size() >= most.getAsLong()
                && clockNs.getAsLong() - byProgress.firstEntry().getValue() < graceNs;
    }

    /** Something of it came or went. */
    public synchronized void progressed(C connection) {
        byProgress.computeIfPresent(connection, (c, before) -> clockNs.getAsLong());
    }

    /** It is over. */
    public synchronized void leave(C connection) {
        byProgress.remove(connection);
    }

    /** Places taken. */
    public synchronized int taken() {
        return byProgress.size();
    }
}
