package sluice.sockets.internal.nio;

import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import org.jspecify.annotations.Nullable;

/** A channel that a {@link SluiceSelector} can look at. */
interface SelectableEnd extends Channel {
    /** The host's side. */
    ChannelEnd end();

    /**
     * Which of {@code interest} the channel is ready for.
     *
     * @param bits what {@link ChannelEnd#poll} said
     */
    int readyOps(int bits, int interest);

    /** The platform's channel that does the work instead; null while the host does. */
    default @Nullable AbstractSelectableChannel platformChannel() {
        return null;
    }

    /** A key of the platform stands for one of this channel. */
    default void watchedBy(SelectionKey foreign) {
        // the platform's own channels do not ask
    }
}
