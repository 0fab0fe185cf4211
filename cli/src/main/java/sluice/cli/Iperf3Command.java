package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import sluice.cli.iperf3.Iperf3Client;
import sluice.cli.iperf3.Iperf3Parameters;
import sluice.cli.iperf3.Iperf3Report;
import sluice.cli.iperf3.Iperf3Server;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.wire.IpAddress;

/** {@code sluice iperf3}. */
@Command(name = "iperf3", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measure throughput of our stack over TCP or UDP with iperf3's protocol, against any iperf3.",
        footer = {"", "Examples:", "  sluice iperf3 -c 10.99.0.1 -t 5 -P 8    # the kernel's side: iperf3 -s",
            "  sluice iperf3 -c 10.99.0.1 -u -b 100M   # UDP: jitter and loss",
            "  sluice iperf3 -s                        # the kernel's: iperf3 -c 10.99.0.2"})
final class Iperf3Command implements Callable<Integer> {
    /** What iperf3 sends over UDP unless told otherwise. */
    private static final long UDP_RATE = 1 << 20;

    private static final List<String> OF_THE_CLIENT = List.of("-t", "-n", "-k", "-b", "-l", "-P", "-R", "--bidir", "-w",
            "-M", "-N", "-C", "-O", "-u", "--udp-counters-64bit", "--get-server-output", "-J");

    @Option(names = {"-c", "--client"}, paramLabel = "HOST", description = "Be the client of this server.")
    private @Nullable String server;

    @Option(names = {"-s", "--server"}, description = "Be a server until Ctrl-C.")
    private boolean serve;

    @Option(names = {"-p", "--port"}, paramLabel = "PORT",
            description = "The server's port (default: ${DEFAULT-VALUE}).")
    private int port = 5201;

    @Option(names = {"-u", "--udp"}, description = "UDP instead of TCP: jitter and loss.")
    private boolean udp;

    @Option(names = "--udp-counters-64bit", description = "Numbers of 64 bits in datagrams.")
    private boolean longNumbers;

    @Option(names = {"-t", "--time"}, paramLabel = "SECONDS", description = "Length of the test (default: 10).")
    private @Nullable Integer time;

    @Option(names = {"-n", "--bytes"}, paramLabel = "N[KMG]", description = "Transfer so many bytes instead.")
    private @Nullable Amount bytes;

    @Option(names = {"-k", "--blockcount"}, paramLabel = "N[KMG]", description = "Transfer so many blocks instead.")
    private @Nullable Amount blocks;

    @Option(names = {"-b", "--bitrate", "--bandwidth"}, paramLabel = "N[KMG]",
            description = "Bits per second of each stream, on average (default: no limit; UDP 1M, and 0 for none).")
    private @Nullable Rate rate;

    @Option(names = {"-l", "--length"}, paramLabel = "N[KMG]",
            description = "Bytes of a block (default: 128K; UDP as the path's "
                    + "packets carry, 16 to 65507).")
    private @Nullable Amount length;

    @Option(names = {"-P", "--parallel"}, paramLabel = "N", description = "Streams (default: 1).")
    private int parallel = 1;

    @Option(names = {"-R", "--reverse"}, description = "The server sends.")
    private boolean reverse;

    @Option(names = "--bidir", description = "Both send.")
    private boolean bidirectional;

    @Option(names = {"-w", "--window"}, paramLabel = "N[KMG]", description = "Socket buffers.")
    private @Nullable Amount window;

    @Option(names = {"-M", "--set-mss"}, paramLabel = "N", description = "Largest segment, bytes.")
    private @Nullable Integer maxSegment;

    @Option(names = {"-N", "--no-delay"}, description = "Without Nagle's algorithm.")
    private boolean noDelay;

    @Option(names = {"-C", "--congestion"}, paramLabel = "NAME", description = "Congestion control.")
    private @Nullable String congestion;

    @Option(names = {"-O", "--omit"}, paramLabel = "SECONDS", description = "Do not count the first seconds.")
    private int omit;

    @Option(names = {"-i", "--interval"}, paramLabel = "SECONDS",
            description = "Between two reports (default: ${DEFAULT-VALUE}).")
    private double interval = 1;

    @Option(names = "--get-server-output", description = "Print what the server says of the test too.")
    private boolean serverOutput;

