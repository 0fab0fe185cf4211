package sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.sockets.SluiceServerSocket;
import sluice.sockets.SluiceSocket;
import sluice.wire.IpAddress;

/** {@code sluice nc}. */
@Command(name = "nc", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Connect standard input and output to a TCP connection of our stack; the end of the input "
                + "half-closes it.",
        footer = {"", "Examples:", "  echo hello | sluice nc 10.99.0.1 7", "  sluice nc -l 9000 > received"})
final class NcCommand implements Callable<Integer> {
    private static final int BUFFER = 64 * 1024;

    @Option(names = "-l", description = "Listen: wait for one connection.")
    private boolean listen;

    @Parameters(index = "0", paramLabel = "HOST", description = "Whom to connect to; with -l the port.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String first;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PORT", description = "The port.")
    private @Nullable String second;

    @Mixin
    private StackOptions stackOptions = new StackOptions();

    NcCommand() {}

    @Override
    public Integer call() throws Exception {
        if (listen && second != null) {
            throw stackOptions.usage("HOST \"" + first + "\" does not go with -l, which wants a port alone");
        }
        int port = port(listen ? first : second);
        stackOptions.check();
        IpAddress address = listen ? null : Names.resolve(stackOptions.spec, "HOST", first);
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "nc";
        try (RunningStack running = RunningStack.start(stackOptions, extras);
                SluiceSocket socket = open(running, address, port)) {
            Signals.onTermination(() -> Thread.ofVirtual().start(() -> closeQuietly(socket)));
            relay(socket);
        }
        return Main.OK;
    }

    private SluiceSocket open(RunningStack running, @Nullable IpAddress address, int port) throws IOException {
        if (address != null) {
            return Connecting.to(running.stack(), address, port);
        }
        try (SluiceServerSocket server = new SluiceServerSocket(running.stack(), port)) {
            return server.accept();
        }
    }

    private int port(@Nullable String text) {
        try {
            int port = Integer.parseInt(text == null ? "" : text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw stackOptions
                .usage(text == null ? "which port? PORT is missing" : "PORT \"" + text + "\" is not a port in 1…65535");
    }

    private static void relay(SluiceSocket socket) throws IOException, InterruptedException {
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        Thread sender = Thread.ofPlatform().daemon().name("nc-input").start(() -> {
            try {
                send(socket, System.in);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        OutputStream out = System.out;
        byte[] buffer = new byte[BUFFER];
        for (int n = socket.read(buffer, 0, BUFFER); n >= 0; n = socket.read(buffer, 0, BUFFER)) {
            out.write(buffer, 0, n);
            out.flush();
        }
        if (!Progress.onTerminal()) {
            sender.join(); // the peer may still want the rest
        }
        IOException e = failure.get();
        if (e != null) {
            throw e;
        }
    }

    private static void send(SluiceSocket socket, InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            socket.write(buffer, 0, n);
        }
        socket.shutdownOutput();
    }

    private static void closeQuietly(SluiceSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it was closed to end the program
        }
    }
}
