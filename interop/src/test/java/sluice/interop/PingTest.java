package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.base.Counter;
import sluice.core.icmp.PingReply;
import sluice.sockets.SluicePing;

/** Echo requests of any size, both ways. */
class PingTest {
    @ParameterizedTest(name = "offload {0}, {1}")
    @CsvSource({"true,V4", "true,V6", "false,V4", "false,V6"})
    void theKernelPingsUs(boolean offload, Family family) throws Exception {
        Machine.requireTool("ping", "iputils-ping");
        try (Lab lab = Lab.builder().offload(offload).start()) {
            for (int size : new int[]{0, 56, 1452, 1453, 1472, 1473, 2960, 8000, 65_000,
                family == Family.V4 ? 65_507 : 65_527}) {
                Lab.Run run = lab.run(Duration.ofSeconds(10), "ping", "-c", "3", "-i", "0.01", "-w", "5", "-s",
                        "" + size, family.ours);
                assertThat(run.out()).as("size " + size).contains(" 0% packet loss").doesNotContain("wrong data");
                assertThat(run.status()).isZero();
            }
            if (family == Family.V4) {
                assertThat(lab.count(Counter.IpReasmOKs)).isPositive();
                assertThat(lab.count(Counter.IpFragOKs)).isPositive();
                assertThat(lab.count(Counter.IpReasmFails)).isZero();
            } else {
                assertThat(lab.count(Counter.Ip6ReasmOKs)).isPositive();
                assertThat(lab.count(Counter.Ip6FragOKs)).isPositive();
                assertThat(lab.count(Counter.Ip6ReasmFails)).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void wePingTheKernel(Family family) throws Exception {
        Machine.requireTool("ping", "iputils-ping");
        try (Lab lab = Lab.start(); SluicePing ping = new SluicePing(lab.stack, family.kernelsIp())) {
            lab.assertAlive();
            for (int size : new int[]{0, 56, 1452, 1472, 1473, 8000, 65_000}) {
                ping.send(size, 64);
                PingReply reply = ping.receive(Duration.ofSeconds(2));
                assertThat(reply).as("size " + size).isNotNull();
                assertThat(reply.error()).isNull();
                assertThat(reply.bytes()).isIn(size, size + 8);
                assertThat(reply.ttl()).isEqualTo(64);
            }
        }
    }

    @Test
    void fragmentsOfAllMtus() throws Exception {
        Machine.requireTool("ping", "iputils-ping");
        for (int mtu : new int[]{576, 1280, 9000, 65_535}) {
            try (Lab lab = Lab.builder().mtu(mtu).start()) {
                for (Family family : mtu < 1280 ? new Family[]{Family.V4} : Family.values()) {
                    for (int size : new int[]{500, 8000, 60_000}) {
                        Lab.Run run = lab.run(Duration.ofSeconds(10), "ping", "-c", "2", "-i", "0.01", "-w", "5", "-s",
                                "" + size, family.ours);
                        assertThat(run.out()).as("mtu " + mtu + " size " + size).contains(" 0% packet loss");
                    }
                }
            }
        }
    }
}
