package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Bad inputs, one a line in bad-inputs.txt: each is answered by one line on standard error that names the command, what
 * was wrong of it and what would be right; by exit status 2 for wrong usage and 1 for a failure; and by nothing else.
 */
class BadInputTest {
    /** Words; those with blanks are in single quotes. */
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvFileSource(resources = "bad-inputs.txt", delimiter = '|', quoteCharacter = '"', commentCharacter = '#')
    void isAnsweredByOneLine(int status, String line, String says) {
        List<String> words = new ArrayList<>();
        for (Matcher m = WORD.matcher(line); m.find();) {
            words.add(m.group(1) == null ? m.group(2) : m.group(1));
        }
        int ended = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
        assertThat(ended).as(err.toString()).isEqualTo(status);
        assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
        assertThat(err.toString()).startsWith("sluice").contains(says.split(" & ")).doesNotContain("Exception",
                "\tat ", "null");
        if (status == Main.USAGE) {
            assertThat(err.toString()).contains("--help)");
        }
        assertThat(out.toString()).isEmpty();
    }
}
