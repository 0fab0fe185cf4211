package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import sluice.link.linux.NetworkNamespace;

/** A server in a network namespace: started on a directory of its own, ended by its process id. */
final class Daemon implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(50);

    private final Path directory;
    private final Process process;

    /**
     * Starts it and waits until it listens.
     *
     * @param directory its own; it goes when this is closed
     */
    Daemon(NetworkNamespace namespace, Path directory, int port, List<String> command) throws Exception {
        this.directory = directory;
        process = namespace.start(
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile()));
        long end = System.nanoTime() + LIMIT_NS;
        while (!listens(namespace, port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                String said = Files.readString(log());
                close();
                throw new AssertionError(String.join(" ", command) + " does not serve; it said\n" + said);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private Path log() {
        return directory.resolve("log");
    }

    /** A directory that the server may write. */
    static Path directory() throws Exception {
        Path made = Files.createTempDirectory("sluice-programs");
        run(List.of("chown", NOBODY + ":" + NOBODY, made.toString()));
        return made;
    }

    /** The same without privileges: PostgreSQL refuses to be root. */
    static List<String> asNobody(String... command) {
        return Stream.concat(Stream.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"),
                Stream.of(command)).toList();
    }

    /** Runs a program to its end. */
    static void run(List<String> command) throws Exception {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        p.getOutputStream().close();
        String said = new String(p.getInputStream().readAllBytes(), UTF_8);
        if (p.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed; it said\n" + said);
        }
    }

    private static boolean listens(NetworkNamespace namespace, int port) throws Exception {
        return namespace.call(() -> {
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path p : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
