package sluice.cli.iperf3;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.cli.service.StreamService;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/**
 * An iperf3 server for unmodified clients; unlike the original it runs several tests at the same time, told apart by
 * their cookies.
 */
public final class Iperf3Server implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Iperf3Server.class.getName());
    private static final int MAX_TESTS = 64;
    private static final long STREAMS_SECONDS = 30;
    private static final int IESTREAMACCEPT = 204;
    /**
     * How long a control connection may be silent that should speak, and a test move nothing: who holds a place without
     * using it loses it. Two minutes, as iperf3's --rcv-timeout.
     */
    private static final long SILENCE_MS = 120_000;

    private final HostAccess access;
    private final int port;
    private final Consumer<String> log;
    private final long silenceMs;
    private final TcpListener listener;
    /** By cookie; inside the shard. A value without a test has not said yet what it wants. */
    private final Map<String, Session> sessions = new HashMap<>();

    /** Open while there are tests over UDP; inside the shard. */
    private @Nullable UdpServerPort datagrams;

    private Iperf3Server(Stack stack, int port, Consumer<String> log, long silenceMs) {
        access = stack.access();
        this.port = port;
        this.log = log;
        this.silenceMs = silenceMs;
        listener = access.execute(host -> StreamService.listen(host, port, Greeting::new));
    }

    /**
     * Listens.
     *
     * @param log takes a line for each test
     */
    public static Iperf3Server start(Stack stack, int port, Consumer<String> log) {
        return start(stack, port, log, SILENCE_MS);
    }

    /** The same with another limit for silence, milliseconds. */
    static Iperf3Server start(Stack stack, int port, Consumer<String> log, long silenceMs) {
        return new Iperf3Server(stack, port, log, silenceMs);
    }

    /** A connection that has not sent its cookie yet. */
    private final class Greeting implements ReadinessListener {
        @Override
        public void ready(Pollable endpoint, int readiness, long nowNs) {
            TcpSocket tcb = (TcpSocket) endpoint;
            if ((readiness & (Pollable.ERROR | Pollable.READ_HANGUP)) != 0 && tcb.available() < Iperf3Channel.COOKIE) {
                tcb.takeError();
                tcb.removeListener(this);
                tcb.close(nowNs);
                return;
            }
            if (tcb.available() < Iperf3Channel.COOKIE) {
                return;
            }
            byte[] cookie = new byte[Iperf3Channel.COOKIE];
            for (int done = 0; done < cookie.length;) {
                MemorySegment ring = tcb.readable();
                if (ring == null) {
                    return;
                }
                int n = (int) Math.min(cookie.length - done, ring.byteSize());
                MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, 0, cookie, done, n);
                tcb.consume(n, nowNs);
                done += n;
            }
            tcb.removeListener(this);
            greeted(tcb, new String(cookie, StandardCharsets.ISO_8859_1), nowNs);
        }
    }

    private void greeted(TcpSocket tcb, String cookie, long nowNs) {
        Session session = sessions.get(cookie);
        if (session != null) {
            session.addStream(tcb, nowNs);
            return;
        }
        TcbTransport transport = new TcbTransport(access, tcb);
        if (sessions.size() >= MAX_TESTS) {
            Thread.ofVirtual().start(() -> refuse(transport));
            return;
        }
        Session opened = new Session(cookie, new Iperf3Channel(transport), tcb.remoteAddress());
        sessions.put(cookie, opened);
        Thread.ofVirtual().name("iperf3-server").start(opened);
    }

    /** Inside the shard. */
    private void awaitDatagrams(Iperf3Test test, IpAddress client) {
        UdpServerPort open = datagrams;
        if (open == null) {
            open = new UdpServerPort(access, port);
            datagrams = open;
        }
        open.await(test, client);
    }

    /** Inside the shard. */
    private void forgetDatagrams(Iperf3Test test) {
        UdpServerPort open = datagrams;
        if (open != null) {
            open.forget(test);
            if (open.isIdle()) {
                open.close();
                datagrams = null;
            }
        }
    }

    private static void refuse(TcbTransport transport) {
        try (transport) {
            transport.write(new byte[]{(byte) Iperf3State.ACCESS_DENIED});
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "iperf3", e);
        }
    }

    /** One test, on a thread of its own; its streams live in the shard. */
    private final class Session implements Runnable {
        private final String cookie;
        private final Iperf3Channel channel;
        private final IpAddress client;
        private @Nullable Iperf3Test test;

        Session(String cookie, Iperf3Channel channel, IpAddress client) {
            this.cookie = cookie;
            this.channel = channel;
            this.client = client;
        }

        /** Inside the shard. */
        void addStream(TcpSocket tcb, long nowNs) {
            Iperf3Test t = test;
            if (t == null || t.parameters.udp() || t.streams.size() >= t.parameters.streams()) {
                tcb.abort(nowNs);
                return;
            }
            int n = t.streams.size();
            tcb.change(t.parameters::apply, nowNs);
            t.streams.add(new TcpStream(t, Iperf3Parameters.streamId(n), t.sends(n), tcb, null));
            t.opened();
        }

        @Override
        public void run() {
            try (channel) {
                converse();
            } catch (Iperf3Exception e) {
                log.accept("iperf3 test ended: " + e.getMessage());
            } catch (IOException | ShardStoppedException e) {
                LOG.log(Level.DEBUG, "iperf3 test ended", e);
                log.accept("iperf3 test ended: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                cleanUp();
            }
        }

        private void converse() throws IOException, InterruptedException {
            channel.setPatience(silenceMs);
            channel.writeState(Iperf3State.PARAM_EXCHANGE);
            Iperf3Parameters parameters;
            try {
                parameters = Iperf3Parameters.read(channel.readJson());
            } catch (Iperf3Exception e) {
                channel.writeError(e.code());
                throw e;
            }
            Iperf3Test t = new Iperf3Test(parameters, false);
            access.execute(host -> {
                test = t;
                if (parameters.udp()) {
                    awaitDatagrams(t, client);
                }
                return null;
            });
            channel.writeState(Iperf3State.CREATE_STREAMS);
            if (!t.open.await(STREAMS_SECONDS, TimeUnit.SECONDS) || t.failure() != null) {
                channel.writeError(IESTREAMACCEPT);
                throw new Iperf3Exception("the client did not open its streams");
            }
            channel.writeState(Iperf3State.TEST_START);
            access.execute(host -> {
                t.start(access);
                return null;
            });
            Iperf3ServerOutput output = parameters.serverOutput() ? new Iperf3ServerOutput(access, t, port) : null;
            channel.writeState(Iperf3State.TEST_RUNNING);
            awaitEnd(t);
            Iperf3Results ours = access.execute(host -> t.stop(access));
            channel.writeState(Iperf3State.EXCHANGE_RESULTS);
            Iperf3Results theirs = Iperf3Results.read(channel.readJson());
            channel.writeJson((output == null ? ours : ours.withOutput(output.text(ours, theirs))).json());
            channel.writeState(Iperf3State.DISPLAY_RESULTS);
            log.accept("iperf3 test: " + t.summary(ours));
            channel.expect(Iperf3State.IPERF_DONE);
        }

        /** The client is silent while a test runs, however long: as long as the test moves something. */
        private void awaitEnd(Iperf3Test t) throws IOException {
            for (long before = -1, moved = 0;; moved = access.execute(host -> t.movedBytes())) {
                if (moved == before) {
                    throw new Iperf3Exception("nothing moved for " + silenceMs + " ms");
                }
                before = moved;
                try {
                    channel.expect(Iperf3State.TEST_END);
                    return;
                } catch (SocketTimeoutException e) {
                    LOG.log(Level.DEBUG, "iperf3 test runs on", e);
                }
            }
        }

        private void cleanUp() {
            try {
                access.execute(host -> {
                    sessions.remove(cookie);
                    Iperf3Test t = test;
                    if (t != null) {
                        t.ended.countDown();
                        t.streams.forEach(s -> s.abort(access.nowNs()));
                        forgetDatagrams(t);
                    }
                    return null;
                });
            } catch (ShardStoppedException e) {
                LOG.log(Level.DEBUG, "iperf3", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            access.execute(host -> {
                listener.close(access.nowNs());
                return null;
            });
        } catch (ShardStoppedException e) {
            LOG.log(Level.DEBUG, "iperf3", e);
        }
    }
}
