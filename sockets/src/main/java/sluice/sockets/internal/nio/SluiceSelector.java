package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.engine.HostAccess;

/**
 * A selector whose keys may belong to channels of several hosts and to the platform's. While they are of one host the
 * selecting thread waits there, and may drive it; otherwise it waits in a selector of the platform, which the hosts
 * wake ({@link PlatformKeys}). Which it is costs a look at two fields.
 */
final class SluiceSelector extends AbstractSelector {
    private static final long MS = 1_000_000;

    /** The host to wait in while there are no keys; null where that is nobody's. */
    private final @Nullable HostKeys home;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> selected = new LinkedHashSet<>();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    private final Set<SelectionKey> publicSelected = new UngrowableSet<>(selected);
    /** Hosts that have keys, and {@link #home}. Changed with itself held. */
    private final List<HostKeys> hosts = new CopyOnWriteArrayList<>();
    private volatile @Nullable PlatformKeys platformKeys;
    /** Somebody called {@link #wakeup}, and no selection has ended since. */
    private volatile boolean wokenUp;
    /** Where a selection waits, or is about to. */
    private volatile @Nullable KeyPlace waitsIn;
    /** Where selections over several hosts that are alone wait. */
    private final ParkedSelection parked = new ParkedSelection();
    /** That selection has to think again about where it waits. */
    private volatile boolean thinkAgain;
    private boolean inSelect;
    /** What a selection found. */
    private final ArrayList<SluiceSelectionKey> found = new ArrayList<>();

