package sluice.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.core.Setting;

/** The table of bounds (docs/bounds.md) names settings, counters, constants and tests that exist. */
class BoundsTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final int COLUMNS = 5;
    private static final Map<String, String> SOURCES = new HashMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        try (Stream<Path> all = Files.walk(Modules.root())) {
            for (Path p : all.filter(p -> p.toString().endsWith(".java") && p.toString().contains("/src/")
                    && !p.toString().contains("/target/")).toList()) {
                SOURCES.merge(p.getFileName().toString().replace(".java", ""), Files.readString(p), String::concat);
            }
        }
    }

    private static List<String> wrong(List<String> lines) {
        Set<String> settings = Arrays.stream(Setting.values()).map(Setting::sysctl).collect(Collectors.toSet());
        Set<String> counters = Arrays.stream(Counter.values()).map(Counter::name).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.split("\\|", -1);
            if (cells.length != COLUMNS + 2 || line.startsWith("| what") || line.startsWith("| ---")) {
                continue;
            }
            names(cells[3]).filter(n -> !settings.contains(n) && !hasConstant(n)).forEach(wrong::add);
            names(cells[4]).filter(n -> !counters.contains(n)).forEach(wrong::add);
            names(cells[5]).filter(n -> !hasTest(n)).forEach(wrong::add);
            if (names(cells[3]).findAny().isEmpty() || names(cells[5]).findAny().isEmpty()) {
                wrong.add("without a limit or a test: " + cells[1].strip());
            }
        }
        return wrong;
    }

    private static Stream<String> names(String cell) {
        return CODE.matcher(cell).results().map(r -> r.group(1));
    }

    private static boolean hasConstant(String name) {
        String[] parts = name.split("\\.");
        return parts.length == 2
                && Pattern.compile("static final int " + parts[1] + " =").matcher(source(parts[0])).find();
    }

    private static boolean hasTest(String name) {
        String[] parts = name.split("\\.");
        return source(parts[0]).contains("@Test") && (parts.length == 1
                || Pattern.compile("void " + Matcher.quoteReplacement(parts[1]) + "\\(").matcher(source(parts[0]))
                        .find());
    }

    private static String source(String type) {
        return SOURCES.getOrDefault(type, "");
    }

    private static List<String> page() throws IOException {
        return Files.readAllLines(Modules.root().resolve("docs/bounds.md"));
    }

    @Test
    void whatItNamesExists() throws IOException {
        assertThat(wrong(page())).isEmpty();
    }

    @Test
    void itHasARowForEachKindOfThing() throws IOException {
        assertThat(page().stream().filter(l -> l.startsWith("| ")).count()).isGreaterThan(35);
    }

    @Test
    void seesWhatDoesNotExist() {
        assertThat(wrong(List.of("| a | b | `net.ipv4.no_such` | `NoSuchCounter` | `QueueTest.noSuchTest` |",
                "| c | d | – | – | – |"))).containsExactly("net.ipv4.no_such", "NoSuchCounter",
                        "QueueTest.noSuchTest", "without a limit or a test: c");
    }
}
