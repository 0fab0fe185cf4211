package sluice.cli.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import sluice.engine.Stack;
import sluice.observe.json.JsonException;
import sluice.observe.json.JsonReader;

/**
 * Answers questions about a stack on a Unix-domain socket that only this user can open (directory 0700, socket 0600).
 *
 * <p>A request is one line, a JSON array of strings: a command and its arguments. The answer is a line {@code STATUS
 * LENGTH} and so many bytes of text; status 0 is a result, 1 an error and 2 a request that was not understood. Then
 * either side may go on or close.
 */
public final class ControlServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());
    /** Longest request, bytes. */
    static final int MAX_REQUEST = 65_536;
    private static final int MAX_CLIENTS = 16;

    private final Path path;
    private final ServerSocketChannel server;
    private final ControlCommands commands;
    private final Semaphore clients = new Semaphore(MAX_CLIENTS);

    private ControlServer(Path path, ServerSocketChannel server, ControlCommands commands) {
        this.path = path;
        this.server = server;
        this.commands = commands;
    }

    /**
     * Opens the socket and starts to answer.
     *
     * @param path where; null for the place where the commands look
     * @param title what the process calls itself
     * @return null when the default place cannot be used, which is logged; a path that was asked for must work
     */
    public static @Nullable ControlServer start(Stack stack, @Nullable Path path, String title) {
        Path where = path == null ? ControlPaths.ofProcess(ProcessHandle.current().pid()) : path;
        try {
            if (path == null) {
                ControlPaths.prepare(ControlPaths.directory());
                Files.deleteIfExists(where); // of a dead process with our number
            }
            ControlServer control = new ControlServer(where, open(where), new ControlCommands(stack, title));
            Thread.ofPlatform().daemon().name("sluice-control").start(control::acceptAll);
            return control;
        } catch (IOException | UnsupportedOperationException e) {
            if (path != null) {
                throw new IllegalArgumentException("--control " + path + ": " + e.getMessage(), e);
            }
            LOG.log(Level.WARNING,
                    "no control socket, so ss and the others will not find this process: " + e.getMessage());
            return null;
        }
    }

    private static ServerSocketChannel open(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (clients.tryAcquire()) {
                    Thread.ofPlatform().daemon().name("sluice-control-client").start(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.log(Level.DEBUG, "control socket", e);
                }
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var in = Channels.newInputStream(client);
            var buffered = new java.io.BufferedInputStream(in);
            for (String line = readLine(buffered); line != null; line = readLine(buffered)) {
                ControlAnswer answer = answer(line);
                byte[] text = answer.text().getBytes(UTF_8);
                ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 32);
                out.writeBytes((answer.status() + " " + text.length + "\n").getBytes(UTF_8));
                out.writeBytes(text);
                ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client of the control socket went away", e);
        } finally {
            clients.release();
        }
    }

    private static @Nullable String readLine(java.io.InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0 || line.size() > MAX_REQUEST) {
                return null;
            }
            if (b == '\n') {
                return line.toString(UTF_8);
            }
            line.write(b);
        }
    }

    private ControlAnswer answer(String line) {
        List<String> words;
        try {
            if (!(JsonReader.read(line) instanceof List<?> list) || list.isEmpty()
                    || !list.stream().allMatch(String.class::isInstance)) {
                return new ControlAnswer(2, "a request is a JSON array of strings: a command and its arguments\n");
            }
            words = list.stream().map(String.class::cast).toList();
        } catch (JsonException e) {
            return new ControlAnswer(2, e.getMessage() + "\n");
        }
        try {
            return commands.run(words.getFirst(), words.subList(1, words.size()));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "control request " + words, e);
            return new ControlAnswer(1, words.getFirst() + ": " + e.getMessage() + "\n");
        }
    }

    /** Stops answering and removes the socket. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "control socket", e);
        }
    }
}
