package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.core.Pollable;
import sluice.core.tcp.data.SendReports;
import sluice.core.tcp.data.SendReports.Report;
import sluice.core.tcp.data.SendReports.Stage;
import sluice.core.tcp.data.SendReports.Timestamp;
import sluice.core.tcp.data.SendReports.ZeroCopyDone;
import sluice.core.tcp.segment.TcpState;

/** What an application is told of its writes. */
class SendReportsTest {
    private static TcpConversation zeroCopy() {
        return with().options(o -> o.zeroCopy = true).established();
    }

    private static TcpConversation wrote(TcpConversation c, int bytes) {
        c.write(bytes).tcb.wrote(bytes, true, c.now());
        return c;
    }

    private static @Nullable Report poll(TcpConversation c) {
        SendReports r = c.tcb.reports();
        return r == null ? null : r.poll();
    }

    private static void expect(TcpConversation c, Report expected) {
        Report r = poll(c);
        c.check(expected.equals(r), "got " + r + ", not " + expected).check(poll(c) == null, "more");
    }

    @Test
    void aZeroCopyWriteIsReportedWhenItsLastByteIsAcknowledged() {
        TcpConversation c = wrote(zeroCopy(), 2000).recv("A 1(1460)", "PA 1461(540)").send("A ack 1461");
        c.check(poll(c) == null, "too early").notReady(Pollable.ERROR).send("A ack 2001").ready(Pollable.ERROR);
        expect(c, new ZeroCopyDone(0, 0));
        c.notReady(Pollable.ERROR);
    }

    @Test
    void reportsOfNeighboursJoinUntilTheyAreRead() {
        TcpConversation c = wrote(zeroCopy().options(o -> o.noDelay = true), 10).recv("PA 1(10)");
        wrote(c, 10).recv("PA 11(10)").send("A ack 11").send("A ack 21");
        expect(c, new ZeroCopyDone(0, 1));
        wrote(c, 10).recv("PA 21(10)").send("A ack 31");
        expect(c, new ZeroCopyDone(2, 2));
    }

    @Test
    void aConnectionThatEndsFreesTheMemoryOfAllWrites() {
        TcpConversation c = wrote(zeroCopy(), 40_000);
        c.all();
        c.send("RA").state(TcpState.CLOSED);
        expect(c, new ZeroCopyDone(0, 0));
    }

    @Test
    void withoutTheOptionNothingIsReported() {
        TcpConversation c = wrote(with().established(), 100).recv("PA 1(100)").send("A ack 101");
        c.check(c.tcb.reports() == null, "reported").notReady(Pollable.ERROR);
    }

    @Test
    void timestampsAreThoseOfTheLastByteAndCountFromWhereTheyWereSwitchedOn() {
        TcpConversation c = with().established().write(100).recv("PA 1(100)").send("A ack 101");
        c.tcb.sendTimestamps(SendReports.STAMP_SENT | SendReports.STAMP_ACKNOWLEDGED);
        c.tcb.congestion.set(10, 10);
        c.write(16_000).tcb.wrote(16_000, false, c.now());
        c.check(c.all().getLast().seq == 101 + 9 * 1460, "ten segments").check(poll(c) == null,
                "the last byte has not left");
        c.after(1).send("A ack 14701").recv("PA 14701(1400)");
        expect(c, new Timestamp(Stage.SENT, 15_999, c.now()));
        c.after(1).send("A ack 16101");
        expect(c, new Timestamp(Stage.ACKNOWLEDGED, 15_999, c.now()));
    }

    @Test
    void reportsAreBounded() {
        SendReports r = new SendReports();
        for (int i = 1; i <= SendReports.MAX_WAITING + 10; i++) {
            r.stamp(i, SendReports.STAMP_SENT, i);
        }
        r.sent(1 << 20, 0);
        int n = 0;
        while (r.poll() != null) {
            n++;
        }
        if (n != SendReports.MAX_REPORTS) {
            throw new AssertionError(n + " reports");
        }
    }
}
