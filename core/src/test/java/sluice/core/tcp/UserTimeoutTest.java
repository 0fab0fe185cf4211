package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;

/** The user-timeout option: RFC 5482. */
@Rfc(5482)
class UserTimeoutTest {
    private static TcpConversation.Builder enabled() {
        return with().options(o -> o.userTimeoutOption = true);
    }

    private static long userTimeoutMs(TcpConversation c) {
        return c.tcb.userTimeout.ms();
    }

    @Test
    @Rfc(value = 5482, section = "3")
    void offUnlessEnabled() {
        TcpConversation c = with().peer("<mss 1460, raw 1c040258>").established();
        c.send("PA (1) <raw 1c040258>").read(1);
        assertThat(userTimeoutMs(c)).as("silently ignored").isZero();
        assertThat(c.tcb.userTimeout.remoteSeconds()).isZero();
        c.write(1).recv("PA 1(1) -");
    }

    @Test
    @Rfc(value = 5482, section = "3")
    void toldInTheSynAndInTheFirstSegmentWithoutIt() {
        TcpConversation c = enabled().options(o -> o.advertisedUserTimeoutSeconds = 600).connecting();
        c.recv("S 0(0) <uto 600>").send("SA <mss 1460, raw 1c0403e8>").recv("A 1(0) ack 1 <uto 600>");
        assertThat(userTimeoutMs(c)).as("the greater of the two").isEqualTo(1_000_000);
        c.write(1).recv("PA 1(1) -").send("A");
        c.options(o -> o.advertisedUserTimeoutSeconds = 2000).write(1460).recv("PA 2(1460) -").send("A").write(1)
                .recv("PA 1462(1) <uto 2000>");
        assertThat(userTimeoutMs(c)).isEqualTo(2_000_000);
    }

    @Test
    @Rfc(value = 5482, section = "3")
    void listenersToo() {
        TcpConversation c = enabled().set("sluice.tcp_user_timeout_max", 1200).peer("<mss 1460, raw 1c048078>")
                .listening();
        c.send("S <mss 1460, raw 1c048078>").recv("SA 0(0) <uto 300>").send("A").recvNothing();
        c.tcb = c.listener.accept();
        assertThat(c.tcb.userTimeout.remoteSeconds()).as("120 minutes").isEqualTo(7200);
        assertThat(userTimeoutMs(c)).as("U_LIMIT").isEqualTo(1_200_000);
        c.write(1).recv("PA 1(1) <uto 300>").write(1);
    }

    @Test
    @Rfc(value = 5482, section = "3.1")
    void limits() {
        TcpConversation c = enabled().options(o -> o.advertisedUserTimeoutSeconds = 5).established();
        assertThat(userTimeoutMs(c)).as("L_LIMIT").isEqualTo(100_000);
        c.send("A <raw 1c040000>");
        assertThat(c.tcb.userTimeout.remoteSeconds()).as("0 is reserved").isZero();
        c.send("A <raw 1c041000>");
        assertThat(userTimeoutMs(c)).as("U_LIMIT").isEqualTo(3_600_000);
    }

    @Test
    @Rfc(value = 5482, section = "3.1")
    void whatTheApplicationSetStays() {
        TcpConversation c = enabled().options(o -> o.userTimeoutMs = 20_000).synSent();
        c.send("SA <mss 1460, raw 1c040258>").recv("A 1(0) <uto 20>");
        assertThat(userTimeoutMs(c)).as("CHANGEABLE is false").isEqualTo(20_000);
        assertThat(c.tcb.userTimeout.remoteSeconds()).as("the application can look").isEqualTo(600);
        c.options(o -> o.userTimeoutChangeable = true);
        assertThat(userTimeoutMs(c)).isEqualTo(600_000);
    }

    /**
     * The timeout of both sides is what the connection lives by: without it, Linux's 15 retransmissions would take 924
     * s.
     */
    @Test
    @Rfc(value = 5482, section = "3.1")
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-21")
    void theConnectionLivesByIt() {
        TcpConversation c = with().set("sluice.tcp_user_timeout_option", 1)
                .options(o -> o.advertisedUserTimeoutSeconds = 120).synSent();
        c.send("SA <mss 1460, raw 1c040096>").recv("A 1(0)").write(10).recv("PA 1(10)").at(149_000);
        c.all();
        c.state(TcpState.ESTABLISHED).at(151_500).state(TcpState.CLOSED);
        assertThat(c.tcb.takeError()).isEqualTo(Errno.ETIMEDOUT);
    }
}
