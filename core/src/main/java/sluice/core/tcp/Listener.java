package sluice.core.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Pollable;
import sluice.core.Setting;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.fastopen.FastOpenQueue;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.IpAddress;

/**
 * A port in LISTEN: counts its half-open connections (the SYN queue) and keeps the finished ones until they are
 * accepted (the accept queue).
 *
 * <p>Both are bounded by the backlog, as on Linux: the accept queue is full when it holds more than the backlog.
 */
@Rfc(value = 9293, section = "3.10.1")
public abstract non-sealed class Listener extends Pollable implements Endpoint {
    private final TcpContext tcp;
    private final SocketOptions options;
    private final IpAddress localAddress;
    private final int localPort;
    private final int backlog;
    private final ArrayDeque<Tcb> acceptQueue = new ArrayDeque<>();
    private final ArrayList<HalfOpen> halfOpens = new ArrayList<>();
    private final FastOpenQueue fastOpenQueue = new FastOpenQueue();
    private boolean closed;
    private boolean overflowed;
    private long lastOverflowNs;

    /** A port in LISTEN. */
    protected Listener(TcpContext tcp, SocketOptions options, IpAddress localAddress, int localPort, int backlog) {
        super(tcp.host().ready());
        this.tcp = tcp;
        this.options = options;
        this.localAddress = localAddress;
        this.localPort = localPort;
        this.backlog = backlog;
        if (options.fastOpenQueue == 0 && tcp.fastOpen().allows(FastOpenHost.SERVER)
                && tcp.fastOpen().allows(FastOpenHost.ALL_LISTENERS)) {
            options.fastOpenQueue = backlog;
        }
    }

    @Override
    public TcpState state() {
        return closed ? TcpState.CLOSED : TcpState.LISTEN;
    }

    @Override
    public IpAddress localAddress() {
        return localAddress;
    }

    @Override
    public int localPort() {
        return localPort;
    }

    @Override
    public @Nullable IpAddress remoteAddress() {
        return null;
    }

    @Override
    public int remotePort() {
        return 0;
    }

    /** Options that accepted connections start with. */
    public SocketOptions options() {
        return options;
    }

    /** min(backlog asked for, net.core.somaxconn). */
    public int backlog() {
        return backlog;
    }

    /** Finished connections that wait for accept. */
    public int acceptQueueLength() {
        return acceptQueue.size();
    }

    /** Half-open connections. */
    public int synQueueLength() {
        return halfOpens.size();
    }

    /** Whether no finished connection can be taken in: too many wait, or the host has too many (fs.file-max). */
    public boolean acceptQueueFull() {
        return acceptQueue.size() > backlog || tcp.isFull();
    }

    /** Whether no half-open connection can be taken in without a cookie. */
    public boolean synQueueFull() {
        return halfOpens.size() >= Math.max(1, backlog);
    }

    /** Fast Open connections whose handshake is not over. */
    public FastOpenQueue fastOpenQueue() {
        return fastOpenQueue;
    }

    /** How many of them there may be: TCP_FASTOPEN, capped by net.core.somaxconn. */
    public int fastOpenLimit() {
        return (int) Math.min(options.fastOpenQueue, tcp.host().settings().get(Setting.SOMAXCONN));
    }

    @Override
    public int readiness() {
        return closed ? READABLE | HANGUP : acceptQueue.isEmpty() ? 0 : READABLE;
    }

    /** Takes the next finished connection from the queue; null when there is none. */
    protected final @Nullable Tcb takeFinished() {
        Tcb t = acceptQueue.poll();
        if (t != null) {
            t.listener = null;
        }
        return t;
    }

    /** Listens no more, and its half-open connections vanish; false when that was so. */
    protected final boolean stop() {
        if (closed) {
            return false;
        }
        closed = true;
        tcp.listeners().remove(this);
        for (HalfOpen h : new ArrayList<>(halfOpens)) {
            h.drop();
        }
        return true;
    }

    /** A connection is finished: it waits for accept. */
    public void established(Tcb t) {
        acceptQueue.add(t);
        signalReady();
    }

    void add(HalfOpen h) {
        h.indexInListener = halfOpens.size();
        halfOpens.add(h);
    }

    void remove(HalfOpen h) {
        int i = h.indexInListener;
        if (i < 0) {
            return;
        }
        HalfOpen last = halfOpens.removeLast();
        if (last != h) {
            halfOpens.set(i, last);
            last.indexInListener = i;
        }
        h.indexInListener = -1;
    }

    /** A connection request was dropped. */
    public void countDropped() {
        tcp.host().counters().increment(Counter.TcpExtListenDrops);
    }

    /** The accept queue is full. */
    public void countOverflow() {
        tcp.host().counters().increment(Counter.TcpExtListenOverflows);
        countDropped();
    }

    /** The SYN queue was full: acknowledgments that carry a cookie are believed for a while. */
    public void noteOverflow(long nowNs) {
        lastOverflowNs = nowNs;
        overflowed = true;
    }

    /** Whether cookies were sent within {@code ns}. */
    public boolean overflowedWithin(long ns, long nowNs) {
        return overflowed && nowNs - lastOverflowNs <= ns;
    }

    @Override
    public String toString() {
        return "LISTEN " + localAddress + ":" + localPort;
    }
}
