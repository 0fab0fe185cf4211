package sluice.sockets.internal.nio;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;

/**
 * The keys of a selector whose channels are the platform's: each channel is registered a second time, with a selector
 * of the platform. That one's select is also where a selection waits when it cannot wait in a host: there are such
 * keys, or keys of several hosts. Hosts then end the wait by its {@link Selector#wakeup}.
 */
final class PlatformKeys extends KeyPlace {
    private static final long MS = 1_000_000;

    private final Selector selector;

    /** {@code selector} is of the provider that made the channels, and nobody else's. */
    PlatformKeys(Selector selector) {
        this.selector = selector;
    }

    /**
     * Watches {@code channel} for a key that is here.
     *
     * @param ops what to look for from now on
     */
    void watch(SluiceSelectionKey k, SelectableChannel channel, int ops) {
        synchronized (k) {
            if (k.gone) {
                return;
            }
            k.lookedFor = ops;
            try {
                SelectionKey f = channel.register(selector, ops, k);
                k.foreign = f;
                if (k.channel() instanceof SelectableEnd e) {
                    e.watchedBy(f);
                }
            } catch (ClosedChannelException e) {
                k.gone = true; // it will never be ready
            }
        }
    }

    /**
     * Adds what is ready to {@code found}, waiting at most so long.
     *
     * @param begins whether a selection begins
     */
    void select(boolean begins, long nanos, List<SluiceSelectionKey> found) throws IOException {
        if (begins) {
            takeChanges();
        }
        if (nanos <= 0) {
            selector.selectNow(foreign -> found(foreign, found));
        } else if (nanos == Time.NEVER) {
            selector.select(foreign -> found(foreign, found));
        } else {
            selector.select(foreign -> found(foreign, found), (nanos + MS - 1) / MS);
        }
    }

    private static void found(SelectionKey foreign, List<SluiceSelectionKey> found) {
        SluiceSelectionKey k = (SluiceSelectionKey) foreign.attachment();
        try {
            k.found = foreign.readyOps();
        } catch (CancelledKeyException e) {
            return;
        }
        if (!k.gone) {
            found.add(k);
        }
    }

    @Override
    void lookFor(SluiceSelectionKey k) {
        synchronized (k) {
            SelectionKey f = k.foreign;
            if (f != null && f.isValid()) {
                try {
                    f.interestOps(k.lookedFor);
                } catch (CancelledKeyException e) {
                    k.found = 0; // closed meanwhile
                }
            }
        }
    }

    @Override
    void rouse() {
        selector.wakeup();
    }

    @Override
    void drop(List<SluiceSelectionKey> keys) {
        for (SluiceSelectionKey k : keys) {
            synchronized (k) {
                k.gone = true;
                @Nullable SelectionKey f = k.foreign;
                if (f != null) {
                    f.cancel();
                }
            }
        }
        count(-keys.size());
    }

    /**
     * Lets the platform forget what was dropped, after which it closes the descriptors of closed channels: it does so
     * when no key of theirs is left, ours included.
     */
    void flush() throws IOException {
        selector.selectNow(foreign -> {});
    }

    void close() throws IOException {
        selector.close();
    }
}
