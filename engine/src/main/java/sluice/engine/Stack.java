package sluice.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.base.Invariant;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.MemorySettings;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.link.Link;
import sluice.link.LinkWaiter;
import sluice.link.ParkWaiter;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * What a program uses: a host with its links, running. Made by {@link #builder}, ended by {@link #close}.
 *
 * <p>Today a stack has one {@link Shard}; programs ask {@link #access} for the one to work in, so that more can come.
 *
 * <p><b>Thread rules.</b> All methods may be called by any thread, from outside the shard.
 */
public final class Stack implements AutoCloseable {
    /** How long {@link #close()} lets connections finish. */
    public static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    /** How long peers that have everything are given to close their direction. */
    private static final long PEER_GRACE_NS = 100_000_000;
    /** Between two looks at what is still open while closing. */
    private static final long LOOK_NS = 5_000_000;

    private final Shard shard;
    private final List<StackExtension> extensions;
    private final ReentrantLock closeLock = new ReentrantLock();

    private Stack(Shard shard, List<StackExtension> extensions) {
        this.shard = shard;
        this.extensions = List.copyOf(extensions);
    }

    /** Starts to describe a stack whose host has this configuration. */
    public static Builder builder(HostConfig config) {
        return new Builder(config);
    }

    /** Where a new endpoint should live: what sockets and services work with. */
    public HostAccess access() {
        return shard;
    }

    /** The shard in which a new endpoint should live, for its statistics. */
    public Shard shard() {
        return shard;
    }

    /** All shards. */
    public List<Shard> shards() {
        return List.of(shard);
    }

    /** Runs {@code action} inside the shard and returns its result. */
    public <T extends @Nullable Object> T execute(Function<Host, T> action) {
        return shard.execute(action);
    }

    /**
     * Runs {@code program} on this stack: the calling thread, and those made meanwhile, belong to it ({@link
     * ThreadHost}), so that what a program opens or looks up without naming a stack is opened and looked up here.
     */
    public void run(Runnable program) {
        ThreadHost.run(access(), program);
    }

    /** As {@link #run}, with a result. */
    public <T extends @Nullable Object> T call(Callable<T> program) throws Exception {
        return ThreadHost.call(access(), program);
    }

    /**
     * Makes it the JVM's default until it is closed: threads that belong to no stack belong to this one, those that run
     * already too.
     */
    public void makeDefault() {
        ThreadHost.setDefault(access());
    }

    /** Closes with {@link #CLOSE_LIMIT}. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Ends gracefully: closes the extensions, refuses users and wakes those who wait, closes listeners, sends what is
     * queued and a FIN on every connection, waits at most {@code limit} for the peers to acknowledge it, resets what is
     * left, stops the thread and closes the links. Connections in TIME-WAIT are forgotten. Idempotent.
     */
    public void close(Duration limit) {
        ThreadHost.noDefault(access());
        closeLock.lock(); // a second caller returns when everything is closed
        try {
            extensions.reversed().forEach(StackExtension::close);
        } finally {
            try {
                closeOnce(limit);
            } finally {
                closeLock.unlock();
            }
        }
    }

    private void closeOnce(Duration limit) {
        long endNs = System.nanoTime() + limit.toNanos();
        shard.enterToClose();
        try {
            if (!shard.isOver()) {
                shard.refuseUsers();
                closeAll();
                long graceEndNs = Math.min(endNs, System.nanoTime() + PEER_GRACE_NS);
                while (!shard.hasFailed() && shard.nowNs() < (count(Stack::isSending) > 0 ? endNs
                        : count(Stack::waitsForPeer) > 0 ? graceEndNs : 0)) {
                    shard.idle(LOOK_NS);
                }
                abortUnfinished();
            }
        } catch (RuntimeException | Error e) {
            shard.fail(e);
        } finally {
            shard.exit();
            shard.close();
        }
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        shard.host().tcp().forEachEndpoint(all::add);
        return all;
    }

    private void closeAll() {
        for (Endpoint e : endpoints()) {
            try {
                switch (e) {
                    case TcpListener listener -> {
                        listener.removeListeners();
                        listener.close(shard.nowNs());
                    }
                    case TcpSocket tcb -> {
                        tcb.removeListeners();
                        tcb.change(o -> o.lingerSeconds = -1, shard.nowNs());
                        tcb.close(shard.nowNs());
                    }
                    default -> {
                        // a half-open ends with its listener, a time-wait with the host
                    }
                }
            } catch (ErrnoException alreadyClosed) {
                // its owner was faster; the others still have to be closed
            }
        }
    }

    private int count(Predicate<TcpSocket> which) {
        int n = 0;
        for (Endpoint e : endpoints()) {
            if (e instanceof TcpSocket tcb && which.test(tcb)) {
                n++;
            }
        }
        return n;
    }

    /** The peer has not acknowledged everything, our FIN included. */
    private static boolean isSending(TcpSocket tcb) {
        return switch (tcb.state()) {
            case ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }

    private static boolean waitsForPeer(TcpSocket tcb) {
        return tcb.state() == TcpState.FIN_WAIT_2;
    }

    /**
     * Resets what did not finish. A peer that has everything and only has not closed yet is left alone, so that it sees
     * an ordinary end.
     */
    private void abortUnfinished() {
        for (Endpoint e : endpoints()) {
            if (e instanceof TcpSocket tcb && !waitsForPeer(tcb)) {
                tcb.abort(shard.nowNs());
            }
        }
    }

    /** Describes a stack. Not thread-safe. */
    public static final class Builder {
        private final HostConfig config;
        private final List<String> names = new ArrayList<>();
        private final List<Link> links = new ArrayList<>();
        private final List<Consumer<Host>> setups = new ArrayList<>();
        private final List<StackExtension> extensions = new ArrayList<>();
        private String name = "sluice-0";
        private @Nullable LinkWaiter waiter;
        private boolean daemon = true;

        private Builder(HostConfig config) {
            this.config = config;
        }

        /** Adds a link as the host's next interface, called {@code interfaceName}. The stack closes it. */
        public Builder link(String interfaceName, Link link) {
            names.add(interfaceName);
            links.add(link);
            return this;
        }

        /**
         * How to wait for the links, which are told of it; a {@link ParkWaiter} when not given. The stack closes it.
         */
        public Builder waiter(LinkWaiter linkWaiter) {
            waiter = linkWaiter;
            return this;
        }

        /** Name of the shard and its thread; "sluice-0" when not given. */
        public Builder name(String shardName) {
            name = shardName;
            return this;
        }

        /** Whether the background thread lets the JVM end; true when not given. */
        public Builder daemon(boolean isDaemon) {
            daemon = isDaemon;
            return this;
        }

        /** Gives the interface called {@code interfaceName} an address and the route to its network. */
        public Builder address(String interfaceName, IpAddress address, int prefixLength) {
            int index = indexOf(interfaceName);
            return setup(host -> host.addAddress(index, address, prefixLength));
        }

        /**
         * Adds a route over the interface called {@code interfaceName}; without gateway the destinations are on its
         * link.
         */
        public Builder route(Prefix prefix, String interfaceName, @Nullable IpAddress gateway) {
            int index = indexOf(interfaceName);
            return setup(host -> host.addRoute(prefix, index, gateway, 0));
        }

        private int indexOf(String interfaceName) {
            int i = names.indexOf(interfaceName);
            if (i < 0) {
                throw new IllegalArgumentException("no link called " + interfaceName + " was added");
            }
            return i + Ports.FIRST_INTERFACE;
        }

        /**
         * Adds something to do with the host, after its interfaces exist and before the first packet: addresses,
         * routes, settings, services.
         */
        public Builder setup(Consumer<Host> action) {
            setups.add(action);
            return this;
        }

        /** Adds something that lives beside the stack: a control socket. The stack closes it. */
        public Builder with(StackExtension extension) {
            extensions.add(extension);
            return this;
        }

        /**
         * Builds the host and its shard and starts it. Settings that depend on memory ({@code tcp_mem} and others, see
         * {@link MemorySettings}) are chosen for all that this JVM may use, unless they were set.
         */
        public Stack start() {
            MemorySettings.choose(config.settings(), JvmMemory.nativeBytes(), JvmMemory.heapBytes());
            Host host = new Host(config);
            for (int i = 0; i < links.size(); i++) {
                int index = host.addInterface(names.get(i), links.get(i).properties());
                Invariant.check(index == i + Ports.FIRST_INTERFACE,
                        "interfaces are numbered from 1 in the order they are added", index, i);
            }
            for (Consumer<Host> setup : setups) {
                setup.accept(host);
            }
            LinkWaiter w = waiter != null ? waiter : new ParkWaiter();
            links.forEach(link -> link.setWaiter(w));
            Shard shard = new Shard(name, host, links, w, daemon);
            shard.start();
            Stack stack = new Stack(shard, extensions);
            try {
                extensions.forEach(e -> e.start(stack));
            } catch (RuntimeException | Error e) {
                stack.close(Duration.ZERO);
                throw e;
            }
            return stack;
        }
    }
}
