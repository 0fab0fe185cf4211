package sluice.buildrules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which file of a package tree knows which, by the byte code (a file is a top-level class with all that is nested in
 * it), and what follows: the arrows that go up an order of packages, and the circles of files that all know each other.
 */
final class Floors {
    /**
     * The packages of {@code sluice.core.tcp}, from the ground up: a package may know those before it. {@code ""} is
     * the root package.
     */
    static final List<String> TCP = List.of("segment", "option", "auth", "fastopen", "data", "ecn", "congestion",
            "path", "recovery",
            "receiver", "", "output", "closing", "timer", "input", "user", "layer");

    private final String root;
    private final SortedMap<String, SortedSet<String>> knows = new TreeMap<>();

    /** Reads the classes that lie in {@code root} or below. */
    Floors(JavaClasses classes, String root) {
        this.root = root + ".";
        for (JavaClass c : classes) {
            if (isInside(c.getName()) && !c.getSimpleName().equals("package-info")) {
                Set<String> known = knows.computeIfAbsent(file(c.getName()), _ -> new TreeSet<>());
                for (Dependency d : c.getDirectDependenciesFromSelf()) {
                    add(known, c.getName(), d.getTargetClass().getBaseComponentType().getName());
                }
                permitted(c).forEach(name -> add(known, c.getName(), name));
            }
        }
    }

    private void add(Set<String> known, String from, String to) {
        if (isInside(to) && !file(to).equals(file(from))) {
            known.add(file(to));
        }
    }

    private boolean isInside(String className) {
        return className.startsWith(root);
    }

    private String file(String className) {
        int nested = className.indexOf('$');
        return className.substring(root.length(), nested < 0 ? className.length() : nested);
    }

    /** Subtypes that a sealed type names: the library does not count those. */
    private static List<String> permitted(JavaClass c) {
        if (c.getSource().isEmpty()) {
            return List.of();
        }
        try (InputStream in = c.getSource().get().getUri().toURL().openStream()) {
            return ClassFile.of().parse(in.readAllBytes()).findAttribute(Attributes.permittedSubclasses()).stream()
                    .flatMap(a -> a.permittedSubclasses().stream()).map(e -> e.asInternalName().replace('/', '.'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Number of files. */
    int size() {
        return knows.size();
    }

    /** The package of a file, relative to the root. */
    static String packageOf(String file) {
        int dot = file.lastIndexOf('.');
        return dot < 0 ? "" : file.substring(0, dot);
    }

    /** Packages that the order does not name. */
    SortedSet<String> withoutFloor(List<String> order) {
        SortedSet<String> missing = new TreeSet<>();
        knows.keySet().forEach(f -> missing.add(packageOf(f)));
        order.forEach(missing::remove);
        return missing;
    }

    /** Each file that knows one of a higher package, with that one: {@code "data.Ring -> input.AckStep"}. */
    List<String> arrowsUp(List<String> order) {
        List<String> up = new ArrayList<>();
        knows.forEach((from, known) -> known.forEach(to -> {
            if (order.indexOf(packageOf(to)) > order.indexOf(packageOf(from))) {
                up.add(from + " -> " + to);
            }
        }));
        return up;
    }

    /** The circles of two and more files, the largest first: strongly connected components, by Tarjan's algorithm. */
    List<List<String>> circles() {
        Tarjan t = new Tarjan();
        knows.keySet().forEach(t::visit);
        t.circles.sort(Comparator.comparing((List<String> c) -> c.size()).reversed());
        return t.circles;
    }

    /** The members of a circle, each with those of the circle that it knows. */
    String describe(List<String> circle) {
        StringBuilder s = new StringBuilder();
        for (String f : circle) {
            SortedSet<String> inside = new TreeSet<>(knows.getOrDefault(f, new TreeSet<>()));
            inside.retainAll(circle);
            s.append("\n    ").append(f).append(" -> ").append(String.join(" ", inside));
        }
        return s.toString();
    }

    private final class Tarjan {
        private final Map<String, Integer> index = new HashMap<>();
        private final Map<String, Integer> low = new HashMap<>();
        private final Deque<String> stack = new ArrayDeque<>();
        private final Set<String> open = new HashSet<>();
        private final List<List<String>> circles = new ArrayList<>();

        void visit(String f) {
            if (index.containsKey(f)) {
                return;
            }
            index.put(f, index.size());
            low.put(f, index.get(f));
            stack.push(f);
            open.add(f);
            for (String next : knows.getOrDefault(f, new TreeSet<>())) {
                if (!index.containsKey(next)) {
                    visit(next);
                    low.merge(f, low.get(next), Math::min);
                } else if (open.contains(next)) {
                    low.merge(f, index.get(next), Math::min);
                }
            }
            if (low.get(f).equals(index.get(f))) {
                close(f);
            }
        }

        private void close(String first) {
            List<String> circle = new ArrayList<>();
            do {
                circle.add(stack.pop());
            } while (!circle.getLast().equals(first));
            open.removeAll(circle);
            if (circle.size() > 1) {
                Collections.sort(circle);
                circles.add(circle);
            }
        }
    }
}
