package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.core.tcp.user.TcpInfo;

/** What either side may refuse to offer: the connection does without. */
class HandshakeTest {
    private static final Duration STALL = Duration.ofSeconds(4);

    @ParameterizedTest(name = "{0}={1}, kernel''s {2}, connected by us {3}")
    @CsvSource({"tcp_timestamps,0,true,false", "tcp_timestamps,0,true,true", "tcp_timestamps,0,false,false",
        "tcp_timestamps,0,false,true",
        "tcp_sack,0,true,false", "tcp_sack,0,true,true", "tcp_sack,0,false,false", "tcp_sack,0,false,true",
        "tcp_window_scaling,0,true,false",
        "tcp_window_scaling,0,true,true", "tcp_window_scaling,0,false,false", "tcp_window_scaling,0,false,true",
        "tcp_ecn,1,true,false", "tcp_ecn,1,false,true",
        "tcp_ecn,1,true,true", "tcp_ecn,0,true,true"})
    void withOneOptionLess(String setting, String value, boolean kernels, boolean weConnect) throws Exception {
        Lab.Builder builder = Lab.builder().offload(weConnect).impaired("loss 0.5% limit 10000", 3);
        if (!kernels) {
            builder.set("net.ipv4." + setting, value);
        }
        try (Lab lab = builder.start()) {
            if (kernels) {
                lab.sysctl("net.ipv4." + setting, value);
            }
            try (Connected c = weConnect ? Connected.fromUs(lab, Family.V4) : Connected.toUs(lab, Family.V4)) {
                TcpInfo info = c.info();
                assertThat(info.timestamps).isEqualTo(!setting.equals("tcp_timestamps"));
                assertThat(info.sack).isEqualTo(!setting.equals("tcp_sack"));
                assertThat(info.windowScaling).isEqualTo(!setting.equals("tcp_window_scaling"));
                String ss = lab.namespace.run("ss", "-tien", "state", "established");
                assertThat(ss.contains(" ts ")).as(ss).isEqualTo(info.timestamps);
                assertThat(ss.contains(" sack ")).as(ss).isEqualTo(info.sack);
                assertThat(ss.contains("wscale:")).as(ss).isEqualTo(info.windowScaling);
                Transfer a = Transfer.start(setting + " receives", c.kernelPeer(), c.sluicePeer(), 1 << 20);
                Transfer b = Transfer.start(setting + " sends", c.sluicePeer(), c.kernelPeer(), 1 << 20);
                a.finish(STALL, lab);
                b.finish(STALL, lab);
            }
            lab.assertNothingLeft();
        }
    }
}
