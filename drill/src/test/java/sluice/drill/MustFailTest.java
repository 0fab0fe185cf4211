package sluice.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sluice.drill.DrillResult.Verdict;

/**
 * What the interpreter checks, each with a script that must fail. A file of {@code failing/} passes as it stands; a
 * comment {@code //wrong MESSAGE => LINE} says what the line above it is to be replaced by, so that the script fails
 * there with that message.
 */
class MustFailTest {
    private static final Path FOLDER = Path.of(System.getProperty("sluice.root", ".."), "drill/src/test/failing");
    private static final String MARK = "//wrong ";

    @TestFactory
    List<DynamicTest> scripts() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : DrillRunner.scripts(FOLDER)) {
            DrillMode mode = file.toString().endsWith("v6.pkt") ? DrillMode.IPV6 : DrillMode.IPV4;
            DrillRunner runner = new DrillRunner(new DrillOptions(mode), null);
            List<String> lines = List.of(DrillRunner.text(file).split("\n", -1));
            tests.add(DynamicTest.dynamicTest(FOLDER.relativize(file) + " passes", file.toUri(),
                    () -> assertThat(runner.run(file).verdict()).as("%s", runner.run(file).text(true))
                            .isEqualTo(Verdict.PASS)));
            int right = 0;
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith(MARK)) {
                    tests.add(wrong(file, runner, lines, right, lines.get(i).substring(MARK.length())));
                } else {
                    right = i;
                }
            }
        }
        assertThat(tests).as("scripts that must fail").hasSizeGreaterThan(350);
        return tests;
    }

    private static DynamicTest wrong(Path file, DrillRunner runner, List<String> lines, int at, String text) {
        int arrow = text.indexOf(" => ");
        String message = text.substring(0, arrow);
        List<String> changed = new ArrayList<>(lines);
        changed.set(at, text.substring(arrow + 4));
        String name = FOLDER.relativize(file) + ":" + (at + 1) + " " + changed.get(at);
        return DynamicTest.dynamicTest(name, file.toUri(), () -> {
            DrillResult r = runner.run(String.valueOf(file.getFileName()), String.join("\n", changed));
            assertThat(r.verdict()).as("%s: %s", name, r.text(true)).isEqualTo(Verdict.FAIL);
            assertThat(r.message()).as("%s", name).contains(message).doesNotContain("Exception", "defect");
            assertThat(r.line()).as("%s: line of \"%s\"", name, r.message()).isEqualTo(at + 1);
        });
    }

    /** The folder's own rule: a script is written so that the files here are seen. */
    @TestFactory
    List<DynamicTest> noMarkStandsFirst() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : DrillRunner.scripts(FOLDER)) {
            tests.add(DynamicTest.dynamicTest(file.toString(),
                    () -> assertThat(Files.readString(file)).doesNotStartWith(MARK).contains(MARK)));
        }
        return tests;
    }
}
