package sluice.link.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace: the calling process's own, a named one under {@code /run/netns}, that of a process, or a private
 * one that lives as long as this object.
 *
 * <p>A file descriptor belongs for ever to the namespace in which it was opened: open devices with {@link #call}, then
 * use them from anywhere. Commands run with {@link #run} and {@link #start} see the namespace's network.
 *
 * <p>Making a namespace needs {@code CAP_SYS_ADMIN}. A multi-threaded JVM cannot call {@code unshare(CLONE_NEWUSER)}:
 * without root start it as {@link #unshareCommand} says, after which everything here works inside.
 *
 * <p>{@link #close} removes what this object created and nothing else; a shutdown hook does it for those still open.
 * Thread-safe.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final Path NAMED = Path.of("/run/netns");
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final Set<NetworkNamespace> TO_REMOVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> List.copyOf(TO_REMOVE).forEach(NetworkNamespace::closeQuietly), "sluice-netns-cleanup"));
    }

    private final String name;
    /** Null for the namespace this process is in. */
    private final @Nullable Path path;
    private final boolean created;
    private final @Nullable Process holder;
    private boolean closed;

    private NetworkNamespace(String name, @Nullable Path path, boolean created, @Nullable Process holder) {
        this.name = name;
        this.path = path;
        this.created = created;
        this.holder = holder;
        if (created || holder != null) {
            TO_REMOVE.add(this);
        }
    }

    /** The namespace the process is in. */
    public static NetworkNamespace current() {
        return new NetworkNamespace("-", null, false, null);
    }

    /**
     * An existing namespace.
     *
     * @param name as {@code ip netns list} shows it; a process id for that process's; "-" for the current one
     */
    public static NetworkNamespace of(String name) {
        if (name.equals("-")) {
            return current();
        }
        Path path = name.chars().allMatch(Character::isDigit) ? Path.of("/proc", name, "ns", "net")
                : NAMED.resolve(checkName(name));
        if (!Files.exists(path)) {
            throw new SystemCallException("network namespace " + name,
                    "there is no " + path + ". Make it with \"ip netns add " + name
                            + "\", or use one that \"ip netns list\" shows, a process id, or - for the current one");
        }
        return new NetworkNamespace(name, path, false, null);
    }

    /**
     * Makes the named namespace ({@code ip netns add}) with its loopback up; removed on {@link #close}. Needs root.
     * Fails when the name exists.
     */
    public static NetworkNamespace create(String name) {
        IpTool.run(List.of("netns", "add", checkName(name)));
        NetworkNamespace made = new NetworkNamespace(name, NAMED.resolve(name), true, null);
        made.ip("link", "set", "lo", "up");
        return made;
    }

    /**
     * Makes a namespace without a name, with its loopback up, held by a child process ({@code unshare --net cat}) that
     * ends with this object or with the JVM, however that ends. Works as root and inside {@code unshare -rn}.
     */
    public static NetworkNamespace createPrivate() {
        List<String> command = List.of("unshare", "--net", "--", "cat");
        try {
            Process holder = new ProcessBuilder(command).start();
            Path path = Path.of("/proc", Long.toString(holder.pid()), "ns", "net");
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (holder.isAlive() && Files.readSymbolicLink(path).equals(own)) {
                if (System.nanoTime() > deadline) {
                    holder.destroy();
                    throw new SystemCallException(String.join(" ", command), "no new namespace after 5 s");
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
            if (!holder.isAlive()) {
                throw new SystemCallException(String.join(" ", command),
                        new String(holder.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                                .strip()
                                + ". Making a network namespace needs root, or a start under \"unshare -rn\"");
            }
            NetworkNamespace made = new NetworkNamespace(Long.toString(holder.pid()), path, false, holder);
            made.ip("link", "set", "lo", "up");
            return made;
        } catch (IOException e) {
            throw new SystemCallException(String.join(" ", command), e.getMessage() + ". Is util-linux installed?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making a network namespace", e);
        }
    }

    /**
     * The command that runs {@code command} as root of a user namespace of its own with an empty network: the way to
     * work without root. The program re-executes itself with it and finds every privilege inside.
     */
    public static List<String> unshareCommand(List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--net", "--"));
        all.addAll(command);
        return List.copyOf(all);
    }

    /** Null when this process may make network namespaces; else why not and what to do. Tries it. */
    public static @Nullable String whyUnavailable() {
        try (NetworkNamespace probe = createPrivate()) {
            return null;
        } catch (SystemCallException e) {
            return e.getMessage();
        }
    }

    /** Whether the process has effective user id 0 (also true inside {@code unshare -r}). */
    public static boolean isRoot() {
        return Libc.geteuid() == 0;
    }

    private static String checkName(String name) {
        if (name.isEmpty() || name.length() > 64
                || !name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.')
                || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "namespace name \"" + name + "\" must consist of letters, digits, - _ and .");
        }
        return name;
    }

    /** The name, the holding process's id, or "-" for the current one. */
    public String name() {
        return name;
    }

    /**
     * Whether it had a name under {@code /run/netns} and the name was deleted since: a device that is open in it keeps
     * it alive, but nobody can enter it any more.
     */
    public boolean isGone() {
        Path p = path;
        return p != null && p.startsWith(NAMED) && !Files.exists(p);
    }

    /** Enters the namespace with the calling platform thread, until the scope is closed by the same thread. */
    public Scope enter() {
        LinuxThread.requirePlatformThread();
        if (path == null) {
            return new Scope(-1);
        }
        int back = openNamespace(Path.of("/proc/thread-self/ns/net"));
        int fd = -1;
        try {
            fd = openNamespace(path);
            int r = Libc.setns(Libc.newErrnoState(), fd, CLONE_NEWNET);
            if (r < 0) {
                throw new SystemCallException("setns " + path, -r,
                        -r == Libc.EPERM
                                ? "Entering a network namespace needs CAP_SYS_ADMIN: run as root, or make the "
                                        + "namespace inside your own \"unshare -rn\""
                                : null);
            }
        } catch (RuntimeException e) {
            Libc.close(Libc.newErrnoState(), back);
            throw e;
        } finally {
            if (fd >= 0) {
                Libc.close(Libc.newErrnoState(), fd);
            }
        }
        return new Scope(back);
    }

    private static int openNamespace(Path path) {
        int fd = Libc.open(Libc.newErrnoState(), path.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new SystemCallException("open " + path, -fd, null);
        }
        return fd;
    }

    /**
     * Runs {@code action} on a platform thread of its own inside the namespace and hands out its result; may be called
     * from any thread.
     */
    public <T> T call(Callable<T> action) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("sluice-netns-" + name).daemon().start(() -> {
            try (Scope inside = enter()) {
                result.complete(action.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        try {
            T value = result.get();
            thread.join();
            return value;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Opens a TUN or TAP device inside. */
    public TunDevice openTun(TunOptions options) {
        return unchecked(() -> TunDevice.open(options));
    }

    /** Opens several queues of one device inside. */
    public List<TunDevice> openTunQueues(TunOptions options, int queues) {
        return unchecked(() -> TunDevice.openQueues(options, queues));
    }

    /** Opens a packet socket inside; see {@link RawSocketDevice#open}. */
    public RawSocketDevice openRawSocket(String interfaceName, boolean offload, long macAddress) {
        return unchecked(() -> RawSocketDevice.open(interfaceName, offload, macAddress));
    }

    private <T> T unchecked(Callable<T> action) {
        try {
            return call(action);
        } catch (RuntimeException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the {@code ip} tool inside; what it prints. Fails with what it says on standard error. */
    public String ip(String... arguments) {
        return unchecked(() -> IpTool.run(List.of(arguments)));
    }

    /**
     * Runs a command inside to its end; what it printed on standard output. Fails on an exit status other than 0, with
     * its standard error.
     */
    public String run(String... command) {
        return unchecked(() -> IpTool.execute(List.of(command), null));
    }

    /** Starts a process inside. The caller ends it. */
    public Process start(ProcessBuilder builder) {
        return unchecked(builder::start);
    }

    /**
     * Ends the namespace when this object made it; otherwise does nothing. Devices inside go when the last descriptor
     * does. Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        TO_REMOVE.remove(this);
        Process held = holder;
        if (held != null) {
            held.destroy();
        }
        if (created) {
            IpTool.run(List.of("netns", "del", name));
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** A stay in a namespace; close it on the thread that entered. */
    public static final class Scope implements AutoCloseable {
        private int back;

        private Scope(int back) {
            this.back = back;
        }

        /** Goes back to where the thread came from. */
        @Override
        public void close() {
            if (back >= 0) {
                int r = Libc.setns(Libc.newErrnoState(), back, CLONE_NEWNET);
                Libc.close(Libc.newErrnoState(), back);
                back = -1;
                if (r < 0) {
                    throw new SystemCallException("setns back", -r, null);
                }
            }
        }
    }
}
