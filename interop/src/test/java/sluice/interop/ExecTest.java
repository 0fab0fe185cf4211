package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.link.linux.NetworkNamespace;

/** {@code ./sluice exec}, as packaged, with a program in a jar of its own that knows nothing of Sluice. */
class ExecTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", "..")).toAbsolutePath();
    /** Another launcher than ./sluice, for those who have not packaged it. */
    private static final String LAUNCHER = System.getProperty("sluice.launcher", ROOT.resolve("sluice").toString());
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LOOKUP = """
            import java.net.*;
            import java.util.*;
            public class Program {
                public static void main(String[] names) throws Exception {
                    System.out.println("up");
                    System.in.read();
                    for (String name : names) {
                        try {
                            InetAddress[] all = InetAddress.getAllByName(name);
                            System.out.println(Arrays.stream(all).map(InetAddress::getHostAddress).sorted().toList());
                        } catch (UnknownHostException e) {
                            System.out.println(e.getMessage());
                        }
                    }
                    try (DatagramSocket s = new DatagramSocket()) {
                        s.connect(InetAddress.getByName("10.99.0.1"), 9);
                        System.out.println("from " + s.getLocalAddress().getHostAddress());
                    }
                }
            }
            """;
    private static final String PROGRAM = """
            import com.sun.net.httpserver.HttpServer;
            import java.net.*;
            import java.net.http.*;
            public class Program {
                public static void main(String[] args) throws Exception {
                    HttpServer s = HttpServer.create(new InetSocketAddress(8000), 0);
                    s.createContext("/", x -> {
                        byte[] b = ("hello " + x.getRemoteAddress().getAddress().getHostAddress()).getBytes();
                        x.sendResponseHeaders(200, b.length);
                        x.getResponseBody().write(b);
                        x.close();
                    });
                    s.start();
                    try (ServerSocket plain = new ServerSocket(9000)) {
                        System.out.println(HttpClient.newHttpClient().send(
                                HttpRequest.newBuilder(URI.create("http://localhost:8000/")).build(),
                                HttpResponse.BodyHandlers.ofString()).body());
                        plain.accept().close();
                        HttpResponse<String> r = HttpClient.newHttpClient().send(
                                HttpRequest.newBuilder(URI.create("http://10.99.0.1:" + args[0] + "/")).build(),
                                HttpResponse.BodyHandlers.ofString());
                        System.out.println("kernel said " + r.body());
                        try (Socket c = new Socket("10.99.0.1", Integer.parseInt(args[0]))) {
                            System.out.println("from " + c.getLocalAddress().getHostAddress());
                        }
                    }
                    System.exit(7);
                }
            }
            """;

    @TempDir
    Path directory;

    private Path jar(String text) throws Exception {
        Path source = Files.writeString(directory.resolve("Program.java"), text);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", directory.toString(),
                source.toString())).isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Program");
        Path jar = directory.resolve("program.jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream all = new JarOutputStream(out, manifest)) {
            all.putNextEntry(new JarEntry("Program.class"));
            all.write(Files.readAllBytes(directory.resolve("Program.class")));
        }
        return jar;
    }

    private static Process exec(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(LAUNCHER, "exec"));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("SLUICE_NO_BUILD", "1");
        return builder.start();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void requireLauncher() {
        Machine.requireDevices();
        Machine.require(System.getProperty("sluice.launcher") != null
                || Files.isDirectory(ROOT.resolve("cli/target/lib")),
                "./sluice is not built (these tests run after "
                        + "package)");
    }

    @Test
    void aProgramRunsOnTheStack() throws Exception {
        requireLauncher();
        Machine.requireTool("curl", "curl");
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            Process kernel = kernelServer(namespace);
            Process program = exec("--netns", namespace.name(), "--", java(), "-jar", jar(PROGRAM).toString(), "8080");
            try (BufferedReader out = program.inputReader()) {
                assertThat(out.readLine()).isEqualTo("hello 127.0.0.1");
                assertThat(Lab.run(namespace, SOON, "curl", "-sS", "http://10.99.0.2:8000/").out())
                        .isEqualTo("hello 10.99.0.1");
                assertThat(Lab.run(namespace, SOON, "curl", "-sSg", "http://[fd99::2]:8000/").out())
                        .startsWith("hello fd99:");
                String sockets = new String(new ProcessBuilder(LAUNCHER, "ss", "-tlnH", "--pid", pidOf(program))
                        .redirectErrorStream(true).start().getInputStream().readAllBytes());
                assertThat(sockets).contains("*:8000", "*:9000");
                Lab.run(namespace, SOON, "curl", "-s", "http://10.99.0.2:9000/");
                assertThat(out.readLine()).isEqualTo("kernel said hello");
                assertThat(out.readLine()).isEqualTo("from 10.99.0.2");
                assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(program.exitValue()).as("the program's own").isEqualTo(7);
                assertThat(namespace.ip("-br", "link")).as("its device is gone").doesNotContain("sluice");
            } finally {
                kernel.destroyForcibly().waitFor();
                program.descendants().forEach(ProcessHandle::destroyForcibly);
                program.destroyForcibly().waitFor();
            }
        }
    }

    /** Those of the machine's resolv.conf, which is another for this process. */
    @Test
    void namesComeOverTheStackWhereTheyAreAskedFor() throws Exception {
        requireLauncher();
        Machine.requireTool("unshare", "util-linux");
        Path conf = Files.writeString(directory.resolve("resolv.conf"), "nameserver 10.99.0.1\nsearch corp.test\n");
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            Process program = new ProcessBuilder("unshare", "-m", "sh", "-c",
                    "mount --bind " + conf + " /etc/resolv.conf && exec \"$@\"", "sh", LAUNCHER, "exec", "--netns",
                    namespace.name(), "--names", "--", java(), "-jar", jar(LOOKUP).toString(), "host.test", "www",
                    "missing.test", "localhost").redirectErrorStream(true).start();
            try (BufferedReader out = program.inputReader()) {
                assertThat(out.readLine()).isEqualTo("up");
                try (Dnsmasq server = new Dnsmasq(namespace)) {
                    program.getOutputStream().write('\n');
                    program.getOutputStream().flush();
                    assertThat(out.readLine()).isEqualTo("[192.0.2.1, 2001:db8:0:0:0:0:0:1]");
                    assertThat(out.readLine()).as("searched").isEqualTo("[192.0.2.1, 2001:db8:0:0:0:0:0:1]");
                    assertThat(out.readLine()).isEqualTo("missing.test: Name or service not known");
                    assertThat(out.readLine()).as("of the hosts file").contains("127.0.0.1");
                    assertThat(out.readLine()).isEqualTo("from 10.99.0.2");
                    assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
                    assertThat(program.exitValue()).isZero();
                    assertThat(server.process.isAlive()).isTrue();
                }
            } finally {
                program.descendants().forEach(ProcessHandle::destroyForcibly);
                program.destroyForcibly().waitFor();
            }
        }
    }

    /** The JVM that has the stack: a child of the launcher's. */
    private static String pidOf(Process program) {
        return program.descendants().filter(p -> p.children().findAny().isEmpty()).map(p -> "" + p.pid()).findFirst()
                .orElseThrow();
    }

    /** A web server of the kernel's. */
    private Process kernelServer(NetworkNamespace namespace) throws Exception {
        Path files = Files.createDirectory(directory.resolve("files"));
        Files.writeString(files.resolve("index.html"), "hello");
        Machine.requireTool("python3", "python3");
        Process p = namespace.start(new ProcessBuilder("python3", "-u", "-m", "http.server", "8080", "-d",
                files.toString()).redirectErrorStream(true));
        assertThat(p.inputReader().readLine()).contains("8080");
        return p;
    }

    @Test
    void whatIsWrongIsOneLine() throws Exception {
        requireLauncher();
        for (String[] wrong : new String[][]{{}, {"--", "ls"}, {"--mtu", "1", "--", java(), "-version"}}) {
            Process p = exec(wrong);
            String said = new String(p.getInputStream().readAllBytes());
            assertThat(p.waitFor()).as(said).isEqualTo(2);
            assertThat(said.lines()).hasSize(1);
            assertThat(said).startsWith("sluice exec: ");
        }
    }
}
