package sluice.programs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;

/** What the tests need of the machine. Where it is missing they are skipped, and say so on standard error. */
final class Machine {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Machine() {}

    /** Devices and namespaces. */
    static void requireDevices() {
        String tun = TunDevice.whyUnavailable();
        String missing = tun != null ? tun : NetworkNamespace.whyUnavailable();
        require(missing == null, missing);
    }

    /** The first of the directories that has the program, or the test is skipped. */
    static Path requireTool(String program, String debianPackage, Stream<Path> directories) {
        Path found = directories.map(d -> d.resolve(program)).filter(Files::isExecutable).findFirst().orElse(null);
        require(found != null, program + " is not installed (Debian: apt-get install " + debianPackage + ")");
        return found == null ? Path.of(program) : found;
    }

    /** A condition that makes the test possible. */
    static void require(boolean given, @Nullable String reason) {
        if (!given && SAID.add(String.valueOf(reason))) {
            System.err.println("*** SKIPPED: tests of programs cannot run here: " + reason);
        }
        Assumptions.assumeTrue(given, () -> "SKIPPED: " + reason);
    }
}
