package sluice.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import sluice.cli.http.ChannelConnection;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/**
 * The kernel's stack in a network namespace: its ping and curl, or the JDK's sockets where these programs are missing,
 * and a server in a process of its own.
 */
final class KernelOther implements Other {
    private static final int PINGS = 3;
    private static final int LIMIT_SECONDS = 120;

    private final NetworkNamespace namespace;
    private final boolean curl = isInstalled("curl");
    private final boolean ping = isInstalled("ping");
    private final Set<Process> children = ConcurrentHashMap.newKeySet();

    KernelOther(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    private static boolean isInstalled(String program) {
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path + ":").concat("/usr/sbin:/sbin:/usr/bin:/bin").split(":",
                -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    /** Starts this program again as a file server inside the namespace, and waits until it listens. */
    void startServer(Path directory) throws IOException {
        List<String> command = new ArrayList<>(ownCommand());
        command.addAll(List.of("internal-http-server", "--dir", directory.toString(), "--port",
                Integer.toString(SERVER_PORT)));
        Process server = start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
        if (!"ready".equals(out.readLine())) {
            throw new IOException("the kernel-side server did not start");
        }
    }

    /** How this very program was started, without its arguments. */
    static List<String> ownCommand() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), "sluice.cli.Main");
    }

    private Process start(ProcessBuilder builder) {
        Process process = namespace.start(builder);
        children.add(process);
        return process;
    }

    @Override
    public String client() {
        return curl ? "curl" : "kernel";
    }

    @Override
    public String server() {
        return "kernel";
    }

    @Override
    public String ping(IpAddress us) throws IOException, InterruptedException {
        if (!ping) {
            return pingByJdk(us);
        }
        String out = run(List.of("ping", "-c", Integer.toString(PINGS), "-i", "0.2", "-W", "2", us.toString()));
        String last = out.lines().filter(l -> l.startsWith("rtt") || l.startsWith("round-trip")).findFirst().orElse("");
        return out.lines().filter(l -> l.contains("received")).findFirst().orElse("")
                + (last.isEmpty() ? "" : "; " + last);
    }

    private String pingByJdk(IpAddress us) throws IOException {
        InetAddress address = Addresses.toInet(us);
        long start = System.nanoTime();
        for (int i = 0; i < PINGS; i++) {
            if (!inside(() -> address.isReachable(2_000))) {
                throw new IOException("ping " + us + " was not answered");
            }
        }
        return String.format(Locale.ROOT,
                "%d of %d answered, %.3f ms on average (by the JDK's isReachable: ping is not installed)", PINGS, PINGS,
                (System.nanoTime() - start) / 1e6 / PINGS);
    }

    private <T> T inside(java.util.concurrent.Callable<T> action) throws IOException {
        try {
            return namespace.call(action);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void download(IpAddress us, String name, Path to) throws IOException, InterruptedException {
        if (curl) {
            run(List.of("curl", "-sSf", "-m", Integer.toString(LIMIT_SECONDS), "-o", to.toString(),
                    "http://" + Http.authority(us, 80) + "/" + name));
            return;
        }
        try (ChannelConnection connection = connect(us)) {
            Http.download(connection, Http.authority(us, 80), name, to);
        }
    }

    @Override
    public void upload(IpAddress us, String name, Path from) throws IOException, InterruptedException {
        if (curl) {
            run(List.of("curl", "-sSf", "-m", Integer.toString(LIMIT_SECONDS), "-T", from.toString(),
                    "http://" + Http.authority(us, 80) + "/" + name));
            return;
        }
        try (ChannelConnection connection = connect(us)) {
            Http.upload(connection, Http.authority(us, 80), name, from);
        }
    }

    private ChannelConnection connect(IpAddress us) throws IOException {
        return new ChannelConnection(inside(() -> SocketChannel.open(new InetSocketAddress(Addresses.toInet(us), 80))));
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Process process = start(new ProcessBuilder(command).redirectErrorStream(true));
        try {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command.getFirst() + ": " + out.strip().replace('\n', ' '));
            }
            return out;
        } finally {
            process.destroy();
            children.remove(process);
        }
    }

    @Override
    public void close() {
        children.forEach(Process::destroy);
        children.clear();
    }
}
