package sluice.buildrules;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Requirement, code, test: read from the {@code @Rfc} annotations of the sources and the comments of the scripts,
 * written as docs/rfc9293.md.
 */
final class ConformancePage {
    /** What writes the page anew. */
    static final String COMMAND = "mvn -o -q -Dquick -pl build-rules -am test -Dtest=ConformanceTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dsluice.write=true";

    private static final Pattern IDENTIFIER = Pattern.compile("\\b(?:MUST|SHLD|MAY|REC)-\\d+\\b");
    private static final Pattern SCRIPT_5961 = Pattern.compile("RFC 5961 (?:section )?(3\\.2|4\\.2|5\\.2|7)\\b");

    private final Map<String, Requirement> requirements = new LinkedHashMap<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private final Set<String> shownInstead = new TreeSet<>();
    private final Set<String> unknown = new TreeSet<>();

    /** One row, with the places that name it. */
    static final class Requirement {
        final String id;
        final String level;
        final String section;
        final String words;
        final Map<String, Path> code = new java.util.TreeMap<>();
        final Map<String, Path> tests = new java.util.TreeMap<>();

        Requirement(String id, String level, String section, String words) {
            this.id = id;
            this.level = level;
            this.section = section;
            this.words = words;
        }

        boolean done() {
            return !code.isEmpty() && !tests.isEmpty();
        }
    }

    private ConformancePage() {}

    /** Reads the committed lists and all sources. */
    static ConformancePage read() throws IOException {
        ConformancePage page = new ConformancePage();
        for (String[] row : rows("requirements.tsv")) {
            page.requirements.put(row[0], new Requirement(row[0], row[1], row[2], row[3]));
        }
        for (String[] row : rows("not-done.tsv")) {
            page.reasons.put(row[0], row[1]);
            if (row.length > 2 && row[2].equals("instead")) {
                page.shownInstead.add(row[0]);
            }
        }
        page.readSources();
        page.readScripts();
        return page;
    }

