package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.http.HttpServer;
import sluice.cli.iperf3.Iperf3Server;
import sluice.cli.service.BlockingEcho;
import sluice.cli.service.ChargenHandler;
import sluice.cli.service.DiscardHandler;
import sluice.cli.service.EchoHandler;
import sluice.cli.service.StreamService;
import sluice.core.Host;
import sluice.core.tcp.data.SocketOptions;
import sluice.observe.json.JsonWriter;
import sluice.wire.Prefix;

/** {@code sluice serve}. */
@Command(name = "serve", sortOptions = false, mixinStandardHelpOptions = true,
        description = {"Run a host on a TUN device with the services named, until Ctrl-C.", //
            "The device is made, given the kernel's addresses and removed at the end. Needs root, or a start under "
                    + "\"unshare -rn\"."},
        footer = {"", "Example: a web server and iperf3 that this machine's programs can reach", //
            "  sluice serve --http /srv/files --iperf3 &", //
            "  curl -O http://10.99.0.2/big.iso; iperf3 -c 10.99.0.2", "",
            "Exit status: 0 ended by Ctrl-C or SIGTERM, 1 failed, 2 wrong usage."})
final class ServeCommand implements Callable<Integer> {
    private record HttpShare(Path directory, int port) {}

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--http", paramLabel = "DIR[:PORT]",
            description = "Serve a directory over HTTP (port 80), to be read: GET and HEAD with ranges.")
    private @Nullable String http;

    @Option(names = "--http-upload",
            description = "Let everybody who reaches it write into that directory too, with PUT and POST.")
    private boolean upload;

    @Option(names = "--echo", arity = "0..1", fallbackValue = "7", paramLabel = "PORT",
            description = "Send back what comes (port 7).")
    private @Nullable Integer echo;

    @Option(names = "--discard", arity = "0..1", fallbackValue = "9", paramLabel = "PORT",
            description = "Throw away what comes (port 9).")
    private @Nullable Integer discard;

    @Option(names = "--chargen", arity = "0..1", fallbackValue = "19", paramLabel = "PORT",
            description = "Send characters without end (port 19).")
    private @Nullable Integer chargen;

    @Option(names = "--iperf3", arity = "0..1", fallbackValue = "5201", paramLabel = "PORT",
            description = "An iperf3 server (port 5201).")
    private @Nullable Integer iperf3;

    @Option(names = "--blocking-echo", paramLabel = "PORT",
            description = "Echo as an ordinary program does it: blocking sockets, a thread a connection.")
    private @Nullable Integer blockingEcho;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "60",
            description = "End a connection whose peer takes nothing of what waits for it for so long "
                    + "(TCP_USER_TIMEOUT; 60; 0: as long as TCP does).")
    private int patience;

    @Option(names = "--json", description = "Print the line that says \"ready\" as JSON.")
    private boolean json;

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    @Mixin
    private StackOptions stackOptions = new StackOptions();

    @Override
    public Integer call() throws Exception {
        HttpShare share = parseHttp();
        checkPorts(share);
        Limits.within(spec, "--patience", patience, 0, Integer.MAX_VALUE / 1000);
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "serve";
        extras.setup = this::listen;
        extras.extensions = metrics.extensions();
        CountDownLatch stop = new CountDownLatch(1);
        PrintWriter out = spec.commandLine().getOut();
        try (RunningStack running = RunningStack.start(stackOptions, extras); Closing services = new Closing()) {
            startThreads(running, share, services);
            Signals.onTermination(stop::countDown);
            out.println(json ? readyJson(running, share) : readyText(running, share));
            running.awaitStop(stop);
        }
        if (!json) {
            out.println("closed");
        }
        return Main.OK;
    }

    private void listen(Host host) {
        if (echo != null) {
            StreamService.listen(host, echo, options(), () -> EchoHandler.INSTANCE);
        }
        if (discard != null) {
            StreamService.listen(host, discard, options(), () -> DiscardHandler.INSTANCE);
        }
        if (chargen != null) {
            SocketOptions options = options();
            options.notSentLowatBytes = ChargenHandler.UNSENT_BYTES;
            options.zeroCopy = true; // the text does not change
            StreamService.listen(host, chargen, options, ChargenHandler::new);
        }
    }

    private SocketOptions options() {
        SocketOptions options = new SocketOptions();
        options.userTimeoutMs = patience * 1000;
        return options;
    }

    private void startThreads(RunningStack running, @Nullable HttpShare share, Closing services) throws IOException {
        if (share != null) {
            services.add(HttpServer.start(running.stack(), share.directory, share.port, upload, patience * 1000));
        }
        if (blockingEcho != null) {
            services.add(BlockingEcho.start(running.stack(), blockingEcho));
        }
        if (iperf3 != null) {
            services.add(Iperf3Server.start(running.stack(), iperf3, line -> {
            }));
        }
    }

    private @Nullable HttpShare parseHttp() {
        String text = http;
        if (text == null) {
            if (upload) {
                throw stackOptions.usage("--http-upload wants a directory to write into: --http DIR");
            }
            return null;
        }
        int colon = text.lastIndexOf(':');
        String digits = colon < 0 ? "" : text.substring(colon + 1);
        boolean port = !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        Path directory = Path.of(port ? text.substring(0, colon) : text);
        if (directory.toString().isEmpty()) { // which Path takes for the working directory
            throw stackOptions.usage("--http \"" + text + "\" names no directory: --http DIR or DIR:PORT");
        }
        if (!Files.isDirectory(directory)) {
            throw stackOptions.usage("--http " + text + ": there is no directory " + directory);
        }
        return new HttpShare(directory, port ? Limits.port(spec, "--http port", Integer.parseInt(digits)) : 80);
    }

    private void checkPorts(@Nullable HttpShare share) {
        Map<Integer, String> used = new HashMap<>();
        check(used, "--http", share == null ? null : share.port);
        check(used, "--echo", echo);
        check(used, "--discard", discard);
        check(used, "--chargen", chargen);
        check(used, "--iperf3", iperf3);
        check(used, "--blocking-echo", blockingEcho);
    }

    private void check(Map<Integer, String> used, String option, @Nullable Integer port) {
        if (port == null) {
            return;
        }
        Limits.port(spec, option, port);
        String other = used.put(port, option);
        if (other != null) {
            throw stackOptions.usage(
                    option + " " + port + ": " + other + " has the same port, and two services need two");
        }
    }

    private List<String> services(@Nullable HttpShare share) {
        List<String> list = new ArrayList<>();
        if (share != null) {
            list.add("http " + share.port);
        }
        add(list, "echo", echo);
        add(list, "discard", discard);
        add(list, "chargen", chargen);
        add(list, "iperf3", iperf3);
        add(list, "blocking-echo", blockingEcho);
        if (metrics.url() != null) {
            list.add("metrics " + metrics.url());
        }
        return list;
    }

    private static void add(List<String> list, String name, @Nullable Integer port) {
        if (port != null) {
            list.add(name + " " + port);
        }
    }

    private String readyText(RunningStack running, @Nullable HttpShare share) {
        List<String> services = services(share);
        return "ready on " + running.deviceName() + ": "
                + String.join(", ", stackOptions.effectiveAddresses().stream().map(Prefix::toString).toList()) + "; "
                + (services.isEmpty() ? "no services" : String.join(", ", services)) + " (Ctrl-C ends it)";
    }

    private String readyJson(RunningStack running, @Nullable HttpShare share) {
        return new JsonWriter().beginObject().field("ready", true).field("pid", ProcessHandle.current().pid())
                .field("device", running.deviceName())
                .field("addresses", stackOptions.effectiveAddresses().stream().map(Prefix::toString).toList())
                .field("services", services(share))
                .field("control", running.controlPath()).endObject().toString();
    }
}
