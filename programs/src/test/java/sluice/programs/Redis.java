package sluice.programs;

import java.nio.file.Path;
import java.util.stream.Stream;
import sluice.link.linux.NetworkNamespace;

/** Redis in a namespace, in memory alone. */
final class Redis implements AutoCloseable {
    static final int PORT = 6379;

    private final Daemon daemon;

    Redis(NetworkNamespace namespace) throws Exception {
        Path directory = Daemon.directory();
        daemon = new Daemon(namespace, directory, PORT, Daemon.asNobody(tool().toString(), "--port", "" + PORT,
                "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--dir", directory.toString()));
    }

    /** Skips the test where there is no Redis. */
    static Path tool() {
        return Machine.requireTool("redis-server", "redis-server", Stream.of(Path.of("/usr/bin")));
    }

    @Override
    public void close() throws Exception {
        daemon.close();
    }
}
