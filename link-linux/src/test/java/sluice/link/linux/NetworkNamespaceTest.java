package sluice.link.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
    private static final int CAP_SYS_ADMIN = 21;

    private static Path own() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
    }

    /**
     * Why nobody could name a namespace here: names are mounts below /run, for which it takes CAP_SYS_ADMIN in the
     * machine's own user namespace. Looked up, not tried: that {@code create} fails is no reason to skip its test.
     */
    private static @Nullable String whyNoNames() throws IOException {
        if (!Files.readString(Path.of("/proc/self/uid_map")).strip().matches("0\\s+0\\s+4294967295")) {
            return "in a user namespace";
        }
        long capabilities = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("CapEff:")).mapToLong(l -> Long.parseUnsignedLong(l.substring(7).strip(), 16))
                .findFirst().orElseThrow();
        return (capabilities >>> CAP_SYS_ADMIN & 1) == 0 ? "without CAP_SYS_ADMIN"
                : Files.isWritable(Path.of("/run")) ? null : "/run is read-only";
    }

    @Test
    void aThreadEntersAndComesBack() throws Exception {
        Machine.requireDevices();
        Path outside = own();
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            try (NetworkNamespace.Scope scope = namespace.enter()) {
                assertThat(own()).isNotEqualTo(outside);
            }
            assertThat(own()).isEqualTo(outside);
            assertThat(namespace.call(NetworkNamespaceTest::own)).isNotEqualTo(outside);
            assertThat(namespace.run("ip", "-br", "link")).startsWith("lo").hasLineCount(1);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> namespace.call(() -> {
                throw new IOException("from inside");
            })).withMessage("from inside");
        }
        assertThat(NetworkNamespace.current().call(NetworkNamespaceTest::own)).isEqualTo(outside);
    }

    @Test
    void aNamedNamespaceGoesWithItsMaker() throws IOException {
        Machine.requireDevices();
        String missing = whyNoNames();
        if (missing != null) {
            System.err.println("*** SKIPPED: no named namespaces here: " + missing);
            Assumptions.abort(missing);
        }
        String name = "sluice-test-" + ProcessHandle.current().pid();
        try (NetworkNamespace made = NetworkNamespace.create(name); NetworkNamespace same = NetworkNamespace.of(name)) {
            same.close(); // did not make it: does not remove it
            assertThat(NetworkNamespace.of(name).ip("-br", "link")).contains("lo");
            assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> NetworkNamespace.create(name))
                    .withMessageContaining("File exists");
            assertThat(made.name()).isEqualTo(name);
        }
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> NetworkNamespace.of(name))
                .withMessageContaining("ip netns add");
    }

    @Test
    void namesCannotBePaths() {
        assertThatIllegalArgumentException().isThrownBy(() -> NetworkNamespace.of("../../etc"));
        assertThatIllegalArgumentException().isThrownBy(() -> NetworkNamespace.create("a b"));
    }

    @Test
    void setupMakesOneBatch() {
        assertThat(InterfaceSetup.of("t0").address("10.0.0.1/24").address("fd99::1/64").mtu(9000).txQueueLength(2000)
                .route("10.1.0.0/16", "10.0.0.2")
                .route("default").lines(true))
                .containsExactly("link set dev t0 addrgenmode none", "link set dev t0 mtu 9000 txqueuelen 2000",
                        "address add 10.0.0.1/24 dev t0",
                        "address add fd99::1/64 dev t0 nodad", "link set dev t0 up",
                        "route add 10.1.0.0/16 via 10.0.0.2 dev t0", "route add default dev t0");
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceSetup.of("t0").address("10.0.0.1/24 dev lo"));
    }

    @Test
    void theRecipeWithoutRoot() {
        assertThat(NetworkNamespace.unshareCommand(List.of("java", "-version"))).containsExactly("unshare", "--user",
                "--map-root-user", "--net", "--", "java",
                "-version");
    }
}
