package sluice.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import sluice.link.linux.NetworkNamespace;

/** PostgreSQL in a namespace, with an empty cluster; everybody may be "tester". */
final class Postgres implements AutoCloseable {
    static final int PORT = 5432;
    static final String USER = "tester";

    private final Daemon daemon;

    Postgres(NetworkNamespace namespace) throws Exception {
        Path initdb = tool("initdb");
        Path directory = Daemon.directory();
        Path data = directory.resolve("data");
        Daemon.run(Daemon.asNobody(initdb.toString(), "--no-sync", "--auth=trust", "--no-locale", "--encoding=UTF8",
                "--username=" + USER, "--pgdata=" + data));
        Path hosts = data.resolve("pg_hba.conf");
        Files.writeString(hosts, Files.readString(hosts) + "\nhost all all 0.0.0.0/0 trust\n");
        daemon = new Daemon(namespace, directory, PORT, Daemon.asNobody(tool("postgres").toString(), "-D",
                data.toString(), "-F", "-k", directory.toString(), "-c", "listen_addresses=*", "-c",
                "shared_buffers=16MB",
                "-c", "max_connections=30"));
    }

    /** Skips the test where there is no PostgreSQL. */
    static void require() throws IOException {
        tool("postgres");
    }

    /** Debian has them in a directory for each version. */
    private static Path tool(String name) throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        try (Stream<Path> all = Files.isDirectory(versions) ? Files.list(versions) : Stream.empty()) {
            return Machine.requireTool(name, "postgresql",
                    all.sorted(Comparator.reverseOrder()).map(v -> v.resolve("bin")));
        }
    }

    /** Where the driver finds it from the other end of the device. */
    static String url(String host) {
        return "jdbc:postgresql://" + host + ":" + PORT + "/postgres";
    }

    @Override
    public void close() throws Exception {
        daemon.close();
    }
}
