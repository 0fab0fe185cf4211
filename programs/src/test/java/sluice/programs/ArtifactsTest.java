package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sluice.link.linux.NetworkNamespace;

/**
 * What others take: the artifacts are the same bytes wherever they are built, and projects of their own that know
 * nothing but our coordinates build and run: the examples, and the one that the README describes.
 */
class ArtifactsTest {
    private static final String GREETING = "hello";
    private static final String PROGRAM = "## Use it in a program";
    private static final String JUNIT_5 = "5.12.2";
    private static final String TEST = "## Test a program on a network that fails";

    @TempDir
    static Path directory;

    private static Taken taken;
    private static Path readme;
    private static Path outage;
    private static Path outageByJunit5;

    @BeforeAll
    @Timeout(value = 9, unit = TimeUnit.MINUTES) // some 40 s where nobody else is
    static void buildAll() throws Exception {
        taken = new Taken(directory);
        taken.install();
        String words = Files.readString(taken.root.resolve("README.md"), UTF_8);
        readme = taken.project("readme", Map.of("pom.xml", block(words, PROGRAM, "xml"), "src/main/java/Echo.java",
                block(words, PROGRAM, "java")));
        outage = taken.project("outage", Map.of("pom.xml", block(words, TEST, "xml"), "src/test/java/OutageTest.java",
                block(words, TEST, "java")));
        outageByJunit5 = taken.project("outage-junit-5", Map.of("pom.xml", byJunit5(block(words, TEST, "xml")),
                "src/test/java/OutageTest.java", block(words, TEST, "java")));
        List<Path> all = new ArrayList<>();
        all.add(readme);
        for (String name : List.of("echo", "netty-http", "two-stacks", "jdbc")) {
            all.add(taken.example(name));
        }
        taken.build(all, "process-classes",
                "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies");
        taken.build(List.of(outage, outageByJunit5, taken.example("incidents")),
                "-Dmaven.test.failure.ignore=true", "test");
    }

    @AfterAll
    static void giveBack() throws IOException {
        taken.giveBack();
    }

    /** The first block of code of that language in a section. */
    private static String block(String readme, String title, String language) {
        String section = readme.substring(readme.indexOf(title));
        Matcher m = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(section);
        assertThat(m.find()).as("a block of " + language).isTrue();
        return m.group(1);
    }

    /** The same project with the oldest JUnit that the extension is for. */
    private static String byJunit5(String pom) {
        String old = pom.replace("<artifactId>outage<", "<artifactId>outage-junit-5<")
                .replaceFirst("(<artifactId>junit-jupiter</artifactId>\\s*<version>)[0-9.]+", "$1" + JUNIT_5);
        assertThat(old).contains(">outage-junit-5<", ">" + JUNIT_5 + "<");
        return old;
    }

    private static Path example(String name) {
        return directory.resolve("projects").resolve(name);
    }

    @Test
    void theSameSourcesGiveTheSameBytes() throws IOException {
        int compared = 0;
        try (Stream<Path> all = Files.walk(taken.sources)) {
            for (Path jar : all.filter(p -> p.getParent().endsWith("target") && p.toString().endsWith(".jar"))
                    .toList()) {
                Path ours = taken.root.resolve(taken.sources.relativize(jar).toString());
                assertThat(Files.mismatch(ours, jar)).as("first byte that differs between two builds of " + ours)
                        .isEqualTo(-1);
                compared++;
            }
        }
        assertThat(compared).as("artifacts").isGreaterThanOrEqualTo(10);
    }

