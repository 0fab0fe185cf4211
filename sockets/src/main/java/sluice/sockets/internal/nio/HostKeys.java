package sluice.sockets.internal.nio;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;

/**
 * The keys of a selector whose channels are of one host, and inside it a list of those to look at: whose channel
 * signalled, whose interest changed, or that were found ready and so are looked at again (a selector is
 * level-triggered). A selection goes through that list once, so its cost is that of the keys with news, not of all.
 */
final class HostKeys extends KeyPlace {
    /** All operations. */
    private static final int ANY = ~0;

    private final SluiceSelector selector;
    private final HostAccess access;
    private final Waiter waiter = Waiter.ofSelector();
    /** A selection waits, here or elsewhere, or is about to. */
    private volatile boolean watched;

    // Inside the host: the list of keys to look at.
    private @Nullable SluiceSelectionKey first;
    private @Nullable SluiceSelectionKey last;

    HostKeys(SluiceSelector selector, HostAccess access) {
        this.selector = selector;
        this.access = access;
    }

    HostAccess access() {
        return access;
    }

    private void enter() throws IOException {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        }
    }

    /**
     * A selection of these keys alone: adds what is ready to {@code found}, waiting at most so long. The thread is an
     * ordinary waiter of the host, and drives it when the wake-ups are its own (decision 1).
     *
     * @return how much of {@code nanos} is left
     */
    long find(long nanos, List<SluiceSelectionKey> found) throws IOException {
        enter();
        try {
            takeChanges();
            lookAtAll(found);
            long untilNs = nanos == Time.NEVER || nanos > Time.NEVER - Math.max(0, access.nowNs())
                    ? Time.NEVER
                    : access.nowNs() + nanos;
            while (found.isEmpty() && nanos > 0) {
                watched = true;
                if (!selector.waitsIn(this) || access.nowNs() >= untilNs) {
                    break;
                }
                access.block(waiter, 0, untilNs);
                lookAtAll(found);
            }
            return untilNs == Time.NEVER ? Time.NEVER : untilNs - access.nowNs();
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(access, e);
        } finally {
            watched = false;
            selector.waitsNoMore();
            access.exit();
        }
    }

    /**
     * A look at these keys as a part of a selection that waits elsewhere.
     *
     * @param begins whether the selection begins
     * @param waits whether the selection goes on to wait, and is to be told of what becomes ready
     */
    void look(boolean begins, boolean waits, List<SluiceSelectionKey> found) throws IOException {
        enter();
        try {
            if (begins) {
                takeChanges();
            }
            lookAtAll(found);
            watched = waits;
        } catch (RuntimeException e) {
            throw Failures.unexpected(access, e);
        } finally {
            access.exit();
        }
    }

    /** The selection that was told of what became ready is over. */
    void lookNoMore() {
        watched = false;
    }

    @Override
    void lookFor(SluiceSelectionKey k) {
        list(k);
    }

    /** Goes once through the list: what is ready is found, and stays on it. */
    private void lookAtAll(List<SluiceSelectionKey> found) {
        SluiceSelectionKey k = first;
        first = null;
        last = null;
        while (k != null) {
            SluiceSelectionKey next = k.nextListed;
            k.nextListed = null;
            k.listed = false;
            if (!k.gone && k.place() == this) {
                SelectableEnd e = k.end();
                int ops = e.readyOps(e.end().poll(), ANY);
                if ((ops & k.lookedFor) != 0) {
                    k.found = ops;
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
        if (watched) {
            SelectableEnd e = k.end();
            if (e.readyOps(e.end().poll(), k.lookedFor) != 0) {
                selector.rouseFrom(this);
            }
        }
    }

    /** Ends a wait here; inside the host. */
    void wake() {
        access.wake(waiter);
    }

    @Override
    void rouse() {
        try {
            access.execute(host -> {
                wake();
                return null;
            });
        } catch (ShardStoppedException e) {
            watched = false; // which has ended the wait
        }
    }

    /** Watches for a new key. From outside. */
    void add(SluiceSelectionKey k, SelectableEnd channel) {
        count(1);
        try {
            access.execute(host -> {
                channel.end().add(k);
                return null;
            });
        } catch (ShardStoppedException e) {
            k.gone = true; // it will never be ready
        }
    }

    /**
     * Hands the keys of {@code channel}, which becomes the platform's, on to {@code to}. Inside; the caller then has
     * them watched there.
     */
    void moveTo(PlatformKeys to, SluiceSelectionKey k, SelectableEnd channel) {
        channel.end().remove(k);
        count(-1);
        to.count(1);
        k.moveTo(to);
    }

    @Override
    void drop(List<SluiceSelectionKey> keys) {
        try {
            access.execute(host -> {
                for (SluiceSelectionKey k : keys) {
                    if (k.place() == this) {
                        k.gone = true;
                        k.end().end().remove(k);
                        count(-1);
                    }
                }
                return null;
            });
        } catch (ShardStoppedException e) {
            keys.forEach(k -> k.gone = true);
            count(-keys.size());
        }
    }
}
