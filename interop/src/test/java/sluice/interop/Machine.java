package sluice.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;

/** What the tests need of the machine. Where it is missing they are skipped, and say so on standard error. */
final class Machine {
    private static final @Nullable String MISSING = find();
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Machine() {}

    private static @Nullable String find() {
        String tun = TunDevice.whyUnavailable();
        return tun != null ? tun : NetworkNamespace.whyUnavailable();
    }

    /** Devices and namespaces. */
    static void requireDevices() {
        require(MISSING == null, MISSING);
    }

    /** A program, or its test is skipped. */
    static void requireTool(String program, String debianPackage) {
        require(findTool(program) != null,
                program + " is not installed (Debian: apt-get install " + debianPackage + ")");
    }

    /** A condition that makes the test possible. */
    static void require(boolean given, @Nullable String reason) {
        if (!given && SAID.add(String.valueOf(reason))) {
            System.err.println("*** SKIPPED: tests against the kernel cannot run here: " + reason);
        }
        Assumptions.assumeTrue(given, () -> "SKIPPED: " + reason);
    }

    private static @Nullable Path findTool(String program) {
        for (String dir : (System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin").split(":")) {
            Path p = Path.of(dir, program);
            if (!dir.isEmpty() && Files.isExecutable(p)) {
                return p;
            }
        }
        return null;
    }
}
