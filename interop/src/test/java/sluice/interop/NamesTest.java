package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.engine.SystemEntropy;
import sluice.sockets.names.HostsFile;
import sluice.sockets.names.Names;
import sluice.sockets.names.ResolvConf;
import sluice.wire.IpAddress;

/** Names of a stack, from a real server: dnsmasq in the namespace. */
class NamesTest {
    private static Names names(Lab lab, String conf) {
        return Names.start(lab.stack.access(), ResolvConf.parse(conf), HostsFile.LOCALHOST, new SystemEntropy());
    }

    private static List<String> lookup(Lab lab, String name) throws Exception {
        return lab.stack.call(() -> Arrays.stream(InetAddress.getAllByName(name)).map(InetAddress::getHostAddress)
                .sorted().toList());
    }

    @ParameterizedTest
    @EnumSource
    void theJvmLooksUpOnTheStack(Family family) throws Exception {
        try (Lab lab = Lab.start();
                Dnsmasq server = new Dnsmasq(lab.namespace);
                Names names = names(lab, "nameserver " + family.kernels + "\nsearch corp.test")) {
            List<String> both = List.of("192.0.2.1", "2001:db8:0:0:0:0:0:1");
            assertThat(lookup(lab, "host.test")).isEqualTo(both);
            assertThat(lookup(lab, "www")).as("searched, an alias").isEqualTo(both);
            assertThat(lookup(lab, "alias.test")).as("an alias of an alias").isEqualTo(both);
            assertThat(lookup(lab, "many.test")).as("longer than a datagram: TCP").hasSize(Dnsmasq.MANY);
            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> lookup(lab, "missing.test"))
                    .withMessage("missing.test: Name or service not known");
            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> lookup(lab, "empty.test"))
                    .withMessage("empty.test: No address associated with hostname");
            assertThat(lab.stack.call(() -> InetAddress.getByName("192.0.2.1").getCanonicalHostName()))
                    .isEqualTo("host.test");
            assertThat(names.nameOf(IpAddress.parse("2001:db8::1"))).isEqualTo("host.test");
            lab.assertNothingLeft();
            assertThat(server.process.isAlive()).isTrue();
        }
    }

    @Test
    void onABadPathToo() throws Exception {
        try (Lab lab = Lab.builder().impaired("loss 20% delay 5ms 5ms duplicate 5%", 53).start();
                Dnsmasq server = new Dnsmasq(lab.namespace);
                Names names = names(lab, "nameserver " + Family.V4.kernels + "\noptions timeout:1 attempts:5")) {
            for (int i = 0; i < 5; i++) {
                names.clearCache();
                assertThat(names.addresses("host.test")).hasSize(2);
                assertThat(names.addresses("alias.test", true, false)).hasSize(1);
            }
            assertThat(server.process.isAlive()).isTrue();
        }
    }

    @Test
    void whereThereIsNoServerTheKernelSaysSoAtOnce() {
        try (Lab lab = Lab.start(); Names names = names(lab, "nameserver " + Family.V4.kernels)) {
            long start = System.nanoTime();
            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.addresses("host.test"))
                    .withMessage("host.test: Temporary failure in name resolution");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }
}
