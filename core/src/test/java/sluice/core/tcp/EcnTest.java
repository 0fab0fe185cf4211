package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Rfc;
import sluice.core.TestPackets;

/** Explicit congestion notification (RFC 3168). */
class EcnTest {
    private static TcpConversation agreed() {
        return with().set("tcp_ecn", 1).connecting().recv("SEC 0(0) tos 0").send("SAE <mss 1460>")
                .recv("A 1(0) ack 1 tos 0");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.2", req = "SHLD-8")
    @Rfc(value = 3168, section = "6.1.1")
    void aHostThatIsToldToAsksForEcn() {
        agreed().write(10).recv("PA 1(10) tos 2");
    }

    @Test
    @Rfc(value = 3168, section = "5")
    void anAlgorithmThatDoesNotMindMarksDoesNotAskForThem() {
        for (String algorithm : new String[]{"bbr", "bbr3", "fixed:10"}) {
            with().options(o -> o.congestionControl = algorithm).set("tcp_ecn", 1).connecting().recv("SEC 0(0) tos 0")
                    .send("SAE <mss 1460>")
                    .recv("A 1(0) tos 0")
                    .write(10).recv("PA 1(10) tos 0");
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.2", req = "SHLD-8")
    @Rfc(value = 3168, section = "6.1.1")
    void aPeerThatAsksIsAccepted() {
        TcpConversation c = with().listening().send("SEC 0(0) <mss 1460>").recv("SAE 0(0) ack 1").send("A")
                .recvNothing();
        c.tcb = c.listener.accept();
        c.write(10).recv("PA 1(10) tos 2");
    }

    /** The application's class has six bits; the two of ECN are the connection's. */
    @Test
    @Rfc(value = 3168, section = "5")
    void theApplicationCannotMark() {
        for (int tos = 8; tos < 12; tos++) {
            int own = tos;
            with().options(o -> o.trafficClass = own).connecting().recv("S 0(0) tos 8").send("SA <mss 1460>")
                    .recv("A 1(0) tos 8").write(10).recv("PA 1(10) tos 8");
            with().options(o -> o.trafficClass = own).set("tcp_ecn", 1).connecting().recv("SEC 0(0) tos 8")
                    .send("SAE <mss 1460>").recv("A 1(0) tos 8").write(10).recv("PA 1(10) tos 10");
        }
    }

    @Test
    @Rfc(value = 3168, section = "6.1.1")
    void withoutAgreementNothingIsMarked() {
        with().connecting().recv("S 0(0) tos 0").send("SA <mss 1460>").recv("A 1(0)").write(10).recv("PA 1(10) tos 0");
        with().set("tcp_ecn", 1).connecting().recv("SEC 0(0)").send("SA <mss 1460>").recv("A 1(0)").write(10)
                .recv("PA 1(10) tos 0");
        with().set("tcp_ecn", 1).connecting().recv("SEC 0(0)").send("SAEC <mss 1460>").recv("A 1(0)").write(10)
                .recv("PA 1(10) tos 0");
        with().set("tcp_ecn", 0).listening().send("SEC 0(0) <mss 1460>").recv("SA 0(0) ack 1");
    }

    @Test
    @Rfc(value = 3168, section = "6.1.3")
    void aMarkIsEchoedUntilTheSenderConfirms() {
        TcpConversation c = agreed();
        byte[] p = Seg.parse("PA 1(10) ack 1 win 9000").packet(c.peerAddress, c.peerPort, c.hostAddress, c.hostPort,
                c.peerIsn, c.hostIsn,
                TcpConversation.pattern(1, 10));
        p[1] = 3;
        TestPackets.set16(p, 10, 0);
        TestPackets.set16(p, 10, TestPackets.sum(TestPackets.slice(p, 0, 20)));
        c.packet(p).recv("AE 1(0) ack 11").send("PA 11(10)").recv("AE 1(0) ack 21").send("PAC 21(10)")
                .recv("A 1(0) ack 31");
    }

    @Test
    @Rfc(value = 3168, section = "6.1.2")
    void anEchoReducesTheWindowOnceAndIsConfirmed() {
        TcpConversation c = agreed().write(14_600);
        c.all();
        int before = c.tcb.congestion.cwndSegments();
        c.send("AE ack 1461");
        c.write(1460);
        c.after(1);
        c.send("AE ack 14601").write(1460);
        Seg first = c.all().stream().filter(s -> s.has(Seg.CWR)).findFirst().orElse(null);
        c.check(first != null, "no CWR").check(c.tcb.congestion.cwndSegments() < before,
                "cwnd " + c.tcb.congestion.cwndSegments());
    }
}
