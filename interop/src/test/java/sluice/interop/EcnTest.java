package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Rfc;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.ecn.AccEcnSender.OptionSeen;
import sluice.core.tcp.user.TcpInfo;
import sluice.link.linux.SystemCallException;

/**
 * Explicit congestion notification with Linux on a path that marks: what both agree on, that marks arrive both ways,
 * and that nothing is retransmitted for them.
 */
class EcnTest {
    private static final Duration STALL = Duration.ofSeconds(8);
    private static final int BYTES = 2 << 20;

    @ParameterizedTest(name = "kernel''s tcp_ecn={0}, ours {1}, connected by us {2}: {3}")
    @CsvSource({"3,3,true,ACCECN", "3,3,false,ACCECN", "5,3,true,ACCECN", "3,5,false,ACCECN", "1,3,true,RFC3168",
        "3,1,false,RFC3168", "1,1,true,RFC3168",
        "1,1,false,RFC3168", "2,3,true,RFC3168", "0,3,true,DISABLED", "3,0,false,DISABLED"})
    @Rfc(value = 9768, section = "3.1.2")
    @Rfc(value = 3168, section = "6.1")
    void marksInsteadOfLosses(int kernels, int ours, boolean weConnect, EcnMode mode) throws Exception {
        try (Lab lab = Lab.builder().offload(weConnect).set("net.ipv4.tcp_ecn", Integer.toString(ours))
                .impaired("delay 2ms loss 2% ecn limit 10000", 7)
                .start()) {
            try {
                lab.sysctl("net.ipv4.tcp_ecn", Integer.toString(kernels));
            } catch (SystemCallException e) {
                assumeTrue(kernels < 3, "SKIPPED: this kernel has no accurate ECN: " + e.getMessage());
                throw e;
            }
            try (Connected c = weConnect ? Connected.fromUs(lab, Family.V4) : Connected.toUs(lab, Family.V4)) {
                TcpInfo before = c.info();
                assertThat(before.ecnMode).isEqualTo(mode);
                Transfer a = Transfer.start("ECN receives", c.kernelPeer(), c.sluicePeer(), BYTES);
                a.finish(STALL, lab);
                Transfer b = Transfer.start("ECN sends", c.sluicePeer(), c.kernelPeer(), BYTES);
                b.finish(STALL, lab);
                TcpInfo info = c.info();
                if (mode == EcnMode.DISABLED) {
                    assertThat(info.deliveredCe).isZero();
                } else {
                    assertThat(info.deliveredCe).as("marks that Linux reported").isPositive();
                }
                if (mode == EcnMode.ACCECN) {
                    assertThat(info.receivedCe).as("marks that arrived here").isPositive();
                    assertThat(info.accEcnFailures).as("failures").isZero();
                    assertThat(info.accEcnOptionSeen).isEqualTo(OptionSeen.COUNTER_SEEN);
                    assertThat(info.deliveredCeBytes + info.deliveredE0Bytes).as("bytes that Linux reported")
                            .isGreaterThan(BYTES * 9L / 10)
                            .isLessThanOrEqualTo(BYTES + 16L);
                    assertThat(info.totalRetrans).as("retransmitted, although nothing that is marked is lost").isZero();
                }
            }
            lab.assertNothingLeft();
        }
    }
}
