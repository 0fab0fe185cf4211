package sluice.buildrules;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The mutants of {@code bench/mutation} quote the code that they break; a quote that no longer stands breaks nothing.
 */
class MutantsTest {
    @Test
    void everyQuoteStandsInItsFile() throws IOException {
        Path mutants = Modules.root().resolve("bench/mutation/mutants.txt");
        List<String> lines = Files.readAllLines(mutants).stream().filter(l -> !l.startsWith("#") && !l.isBlank())
                .toList();
        assertThat(lines.size() % 4).as("four lines a mutant in " + mutants).isZero();
        List<String> gone = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 4) {
            Path source = Modules.root().resolve(lines.get(i + 1));
            if (!Files.exists(source) || !stands(lines.get(i + 2), Files.readString(source))) {
                gone.add(lines.get(i) + ": " + lines.get(i + 1) + " has no " + lines.get(i + 2));
            }
        }
        assertThat(lines).hasSizeGreaterThanOrEqualTo(4 * 100);
        assertThat(gone).as("quotes of mutants.txt to be brought up to date").isEmpty();
    }

    @Test
    void aQuoteMayBeBrokenIntoLinesButNotChanged() {
        assertThat(stands("if (a && b) {", "if (a\n        && b) {")).isTrue();
        assertThat(stands("if (a && b) {", "if (a || b) {")).isFalse();
    }

    private static boolean stands(String code, String text) {
        return Pattern.compile(Stream.of(code.strip().split("\\s+")).map(Pattern::quote).collect(joining("\\s+")))
                .matcher(text).find();
    }
}
