package sluice.sockets.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.sockets.JvmSelectorProvider;

/** The JDK's own programs in a JVM whose default provider and socket factories are ours: {@link Cases}, in a fork. */
class JvmDefaultTest {
    private static final int LIMIT_S = 120;

    @TempDir
    static Path dir;

    private static List<String> output = List.of();

    @BeforeAll
    static void runAll() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin");
        Path keys = dir.resolve("keys.p12");
        run(dir.resolve("keytool.txt"), java.resolve("keytool").toString(), "-genkeypair", "-alias", "server",
                "-keyalg",
                "EC", "-dname", "CN=10.0.0.2", "-ext", "san=ip:10.0.0.2", "-storetype", "PKCS12", "-storepass",
                Cases.PASSWORD, "-keystore", keys.toString());
        output = run(dir.resolve("cases.txt"), java.resolve("java").toString(), "-ea", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Djava.nio.channels.spi.SelectorProvider=" + JvmSelectorProvider.class.getName(), "-cp",
                System.getProperty("java.class.path"), Cases.class.getName(), keys.toString());
    }

    private static List<String> run(Path output, String... command) throws Exception {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = p.waitFor(LIMIT_S, TimeUnit.SECONDS);
        p.destroyForcibly();
        List<String> lines = Files.readAllLines(output);
        assertThat(ended).as("ended in time: %s", lines).isTrue();
        assertThat(p.exitValue()).as("exit status: %s", lines).isZero();
        return lines;
    }

    static List<String> cases() {
        return new ArrayList<>(Cases.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds(String name) {
        assertThat(output).as("output of the fork").contains("ok " + name);
    }
}
