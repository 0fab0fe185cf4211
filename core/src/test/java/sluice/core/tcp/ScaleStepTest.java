package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Rfc;
import sluice.core.Pollable;

/** Windows that are smaller than a step of their scale, and readers that wait for more than the window lets in. */
class ScaleStepTest {
    private static TcpConversation scaled(int firstBuffer) {
        return with().set("tcp_rmem", "4096 " + firstBuffer + " 1073741824").peer("<mss 1460, wscale 3>").established();
    }

    @Test
    @Rfc(value = 7323, section = "2.3")
    void aSmallBufferIsOfferedAsAStepWhileHalfOfItIsFree() {
        TcpConversation c = scaled(8000);
        c.check(c.tcb.agreed.ourShift == 14, "shift " + c.tcb.agreed.ourShift);
        c.send("PA (2000)").recv("A 1(0) ack 2001 win 1").send("PA (1)").after(40).recv("A 1(0) ack 2002 win 0");
        c.read(1).recv("A 1(0) ack 2002 win 1").send("PA (1)").after(40).recv("A 1(0) ack 2003 win 0");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "SHLD-14")
    void whatWasPromisedIsTakenThoughItWasToldAsNothing() {
        TcpConversation c = scaled(8000).send("PA (4000)").recv("A 1(0) ack 4001 win 0");
        c.send("PA (10000)").recv("A 1(0) ack 14001 win 0").read(14_000).recv("A 1(0) ack 14001 win 1");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2.2", req = "MUST-39")
    void aPeerThatDripsGetsNoMoreThanHalfTheBufferAndAStep() {
        TcpConversation c = scaled(20_000);
        for (int i = 0; i < 40; i++) {
            c.send("PA (700)").after(50);
            c.all();
            c.check(c.tcb.available() + c.tcb.rcv.windowLeft() <= 5000 + (1 << 14),
                    "promised " + c.tcb.rcv.windowLeft() + " with " + c.tcb.available() + " waiting");
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2.2", req = "MUST-39")
    void aWindowToldAsNothingOpensAgainWhenASegmentFits() {
        TcpConversation c = with().peer("<mss 1460, wscale 3>").established().options(o -> o.receiveBufferBytes = 4000);
        c.send("PA (64140)").recv("A 1(0) ack 64141 win 0").read(64_140).recv("A 1(0) ack 64141 win 3");
        c.send("PA (2700)").recv("A 1(0) ack 66841 win 1").send("PA (500)").after(40).recv("A 1(0) ack 67341 win 0");
        // 524 bytes are promised, 800 are free
        c.read(659).recvNothing().read(1).recv("A 1(0) ack 67341 win 1");
    }

    @Test
    void lowWatermarkOfTheWholeBufferIsReadableWhenTheWindowIsShut() {
        TcpConversation c = established().options(o -> {
            o.receiveBufferBytes = 4000;
            o.receiveLowatBytes = 4000;
        });
        c.send("PA (60000)").read(60_000);
        c.all();
        c.send("PA (2500)").notReady(Pollable.READABLE).send("PA (1200)").ready(Pollable.READABLE);
    }
}
