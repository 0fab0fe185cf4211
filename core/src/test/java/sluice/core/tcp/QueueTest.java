package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;

/** The SYN queue and the accept queue of a listener, SYN cookies, deferred accept. */
class QueueTest {
    /** Handshakes from other ports, which fill the accept queue. */
    private static void connectFrom(TcpConversation c, int port) {
        c.peerPort = port;
        c.hostNext = 0;
        c.send("S 0(0) <mss 1460>");
        Seg s = c.any();
        c.check(s.has(Seg.SYN | Seg.ACK), "no SYN-ACK");
        c.send("A 1(0) ack " + (s.seq + 1));
    }

    private static TcpConversation fullAcceptQueue(int abort) {
        TcpConversation c = with().set("tcp_abort_on_overflow", abort).backlog(1).synReceived();
        connectFrom(c, 4001);
        connectFrom(c, 4002);
        c.check(c.listener.acceptQueueLength() == 2 && c.listener.acceptQueueFull(), "not full");
        c.peerPort = 4000;
        c.hostNext = 1;
        return c;
    }

    @Test
    void aFullAcceptQueueIgnoresTheLastAcknowledgmentAndRepeatsTheSynAck() {
        TcpConversation c = fullAcceptQueue(0).send("A 1(0) ack 1").recvNothing()
                .counted(Counter.TcpExtListenOverflows, 1).counted(Counter.TcpExtListenDrops,
                        1);
        c.recvAt(1000, "SA 0(0) ack 1").check(c.listener.accept() != null, "nothing").send("A 1(0) ack 1")
                .recvNothing();
        c.check(c.listener.acceptQueueLength() == 2, "length " + c.listener.acceptQueueLength());
    }

    @Test
    void aFullAcceptQueueResetsWhenToldTo() {
        fullAcceptQueue(1).send("A 1(0) ack 1").recv("R 1(0)").counted(Counter.TcpExtListenOverflows, 1);
    }

    @Test
    void aFullAcceptQueueDropsNewSyns() {
        TcpConversation c = fullAcceptQueue(0);
        c.peerPort = 4009;
        c.send("S 0(0)").recvNothing().counted(Counter.TcpExtListenOverflows, 1).counted(Counter.TcpExtListenDrops, 1);
    }

    @Test
    void theBacklogIsCappedBySomaxconn() {
        TcpConversation c = with().set("somaxconn", 3).backlog(1000).listening();
        c.check(c.listener.backlog() == 3, "backlog " + c.listener.backlog());
    }

    @Test
    void aFullSynQueueWithoutCookiesDropsSyns() {
        TcpConversation c = with().set("tcp_syncookies", 0).backlog(4).listening();
        int answered = 0;
        for (int i = 0; i < 10; i++) {
            c.peerPort = 4000 + i;
            c.send("S 0(0)");
            answered += c.all().size();
        }
        c.check(answered == 4, answered + " answered").check(c.listener.synQueueLength() == 4, "half-open ones")
                .counted(Counter.TcpExtListenDrops, 6).counted(Counter.TcpExtTCPReqQFullDrop, 6);
    }

    /** More arrives than can be answered: strangers' SYNs draw no cookies, segments for no connection no resets. */
    @Test
    void whileTheDevicesStayFullStrangersAreNotAnswered() {
        TcpConversation c = with().set("tcp_syncookies", 2).listening();
        for (int i = 0; i < 1000; i++) {
            c.host.onReceived(true);
        }
        c.send("S 0(0) <mss 1460>").recvNothing().counted(Counter.SluiceAnswerShed, 1).counted(
                Counter.TcpExtListenDrops, 1);
        c.send("A 1(0) ack 77").recvNothing().counted(Counter.SluiceAnswerShed, 2);
        for (int i = 0; i < 1000; i++) {
            c.host.onReceived(false);
        }
        c.send("S 0(0) <mss 1460>").recv("SA 0(0) ack 1 <mss 1460>");
    }

    private static TcpConversation cookies(String synOptions) {
        return with().set("tcp_syncookies", 2).listening().send("S 0(0) " + synOptions);
    }

    @Test
    @Rfc(value = 4987, section = "3.6")
    void aCookieRemembersNothingAndBringsTheConnectionBack() {
        TcpConversation c = cookies("<mss 1460, sackOK, wscale 7>").recv("SA 0(0) ack 1 <mss 1460>").nothingLeft()
                .counted(Counter.TcpExtSyncookiesSent, 1);
        c.at(500).send("PA 1(10) ack 1").recv("A 1(0) ack 11").counted(Counter.TcpExtSyncookiesRecv, 1);
        c.tcb = c.listener.accept();
        c.read(10).write(2000).recv("A 1(1460)", "PA 1461(540)");
        c.check(!c.tcb.agreed.sackPermitted && !c.tcb.agreed.windowScaling, "options out of nothing");
    }

    @Test
    @Rfc(value = 4987, section = "3.6")
    void withTimestampsACookieKeepsScaleAndSack() {
        TcpConversation c = cookies("<mss 1460, sackOK, ts, wscale 7>").recv("SA 0(0) ack 1 <mss 1460, sackOK, ts>")
                .nothingLeft();
        c.send("A").recvNothing();
        c.tcb = c.listener.accept();
        c.check(c.tcb != null && c.tcb.agreed.sackPermitted && c.tcb.agreed.windowScaling
                && c.tcb.agreed.peerShift == 7, "lost");
    }

    /** The first SYN found the queue full, the second room; the peer heard of the first. */
    @Test
    @Rfc(value = 4987, section = "3.6")
    void aCookieIsTakenAlsoWhenTheSynCameAgainAndMadeAHalfOpen() {
        TcpConversation c = cookies("<mss 1460>");
        Seg cookie = c.any();
        c.host.settings().set("tcp_syncookies", "1");
        c.at(1000).send("S 0(0) <mss 1460>");
        Seg later = c.any();
        c.check(!later.seq.equals(cookie.seq) && c.listener.synQueueLength() == 1, "no half-open");
        c.send("A 1(0) ack " + (cookie.seq + 1)).recvNothing().counted(Counter.TcpExtSyncookiesRecv, 1);
        c.check(c.listener.accept() != null && c.listener.synQueueLength() == 0, "not accepted");
    }

    @Test
    @Rfc(value = 4987, section = "3.6")
    void aWrongOrOldCookieIsAnsweredWithAReset() {
        TcpConversation c = cookies("<mss 1460>").recv("SA 0(0)").send("A 1(0) ack 77").recv("R 77(0)")
                .counted(Counter.TcpExtSyncookiesFailed, 1);
        c.at(400_000).send("A 1(0) ack 1").recv("R 1(0)").check(c.listener.accept() == null, "accepted");
    }

    @Test
    void deferredAcceptWaitsForData() {
        TcpConversation c = with().options(o -> o.deferAcceptSeconds = 5).synReceived().send("A").recvNothing()
                .check(true, "");
        c.check(c.listener.accept() == null, "accepted without data").send("PA (10)").recv("A 1(0) ack 11")
                .check(c.listener.accept() != null, "not accepted");
    }

    @Test
    void aListenerIsReadableWhileAConnectionWaits() {
        TcpConversation c = with().synReceived();
        c.check(c.listener.readiness() == 0, "ready").send("A").recvNothing()
                .check(c.listener.readiness() == sluice.core.Pollable.READABLE, "not ready");
        c.listener.accept();
        c.check(c.listener.readiness() == 0, "ready");
    }
}
