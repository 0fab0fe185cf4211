package sluice.sockets.internal.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import org.jspecify.annotations.Nullable;

/** A channel's registration with a {@link SluiceSelector}. Any thread may use it, as the JDK's. */
final class SluiceSelectionKey extends AbstractSelectionKey {
    private static final VarHandle INTEREST;

    static {
        try {
            INTEREST = MethodHandles.lookup().findVarHandle(SluiceSelectionKey.class, "interest", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AbstractSelectableChannel channel;
    private final SluiceSelector selector;
    /** Where it is watched. */
    private volatile KeyPlace place;
    /** What the program wants. */
    private volatile int interest;
    private volatile int readyOps;
    /** What the selector looks for: {@link #interest} as it was when a selection began. Inside the host. */
    int lookedFor;
    /** The operations that the present selection found the channel ready for, of interest or not. */
    int found;
    /** The platform's key that stands for this one. Guarded by this. */
    @Nullable SelectionKey foreign;
    /** On the selector's list of keys to look at. Inside the host. */
    boolean listed;
    @Nullable SluiceSelectionKey nextListed;
    /** Not registered any more. Written where the key is. */
    volatile boolean gone;

    SluiceSelectionKey(AbstractSelectableChannel channel, SluiceSelector selector, KeyPlace place, int interest) {
        this.channel = channel;
        this.selector = selector;
        this.place = place;
        this.interest = interest;
    }

    KeyPlace place() {
        return place;
    }

    /** Inside the host where it was. */
    void moveTo(KeyPlace to) {
        place = to;
    }

    SelectableEnd end() {
        return (SelectableEnd) channel;
    }

    /** The channel may have become ready. Inside the host. */
    void look() {
        if (place instanceof HostKeys h) {
            h.look(this);
        }
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    private void checkOps(int ops) {
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public SluiceSelector selector() {
        return selector;
    }

    /** The interest, valid or not. */
    int interest() {
        return interest;
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        ensureValid();
        checkOps(ops);
        if ((int) INTEREST.getAndSet(this, ops) != ops) {
            place.interestChanged(this);
        }
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        ensureValid();
        checkOps(ops);
        int before = (int) INTEREST.getAndBitwiseOr(this, ops);
        if ((before | ops) != before) {
            place.interestChanged(this);
        }
        return before;
    }

    @Override
    public int interestOpsAnd(int ops) {
        ensureValid();
        int before = (int) INTEREST.getAndBitwiseAnd(this, ops);
        if ((before & ops) != before) {
            place.interestChanged(this);
        }
        return before;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return readyOps;
    }

    /** The ready set, valid or not. */
    int ready() {
        return readyOps;
    }

    void ready(int ops) {
        readyOps = ops;
    }

    @Override
    public String toString() {
        return "channel=" + channel + ", selector=" + selector
                + (isValid() ? ", interestOps=" + interest + ", readyOps=" + readyOps : ", invalid");
    }
}