    /**
     * For channels of any host and of the platform.
     *
     * @param home the host to wait in while there are no keys, or null
     */
    SluiceSelector(SelectorProvider provider, @Nullable HostAccess home) {
        super(provider);
        this.home = home == null ? null : new HostKeys(this, home);
        if (this.home != null) {
            hosts.add(this.home);
        }
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
        return lockAndSelect(null, Time.NEVER);
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
        return lockAndSelect(Objects.requireNonNull(action), Time.NEVER);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeoutMs) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), nanos(timeoutMs));
    }

    private static long nanos(long timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeoutMs == 0 || timeoutMs > Long.MAX_VALUE / MS ? Time.NEVER : timeoutMs * MS;
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
        if (!isAlone()) {
            findEverywhere(nanos);
            return;
        }
        long left = hosts.getFirst().find(nanos, found);
        if (thinkAgain) {
            findEverywhere(found.isEmpty() && !wokenUp ? Math.max(0, left) : 0);
        }
    }

    /** Whether all keys are of one host. */
    private boolean isAlone() {
        PlatformKeys p = platformKeys;
        return (p == null || p.isEmpty()) && hosts.size() == 1;
    }

    /** Whether all keys are of hosts beside which their threads have no network. */
    private boolean areAllAlone() {
        PlatformKeys p = platformKeys;
        return (p == null || p.isEmpty()) && !hosts.isEmpty() && hosts.stream().allMatch(h -> h.access().isAlone());
    }

    private void findEverywhere(long nanos) throws IOException {
        if (areAllAlone()) {
            findParked(nanos);
            return;
        }
        PlatformKeys p = platformKeys();
        long untilNs = System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2);
        boolean begins = true;
        thinkAgain = false;
        try {
            waitsIn = p;
            while (true) {
                for (HostKeys h : hosts) {
                    h.look(begins, nanos > 0, found);
                }
                long left = nanos == Time.NEVER ? nanos : untilNs - System.nanoTime();
                boolean waits = nanos > 0 && left > 0 && found.isEmpty() && waitsIn(p);
                p.select(begins, waits ? left : 0, found);
                begins = false;
                if (!waits || !found.isEmpty()) {
                    return;
                }
            }
        } finally {
            waitsNoMore();
            hosts.forEach(HostKeys::lookNoMore);
        }
    }

    /** A selection over hosts that are alone. */
    private void findParked(long nanos) throws IOException {
        long untilNs = System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2);
        boolean begins = true;
        thinkAgain = false;
        parked.begin();
        try {
            waitsIn = parked;
            while (true) {
                for (HostKeys h : hosts) {
                    h.look(begins, nanos > 0, found);
                }
                begins = false;
                long left = nanos == Time.NEVER ? nanos : untilNs - System.nanoTime();
                if (nanos <= 0 || left <= 0 || !found.isEmpty() || !waitsIn(parked)) {
                    return;
                }
                parked.await(left);
            }
        } finally {
            waitsNoMore();
            hosts.forEach(HostKeys::lookNoMore);
        }
    }

    /** The selection is about to wait there: whether it may, which nobody prevents unseen from then on. */
    boolean waitsIn(KeyPlace place) {
        waitsIn = place; // before looking whether somebody woke us, who sets that before looking at this
        return !wokenUp && !(thinkAgain && place instanceof HostKeys) && !Thread.currentThread().isInterrupted();
    }

    /** A wait is over, or there was none. */
    void waitsNoMore() {
        waitsIn = null;
        if (!thinkAgain) {
            wokenUp = false;
        }
    }

    /** A channel of {@code from} is ready, while a selection waits somewhere. Inside that host. */
    void rouseFrom(HostKeys from) {
        KeyPlace w = waitsIn;
        if (w == from) {
            from.wake();
        } else if (w != null && !(w instanceof HostKeys)) {
            w.rouse();
        }
    }

    private PlatformKeys platformKeys() throws IOException {
        PlatformKeys p = platformKeys;
        return p != null ? p : platformKeys(PlatformProvider.get());
    }

    private PlatformKeys platformKeys(SelectorProvider of) throws IOException {
        synchronized (hosts) {
            PlatformKeys p = platformKeys;
            if (p == null) {
                p = new PlatformKeys(of.openSelector());
                platformKeys = p;
            }
            return p;
        }
    }

    private HostKeys hostKeys(HostAccess access) {
        synchronized (hosts) {
            for (HostKeys h : hosts) {
                if (h.access() == access) {
                    h.count(1);
                    return h;
                }
            }
            HostKeys h = new HostKeys(this, access);
            h.count(1);
            hosts.add(h);
            return h;
        }
    }

    /** Brings what was found into the key and the selected set, or to the program's action. */
    private int update(SluiceSelectionKey k, @Nullable Consumer<SelectionKey> action) {
        if (!k.isValid()) {
            return 0;
        }
        int ops = k.found & k.interest();
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
            rouse();
        }
        return this;
    }

    private void rouse() {
        KeyPlace w = waitsIn;
        if (w != null) {
            w.rouse();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // registering

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        ensureOpen();
        SluiceSelectionKey k;
        try {
            k = channel instanceof SelectableEnd s && s.platformChannel() == null
                    ? registerWithHost(channel, s, ops)
                    : registerWithPlatform(channel, ops);
        } catch (IOException e) {
            throw new UncheckedIOException("no selector of the platform's", e);
        }
        if (attachment != null) {
            k.attach(attachment);
        }
        keys.add(k);
        k.place().interestChanged(k);
        if (!isOpen()) {
            keys.remove(k);
            k.cancel();
            drop(List.of(k));
            throw new ClosedSelectorException();
        }
        return k;
    }

    private SluiceSelectionKey registerWithHost(AbstractSelectableChannel channel, SelectableEnd s, int ops)
            throws IOException {
        HostKeys h = hostKeys(s.end().access);
        SluiceSelectionKey k = new SluiceSelectionKey(channel, this, h, ops);
        h.add(k, s);
        SelectableChannel moved = s.platformChannel();
        if (moved != null) {
            move(s, moved);
        }
        return k;
    }

    private SluiceSelectionKey registerWithPlatform(AbstractSelectableChannel channel, int ops) throws IOException {
        SelectableChannel real = channel instanceof SelectableEnd s ? s.platformChannel() : channel;
        PlatformKeys p = platformKeys(Objects.requireNonNull(real).provider());
        SluiceSelectionKey k = new SluiceSelectionKey(channel, this, p, ops);
        p.count(1);
        try {
            p.watch(k, real, 0);
        } catch (RuntimeException e) { // of another provider than those before
            p.count(-1);
            throw e;
        }
        return k;
    }

    /**
     * The channel of some keys becomes the platform's: they are watched there from now on, by a selection that waits
     * too. From outside, by one thread for each channel.
     */
    static void move(SelectableEnd channel, SelectableChannel to) throws IOException {
        HostAccess access = channel.end().access;
        for (SluiceSelectionKey k : access.execute(host -> channel.end().keys())) {
            SluiceSelector s = k.selector();
            PlatformKeys p = s.platformKeys(to.provider());
            boolean moved = access.execute(host -> {
                if (k.gone || !(k.place() instanceof HostKeys h)) {
                    return false;
                }
                h.moveTo(p, k, channel);
                return true;
            });
            if (moved) {
                p.watch(k, to, k.lookedFor);
                p.interestChanged(k); // a change that the old place had not taken over
                s.thinkAgain = true;
                s.rouse();
            }
        }
    }

    /** Deregisters the keys that were cancelled. Holds the selector and the selected keys. */
    private void processCancelled() throws IOException {
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
        forget(all);
    }

    private void forget(List<SluiceSelectionKey> all) throws IOException {
        boolean platforms = drop(all);
        for (SluiceSelectionKey k : all) {
            selected.remove(k);
            keys.remove(k);
            deregister(k);
        }
        PlatformKeys p = platformKeys;
        if (platforms && p != null) {
            p.flush();
        }
    }

    /** Has them watched no more; whether some were the platform's. */
    private boolean drop(List<SluiceSelectionKey> all) {
        for (HostKeys h : hosts) {
            List<SluiceSelectionKey> here = all.stream().filter(k -> k.place() == h).toList();
            if (!here.isEmpty()) {
                h.drop(here);
            }
        }
        synchronized (hosts) {
            hosts.removeIf(h -> h != home && h.isEmpty());
        }
        PlatformKeys p = platformKeys;
        List<SluiceSelectionKey> there = p == null ? List.of() : all.stream().filter(k -> k.place() == p).toList();
        if (p != null) {
            p.drop(there);
        }
        return !there.isEmpty();
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (publicSelected) {
                List<SluiceSelectionKey> all = new ArrayList<>();
                keys.forEach(k -> all.add((SluiceSelectionKey) k));
                forget(all);
                synchronized (cancelledKeys()) {
                    cancelledKeys().clear();
                }
                PlatformKeys p = platformKeys;
                if (p != null) {
                    p.close();
                }
            }
        }
    }

    @Override
    public String toString() {
        return getClass().getName() + "@" + Integer.toHexString(hashCode()) + (isOpen() ? "" : "[closed]");
    }
}
