package sluice.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import sluice.base.Entropy;
import sluice.base.Time;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.link.Link;
import sluice.link.ParkWaiter;
import sluice.link.PipeLink;
import sluice.wire.IpAddress;

/** Two stacks on real threads with a pipe between them, and blocking calls on bare connections. */
final class TwoShards implements AutoCloseable {
    static final IpAddress LEFT = IpAddress.ofV4(0x0a000001);
    static final IpAddress RIGHT = IpAddress.ofV4(0x0a000002);
    static final int PORT = 7;

    final Stack left;
    final Stack right;

    TwoShards() {
        this(link -> link);
    }

    /** The left stack's end of the pipe is wrapped. */
    TwoShards(UnaryOperator<Link> wrap) {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
        left = stack("left", pipe.a(), wrap, LEFT, 1);
        right = stack("right", pipe.b(), link -> link, RIGHT, 2);
    }

    private static Stack stack(String name, PipeLink link, UnaryOperator<Link> wrap, IpAddress address, long seed) {
        ParkWaiter waiter = new ParkWaiter();
        link.setWaiter(waiter);
        return Stack.builder(HostConfig.builder(Entropy.seeded(seed)).name(name).build()).name(name)
                .link("pipe0", wrap.apply(link)).waiter(waiter)
                .address("pipe0", address, 24)
                .start();
    }

    /** A connection of the left stack with its places to wait and a buffer. */
    static final class Client {
        final Shard shard;
        final TcpSocket tcb;
        final Waiters waiters;
        final MemorySegment buffer = Arena.ofAuto().allocate(1 << 16);

        Client(Shard shard, TcpSocket tcb) {
            this.shard = shard;
            this.tcb = tcb;
            waiters = new Waiters(shard);
            tcb.addListener(waiters);
        }

        void send(int length) {
            shard.enter();
            try {
                int done = 0;
                while (done < length) {
                    int n = tcb.send(buffer, done, length - done, 0, shard.nowNs());
                    done += n;
                    if (n == 0) {
                        shard.block(waiters.write, Pollable.WRITABLE, Time.NEVER);
                    }
                }
            } finally {
                shard.exit();
            }
        }

        int receive() {
            return receive(Time.NEVER);
        }

        /** Bytes, 0 when the time was over, -1 at the end. */
        int receive(long untilNs) {
            shard.enter();
            try {
                while (true) {
                    int n = tcb.receive(buffer, 0, (int) buffer.byteSize(), 0, shard.nowNs());
                    if (n != 0 || shard.nowNs() >= untilNs) {
                        return n;
                    }
                    shard.block(waiters.read, Pollable.READABLE, untilNs);
                }
            } finally {
                shard.exit();
            }
        }
    }

    /** Threads of the left stack that wait as selectors do and take turns at a round trip, each on its connection. */
    final class Loops {
        private final Client[] clients;
        private final Waiter[] waiters;
        private int turn; // inside the shard

        private Loops(int count) {
            clients = new Client[count];
            waiters = new Waiter[count];
            for (int i = 0; i < count; i++) {
                Waiter waiter = Waiter.ofSelector();
                waiters[i] = waiter;
                clients[i] = connect();
                clients[i].tcb.addListener(new ReadinessListener() {
                    @Override
                    public void ready(Pollable endpoint, int readiness, long nowNs) {
                        left.shard().wake(waiter);
                    }

                    @Override
                    public boolean worksInTheCall() {
                        return false;
                    }
                });
            }
        }

        /** Loop {@code i} has so many turns. */
        Callable<Void> turns(int i, int rounds) {
            return () -> {
                for (int n = 0; n < rounds; n++) {
                    turn(i);
                }
                return null;
            };
        }

        private void turn(int i) {
            Shard shard = left.shard();
            Client c = clients[i];
            shard.enter();
            try {
                while (turn != i) {
                    shard.block(waiters[i], 0, Time.NEVER);
                }
                c.tcb.send(c.buffer, 0, 1, 0, shard.nowNs());
                while (c.tcb.receive(c.buffer, 0, 1, 0, shard.nowNs()) == 0) {
                    shard.block(waiters[i], 0, Time.NEVER);
                }
                turn = (i + 1) % clients.length;
                shard.wake(waiters[turn]);
            } finally {
                shard.exit();
            }
        }
    }

    Loops loops(int count) {
        return new Loops(count);
    }

    /** Connects the left stack to {@link #PORT} of the right one. */
    Client connect() {
        Client c = open();
        awaitOpen(c);
        return c;
    }

    /** Begins to connect. */
    Client open() {
        Shard shard = left.shard();
        return left.execute(host -> new Client(shard,
                host.tcp().connect(new SocketOptions(), null, 0, RIGHT, PORT, shard.nowNs())));
    }

    /** Waits until the connection is open or over: its peer may be faster, and no event comes after the last one. */
    static void awaitOpen(Client c) {
        c.shard.enter();
        try {
            while (!c.tcb.isEstablished() && c.tcb.state() != TcpState.CLOSED) {
                c.shard.block(c.waiters.write, Pollable.WRITABLE, Time.NEVER);
            }
        } finally {
            c.shard.exit();
        }
    }

    /** Serves {@link #PORT} of the right stack inside the shard: each accepted connection gets {@code handler}. */
    void serve(ReadinessListener handler) {
        right.execute(host -> {
            TcpListener listener = host.tcp().listen(new SocketOptions(), RIGHT, PORT, 128);
            listener.addListener((endpoint, readiness, nowNs) -> {
                for (TcpSocket t = listener.accept(); t != null; t = listener.accept()) {
                    t.addListener(handler);
                }
            });
            return listener;
        });
    }

    static final MemorySegment SCRATCH = Arena.global().allocate(1 << 16);

    /** Sends back what arrives. */
    static void echo(Pollable endpoint, int readiness, long nowNs) {
        TcpSocket t = (TcpSocket) endpoint;
        int n = t.receive(SCRATCH, 0, 1 << 12, 0, nowNs);
        while (n > 0) {
            t.send(SCRATCH, 0, n, 0, nowNs);
            n = t.receive(SCRATCH, 0, 1 << 12, 0, nowNs);
        }
        if (n < 0) {
            t.close(nowNs);
        }
    }

    /** Throws away what arrives. */
    static void discard(Pollable endpoint, int readiness, long nowNs) {
        TcpSocket t = (TcpSocket) endpoint;
        int n = t.receive(SCRATCH, 0, 1 << 16, 0, nowNs);
        if (n > 0) {
            t.signalReady();
        } else if (n < 0) {
            t.close(nowNs);
        }
    }

    @Override
    public void close() {
        left.close();
        right.close(java.time.Duration.ZERO); // its peer is gone
    }
}
