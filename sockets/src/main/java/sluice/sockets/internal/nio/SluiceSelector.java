package sluice.sockets.internal.nio;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;

/**
 * A selector over the channels of one host.
 *
 * <p>Inside the host it has a list of keys to look at: those whose channel signalled, whose interest changed, or that
 * were found ready and so are looked at again (a selector is level-triggered). A selection goes through that list once,
 * and waits when it found nothing; so its cost is that of the keys with news, not of all. The thread that waits is an
 * ordinary waiter of the host, and drives it when the wake-ups are its own (decision 1).
 */
final class SluiceSelector extends AbstractSelector {
    private static final long MS = 1_000_000;

    private final HostAccess access;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> selected = new HashSet<>();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    private final Set<SelectionKey> publicSelected = new UngrowableSet<>(selected);
    private final Waiter waiter = new Waiter();
    /** Somebody called {@link #wakeup}, and no selection has ended since. */
    private volatile boolean wokenUp;
    /** A selection waits, or is about to. Written inside the host. */
    private volatile boolean waiting;

    /** Keys whose interest changed since the last selection began; guarded by itself. */
    private final ArrayDeque<SluiceSelectionKey> changedKeys = new ArrayDeque<>();
    private boolean inSelect;
    /** What a selection found. */
    private final ArrayList<SluiceSelectionKey> found = new ArrayList<>();

    // Inside the host: the list of keys to look at.
    private @Nullable SluiceSelectionKey first;
    private @Nullable SluiceSelectionKey last;

    SluiceSelector(SelectorProvider provider, HostAccess access) {
        super(provider);
        this.access = access;
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return publicSelected;
    }

    @Override
    public int selectNow() throws IOException {
        return lockAndSelect(null, 0);
    }

    @Override
    public int select() throws IOException {
        return lockAndSelect(null, HostAccess.FOREVER);
    }