    private static List<String[]> rows(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(ConformancePage.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8).lines().filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(l -> l.split("\t", -1)).toList();
        }
    }

    Map<String, Requirement> requirements() {
        return requirements;
    }

    Map<String, String> reasons() {
        return reasons;
    }

    /** Those not done of which tests show what is done instead. */
    Set<String> shownInstead() {
        return shownInstead;
    }

    /** Identifiers in annotations that no list has. */
    Set<String> unknown() {
        return unknown;
    }

    private static List<Path> files(String end) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Modules.root())) {
            for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src"))).sorted().toList()) {
                try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                    files.filter(f -> f.toString().endsWith(end)).sorted().forEach(found::add);
                }
            }
        }
        return found;
    }

    private void readSources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path file : files(".java")) {
            if (Files.readString(file, UTF_8).contains("@Rfc(")) {
                files.add(file);
            }
        }
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK is needed");
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, d -> {}, List.of("-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                Path file = Path.of(unit.getSourceFile().toUri());
                new Scanner(file).scan(unit, "");
            }
        }
    }

    /** Walks one file; the parameter is the name of the element around. */
    private final class Scanner extends TreeScanner<Void, String> {
        private final Path file;
        private final boolean test;

        Scanner(Path file) {
            this.file = file;
            test = file.toString().contains("/src/test/") || file.toString().contains("/sluice/lab/experiments/");
        }

        @Override
        public Void visitClass(ClassTree node, String around) {
            String name = node.getSimpleName().toString();
            String full = around.isEmpty() ? name : around + "." + name;
            take(node.getModifiers().getAnnotations(), full);
            return super.visitClass(node, full);
        }

        @Override
        public Void visitMethod(MethodTree node, String around) {
            String name = node.getName().contentEquals("<init>") ? around : around + "." + node.getName();
            take(node.getModifiers().getAnnotations(), name);
            return super.visitMethod(node, around);
        }

        @Override
        public Void visitVariable(VariableTree node, String around) {
            take(node.getModifiers().getAnnotations(), around + "." + node.getName());
            return super.visitVariable(node, around);
        }

        private void take(List<? extends AnnotationTree> annotations, String element) {
            for (AnnotationTree a : annotations) {
                if (a.getAnnotationType().toString().equals("Rfc")) {
                    take(a, element);
                }
            }
        }

        private void take(AnnotationTree annotation, String element) {
            Map<String, List<Object>> values = new LinkedHashMap<>();
            for (ExpressionTree e : annotation.getArguments()) {
                if (e instanceof AssignmentTree a) {
                    values.put(a.getVariable().toString(), literals(a.getExpression()));
                }
            }
            Object number = values.getOrDefault("value", List.of(0)).getFirst();
            for (Object id : values.getOrDefault("req", List.of())) {
                note(id.toString(), element, file, test);
            }
            if (number.equals(5961)) {
                String id = "RFC5961-" + values.getOrDefault("section", List.of("")).getFirst();
                if (requirements.containsKey(id)) {
                    note(id, element, file, test);
                }
            }
        }

        private static List<Object> literals(ExpressionTree e) {
            if (e instanceof LiteralTree l) {
                return List.of(l.getValue());
            }
            return e instanceof NewArrayTree a
                    ? a.getInitializers().stream().flatMap(x -> literals(x).stream()).toList() : List.of();
        }
    }

    private void readScripts() throws IOException {
        for (Path file : files(".pkt")) {
            String comments = Files.readString(file, UTF_8).lines().filter(l -> l.startsWith("//"))
                    .collect(Collectors.joining("\n"));
            String name = file.getParent().getFileName() + "/" + file.getFileName();
            Matcher m = IDENTIFIER.matcher(comments);
            while (m.find()) {
                note(m.group(), name, file, true);
            }
            m = SCRIPT_5961.matcher(comments);
            while (m.find()) {
                note("RFC5961-" + m.group(1), name, file, true);
            }
        }
    }

    private void note(String id, String element, Path file, boolean test) {
        Requirement r = requirements.get(id);
        if (r == null) {
            unknown.add(id + " at " + element);
            return;
        }
        (test ? r.tests : r.code).put(element, file);
    }

    /** The page. */
    String text() {
        StringBuilder s = new StringBuilder(200_000);
        long done = requirements.values().stream().filter(Requirement::done).count();
        s.append("# RFC 9293: requirement, code, test\n\n");
        s.append(
                "Written by the build from the `@Rfc` annotations and the comments of the scripts in "
                        + "`drill/src/test/scripts`; do not edit. To write it anew:\n\n```\n");
        s.append(COMMAND).append("\n```\n\n");
        s.append(
                "The build fails when a requirement has no code or no test and no reason, when a reason is no longer "
                        + "true, and when this page is not what it would write.\n");
        s.append(
                "Reasons are in `build-rules/src/test/resources/sluice/buildrules/not-done.tsv`; what we do "
                        + "differently from Linux is in ");
        s.append("[linux-differences.md](linux-differences.md).\n\n");
        s.append(done).append(" of ").append(requirements.size())
                .append(" are done and shown by a test (119 identifiers of RFC 9293 and 4 rules of RFC 5961):\n\n");
        s.append("| | done | not done |\n|---|---|---|\n");
        for (String kind : List.of("MUST", "SHLD", "MAY", "REC", "RFC5961")) {
            List<Requirement> of = requirements.values().stream().filter(r -> r.id.startsWith(kind + "-")).toList();
            long d = of.stream().filter(Requirement::done).count();
            s.append("| ").append(kind).append(" | ").append(d).append(" | ").append(of.size() - d).append(" |\n");
        }
        s.append("\n| Id | Level | Section | Requirement | Code | Test |\n|---|---|---|---|---|---|\n");
        for (Requirement r : requirements.values()) {
            s.append("| ").append(r.id).append(" | ").append(r.level).append(" | ").append(r.section).append(" | ")
                    .append(r.words).append(" | ");
            String reason = reasons.get(r.id);
            if (reason != null) {
                s.append("not done, because ").append(reason).append(" | ");
                s.append(r.tests.isEmpty() ? "" : "what is done instead: " + links(r.tests) + " ").append("|\n");
            } else {
                s.append(links(r.code)).append(" | ").append(links(r.tests)).append(" |\n");
            }
        }
        return s.toString();
    }

    private static String links(Map<String, Path> places) {
        return places.entrySet().stream()
                .map(e -> "[" + e.getKey() + "](../"
                        + Modules.root().relativize(e.getValue()).toString().replace('\\', '/') + ")")
                .collect(Collectors.joining(", "));
    }
}
