package sluice.buildrules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sluice.buildrules.ConformancePage.Requirement;

/**
 * Every requirement of RFC 9293 and RFC 5961 has code and a test that name it, or a reason; and the committed page says
 * so.
 */
class ConformanceTest {
    private static ConformancePage page;

    @BeforeAll
    static void read() throws IOException {
        page = ConformancePage.read();
    }

    @Test
    void theListIsWhole() {
        List<String> all = Stream.of(ids("MUST", 69), ids("SHLD", 31), ids("MAY", 18), ids("REC", 1)).flatMap(s -> s)
                .toList();
        assertThat(page.requirements().keySet()).containsAll(all).hasSize(119 + 4);
    }

    private static Stream<String> ids(String kind, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(i -> kind + "-" + i);
    }

    @Test
    void annotationsNameWhatThereIs() {
        assertThat(page.unknown()).as("identifiers that no standard has").isEmpty();
    }

    @Test
    void everyRequirementHasCodeAndTestOrAReason() {
        for (Requirement r : page.requirements().values()) {
            if (!page.reasons().containsKey(r.id)) {
                assertThat(r.code)
                        .as("code that says @Rfc(… req = \"%s\"), or a reason in not-done.tsv: %s", r.id, r.words)
                        .isNotEmpty();
                assertThat(r.tests)
                        .as("tests that say @Rfc(… req = \"%s\"), or a reason in not-done.tsv: %s", r.id, r.words)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void everyMustIsDone() {
        assertThat(page.reasons().keySet().stream().filter(id -> id.startsWith("MUST-") || id.startsWith("RFC5961-")))
                .as("a MUST is no choice; one is done by a setting whose default is Linux's, one but for handshakes")
                .containsExactlyInAnyOrder("MUST-23", "MUST-56");
    }

    @Test
    void reasonsAreStillTrue() {
        page.reasons().forEach((id, reason) -> {
            Requirement r = page.requirements().get(id);
            assertThat(r).as("%s of not-done.tsv", id).isNotNull();
            assertThat(r.code).as("code for %s, which not-done.tsv says is not done (%s)", id, reason).isEmpty();
            if (page.shownInstead().contains(id)) {
                assertThat(r.tests).as("tests that show what is done instead of %s", id).isNotEmpty();
            } else {
                assertThat(r.tests).as("tests for %s, which not-done.tsv says is not done (%s)", id, reason).isEmpty();
            }
        });
    }

    @Test
    void theCommittedPageIsTheOneThatWouldBeWritten() throws IOException {
        Path file = Modules.root().resolve("docs/rfc9293.md");
        if (Boolean.getBoolean("sluice.write")) {
            Files.writeString(file, page.text(), UTF_8);
        }
        String committed = Files.exists(file) ? Files.readString(file, UTF_8) : "";
        assertThat(committed.equals(page.text()))
                .as("docs/rfc9293.md is not what the sources say. Write it anew:%n%s", ConformancePage.COMMAND)
                .isTrue();
    }
}
