package sluice.buildrules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The modules, and whom each may know. The one place where the arrows of the design are written down for the build. */
final class Modules {
    /** Module to the modules it may use directly. Names are those of the root packages without {@code sluice.}. */
    static final Map<String, Set<String>> MAY_KNOW = mayKnow();

    /** Modules that run inside other people's programs: the JDK and nothing else. */
    static final Set<String> WITHOUT_LIBRARIES = Set.of("base", "wire", "core", "link", "link.linux", "observe",
            "engine", "control", "sockets", "clock.agent");

    /** Packages of {@code observe} to its others that each may know; what records and reads knows no output. */
    static final Map<String, Set<String>> OBSERVE_MAY_KNOW = Map.of("json", Set.of(), "record", Set.of(), "capture",
            Set.of("record"), "explain", Set.of("json", "capture"), "print", Set.of("json", "record", "capture"),
            "plot", Set.of("json", "record", "capture"), "diagnose", Set.of("json"), "metrics", Set.of("print"), "jfr",
            Set.of(), "qlog", Set.of("json"));

    private Modules() {}

    private static Map<String, Set<String>> mayKnow() {
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        arrows.put("base", Set.of());
        arrows.put("clock.agent", Set.of());
        arrows.put("wire", Set.of("base"));
        arrows.put("core", Set.of("wire", "base"));
        arrows.put("link", Set.of("core", "wire", "base"));
        arrows.put("link.linux", Set.of("link", "core", "wire", "base"));
        arrows.put("observe", Set.of("core", "wire", "base"));
        arrows.put("engine", Set.of("link", "core", "wire", "base"));
        arrows.put("control", Set.of("engine", "observe", "core", "wire", "base"));
        arrows.put("sockets", Set.of("engine", "link", "core", "wire", "base"));
        arrows.put("sim", Set.of("engine", "link", "observe", "core", "wire", "base"));
        arrows.put("virtual", Set.of("clock.agent", "sim", "sockets", "engine", "link", "observe", "core", "wire",
                "base"));
        arrows.put("drill", Set.of("engine", "link", "observe", "core", "wire", "base"));
        arrows.put("lab", Set.of("sim", "engine", "observe", "link", "core", "wire", "base"));
        arrows.put("campaign", Set.of("sim", "observe", "link", "core", "base"));
        arrows.put("cli",
                Set.of("campaign", "lab", "drill", "sim", "sockets", "control", "engine", "observe", "link.linux",
                        "link",
                        "core", "wire", "base"));
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
        if (packageName.equals("sluice.clock") || packageName.startsWith("sluice.clock.")) {
            return "clock.agent";
        }
        String rest = packageName.substring("sluice.".length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    /** The package of {@code observe} that a package is or lies in, or "" for packages elsewhere. */
    static String ofObserve(String packageName) {
        String[] words = packageName.split("\\.", -1);
        return words.length > 2 && ofPackage(packageName).equals("observe") ? words[2] : "";
    }

    /** The module-info of a module, as text. */
    static String moduleInfo(String module) throws IOException {
        return Files.readString(directory(module).resolve("src/main/java/module-info.java"));
    }

    /** Those of our modules that a module-info requires, {@code static} ones too. */
    static Set<String> required(String moduleInfo) {
        return Pattern.compile("requires\\s+(?:transitive\\s+|static\\s+)*sluice\\.([\\w.]+)\\s*;").matcher(moduleInfo)
                .results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of our modules that a module-info requires although no class of {@code module} knows them. */
    static Set<String> requiredInVain(String module, String moduleInfo, JavaClasses classes) {
        Set<String> vain = required(moduleInfo);
        for (JavaClass c : classes) {
            if (ofPackage(c.getPackageName()).equals(module)) {
                c.getDirectDependenciesFromSelf().forEach(
                        d -> vain.remove(ofPackage(d.getTargetClass().getBaseComponentType().getPackageName())));
            }
        }
        return vain;
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
