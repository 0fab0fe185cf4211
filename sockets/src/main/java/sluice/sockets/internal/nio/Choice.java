package sluice.sockets.internal.nio;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;

/**
 * Who does the work of a channel of the default provider: a channel of the host, until an address says that it has to
 * be the platform's. Then that one is opened, gets the options, the port and the blocking mode that were set before,
 * and the keys of the channel move to it. After the first address that counts nothing is decided any more.
 *
 * @param <C> the kind of channel
 * @param <O> the host's of that kind
 */
final class Choice<C extends AbstractSelectableChannel & NetworkChannel, O extends C> {
    private static final System.Logger LOG = System.getLogger(Choice.class.getName());

    /** Opens a channel of the platform's. */
    interface Opener<C> {
        C open(SelectorProvider platform) throws IOException;
    }

    private final SelectableEnd outer;
    private final @Nullable HostAccess host;
    private final @Nullable O ours;
    private final Opener<C> opener;
    private volatile C now;
    private volatile @Nullable C platform;
    private volatile boolean decided;
    /** What was set before the decision. */
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    /** The port that the program asked for, without an address. */
    private int askedPort = -1;
    private boolean blocking = true;
    /** The platform's keys that stand for those of the program. */
    private final List<SelectionKey> foreign = new ArrayList<>(1);

    /**
     * Between {@code ours} and what {@code opener} opens.
     *
     * @param outer the channel that the program has
     */
    Choice(SelectableEnd outer, HostAccess host, O ours, Opener<C> opener) {
        this.outer = outer;
        this.host = host;
        this.ours = ours;
        this.opener = opener;
        now = ours;
    }

    /** The platform's from the start. */
    Choice(SelectableEnd outer, C platform) {
        this.outer = outer;
        host = null;
        ours = null;
        opener = p -> platform;
        now = platform;
        this.platform = platform;
        decided = true;
    }

    /** Who does the work now. */
    C now() {
        return now;
    }

    /** The host's channel, which there is unless it was the platform's from the start. */
    O ours() {
        O o = ours;
        if (o == null) {
            throw new IllegalStateException("the platform's from the start");
        }
        return o;
    }

    /** After a call: closes the channel that the program has when the one that did it has closed itself. */
    void follow() throws IOException {
        if (!now.isOpen()) {
            outer.close();
        }
    }

    /** The platform's channel, if that does the work. */
    @Nullable C platform() {
        return platform;
    }

    boolean isDecided() {
        return decided;
    }

    /** The channel has been used in a way that binds it to where it is. */
    void settle() {
        decided = true;
    }

    /** Before it goes to {@code remote}; when that is done, {@link #settle}. */
    void towards(@Nullable SocketAddress remote) throws IOException {
        InetAddress a = decided ? null : Reach.usable(remote);
        if (a != null && (host == null || !Reach.reaches(host, a))) {
            move();
        }
    }

    /** Binds; without an address the choice stays open. */
    void bind(@Nullable SocketAddress local, Binder<C> binder) throws IOException {
        synchronized (options) {
            InetAddress a = decided ? null : Reach.usable(local);
            if (a != null && (host == null || !Reach.has(host, a))) {
                move();
            }
            binder.bind(now);
            if (a != null && !a.isAnyLocalAddress()) {
                decided = true;
            } else if (!decided) {
                askedPort = local instanceof InetSocketAddress i ? i.getPort() : 0;
            }
        }
    }

    /** Binds a channel. */
    interface Binder<C> {
        void bind(C channel) throws IOException;
    }

    private void move() throws IOException {
        synchronized (options) {
            if (!decided && now.isOpen()) {
                moveLocked();
                decided = true;
            }
        }
    }

    private void moveLocked() throws IOException {
        C before = now;
        C p = opener.open(PlatformProvider.get());
        try {
            for (Map.Entry<SocketOption<?>, Object> o : options.entrySet()) {
                copy(p, o.getKey(), o.getValue());
            }
            if (askedPort >= 0) {
                bindAgain(p, before);
            }
            p.configureBlocking(blocking);
        } catch (IOException | RuntimeException e) {
            p.close();
            throw e;
        }
        platform = p;
        now = p;
        SluiceSelector.move(outer, p);
        before.close();
    }

    @SuppressWarnings("unchecked") // the host's channel took the value for it
    private static <T> void copy(NetworkChannel to, SocketOption<T> name, Object value) throws IOException {
        try {
            to.setOption(name, (T) value);
        } catch (UnsupportedOperationException e) {
            LOG.log(Level.DEBUG, "the platform''s channel has no option {0}", name);
        }
    }

    /** Where it was; where any port would do and that one is taken, any. */
    private void bindAgain(C p, C before) throws IOException {
        InetSocketAddress at = (InetSocketAddress) before.getLocalAddress();
        try {
            p.bind(new InetSocketAddress(at.getPort()));
        } catch (BindException e) {
            if (askedPort != 0) {
                throw e;
            }
            p.bind(new InetSocketAddress(0));
        }
    }

    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        synchronized (options) {
            now.setOption(name, value);
            if (!decided) {
                options.put(name, value);
            }
        }
    }

    void close() throws IOException {
        synchronized (options) {
            now.close();
        }
    }

    /** The program has no valid key when it wants it blocking. */
    void configureBlocking(boolean block) throws IOException {
        synchronized (options) {
            if (block) {
                cancelForeign();
            }
            now.configureBlocking(block);
            blocking = block;
        }
    }

    private void cancelForeign() {
        synchronized (foreign) {
            foreign.forEach(SelectionKey::cancel);
            foreign.clear();
        }
    }

    /** {@code key} of the platform stands for one of the program's. */
    void watchedBy(SelectionKey key) {
        synchronized (foreign) {
            foreign.removeIf(k -> !k.isValid());
            foreign.add(key);
        }
    }
}
