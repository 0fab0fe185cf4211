package sluice.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sluice.lab.against.Plays;
import sluice.lab.experiments.Experiments;

/**
 * docs/experiments.md: id, file, test, written from the code; and every row of the specification is there. To write it
 * anew: {@code mvn -o -q -Dquick -pl lab -am test -Dtest=ExperimentsPageTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsluice.write=true}.
 */
class ExperimentsPageTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
    private static final String SOURCES = "lab/src/main/java/sluice/lab/experiments/";

    private static List<String> rows() throws IOException {
        try (InputStream in = Objects.requireNonNull(ExperimentsPageTest.class.getResourceAsStream("rows.txt"))) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private static String page() throws IOException {
        List<String> rows = rows();
        StringBuilder out = new StringBuilder("# The experiments\n\n");
        out.append("What the documents on TCP describe, run on the stack in virtual time: `./sluice lab` lists them, ")
                .append("`./sluice lab ID` runs one.\n")
                .append("Each row's test is `sluice.lab.ExperimentsTest`, under the experiment's name. ")
                .append("≠: where a document and the standard disagree the standard is asserted, and the run says "
                        + "so.\n")
                .append("Generated from the code: do not edit. Rows of the specification: ").append(rows.size())
                .append("; experiments beyond them are marked +. 🐧: `./sluice lab --against linux ID` runs the same ")
                .append("applications with the kernel of this machine at the other end, either way round, and compares."
                        + "\n");
        Chapter chapter = null;
        for (Experiment e : Experiments.all()) {
            About a = e.about();
            if (a.chapter() != chapter) {
                chapter = a.chapter();
                out.append("\n## ").append(chapter.letter()).append(" · ").append(chapter.title().en())
                        .append(" (").append(chapter.title().zh()).append(")\n");
                out.append("| id | what | file | test | what it cannot show, or shows otherwise |\n");
                out.append("| --- | --- | --- | --- | --- |\n");
            }
            String file = e.getClass().getSimpleName() + ".java";
            boolean differs = Files.readString(ROOT.resolve(SOURCES + file)).contains("x.differs(");
            out.append("| `").append(a.id()).append('`').append(rows.contains(a.id()) ? "" : " +").append(" | ")
                    .append(a.title().en()).append(differs ? " **≠**" : "")
                    .append(Plays.find(a.id()) == null ? "" : " 🐧").append(" | [").append(file)
                    .append("](../").append(SOURCES).append(file).append(") | `ExperimentsTest[").append(a.id())
                    .append("]` | ").append(e.gap().en()).append(" |\n");
        }
        return out.toString();
    }

    @Test
    void everyRowIsThere() throws IOException {
        List<String> ids = Experiments.all().stream().map(e -> e.about().id()).toList();
        assertThat(ids).doesNotHaveDuplicates().containsAll(rows());
        List<String> known = new ArrayList<>(ids);
        known.retainAll(rows());
        assertThat(known).as("in the order of the specification").isEqualTo(rows());
        assertThat(rows()).hasSize(57);
    }

    /** Two sentences and a title, in both languages; chapters in order; a file of its own. */
    @Test
    void eachIsDescribed() {
        Pattern chinese = Pattern.compile("\\p{IsHan}");
        int last = 0;
        for (Experiment e : Experiments.all()) {
            About a = e.about();
            assertThat(a.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(a.chapter().ordinal()).as(a.id()).isGreaterThanOrEqualTo(last);
            last = a.chapter().ordinal();
            assertThat(a.title().en()).as(a.id()).isNotBlank().doesNotContainPattern(chinese);
            assertThat(a.says().en()).as(a.id()).hasSizeGreaterThan(60).doesNotContainPattern(chinese);
            assertThat(a.says().zh()).as(a.id()).containsPattern(chinese);
        }
    }

    /** What is played against Linux is an experiment, in the order of the documents. */
    @Test
    void playsBelongToExperiments() {
        List<String> ids = new ArrayList<>(Experiments.all().stream().map(e -> e.about().id()).toList());
        ids.retainAll(Plays.all().keySet());
        assertThat(Plays.all().keySet()).containsExactlyElementsOf(ids);
    }

    @Test
    void thePageIsAsTheCode() throws IOException {
        Path file = ROOT.resolve("docs/experiments.md");
        if (Boolean.getBoolean("sluice.write")) {
            Files.writeString(file, page());
        }
        assertThat(Files.readString(file)).as("write it anew with -Dsluice.write=true").isEqualTo(page());
    }
}
