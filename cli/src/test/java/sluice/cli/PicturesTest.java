package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The README's commands draw the committed pictures, to the byte. {@code -Dsluice.draw=true} draws them anew (sim's
 * HandshakePictureTest does so with docs/handshake.svg).
 */
class PicturesTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private static final boolean DRAW = Boolean.getBoolean("sluice.draw");

    /** The gigabyte of docs/long-fat.svg is 15 s of work. */
    @ParameterizedTest
    @ValueSource(strings = {"cubic.svg", "long-fat.svg"})
    @Timeout(300)
    void theReadmesCommandDrawsIt(String name, @TempDir Path folder) throws Exception {
        Matcher command = Pattern.compile("\\./sluice (sim [^`\n]* --plot )" + Pattern.quote(name))
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(command.find()).isTrue();
        List<String> words = new ArrayList<>();
        for (Matcher m = WORD.matcher(command.group(1)); m.find();) {
            words.add(m.group(1) == null ? m.group(2) : m.group(1));
        }
        Path drawn = folder.resolve(name);
        words.add(drawn.toString());
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true),
                words.toArray(String[]::new))).as(err.toString()).isEqualTo(Main.OK);
        Path committed = ROOT.resolve("docs").resolve(name);
        if (DRAW) {
            Files.copy(drawn, committed, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(Files.readString(drawn)).as(committed + " is what %s draws", command.group())
                .isEqualTo(Files.readString(committed));
    }
}
