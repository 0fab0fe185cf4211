package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.link.linux.NetworkNamespace;

/** The command itself, {@code ./sluice serve}, as packaged, with the kernel's programs. */
class ServeTest {
    @TempDir
    Path directory;

    @Test
    void curlAndIperf3() throws Exception {
        Machine.requireDevices();
        Machine.requireTool("curl", "curl");
        Machine.requireTool("iperf3", "iperf3");
        Path root = Path.of(System.getProperty("sluice.root", ".."));
        Machine.require(Files.isDirectory(root.resolve("cli/target/lib")),
                "./sluice is not built (these tests run after package)");
        byte[] data = new byte[5_000_000];
        new java.util.Random(3).nextBytes(data);
        Files.write(directory.resolve("file"), data);
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            ProcessBuilder builder = new ProcessBuilder(root.resolve("sluice").toString(), "serve", "--netns",
                    namespace.name(), "--http", directory.toString(),
                    "--iperf3", "--json").redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("SLUICE_NO_BUILD", "1");
            Process serve = builder.start();
            try {
                assertThat(serve.inputReader().readLine()).contains("\"ready\":true");
                for (String url : new String[]{"http://10.99.0.2/file", "http://[fd99::2]/file"}) {
                    Path got = directory.resolve("got");
                    assertThat(
                            Lab.run(namespace, Duration.ofSeconds(20), "curl", "-sS", "-g", "-o", got.toString(), url)
                                    .out())
                            .isEmpty();
                    assertThat(Files.mismatch(directory.resolve("file"), got)).isEqualTo(-1);
                }
                for (String option : new String[]{"-R", "--bidir"}) {
                    Lab.Run run = Lab.run(namespace, Duration.ofSeconds(20), "iperf3", "-J", "-t", "1", "-P", "8",
                            option, "-c", "10.99.0.2");
                    assertThat(run.status()).as(run.out()).isZero();
                }
                serve.destroy(); // SIGTERM
                assertThat(serve.waitFor(10, TimeUnit.SECONDS)).as("ended by SIGTERM").isTrue();
                assertThat(namespace.ip("-br", "link")).as("its device is gone").doesNotContain("sluice");
            } finally {
                serve.destroyForcibly().waitFor();
            }
        }
    }
}
