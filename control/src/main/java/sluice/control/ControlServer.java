package sluice.control;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import sluice.observe.json.JsonException;
import sluice.observe.json.JsonReader;

/**
 * Answers questions about a stack on a Unix-domain socket, all in one thread of its own.
 *
 * <p>A request is one line, a JSON array of strings: a command and its arguments. The answer is a line {@code STATUS
 * LENGTH} and so many bytes of text; status 0 is a result, 1 an error and 2 a request that was not understood. Then
 * either side may go on or close. A client that asks nothing for a while is closed, and at once when its place is
 * needed.
 */
final class ControlServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());
    /** Clients at a time. */
    static final int MAX_CLIENTS = 16;
    private static final long NS_PER_MS = 1_000_000;
    /** How long accepting rests after an error, which would come again at once. */
    private static final long REST_NS = 20_000_000;

    private final Path path;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final ControlCommands commands;
    private final long idleLimitNs;
    private final List<ControlConnection> clients = new ArrayList<>(); // of the thread

    private ControlServer(Path path, ServerSocketChannel server, Selector selector, ControlCommands commands,
            long idleLimitNs) {
        this.path = path;
        this.server = server;
        this.selector = selector;
        this.commands = commands;
        this.idleLimitNs = idleLimitNs;
    }

    /**
     * Opens the socket and starts to answer.
     *
     * @param idleLimit how long a client may take to ask, or to read its answer
     */
    static ControlServer open(Path path, ControlCommands commands, Duration idleLimit) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            ControlServer control = new ControlServer(path, server, selector, commands, idleLimit.toNanos());
            Thread.ofPlatform().daemon().name("sluice-control").start(control::serve);
            return control;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    private void serve() {
        try (selector; server) {
            while (server.isOpen()) {
                turn();
            }
        } catch (IOException | ClosedSelectorException e) {
            LOG.log(Level.DEBUG, "control socket", e);
        } finally {
            clients.forEach(ControlConnection::close);
        }
    }

    private void turn() throws IOException {
        try {
            selector.select(this::proceed, waitMs());
            closeOverdue();
        } catch (OutOfMemoryError e) {
            LockSupport.parkNanos(REST_NS); // others may be answered when there is some
        }
    }

    /** Until the first client is overdue; 0 when there is none. */
    private long waitMs() {
        long wait = Long.MAX_VALUE;
        long nowNs = System.nanoTime();
        for (ControlConnection c : clients) {
            wait = Math.min(wait, idleLimitNs - (nowNs - c.waitsSinceNs()));
        }
        return wait == Long.MAX_VALUE ? 0 : Math.max(1, wait / NS_PER_MS + 1);
    }

    private void closeOverdue() {
        long nowNs = System.nanoTime();
        for (ControlConnection c : List.copyOf(clients)) {
            if (nowNs - c.waitsSinceNs() >= idleLimitNs) {
                end(c);
            }
        }
    }

    private void end(ControlConnection c) {
        clients.remove(c);
        c.close();
    }

    private void proceed(SelectionKey key) {
        if (!key.isValid()) {
            return; // it made room in this round
        }
        if (!(key.attachment() instanceof ControlConnection c)) {
            accept();
            return;
        }
        try {
            if (!c.proceed(this::answer)) {
                end(c);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client of the control socket went away", e);
            end(c);
        } catch (OutOfMemoryError e) {
            end(c); // its request is lost: it hears that, and can ask again
        }
    }

    private void accept() {
        try {
            SocketChannel channel = server.accept();
            if (channel != null) {
                admit(channel);
            }
        } catch (IOException e) {
            if (server.isOpen()) {
                LOG.log(Level.DEBUG, "control socket", e);
                LockSupport.parkNanos(REST_NS); // no file descriptor is left, say: the client waits, and so do we
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        try {
            if (clients.size() == MAX_CLIENTS) {
                long nowNs = System.nanoTime();
                clients.stream().max(Comparator.comparingLong(c -> nowNs - c.waitsSinceNs())).ifPresent(this::end);
            }
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            ControlConnection c = new ControlConnection(channel, key);
            key.attach(c);
            clients.add(c);
        } catch (IOException | Error e) {
            channel.close();
            throw e;
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

    /** Stops answering and removes the socket. From any thread. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "control socket", e);
        }
        selector.wakeup();
    }
}
