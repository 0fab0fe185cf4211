package sluice.sockets;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.sockets.internal.async.AsyncChannels;
import sluice.sockets.internal.async.AsyncGroup;

/**
 * The JDK's asynchronous channels on a stack; or, as the JVM's default ({@code
 * -Djava.nio.channels.spi.AsynchronousChannelProvider=sluice.sockets.SluiceAsynchronousProvider}), on whatever {@link
 * JvmSelectorProvider} says, which wants its flag.
 *
 * <p>An operation is a virtual thread that blocks in a channel; completion handlers run in the group's pool, never on
 * the thread that began the operation. After a time limit or a cancel the channel allows no more operations of that
 * kind, and its buffer is in use until the channel is closed, as the JDK says.
 */
public final class SluiceAsynchronousProvider extends AsynchronousChannelProvider {
    private final SelectorProvider channels;
    private final AsyncGroup ofAll = AsyncGroup.ofDefault(this);

    /** For the JVM. */
    public SluiceAsynchronousProvider() {
        this(new JvmSelectorProvider());
    }

    private SluiceAsynchronousProvider(SelectorProvider channels) {
        this.channels = channels;
    }

    /** The provider of a stack. */
    public static SluiceAsynchronousProvider of(Stack stack) {
        return of(stack.access());
    }

    /** The same, wherever the host runs; on real threads, since operations are threads of their own. */
    public static SluiceAsynchronousProvider of(HostAccess access) {
        return new SluiceAsynchronousProvider(SluiceSelectorProvider.of(access));
    }

    /** With channels of another provider. */
    public static SluiceAsynchronousProvider of(SelectorProvider channels) {
        return new SluiceAsynchronousProvider(channels);
    }

    private AsyncGroup group(@Nullable AsynchronousChannelGroup group) {
        if (group == null) {
            return ofAll;
        }
        if (group instanceof AsyncGroup g && g.provider() == this) {
            return g;
        }
        throw new IllegalChannelGroupException();
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(int threads, ThreadFactory factory) {
        return new AsyncGroup(this, Executors.newFixedThreadPool(threads, factory));
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize) {
        return new AsyncGroup(this, Objects.requireNonNull(executor));
    }

    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(
            @Nullable AsynchronousChannelGroup group) throws IOException {
        AsyncGroup g = group(group);
        return AsyncChannels.of(this, channels.openServerSocketChannel(), g);
    }

    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(@Nullable AsynchronousChannelGroup group)
            throws IOException {
        AsyncGroup g = group(group);
        return AsyncChannels.of(this, channels.openSocketChannel(), g);
    }
}