    @Test
    void theBomHasEveryModuleAndNothingElse() throws IOException {
        String bom = Files.readString(taken.root.resolve("bom/pom.xml"), UTF_8);
        String managed = bom.substring(bom.indexOf("<dependencyManagement>"), bom.indexOf("</dependencyManagement>"));
        List<String> names = Pattern.compile("<artifactId>sluice-(.*)</artifactId>").matcher(managed).results()
                .map(m -> m.group(1)).toList();
        assertThat(Pattern.compile("<groupId>(.*)</groupId>").matcher(managed).results().map(m -> m.group(1)))
                .containsOnly("dev.sluice");
        try (Stream<Path> modules = Files.list(taken.root)) {
            assertThat(modules.filter(m -> Files.exists(m.resolve("src/main/java/module-info.java")))
                    .map(m -> m.getFileName().toString()).filter(m -> !m.equals("cli")))
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void twoStacksAsModules() throws Exception {
        Path project = example("two-stacks");
        Process p = new ProcessBuilder(Taken.javaProgram(), "-p",
                project.resolve("target/classes") + ":" + project.resolve("target/lib"), "-m",
                "example.twostacks/example.TwoStacks").redirectErrorStream(true).start();
        assertThat(new String(p.getInputStream().readAllBytes(), UTF_8)).isEqualTo("received 1048576 bytes\n");
        assertThat(p.waitFor()).isZero();
    }

    /** What to do once the program has said that it listens, in the namespace. */
    private interface Visit {
        String result() throws Exception;
    }

    private static String visit(List<String> command, Visit visit) throws Exception {
        Machine.requireDevices();
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            Process p = namespace.start(new ProcessBuilder(command).redirectErrorStream(true));
            try (BufferedReader out = p.inputReader()) {
                assertThat(out.lines().filter(line -> line.startsWith("listening on 10.99.0.2")).findFirst())
                        .as("says that it listens, whatever its libraries say before").isPresent();
                return namespace.call(visit::result);
            } finally {
                p.destroy();
                if (!p.waitFor(10, TimeUnit.SECONDS)) {
                    p.destroyForcibly();
                }
            }
        }
    }

    private static String echo() throws IOException {
        try (Socket s = new Socket("10.99.0.2", 7)) {
            s.getOutputStream().write(GREETING.getBytes(UTF_8));
            s.shutdownOutput();
            return new String(s.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void theProgramOfTheReadmeEchoes() throws Exception {
        assertThat(visit(Taken.java(readme, "target/dependency", "Echo"), ArtifactsTest::echo)).isEqualTo(GREETING);
    }

    /** What Surefire wrote of the tests of a class. */
    private static String report(String project, String test) throws IOException {
        return Files.readString(example(project).resolve("target/surefire-reports/" + test + ".txt"));
    }

    @Test
    void theTestsOfTheReadmePassAndExplainThemselves() throws IOException {
        explains("outage", outage);
    }

    @Test
    void theTestsOfTheReadmeWithJunit5Too() throws IOException {
        explains("outage-junit-5", outageByJunit5);
    }

    private static void explains(String project, Path directory) throws IOException {
        assertThat(report(project, "OutageTest")).contains("Tests run: 2, Failures: 1, Errors: 0")
                .contains("an answer within half a second, not PT1.16S", "replay: @VirtualNetwork(seed = 1)",
                        "retransmits (SYN)", "client/");
        Path capture = directory.resolve("target/virtual-network/OutageTest.aLostSynCostsNothing-seed-1.pcapng");
        assertThat(capture).isNotEmptyFile();
    }

    @Test
    void incidentsFailWithDefaultsAndPassWithTheirCures() throws IOException {
        int incidents = 0;
        try (Stream<Path> all = Files.list(example("incidents").resolve("target/surefire-reports"))) {
            for (Path p : all.filter(f -> f.toString().endsWith(".txt")).toList()) {
                assertThat(Files.readString(p)).as(p.toString()).contains("Failures: 0, Errors: 0, Skipped: 0");
                incidents++;
            }
        }
        assertThat(incidents).isGreaterThanOrEqualTo(11);
    }

    @Test
    void theEchoServerEchoes() throws Exception {
        assertThat(visit(Taken.java(example("echo"), "target/lib", "example.Echo"), ArtifactsTest::echo))
                .isEqualTo(GREETING);
    }

    @Test
    void nettyServesHttp() throws Exception {
        assertThat(visit(Taken.java(example("netty-http"), "target/lib", "example.NettyHttp"), () -> {
            try (var in = URI.create("http://10.99.0.2:8080/hello").toURL().openStream()) {
                return new String(in.readAllBytes(), UTF_8);
            }
        })).isEqualTo("you asked for /hello\n");
    }

    @Test
    void jdbcAsksPostgresql() throws Exception {
        Machine.requireDevices();
        Postgres.require();
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate(); Postgres server = new Postgres(namespace)) {
            Process p = namespace.start(new ProcessBuilder(Taken.java(example("jdbc"), "target/lib", "example.Jdbc",
                    Postgres.url("10.99.0.1"), Postgres.USER)).redirectErrorStream(true));
            assertThat(new String(p.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("the server sees 10.99.0.2\n");
            assertThat(p.waitFor()).isZero();
        }
    }
}
