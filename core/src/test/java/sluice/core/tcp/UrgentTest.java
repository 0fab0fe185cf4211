package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.tcp.user.TcpSocket;

/** Urgent data, both ways. */
class UrgentTest {
    private static int urgentByte(TcpConversation c) {
        MemorySegment m = Arena.ofAuto().allocate(1);
        int n = c.tcb.receive(m, 0, 1, TcpSocket.FLAG_URGENT, c.now());
        c.check(n == 1, "received " + n);
        return m.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-62"})
    void theUrgentPointerNamesTheOctetAfterTheUrgentData() {
        established().write(10, TcpSocket.FLAG_URGENT).recv("PAU 1(10) ack 1 urg 10");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-31"})
    void urgentDataMayBeLong() {
        TcpConversation c = with().peer("<mss 1000>").established().write(3000, TcpSocket.FLAG_URGENT).recv(
                "AU 1(1000) urg 3000", "AU 1001(1000) urg 2000",
                "PAU 2001(1000) urg 1000");
        c.send("A").write(10).recv("PA 3001(10)");
    }

    /** More than the pointer can say: it names the farthest octet that it can until the end is in reach. */
    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-31"})
    void urgentDataMayBeLongerThanThePointerReaches() {
        TcpConversation c = with().options(o -> o.sendBufferBytes = 300_000).window(1000)
                .peer("<mss 1000, wscale 10>").established();
        int length = 200_000;
        c.write(length, TcpSocket.FLAG_URGENT);
        int end = 1 + length;
        int next = 1;
        while (next < end) {
            for (Seg s : c.all()) {
                c.check(s.seq == next, "sent " + s.seq).check(s.has(Seg.URG), "no urgent pointer at " + s.seq);
                c.check(s.urg == Math.min(65_535, end - next), "pointer " + s.urg + " at " + s.seq);
                next += s.length;
            }
            c.after(1).send("A ack " + next);
        }
        c.write(10).recv("PA " + end + "(10)");
    }

    /** The reader is in urgent mode until the last of several announcements, each as far as a pointer reaches. */
    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-31", "MUST-32"})
    void announcedUrgentDataMayBeLongerThanThePointerReaches() {
        TcpConversation c = with().set("tcp_rmem", "4096 400000 400000").established();
        int last = 150_000;
        for (int seq = 1; seq <= last; seq += 1000) {
            c.send("AU " + seq + "(1000) urg " + Math.min(65_535, last + 1 - seq));
            c.check(c.tcb.urgent.received(), "urgent mode ended at " + seq);
            c.check(c.tcb.rcv.up == c.tcb.rcv.irs + seq + Math.min(65_535, last + 1 - seq), "wrong at " + seq);
            c.all();
            c.read(seq + 999 == last ? 999 : 1000);
        }
        c.check(urgentByte(c) == (TcpConversation.pattern(last, 1)[0] & 0xff), "wrong byte");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-30")
    void anUrgentPointerIsSentThoughTheWindowIsClosed() {
        TcpConversation c = with().window(1000).established().write(1000);
        c.all();
        c.send("A ack 1001 win 0").write(10, TcpSocket.FLAG_URGENT);
        c.next();
        Seg s = c.any();
        c.check(s.has(Seg.URG) && s.seq + s.urg == 1011, "no urgent pointer: " + s);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-32", "MUST-47"})
    void theApplicationIsToldOfAnUrgentPointerBeforeTheData() {
        TcpConversation c = established();
        c.signalled();
        c.send("UA 1(0) urg 500").check(c.signalled(), "not told").check(c.tcb.urgent.received(), "not noted");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-32", "MUST-33"})
    void theUrgentByteIsKeptApart() {
        TcpConversation c = established().send("PUA 1(10) urg 10").ready(Pollable.URGENT);
        c.check(urgentByte(c) == (TcpConversation.pattern(10, 1)[0] & 0xff), "wrong byte").read(9);
        c.check(c.tryRead(1) == 0, "the urgent byte is in the stream").notReady(Pollable.URGENT);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-33")
    void aReadStopsAtTheUrgentByte() {
        TcpConversation c = established().send("PUA 1(20) urg 10");
        c.check(c.tryRead(100) == 9, "read past the mark").skipRead(1).check(c.tryRead(100) == 10, "the rest");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-33")
    void inlineUrgentDataStaysInTheStream() {
        TcpConversation c = with().options(o -> o.oobInline = true).established().send("PUA 1(20) urg 10");
        c.check(c.tryRead(100) == 9, "read past the mark").read(11);
        c.fails(Errno.EINVAL, () -> urgentByte(c));
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-33")
    void urgentDataThatIsNotThereYetIsAwaited() {
        TcpConversation c = established();
        c.fails(Errno.EINVAL, () -> urgentByte(c));
        c.send("UA 1(0) urg 10");
        c.fails(Errno.EAGAIN, () -> urgentByte(c));
        c.send("PA 1(10)").ready(Pollable.URGENT).check(urgentByte(c) == (TcpConversation.pattern(10, 1)[0] & 0xff),
                "wrong byte");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-32")
    void theApplicationIsToldAgainWhenThePointerAdvancesAndOnlyThen() {
        TcpConversation c = established().send("UA 1(0) urg 500");
        c.signalled();
        c.send("UA 1(0) urg 500").check(!c.signalled(), "told twice").send("UA 1(0) urg 600").check(c.signalled(),
                "not told of the advance");
        c.check(c.tcb.rcv.up == c.peerIsn + 601, "RCV.UP " + (c.tcb.rcv.up - c.peerIsn)).send("UA 1(0) urg 100").check(
                c.tcb.rcv.up == c.peerIsn + 601,
                "RCV.UP moved back");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = {"MUST-66", "MUST-32"})
    void anUrgentPointerIsTakenWithAZeroWindow() {
        TcpConversation c = with().options(o -> o.receiveBufferBytes = 1000).established();
        c.send("PA (1000)").recv("A 1(0) ack 1001 win 0");
        c.signalled();
        c.send("UA 1001(1) urg 1").check(c.tcb.urgent.received() && c.signalled(), "not noted");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anUrgentPointerToDataThatWasReadIsIgnored() {
        TcpConversation c = established().send("PA 1(10)").read(10);
        c.all();
        c.send("UA 11(0) urg 0").check(!c.tcb.urgent.received(), "noted");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anUrgentPointerToDataThatArrivedAndWasNotReadCounts() {
        TcpConversation c = established().send("PA 1(10)");
        c.all();
        c.send("UA 5(6) urg 4").ready(Pollable.URGENT).check(urgentByte(c) == (TcpConversation.pattern(8, 1)[0] & 0xff),
                "wrong byte");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-62")
    void theOldMeaningOfThePointerIsASetting() {
        with().set("tcp_stdurg", 1).established().write(10, TcpSocket.FLAG_URGENT).recv("PAU 1(10) urg 9");
    }

    @Test
    void urgentDataPassesNagle() {
        established().write(10).recv("PA 1(10)").write(1, TcpSocket.FLAG_URGENT).recv("PAU 11(1) urg 1");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-32")
    void inlineUrgentModeEndsWhenTheByteWasReadPast() {
        TcpConversation c = with().options(o -> o.oobInline = true).established().send("PUA 1(20) urg 10");
        c.ready(Pollable.URGENT).read(9).ready(Pollable.URGENT).read(1).notReady(Pollable.URGENT).read(10);
        c.check(!c.tcb.urgent.received(), "urgent mode goes on");
    }

    /** RCV.UP is a sequence number: the pointer of long ago must not be compared with. */
    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-32")
    void anUrgentPointerIsNoticedAfterTwoToTheThirtyOneBytes() {
        TcpConversation c = with().options(o -> o.oobInline = true).established().send("PUA (10) urg 10");
        c.read(9).read(1);
        long end = 10;
        while (end <= 1L << 31) {
            c.send("PA (60000)").skipRead(60_000);
            c.tcb.consume(60_000, c.now());
            c.all();
            end += 60_000;
        }
        c.notReady(Pollable.URGENT).send("PUA (10) urg 10").ready(Pollable.URGENT);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-33")
    void readingInPlaceStepsOverTheUrgentByte() {
        TcpConversation c = established().send("PUA 1(20) urg 10");
        c.check(c.tcb.readable().byteSize() == 9, "reads past the mark").ready(Pollable.URGENT);
        c.tcb.consume(9, c.now());
        c.ready(Pollable.URGENT).check(c.tcb.readable().byteSize() == 10, "the urgent byte is in the stream")
                .notReady(Pollable.URGENT);
        c.check(c.tcb.available() == 10, "the rest");
    }

    @Test
    void theUrgentByteAloneIsNothingToRead() {
        TcpConversation c = established().send("UA 1(1) urg 1").ready(Pollable.URGENT).notReady(Pollable.READABLE);
        c.send("PA 2(1)").ready(Pollable.READABLE);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-31"})
    void inUrgentModeNoSuperSegmentsAreMade() {
        LinkProperties cutting = new LinkProperties(false, 0, 1500, 65_535, false, false, false);
        TcpConversation c = with().link(cutting).peer("<mss 1000>").established()
                .write(3000, TcpSocket.FLAG_URGENT);
        c.recv("AU 1(1000) urg 3000", "AU 1001(1000) urg 2000", "PAU 2001(1000) urg 1000");
        c.recvAt(200.001, "AU 1(1000) urg 3000").send("A ack 1001").recv("AU 1001(1000) urg 2000",
                "PAU 2001(1000) urg 1000");
    }
}
