package sluice.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** An agent has to be a jar that names its class: this one names {@link Agent} and our own class path. */
final class AgentJar {
    private AgentJar() {}

    /** Writes it; the JVM puts its class path behind the program's. */
    static Path write(Path jar) throws IOException {
        StringJoiner path = new StringJoiner(" ");
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                path.add(Path.of(entry).toAbsolutePath().toUri().getRawPath());
            }
        }
        Manifest manifest = new Manifest();
        Attributes a = manifest.getMainAttributes();
        a.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        a.put(new Attributes.Name("Premain-Class"), Agent.class.getName());
        a.put(Attributes.Name.CLASS_PATH, path.toString());
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }
}
