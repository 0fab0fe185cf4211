package sluice.buildrules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The modules, and whom each may know. The one place where the arrows of the design are written down for the build. */
final class Modules {
    /** Module to the modules it may use directly. Names are those of the root packages without {@code sluice.}. */
    static final Map<String, Set<String>> MAY_KNOW = mayKnow();

    /** Modules that run inside other people's programs: the JDK and nothing else. */
    static final Set<String> WITHOUT_LIBRARIES = Set.of("base", "wire", "core", "link", "link.linux", "observe",
            "engine", "sockets");

    private Modules() {}

    private static Map<String, Set<String>> mayKnow() {
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        arrows.put("base", Set.of());
        arrows.put("wire", Set.of("base"));
        arrows.put("core", Set.of("wire", "base"));
        arrows.put("link", Set.of("core", "wire", "base"));
        arrows.put("link.linux", Set.of("link", "core", "wire", "base"));
        arrows.put("observe", Set.of("core", "wire", "base"));
        arrows.put("engine", Set.of("link", "observe", "core", "wire", "base"));
        arrows.put("sockets", Set.of("engine", "link", "observe", "core", "wire", "base"));
        arrows.put("sim", Set.of("engine", "link", "observe", "core", "wire", "base"));
        arrows.put("drill", Set.of("sim", "engine", "link", "observe", "core", "wire", "base"));
        arrows.put("cli",
                Set.of("drill", "sim", "sockets", "engine", "observe", "link.linux", "link", "core", "wire", "base"));
        return Map.copyOf(arrows);
    }

    /** The module that a package belongs to, or "" for packages that are none of ours. */
    static String ofPackage(String packageName) {
        if (!packageName.startsWith("sluice.")) {
            return "";
        }
        if (packageName.equals("sluice.link.linux") || packageName.startsWith("sluice.link.linux.")) {
            return "link.linux";
        }
        String rest = packageName.substring("sluice.".length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    /** Directory of a module. */
    static Path directory(String module) {
        return root().resolve(module.replace('.', '-'));
    }

    /** Directory of the whole build. */
    static Path root() {
        String root = System.getProperty("sluice.root");
        return root == null ? Path.of("").toAbsolutePath().getParent() : Path.of(root);
    }

    /** Every product class on the class path. */
    static JavaClasses productClasses() {
        return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("sluice");
    }
}
