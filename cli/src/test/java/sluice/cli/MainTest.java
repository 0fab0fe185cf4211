package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The exit status and where the words go: help to standard output, complaints to standard error. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void helpIsAskedFor() {
        assertThat(run("--help")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("Usage: sluice");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionNamesUsAndTheJvm() {
        assertThat(run("--version")).isEqualTo(Main.OK);
        assertThat(out.toString()).startsWith("sluice ").contains("java " + Runtime.version());
    }

    @Test
    void withoutCommandIsAUsageError() {
        assertThat(run()).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("Usage: sluice");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void unknownCommandIsAUsageError() {
        assertThat(run("no such command")).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("no such command");
    }
}
