package sluice.buildrules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./test} compares with {@code build/test-floors}: a suite that ran nothing, or less, is no success. */
class TestFloorsTest {
    @TempDir
    Path root;

    private String said = "";

    @BeforeEach
    void floors() throws IOException {
        Files.createDirectories(root.resolve("build"));
        Files.writeString(root.resolve("build/test-floors"), "# module classes tests\n\none 2 40\ntwo 1 5\n");
    }

    private void report(String module, String name, int tests, int skipped) throws IOException {
        Path folder = Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
        Files.writeString(folder.resolve("TEST-" + name + ".xml"), "<?xml version=\"1.0\"?>\n<testsuite xmlns:xsi=\"x\""
                + " version=\"3.0\" name=\"" + name + "\" time=\"0.1\"\n tests=\"" + tests
                + "\" errors=\"0\" skipped=\"" + skipped + "\" failures=\"0\">\n<testcase name=\"a\"/></testsuite>");
    }

    private int check(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash",
                Modules.root().resolve("build/check-test-floors").toString(), root.toString()));
        command.addAll(List.of(arguments));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        said = new String(p.getInputStream().readAllBytes(), UTF_8);
        return p.waitFor();
    }

    @Test
    void asManyAsTheFloorIsEnough() throws Exception {
        report("one", "A", 30, 0);
        report("one", "B", 10, 0);
        report("two", "C", 5, 0);
        assertThat(check()).isZero();
        assertThat(said).isEmpty();
    }

    @Test
    void oneTestLessFails() throws Exception {
        report("one", "A", 29, 0);
        report("one", "B", 10, 0);
        report("two", "C", 5, 0);
        assertThat(check()).isEqualTo(1);
        assertThat(said).contains("one ran 39 tests, fewer than the 40");
    }

    @Test
    void aModuleThatRanNothingFails() throws Exception {
        report("one", "A", 30, 0);
        report("one", "B", 10, 0);
        assertThat(check()).isEqualTo(1);
        assertThat(said).contains("two ran no test");
        assertThat(check("built")).as("when it was not built").isZero();
    }

    @Test
    void aClassThatIsMissingFailsAlsoWhereTestsWereSkipped() throws Exception {
        report("one", "A", 60, 20);
        report("two", "C", 5, 0);
        assertThat(check()).isEqualTo(1);
        assertThat(said).contains("one ran 1 test classes, fewer than the 2");
    }

    /** A class whose tools are missing is one skipped test, however many it has. */
    @Test
    void skippedTestsAreNotMissing() throws Exception {
        report("one", "A", 30, 0);
        report("one", "B", 1, 1);
        report("two", "C", 5, 5);
        assertThat(check()).isZero();
    }

    @Test
    void aFloorThatIsLeftBehindIsSaid() throws Exception {
        report("one", "A", 33, 0);
        report("one", "B", 10, 0);
        report("two", "C", 5, 0);
        assertThat(check()).isZero();
        assertThat(said).contains("raise its floor of 40");
    }

    /** The committed list has every module with tests, and no module fewer classes than the floor wants. */
    @Test
    void everyModuleWithTestsHasAFloor() throws IOException {
        List<String> floors = Files.readAllLines(Modules.root().resolve("build/test-floors")).stream()
                .filter(l -> !l.startsWith("#") && !l.isBlank()).toList();
        List<String> named = floors.stream().map(l -> l.split(" ")[0]).toList();
        try (Stream<Path> modules = Files.list(Modules.root())) {
            for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src/test"))).toList()) {
                try (Stream<Path> tests = Files.walk(module.resolve("src/test"))) {
                    if (tests.anyMatch(f -> f.toString().endsWith("Test.java"))) {
                        assertThat(named).contains(String.valueOf(module.getFileName()));
                    }
                }
            }
        }
        assertThat(floors).allMatch(l -> l.matches("[a-z-]+ [1-9]\\d* [1-9]\\d*"));
    }
}
