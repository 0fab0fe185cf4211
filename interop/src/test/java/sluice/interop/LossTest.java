package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.Main;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.SystemCallException;

/** What the command says, and how it ends, when its device, its namespace or its disk is lost under it. */
class LossTest {
    @TempDir
    Path folder;

    private NetworkNamespace namespace;
    private Process process;
    private BufferedReader err;

    @BeforeEach
    void makeNamespace() {
        Machine.requireDevices();
        namespace = NetworkNamespace.createPrivate();
    }

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void start(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        process = namespace.start(new ProcessBuilder(command));
        err = process.errorReader();
    }

    private void ends(int status, String... said) throws Exception {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(err.lines()).containsExactly(said);
        assertThat(process.exitValue()).isEqualTo(status);
    }

    @Test
    void aDeletedDeviceEndsServe() throws Exception {
        start("serve", "--echo", "--blocking-echo", "8", "--tun", "t0", "--http", folder.toString());
        assertThat(process.inputReader().readLine()).startsWith("ready on t0");
        namespace.ip("link", "del", "t0");
        ends(1, "sluice serve: t0 is gone (the device was deleted)");
    }

    @Test
    void aDeletedDeviceEndsACommandThatWaits() throws Exception {
        start("nc", "-l", "7", "--tun", "t0");
        for (int i = 0; i < 300 && !namespace.ip("-br", "address").contains("10.99.0.1"); i++) {
            assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
        }
        namespace.ip("link", "del", "t0");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(process.exitValue()).isOne();
        assertThat(String.join("\n", err.lines().toList())).contains("t0 is gone").doesNotContain("\tat ");
    }

    @Test
    void aDeviceThatIsDownIsSaidOnceAndServesAgain() throws Exception {
        start("serve", "--chargen", "--tun", "t0");
        assertThat(process.inputReader().readLine()).startsWith("ready on t0");
        // reads nothing
        Process client = namespace.start(new ProcessBuilder("bash", "-c", "exec 3<>/dev/tcp/10.99.0.2/19 && sleep 60"));
        try {
            assertThat(client.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
            namespace.ip("link", "set", "t0", "down");
            assertThat(err.readLine())
                    .isEqualTo("sluice: t0 takes no packets (it is down; ip link set t0 up): they are "
                            + "dropped until it does");
            namespace.ip("link", "set", "t0", "up");
            assertThat(err.readLine()).isEqualTo("sluice: t0 takes packets again");
        } finally {
            client.destroyForcibly().waitFor();
        }
        process.toHandle().destroy(); // Process.destroy would close what it still says
        ends(0);
    }

    @Test
    void aDeviceThatGoesDownIsSaidAlthoughNothingIsSent() throws Exception {
        start("serve", "--echo", "--tun", "t0");
        assertThat(process.inputReader().readLine()).startsWith("ready on t0");
        namespace.ip("link", "set", "t0", "down");
        assertThat(err.readLine()).startsWith("sluice: t0 takes no packets (it is down; ip link set t0 up)");
        namespace.ip("link", "set", "t0", "up");
        assertThat(err.readLine()).isEqualTo("sluice: t0 takes packets again");
        process.toHandle().destroy(); // Process.destroy would close what it still says
        ends(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping -c 1 10.99.0.1", "nc -u -w 1 10.99.0.1 7", "nc -l 7", "fetch http://10.99.0.1/",
        "iperf3 -c 10.99.0.1", "iperf3 -s"})
    void aCommandOnADeviceThatIsDownSaysSo(String line) throws Exception {
        namespace.ip("tuntap", "add", "t0", "mode", "tun");
        start((line + " --tun-existing --tun t0").split(" "));
        assertThat(err.readLine()).startsWith("sluice: t0 takes no packets (it is down; ip link set t0 up)");
    }

    @Test
    void aProgramWhoseDeviceIsDeletedEnds() throws Exception {
        start("exec", "--tun", "t0", "--", ProcessHandle.current().info().command().orElse("java"), "-m",
                "jdk.httpserver", "-b", "0.0.0.0", "-p", "8000");
        assertThat(process.inputReader().readLine()).isNotNull(); // the server says where it listens
        namespace.ip("link", "del", "t0");
        ends(1, "sluice exec: t0 is gone (the device was deleted)");
    }

    @Test
    void aRelayWhoseDeviceIsDeletedEnds() throws Exception {
        start("netem", "--between", "-/t0", "-/t1", "delay 1ms");
        assertThat(process.inputReader().readLine()).startsWith("ready");
        namespace.ip("link", "del", "t1");
        ends(1, "sluice netem: t1 is gone (the device was deleted)");
    }

    @Test
    void aNameThatIsTakenIsSaidOfTheOption() throws Exception {
        start("ping", "--tun", "lo", "10.99.0.1");
        ends(1, "sluice ping: --tun lo: there is an interface of this name already, and it is no TUN device of one "
                + "queue: choose another name");
    }

    @Test
    void aDeletedNamespaceEndsServe() throws Exception {
        String name = "sluice-lost-" + ProcessHandle.current().pid();
        namespace.close();
        try {
            namespace = NetworkNamespace.create(name);
        } catch (SystemCallException e) {
            Machine.require(false, "named namespaces cannot be made here: " + e.getMessage());
        }
        NetworkNamespace deleted = namespace;
        namespace = NetworkNamespace.current();
        start("serve", "--echo", "--netns", name);
        assertThat(process.inputReader().readLine()).startsWith("ready on");
        deleted.close();
        ends(1, "sluice serve: network namespace " + name + " is gone (it was deleted)");
    }

    @Test
    void aFullDiskUnderTheCaptureStopsNoTraffic() throws Exception {
        Files.writeString(folder.resolve("a"), "all of it");
        start("serve", "--http", folder.toString(), "--tun", "t0", "--capture", "/dev/full");
        assertThat(process.inputReader().readLine()).startsWith("ready on t0");
        assertThat(err.readLine()).isEqualTo("sluice: --capture /dev/full cannot be written: No space left on device");
        Machine.requireTool("curl", "curl");
        assertThat(Lab.run(namespace, Duration.ofSeconds(10), "curl", "-sS", "http://10.99.0.2/a").out())
                .isEqualTo("all of it");
        process.toHandle().destroy(); // Process.destroy would close what it still says
        ends(1);
    }
}
