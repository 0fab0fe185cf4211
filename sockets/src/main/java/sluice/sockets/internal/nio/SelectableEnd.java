package sluice.sockets.internal.nio;

/** A channel that a {@link SluiceSelector} can look at. */
interface SelectableEnd {
    /** The host's side. */
    ChannelEnd end();

    /**
     * Which of {@code interest} the channel is ready for.
     *
     * @param bits what {@link ChannelEnd#poll} said
     */
    int readyOps(int bits, int interest);
}
