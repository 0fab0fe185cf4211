package sluice.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sluice.drill.DrillResult.Verdict;

/** Every script of ours, over IPv4, IPv6 and IPv4 through sockets of IPv6. */
class ScriptsTest {
    private static final Path SCRIPTS = Path.of(System.getProperty("sluice.root", ".."), "drill/src/test/scripts");

    @TestFactory
    List<DynamicTest> scripts() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (DrillMode mode : DrillMode.values()) {
            DrillRunner runner = new DrillRunner(new DrillOptions(mode), null);
            for (Path script : DrillRunner.scripts(SCRIPTS)) {
                if (DrillRunner.fits(script, mode)) {
                    tests.add(DynamicTest.dynamicTest(SCRIPTS.relativize(script) + " " + mode.optionName(),
                            script.toUri(), () -> {
                                DrillResult r = runner.run(script);
                                assertThat(r.verdict()).as("%s", r.text(true)).isEqualTo(Verdict.PASS);
                            }));
                }
            }
        }
        assertThat(tests).as("scripts in " + SCRIPTS.toAbsolutePath()).hasSizeGreaterThan(1100);
        return tests;
    }
}
