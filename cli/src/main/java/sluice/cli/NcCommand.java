package sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.sockets.SluiceSelectorProvider;
import sluice.wire.IpAddress;

/** {@code sluice nc}. */
@Command(name = "nc", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Connect standard input and output to a TCP connection of our stack; the end of the input "
                + "half-closes it. With -u to datagrams: each piece of input that is read is one.",
        footer = {"", "Examples:", "  echo hello | sluice nc 10.99.0.1 7", "  sluice nc -l 9000 > received",
            "  echo hello | sluice nc -u -w 1 10.99.0.1 7", "",
            "Exit status: 0 the other side ended it, or -w or Ctrl-C did; 1 failed, 2 wrong usage."})
final class NcCommand implements Callable<Integer> {
    private static final int BUFFER = 64 * 1024;
    private static final double LEAST_IDLE = 0.001;
    private static final double MOST_IDLE = 86_400;

    @Option(names = "-l", description = "Listen: wait for one connection.")
    private boolean listen;

    @Option(names = "-u",
            description = "UDP. With -l: of whoever sends first. Ctrl-C or -w ends it, since datagrams have no end.")
    private boolean udp;

    @Option(names = "-w", paramLabel = "SECONDS",
            description = "End when nothing has come for so long (default: never).")
    private @Nullable Double idle;

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
        int idleMs = idle == null ? 0
                : (int) (1_000 * Limits.seconds(stackOptions.spec, "-w", idle, LEAST_IDLE, MOST_IDLE));
        stackOptions.check();
        IpAddress address = listen ? null : Names.resolve(stackOptions.spec, "HOST", first);
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "nc";
        try (RunningStack running = RunningStack.start(stackOptions, extras)) {
            if (udp) {
                NcDatagrams.relay(running.stack(), address, port, idleMs);
                return Main.OK;
            }
            try (Socket socket = open(running, address, port)) {
                socket.setSoTimeout(idleMs);
                Signals.onTermination(() -> Thread.ofVirtual().start(() -> closeQuietly(socket)));
                relay(socket);
            } catch (SocketTimeoutException e) {
                return Main.OK; // -w
            }
        }
        return Main.OK;
    }

    private Socket open(RunningStack running, @Nullable IpAddress address, int port) throws IOException {
        if (address != null) {
            return Connecting.to(running.stack(), address, port).channel().socket();
        }
        try (ServerSocketChannel server = SluiceSelectorProvider.of(running.stack()).openServerSocketChannel()) {
            server.bind(new InetSocketAddress(port));
            return server.accept().socket();
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

    private static void relay(Socket socket) throws IOException, InterruptedException {
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        Thread sender = Thread.ofPlatform().daemon().name("nc-input").start(() -> {
            try {
                send(socket, System.in);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        InputStream in = socket.getInputStream();
        OutputStream out = System.out;
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
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

    private static void send(Socket socket, InputStream in) throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        socket.shutdownOutput();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it was closed to end the program
        }
    }
}