    @Override
    public int select(long timeoutMs) throws IOException {
        return lockAndSelect(null, nanos(timeoutMs));
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), 0);
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), HostAccess.FOREVER);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeoutMs) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), nanos(timeoutMs));
    }

    private static long nanos(long timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeoutMs == 0 || timeoutMs > Long.MAX_VALUE / MS ? HostAccess.FOREVER : timeoutMs * MS;
    }

    private int lockAndSelect(@Nullable Consumer<SelectionKey> action, long nanos) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (inSelect) {
                throw new IllegalStateException("select in progress");
            }
            inSelect = true;
            try {
                synchronized (publicSelected) {
                    return doSelect(action, nanos);
                }
            } finally {
                inSelect = false;
            }
        }
    }

    private int doSelect(@Nullable Consumer<SelectionKey> action, long nanos) throws IOException {
        processCancelled();
        boolean blocking = nanos > 0;
        try {
            if (blocking) {
                begin();
            }
            find(nanos);
        } finally {
            if (blocking) {
                end();
            }
        }
        processCancelled();
        int updated = 0;
        try {
            for (int i = 0; i < found.size(); i++) {
                updated += update(found.get(i), action);
            }
        } finally {
            found.clear();
        }
        return updated;
    }

    /** Fills {@link #found}, waiting at most so long. */
    private void find(long nanos) throws IOException {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        }
        try {
            takeChanges();
            lookAtAll();
            long untilNs = nanos == HostAccess.FOREVER || nanos > HostAccess.FOREVER - Math.max(0, access.nowNs())
                    ? HostAccess.FOREVER
                    : access.nowNs() + nanos;
            while (found.isEmpty() && nanos > 0) {
                waiting = true; // before looking whether somebody woke us, who sets that before looking at this
                if (wokenUp || Thread.currentThread().isInterrupted() || access.nowNs() >= untilNs) {
                    break;
                }
                access.block(waiter, 0, untilNs);
                lookAtAll();
            }
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(access, e);
        } finally {
            waiting = false;
            wokenUp = false;
            access.exit();
        }
    }

    /** From now on the selection looks for what the program wants now. */
    private void takeChanges() {
        synchronized (changedKeys) {
            for (SluiceSelectionKey k = changedKeys.pollFirst(); k != null; k = changedKeys.pollFirst()) {
                if (!k.gone) {
                    k.lookedFor = k.interest();
                    list(k);
                }
            }
        }
    }

    /** Goes once through the list: what is ready is found, and stays on it. */
    private void lookAtAll() {
        SluiceSelectionKey k = first;
        first = null;
        last = null;
        while (k != null) {
            SluiceSelectionKey next = k.nextListed;
            k.nextListed = null;
            k.listed = false;
            if (!k.gone) {
                SelectableEnd e = k.end();
                int bits = e.end().poll();
                if (e.readyOps(bits, k.lookedFor) != 0) {
                    k.found = bits;
                    found.add(k);
                    list(k);
                }
            }
            k = next;
        }
    }

    private void list(SluiceSelectionKey k) {
        if (k.listed) {
            return;
        }
        k.listed = true;
        SluiceSelectionKey l = last;
        if (l == null) {
            first = k;
        } else {
            l.nextListed = k;
        }
        last = k;
    }

    /** The channel of {@code k} may have become ready. Inside the host. */
    void look(SluiceSelectionKey k) {
        if (k.gone) {
            return;
        }
        list(k);
        if (waiting) {
            SelectableEnd e = k.end();
            if (e.readyOps(e.end().poll(), k.lookedFor) != 0) {
                access.wake(waiter);
            }
        }
    }

    /** The program changed what it wants of {@code k}: the next selection looks for it. */
    void interestChanged(SluiceSelectionKey k) {
        synchronized (changedKeys) {
            changedKeys.addLast(k);
        }
    }

    /** Brings what was found into the key and the selected set, or to the program's action. */
    private int update(SluiceSelectionKey k, @Nullable Consumer<SelectionKey> action) {
        if (!k.isValid()) {
            return 0;
        }
        int ops = k.end().readyOps(k.found, k.interest());
        if (action != null) {
            k.ready(ops);
            if (ops == 0) {
                return 0;
            }
            action.accept(k);
            ensureOpen();
            return 1;
        }
        if (selected.contains(k)) {
            int before = k.ready();
            k.ready(before | ops);
            return (ops & ~before) != 0 ? 1 : 0;
        }
        k.ready(ops);
        if (ops == 0) {
            return 0;
        }
        selected.add(k);
        return 1;
    }

    @Override
    public Selector wakeup() {
        if (!wokenUp) {
            wokenUp = true;
            if (waiting) {
                try {
                    access.execute(host -> {
                        access.wake(waiter);
                        return null;
                    });
                } catch (ShardStoppedException e) {
                    return this; // which has ended the wait
                }
            }
        }
        return this;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // registering

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        if (!(channel instanceof SelectableEnd selectable) || selectable.end().access != access) {
            throw new IllegalSelectorException();
        }
        ensureOpen();
        SluiceSelectionKey k = new SluiceSelectionKey(channel, this, ops);
        if (attachment != null) {
            k.attach(attachment);
        }
        try {
            access.execute(host -> {
                selectable.end().add(k);
                return null;
            });
        } catch (ShardStoppedException e) {
            k.gone = true; // it will never be ready
        }
        keys.add(k);
        interestChanged(k);
        if (!isOpen()) {
            keys.remove(k);
            k.cancel();
            dropInside(List.of(k));
            throw new ClosedSelectorException();
        }
        return k;
    }

    /** Deregisters the keys that were cancelled. Holds the selector and the selected keys. */
    private void processCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        List<SluiceSelectionKey> all;
        synchronized (cancelled) {
            if (cancelled.isEmpty()) {
                return;
            }
            all = new ArrayList<>(cancelled.size());
            for (SelectionKey k : cancelled) {
                all.add((SluiceSelectionKey) k);
            }
            cancelled.clear();
        }
        dropInside(all);
        for (SluiceSelectionKey k : all) {
            selected.remove(k);
            keys.remove(k);
            deregister(k);
        }
    }

    private void dropInside(List<SluiceSelectionKey> all) {
        try {
            access.execute(host -> {
                for (SluiceSelectionKey k : all) {
                    k.gone = true;
                    k.end().end().remove(k);
                }
                return null;
            });
        } catch (ShardStoppedException e) {
            all.forEach(k -> k.gone = true);
        }
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (publicSelected) {
                List<SluiceSelectionKey> all = new ArrayList<>();
                keys.forEach(k -> all.add((SluiceSelectionKey) k));
                dropInside(all);
                for (SluiceSelectionKey k : all) {
                    deregister(k);
                    selected.remove(k);
                    keys.remove(k);
                }
                synchronized (cancelledKeys()) {
                    cancelledKeys().clear();
                }
            }
        }
    }

    @Override
    public String toString() {
        return getClass().getName() + "@" + Integer.toHexString(hashCode()) + (isOpen() ? "" : "[closed]");
    }
}
