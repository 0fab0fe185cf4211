package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import sluice.link.linux.NetworkNamespace;

/** A name server of the kernel's: names under "test", at 10.99.0.1 and fd99::1, which are there already. */
final class Dnsmasq implements AutoCloseable {
    /** Addresses of many.test. */
    static final int MANY = 100;

    final Process process;
    private final Path log;

    Dnsmasq(NetworkNamespace namespace) throws IOException {
        Machine.requireTool("dnsmasq", "dnsmasq-base");
        List<String> command = new ArrayList<>(List.of("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
                "--no-resolv", "--no-hosts", "--no-daemon", "--user=root", "--pid-file=", "--bind-interfaces",
                "--listen-address=" + Family.V4.kernels, "--listen-address=" + Family.V6.kernels,
                "--local=/test/", "--local=/in-addr.arpa/", "--local=/ip6.arpa/", "--local-ttl=60",
                "--host-record=host.test,192.0.2.1,2001:db8::1", "--cname=www.corp.test,host.test",
                "--cname=alias.test,www.corp.test", "--txt-record=empty.test,nothing else"));
        for (int i = 0; i < MANY; i++) {
            command.add("--host-record=many.test,10.1.0." + i);
        }
        log = Files.createTempFile("dnsmasq", ".log");
        process = namespace.start(new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(log.toFile()));
        Lab.await("dnsmasq serves", Duration.ofSeconds(10), () -> {
            assertThat(process.isAlive()).as(this::log).isTrue();
            return log().contains("started");
        });
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor();
        Files.delete(log);
    }
}
