package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.core.icmp.PingReply;
import sluice.core.icmp.PingSocket;
import sluice.sockets.SluicePing;
import sluice.wire.IpAddress;

/** {@code sluice ping}. */
@Command(name = "ping", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Send echo requests from our stack over a TUN device of its own.",
        footer = {"", "Example:", "  sluice ping -c 3 10.99.0.1", "",
            "Exit status: 0 somebody answered, 1 nobody did, 2 wrong usage."})
final class PingCommand implements Callable<Integer> {
    private static final double MOST_SECONDS = 86_400;

    @Parameters(paramLabel = "HOST", description = "Whom to ask.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String host;

    @Option(names = "-c", paramLabel = "N", description = "End after N requests, 1 or more (default: Ctrl-C ends it).")
    private @Nullable Integer count;

    @Option(names = "-i", paramLabel = "SECONDS",
            description = "Time between two requests (default: ${DEFAULT-VALUE}).")
    private double interval = 1;

    @Option(names = "-s", paramLabel = "BYTES", description = "Bytes of payload (default: ${DEFAULT-VALUE}).")
    private int size = 56;

    @Option(names = "-W", paramLabel = "SECONDS",
            description = "How long to wait for the last answer (default: ${DEFAULT-VALUE}).")
    private double wait = 2;

    @Option(names = "-t", paramLabel = "TTL", description = "Time to live, 1 to 255.")
    private @Nullable Integer ttl;

    @Option(names = "-q", description = "Only the summary.")
    private boolean quiet;

    @Mixin
    private StackOptions stackOptions = new StackOptions();

    private volatile boolean stopped;
    private final PingStatistics statistics = new PingStatistics();

    PingCommand() {}

    @Override
    public Integer call() throws IOException {
        CommandSpec spec = stackOptions.spec;
        long most = Limits.within(spec, "-c", count == null ? Long.MAX_VALUE : count, 1, Long.MAX_VALUE);
        Limits.within(spec, "-s", size, 0, PingSocket.MAX_PAYLOAD);
        int hops = ttl == null ? 0 : (int) Limits.within(spec, "-t", ttl, 1, 255);
        Limits.seconds(spec, "-i", interval, 0, MOST_SECONDS);
        Limits.seconds(spec, "-W", wait, 0, MOST_SECONDS);
        stackOptions.check();
        IpAddress to = Names.resolve(spec, "HOST", host);
        PrintWriter out = stackOptions.spec.commandLine().getOut();
        Signals.onTermination(() -> stopped = true);
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "ping " + to;
        try (RunningStack running = RunningStack.start(stackOptions, extras);
                SluicePing ping = new SluicePing(running.stack(), to)) {
            out.println("PING " + host + " (" + to + ") " + size + "(" + (size + (to.isV4() ? 28 : 48))
                    + ") bytes of data.");
            while (!stopped && statistics.sent() < most) {
                long nextNs = System.nanoTime() + (long) (interval * 1e9);
                send(ping, hops, out);
                listen(ping, nextNs, out, statistics.sent() == most);
            }
            listen(ping, System.nanoTime() + (long) (wait * 1e9), out, true);
        }
        out.print(statistics.summary(host));
        out.flush();
        return statistics.anyReceived() ? Main.OK : Main.FAILED;
    }

    private void send(SluicePing ping, int hops, PrintWriter out) {
        statistics.sent(System.nanoTime());
        try {
            ping.send(size, hops);
        } catch (IOException e) {
            statistics.error();
            out.println("ping: " + e.getMessage());
        }
    }

    /** Prints answers until the time comes; {@code last}: or until every request has its answer. */
    private void listen(SluicePing ping, long untilNs, PrintWriter out, boolean last) throws IOException {
        while (!stopped || last) {
            long left = untilNs - System.nanoTime();
            if (left <= 0 || last && statistics.isAnswered()) {
                return;
            }
            PingReply reply = ping.receive(Duration.ofNanos(Math.min(left, 100_000_000)));
            if (reply != null) {
                print(reply, out);
            }
        }
    }

    private void print(PingReply reply, PrintWriter out) {
        if (reply.error() != null) {
            statistics.error();
            out.println("From " + reply.from() + " icmp_seq=" + reply.seq() + " " + reply.error());
            return;
        }
        double ms = reply.rttNs() / 1e6;
        if (reply.duplicate()) {
            statistics.duplicate();
        } else {
            statistics.received(ms);
        }
        if (!quiet) {
            out.println(
                    reply.bytes() + " bytes from " + reply.from() + ": icmp_seq=" + reply.seq() + " ttl=" + reply.ttl()
                            + " time=" + milliseconds(ms) + " ms"
                            + (reply.duplicate() ? " (DUP!)" : ""));
        }
    }

    /** Three significant digits, as ping prints them. */
    private static String milliseconds(double ms) {
        return String.format(Locale.ROOT, ms >= 100 ? "%.0f" : ms >= 10 ? "%.1f" : ms >= 1 ? "%.2f" : "%.3f", ms);
    }
}
