package sluice.buildrules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is asked of the source files: descriptors that follow the design, and files that do not grow long.
 */
class SourcesTest {
    private static final int LONG_FILE_LINES = 500;
    /** Files that may be longer, and how long; to be cut some day, not to grow. */
    private static final Map<String, Integer> LONG_FILES = Map.ofEntries(
            Map.entry("sockets/src/main/java/sluice/sockets/internal/nio/SluiceSocketChannel.java", 620),
            Map.entry("core/src/test/java/sluice/core/tcp/AccEcnTest.java", 550),
            Map.entry("core/src/test/java/sluice/core/tcp/OpenTest.java", 750),
            Map.entry("core/src/test/java/sluice/core/tcp/TcpConversation.java", 900),
            Map.entry("core/src/test/java/sluice/core/tcp/TcpFuzzTest.java", 620),
            Map.entry("core/src/test/java/sluice/core/tcp/WindowTest.java", 650),
            Map.entry("sockets/src/test/java/sluice/sockets/suite/DatagramSuite.java", 600),
            Map.entry("sockets/src/test/java/sluice/sockets/suite/SelectorSuite.java", 850),
            Map.entry("sockets/src/test/java/sluice/sockets/suite/StreamSuite.java", 850));
    private static final int MOST_COLUMNS = 120;
    private static final Pattern REQUIRES = Pattern
            .compile("(?m)^\\s*requires\\s+(?:transitive\\s+|static\\s+)*sluice\\.([\\w.]+)\\s*;");
    private static final Pattern EXPORTS = Pattern.compile("(?m)^\\s*exports\\s+([\\w.]+)");
    private static final Pattern POM_DEPENDENCY = Pattern
            .compile("<artifactId>sluice-([\\w-]+)</artifactId>\\s*(<scope>test</scope>)?");

    @Test
    void moduleDescriptorsFollowTheDesign() throws IOException {
        for (String module : Modules.MAY_KNOW.keySet()) {
            String text = Files.readString(descriptor(module), UTF_8);
            assertThat(text).contains("module sluice." + module + " {");
            Matcher requires = REQUIRES.matcher(text);
            while (requires.find()) {
                assertThat(Modules.MAY_KNOW.get(module)).as("modules that %s may require", module)
                        .contains(requires.group(1));
            }
        }
    }

    @Test
    void pomsFollowTheDesign() throws IOException {
        for (String module : Modules.MAY_KNOW.keySet()) {
            Matcher dependency = POM_DEPENDENCY
                    .matcher(Files.readString(Modules.directory(module).resolve("pom.xml"), UTF_8));
            while (dependency.find()) {
                String name = dependency.group(1).replace('-', '.');
                assertThat(dependency.group(2) != null || name.equals(module)
                        || Modules.MAY_KNOW.get(module).contains(name))
                        .as("pom of %s names %s", module, name).isTrue();
            }
        }
    }

    /** A package with something public in it is exported by its module, unless its name says that it is internal. */
    @Test
    void publicPackagesAreExported() throws IOException {
        Set<String> exported = new TreeSet<>();
        for (String module : Modules.MAY_KNOW.keySet()) {
            Matcher exports = EXPORTS.matcher(Files.readString(descriptor(module), UTF_8));
            while (exports.find()) {
                exported.add(exports.group(1));
            }
        }
        Set<String> missing = new TreeSet<>();
        for (JavaClass c : Modules.productClasses()) {
            if (c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC)
                    && !exported.contains(c.getPackageName())
                    && !c.getPackageName().contains(".internal")) {
                missing.add(c.getPackageName());
            }
        }
        assertThat(missing).as("packages to export in their module-info.java").isEmpty();
    }

    /**
     * A long file is a sign to cut along the standard's own lines: those that are longer are named, with the most lines
     * that they may have, and none is added.
     */
    @Test
    void longFilesAreNamed() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (String module : Modules.MAY_KNOW.keySet()) {
            Path sources = Modules.directory(module).resolve("src");
            if (!Files.isDirectory(sources)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                    int lines = Files.readAllLines(file, UTF_8).size();
                    if (lines > LONG_FILE_LINES) {
                        found.put(Modules.root().relativize(file).toString().replace('\\', '/'), lines);
                    }
                }
            }
        }
        assertThat(grown(found, LONG_FILES)).as("files of more than %d lines, or more than LONG_FILES allows them",
                LONG_FILE_LINES).isEmpty();
        assertThat(found).as("a file of LONG_FILES is long no more: take it from the list")
                .containsKeys(LONG_FILES.keySet().toArray(new String[0]));
        assertThat(grown(Map.of("a", 501), Map.of())).containsExactly("a: 501");
        assertThat(grown(Map.of("a", 501), Map.of("a", 501))).isEmpty();
        assertThat(grown(Map.of("a", 502), Map.of("a", 501))).containsExactly("a: 502");
    }

    private static List<String> grown(Map<String, Integer> found, Map<String, Integer> allowed) {
        return found.entrySet().stream().filter(e -> e.getValue() > allowed.getOrDefault(e.getKey(), LONG_FILE_LINES))
                .map(e -> e.getKey() + ": " + e.getValue()).toList();
    }

    /**
     * Lines end at column 120, except in text blocks, where they are what is printed. The empty comment that keeps the
     * formatter from joining lines may stand behind it.
     */
    @Test
    void linesEndAtColumn120() throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Modules.root())) {
            for (Path file : (Iterable<Path>) files.filter(SourcesTest::isSource)::iterator) {
                for (int line : longLines(Files.readAllLines(file, UTF_8))) {
                    tooLong.add(Modules.root().relativize(file) + ":" + line);
                }
            }
        }
        assertThat(tooLong).as("lines of more than " + MOST_COLUMNS + " characters").isEmpty();
        assertThat(longLines(List.of("x".repeat(121), "y".repeat(120), "z".repeat(120) + " //"))).containsExactly(1);
        assertThat(longLines(List.of("\"\"\"", "x".repeat(121), "\"\"\";", "x".repeat(121)))).containsExactly(4);
    }

    /** What a build generated is none. */
    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java") && !Modules.root().relativize(file).toString().contains("target/");
    }

    private static List<Integer> longLines(List<String> lines) {
        List<Integer> found = new ArrayList<>();
        boolean inTextBlock = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean toggles = line.split("\"\"\"", -1).length % 2 == 0;
            if (!inTextBlock && !toggles && line.replaceFirst(" //$", "").length() > MOST_COLUMNS) {
                found.add(i + 1);
            }
            inTextBlock ^= toggles;
        }
        return found;
    }

    private static Path descriptor(String module) {
        return Modules.directory(module).resolve("src/main/java/module-info.java");
    }
}
