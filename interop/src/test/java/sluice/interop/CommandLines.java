package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import sluice.link.linux.NetworkNamespace;

/**
 * Runs command lines as somebody types them, by bash: in a folder of their own with {@code sluice} beside them and on
 * the path, in a network namespace of its own.
 */
abstract class CommandLines {
    static final Path ROOT = Path.of(System.getProperty("sluice.root", "..")).toAbsolutePath().normalize();
    /** Another launcher than ./sluice, for those who have not packaged it. */
    private static final String LAUNCHER = System.getProperty("sluice.launcher", ROOT.resolve("sluice").toString());
    private static final Duration LIMIT = Duration.ofSeconds(150);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @BeforeEach
    void place() throws IOException {
        String sluice = "SLUICE_NO_BUILD=1 exec " + LAUNCHER + " \"$@\"";
        script("sluice", sluice);
        script("bin/sluice", sluice);
        script("bin/sudo", "exec \"$@\""); // root inside its namespace already
        script("bin/java", "exec " + Path.of(System.getProperty("java.home"), "bin", "java") + " \"$@\"");
        Files.createDirectory(folder.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(folder.resolve("files"));
        Files.write(folder.resolve("files/big.iso"), new byte[3_000_000]);
        Files.createSymbolicLink(folder.resolve("drill"), ROOT.resolve("drill"));
    }

    @AfterEach
    void away() throws IOException {
        Files.delete(folder.resolve("drill")); // the link, before JUnit deletes all and warns of it
    }

    private void script(String name, String line) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs it; what it leaves in the background is ended. */
    final void succeeds(String script) throws Exception {
        Machine.requireDevices();
        Machine.requireTool("curl", "curl");
        Machine.requireTool("iperf3", "iperf3");
        Machine.require(Files.isExecutable(Path.of(LAUNCHER))
                && (!LAUNCHER.endsWith("/sluice") || Files.isDirectory(ROOT.resolve("cli/target/lib"))),
                "./sluice is not built (these tests run after package)");
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            Lab.Run run = Lab.run(namespace, LIMIT, "env", "HOME=" + folder, "TMPDIR=" + folder,
                    "XDG_RUNTIME_DIR=" + folder.resolve("run"), "bash", "-c",
                    "cd " + folder + "\nPATH=$PWD/bin:$PATH:/usr/sbin\nset -o pipefail\n" + script);
            assertThat(run.status()).as(script + "\n" + run.out()).isZero();
            assertThat(run.out()).doesNotContain("Exception", "\tat ");
        }
    }
}
