package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Our sources copied elsewhere and installed from there into a local repository of their own, and Maven projects that
 * take our artifacts from it. The repository borrows everybody else's artifacts from the machine's by links.
 */
final class Taken {
    private static final long LIMIT_S = 500;

    final Path root = Path.of(System.getProperty("sluice.root"));
    final Path sources;
    final Path repository;
    private final Path projects;

    Taken(Path directory) throws Exception {
        sources = directory.resolve("sources");
        repository = directory.resolve("repository");
        projects = directory.resolve("projects");
        copySources();
        borrow();
    }

    private void copySources() throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
                copy(module.resolve("pom.xml"), sources.resolve(module.getFileName()).resolve("pom.xml"));
                for (String sources : List.of("src/main", "src/boot")) {
                    copy(module.resolve(sources), this.sources.resolve(module.getFileName()).resolve(sources));
                }
            }
        }
        copy(root.resolve("pom.xml"), sources.resolve("pom.xml"));
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copied = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copied.getParent());
                Files.copy(file, copied);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes attributes) {
                return d.endsWith("target") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }
        });
    }

    private void borrow() throws IOException {
        String known = System.getProperty("localRepository"); // surefire's word for it
        Path machines = known != null ? Path.of(known) : Path.of(System.getProperty("user.home"), ".m2/repository");
        link(machines, repository, "dev");
        link(machines.resolve("dev"), repository.resolve("dev"), "sluice");
    }

    private static void link(Path from, Path to, String without) throws IOException {
        Files.createDirectories(to);
        if (Files.isDirectory(from)) {
            try (Stream<Path> all = Files.list(from)) {
                for (Path p : all.filter(p -> !p.endsWith(without)).toList()) {
                    Files.createSymbolicLink(to.resolve(p.getFileName()), p.toRealPath());
                }
            }
        }
    }

    /** Lets go of what was borrowed, so that who deletes the directory does not meet it. */
    void giveBack() throws IOException {
        for (Path d : List.of(repository, repository.resolve("dev"))) {
            try (Stream<Path> all = Files.list(d)) {
                for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                    Files.delete(link);
                }
            }
        }
    }

    /** Installs what a program needs, as the README says, by the JVM that built us: bytes depend on its zlib. */
    void install() throws Exception {
        String java = System.getProperty("sluice.maven.java");
        mvn(sources, java == null ? Map.of() : Map.of("JAVA_HOME", java), "-Dquick", "-Dmaven.test.skip=true", "-pl",
                "stack,bom,virtual", "-am", "install");
    }

    /** A copy of an example. */
    Path example(String name) throws IOException {
        Path project = projects.resolve(name);
        copy(root.resolve("examples").resolve(name), project);
        return project;
    }

    /** A new project of these files. */
    Path project(String name, Map<String, String> files) throws IOException {
        Path project = projects.resolve(name);
        for (Map.Entry<String, String> f : files.entrySet()) {
            Path file = project.resolve(f.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, f.getValue(), UTF_8);
        }
        return project;
    }

    /** Builds projects, each for itself, by one start of Maven, which runs on our own JDK as programs of others do. */
    void build(List<Path> all, String... goals) throws Exception {
        StringBuilder modules = new StringBuilder();
        all.forEach(p -> modules.append("<module>").append(p.getFileName()).append("</module>"));
        Files.writeString(projects.resolve("pom.xml"), "<project><modelVersion>4.0.0</modelVersion><groupId>all"
                + "</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging><modules>"
                + modules + "</modules></project>", UTF_8);
        mvn(projects, Map.of("JAVA_HOME", System.getProperty("java.home")), goals);
    }

    /** Offline; where a plugin was never needed before, once more with the network. */
    private void mvn(Path directory, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-o", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        String said = run(directory, environment, command);
        if (said.contains("in offline mode")) {
            command.remove("-o");
            said = run(directory, environment, command);
        }
        if (!said.contains("BUILD SUCCESS")) {
            throw new AssertionError(String.join(" ", command) + " failed:\n" + said);
        }
    }

    private static String run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
        Path log = directory.resolve("mvn.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process p = builder.start();
        p.getOutputStream().close();
        if (!p.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            p.descendants().forEach(ProcessHandle::destroyForcibly);
            p.destroyForcibly().waitFor();
        }
        return Files.readString(log);
    }

    /** The command that runs a class of a project on the class path that its build put together. */
    static List<String> java(Path project, String libraries, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(javaProgram(), "--enable-native-access=ALL-UNNAMED", "-cp",
                project.resolve("target/classes") + ":" + project.resolve(libraries) + "/*", main));
        command.addAll(List.of(arguments));
        return command;
    }

    static String javaProgram() {
        return Path.of(System.getProperty("java.home"), "bin/java").toString();
    }
}