    @Option(names = {"-J", "--json"}, description = "Report as JSON, in iperf3's shape.")
    private boolean json;

    @Mixin
    private StackOptions stackOptions = new StackOptions();

    private volatile boolean stopped;

    Iperf3Command() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        String to = server;
        if (serve == (to != null)) {
            throw stackOptions.usage("either -c HOST or -s");
        }
        check();
        return to == null ? serve() : measure(Names.resolve(stackOptions.spec, "-c", to));
    }

    private void check() {
        CommandSpec spec = stackOptions.spec;
        for (String option : serve ? OF_THE_CLIENT : List.<String>of()) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw stackOptions.usage(option + " does not go with -s: the client says what the test is");
            }
        }
        if ((time == null ? 0 : 1) + (bytes == null ? 0 : 1) + (blocks == null ? 0 : 1) > 1) {
            throw stackOptions.usage("-t, -n and -k exclude each other: each says when the test ends");
        }
        Limits.within(spec, "-P", parallel, 1, 128);
        Limits.within(spec, "-O", omit, 0, 60);
        Limits.seconds(spec, "-i", interval, 0.1, 3600);
        Limits.within(spec, "-t", time == null ? 0 : time, 0, 86_400);
        Limits.port(spec, "-p", port);
        Limits.within(spec, "-M", maxSegment == null ? 88 : maxSegment, 88, 32_767);
        if (udp && length != null) {
            Limits.within(spec, "-l", length.value(), Iperf3Parameters.MIN_DATAGRAM, Iperf3Parameters.MAX_DATAGRAM);
        }
        if (udp) {
            onlyTcp("-M", maxSegment != null);
            onlyTcp("-N", noDelay);
            onlyTcp("-C", congestion != null);
        } else if (longNumbers) {
            throw stackOptions.usage("--udp-counters-64bit is about datagrams: it wants -u");
        }
        if (reverse && bidirectional) {
            throw stackOptions.usage("-R and --bidir exclude each other: either the server sends or both do");
        }
        if (congestion != null && CongestionControls.create(congestion) == null) {
            throw stackOptions.usage("-C \"" + congestion + "\": there is "
                    + String.join(", ", CongestionControls.names()) + ", fixed:N");
        }
        stackOptions.check();
    }

    private void onlyTcp(String option, boolean given) {
        if (given) {
            throw stackOptions.usage(option + " does not go with -u: it is about TCP");
        }
    }

    private long bitsPerSecond() {
        Rate asked = rate;
        return asked != null ? asked.bitsPerSecond() : udp ? UDP_RATE : 0;
    }

    private int serve() throws InterruptedException {
        PrintWriter out = stackOptions.spec.commandLine().getOut();
        CountDownLatch stop = new CountDownLatch(1);
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "iperf3 -s";
        try (RunningStack running = RunningStack.start(stackOptions, extras);
                Iperf3Server iperf = Iperf3Server.start(running.stack(), port, out::println)) {
            Signals.onTermination(stop::countDown);
            out.println("Server listening on " + port);
            running.awaitStop(stop);
        }
        return Main.OK;
    }

    private int measure(IpAddress address) throws IOException, InterruptedException {
        PrintWriter out = stackOptions.spec.commandLine().getOut();
        Signals.onTermination(() -> stopped = true);
        boolean timed = bytes == null && blocks == null;
        Iperf3Parameters parameters = new Iperf3Parameters(udp, longNumbers, timed ? time == null ? 10 : time : 0, omit,
                bytes == null ? 0 : bytes.value(),
                blocks == null ? 0 : blocks.value(),
                parallel, reverse, bidirectional, length == null ? 0 : length.asInt(),
                window == null ? 0 : window.asInt(), maxSegment == null ? 0 : maxSegment, noDelay,
                bitsPerSecond(), serverOutput, congestion);
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "iperf3 -c " + address;
        try (RunningStack running = RunningStack.start(stackOptions, extras)) {
            if (!json) {
                out.println("Connecting to host " + address + ", port " + port);
            }
            new Iperf3Client(running.stack(), address, port, parameters, new Iperf3Report(out, json)).run(interval,
                    () -> stopped);
        }
        return Main.OK;
    }
}
