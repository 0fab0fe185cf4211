package sluice.cli.iperf3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/** The client side of a test against any iperf3 server. */
public final class Iperf3Client {
    private static final String COOKIE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final long CONNECT_SECONDS = 10;

    private final HostAccess access;
    private final IpAddress server;
    private final int port;
    private final Iperf3Parameters parameters;
    private final Iperf3Report report;
    private final byte[] cookie = newCookie();

    /** Prepares a test. */
    public Iperf3Client(Stack stack, IpAddress server, int port, Iperf3Parameters parameters, Iperf3Report report) {
        access = stack.access();
        this.server = server;
        this.port = port;
        this.parameters = parameters;
        this.report = report;
    }

    private static byte[] newCookie() {
        byte[] cookie = new byte[Iperf3Channel.COOKIE];
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < cookie.length - 1; i++) {
            cookie[i] = COOKIE_LETTERS.getBytes(StandardCharsets.US_ASCII)[random.nextInt(COOKIE_LETTERS.length())];
        }
        return cookie;
    }

    /**
     * Runs it.
     *
     * @param intervalSeconds between two reports
     * @param cancelled asked often; true ends the test early
     */
    public void run(double intervalSeconds, BooleanSupplier cancelled) throws IOException, InterruptedException {
        TcbTransport transport = access.execute(host -> new TcbTransport(access, connect(new SocketOptions())));
        try (Iperf3Channel channel = new Iperf3Channel(transport)) {
            awaitOpen(transport);
            channel.writeCookie(cookie);
            channel.expect(Iperf3State.PARAM_EXCHANGE);
            Iperf3Parameters agreed = access
                    .execute(host -> parameters.withDatagramsOf(transport.segmentBytes()));
            channel.writeJson(agreed.json());
            channel.expect(Iperf3State.CREATE_STREAMS);
            Iperf3Test test = new Iperf3Test(agreed, true);
            access.execute(host -> {
                open(test);
                return null;
            });
            if (!test.open.await(CONNECT_SECONDS, TimeUnit.SECONDS) || test.failure() != null) {
                throw new Iperf3Exception(test.failure() == null
                        ? "the streams did not open in " + CONNECT_SECONDS + " s" + (agreed.udp()
                                ? ": does UDP port " + port + " reach the server?" : "")
                        : String.valueOf(test.failure()));
            }
            channel.expect(Iperf3State.TEST_START);
            channel.expect(Iperf3State.TEST_RUNNING);
            transfer(test, intervalSeconds, cancelled);
            finish(test);
            channel.writeState(Iperf3State.TEST_END);
            channel.expect(Iperf3State.EXCHANGE_RESULTS);
            Iperf3Results ours = access.execute(host -> test.stop(access));
            channel.writeJson(ours.json());
            Iperf3Results theirs = Iperf3Results.read(channel.readJson());
            channel.expect(Iperf3State.DISPLAY_RESULTS);
            report.end(test, ours, theirs);
            channel.writeState(Iperf3State.IPERF_DONE);
            if (test.failure() != null) {
                throw new Iperf3Exception(test.failure());
            }
        }
    }

    private void awaitOpen(TcbTransport transport) throws IOException {
        try {
            transport.awaitOpen();
        } catch (IOException e) {
            throw new IOException("connect to " + server + " port " + port + ": " + e.getMessage(), e);
        }
    }

    private TcpSocket connect(SocketOptions options) {
        return access.host().tcp().connect(options, null, 0, server, port, access.nowNs());
    }

    /** Opens the streams one after the other, so that the server numbers them alike. */
    private void open(Iperf3Test test) {
        if (parameters.udp()) {
            new UdpClientStreams(access, test, server, port).openNext();
            return;
        }
        for (int n = 0; n < parameters.streams(); n++) {
            SocketOptions options = new SocketOptions();
            parameters.apply(options);
            test.streams
                    .add(new TcpStream(test, Iperf3Parameters.streamId(n), test.sends(n), connect(options), cookie));
        }
    }

    private void transfer(Iperf3Test test, double intervalSeconds, BooleanSupplier cancelled)
            throws InterruptedException {
        access.execute(host -> {
            for (DataStream s : test.streams) {
                report.connected(s.id, s.ends());
            }
            test.start(access);
            return null;
        });
        report.begin(test);
        Iperf3Intervals intervals = new Iperf3Intervals(access, test, report);
        long beginNs = test.startNs() - parameters.omitSeconds() * 1_000_000_000L;
        long endNs = parameters.limitBytes() > 0 ? Long.MAX_VALUE
                : test.startNs() + parameters.timeSeconds() * 1_000_000_000L;
        long stepNs = (long) (intervalSeconds * 1e9);
        long fromNs = beginNs;
        while (!cancelled.getAsBoolean() && fromNs < endNs && test.finished.getCount() > 0) {
            long toNs = Math.min(endNs, fromNs + stepNs);
            waitUntil(toNs, test, cancelled);
            toNs = Math.min(toNs, System.nanoTime());
            if (toNs - fromNs > 1_000_000) {
                intervals.report(fromNs - beginNs, toNs - beginNs);
            }
            fromNs = toNs;
        }
    }

    /** When a number of bytes was asked for, the server is told of the end only after it has them. */
    private void finish(Iperf3Test test) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
        while (parameters.limitBytes() > 0 && test.failure() == null && System.nanoTime() < untilNs
                && access.execute(host -> test.hasUnacknowledged(access.nowNs()))) {
            Thread.sleep(1);
        }
        access.execute(host -> {
            test.ending();
            return null;
        });
    }

    private static void waitUntil(long timeNs, Iperf3Test test, BooleanSupplier cancelled) throws InterruptedException {
        while (!cancelled.getAsBoolean()) {
            long left = timeNs - System.nanoTime();
            if (left <= 0 || test.finished.await(Math.min(left, 50_000_000), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }
}
