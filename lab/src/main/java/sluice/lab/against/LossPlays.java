package sluice.lab.against;

import static sluice.lab.against.Players.error;
import static sluice.lab.against.Players.read;
import static sluice.lab.against.Players.rest;
import static sluice.lab.against.Players.until;
import static sluice.lab.against.Players.write;

import java.util.List;
import sluice.lab.against.Players.Pair;
import sluice.sim.Match;
import sluice.sim.WireSegment;

/** What is lost or doubled, and how it is repaired. */
final class LossPlays {
    private static final int SEGMENTS = 10;
    private static final int MSS = 1448;

    private LossPlays() {}

    static void dataLost(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().lose(true, Match.data().first(2)); // the second is a tail loss probe
        write(c.client(), 100);
        p.outcome("the server reads", read(c.server(), 100));
        p.outcome("the segment was sent, times", p.wire().data().size());
        until("acknowledged", () -> p.clientCount("TcpExtTCPTimeouts") > 0);
        p.outcome("TCPTimeouts", p.clientCount("TcpExtTCPTimeouts"));
    }

    static void ackLost(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().lose(false, Match.pureAck().first(1));
        write(c.client(), 100);
        p.outcome("the server reads", read(c.server(), 100));
        until("D-SACK", () -> p.clientCount("TcpExtTCPDSACKRecv") > 0);
        p.outcome("the segment was sent, times", p.wire().data().size());
        p.outcome("TCPDSACKRecv at the client", p.clientCount("TcpExtTCPDSACKRecv"));
        p.outcome("TCPDSACKOldSent at the server", p.serverCount("TcpExtTCPDSACKOldSent"));
        p.outcome("there is nothing more to read", c.server().getInputStream().available());
    }

    static void backoff(Players p) throws Exception {
        p.client().set("net.ipv4.tcp_retries2", "3");
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().cut(true);
        write(c.client(), 100);
        p.outcome("the client's read()", error(() -> c.client().getInputStream().read()));
        List<WireSegment> sent = p.wire().data();
        int n = sent.size();
        double last = sent.get(n - 1).ms() - sent.get(n - 2).ms();
        double before = sent.get(n - 2).ms() - sent.get(n - 3).ms();
        p.holds("each wait is twice the one before", Math.abs(last / before - 2) < 0.3);
        p.outcome("states", p.clientState() + ", " + p.serverState());
    }

    /** The second of ten segments is lost. */
    private static void second(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().lose(true, Match.data().nth(2));
        write(c.client(), SEGMENTS * MSS);
        p.outcome("the server reads", read(c.server(), SEGMENTS * MSS));
        p.outcome("resent from byte", p.wire().again().stream().map(s -> p.wire().position(s)).toList());
        p.outcome("TCPTimeouts", p.clientCount("TcpExtTCPTimeouts"));
    }

    static void fast(Players p) throws Exception {
        p.client().set("net.ipv4.tcp_sack", "0");
        p.server().set("net.ipv4.tcp_sack", "0");
        second(p);
        p.holds("there are three duplicate ACKs or more", duplicateAcks(p) >= 3);
    }

    private static long duplicateAcks(Players p) {
        List<WireSegment> acks = p.wire().from(false, s -> s.payload() == 0);
        return acks.stream().filter(s -> s.ack() == acks.getFirst().ack()).count() - 1;
    }

    static void sack(Players p) throws Exception {
        second(p);
        List<WireSegment> reports = p.wire().from(false, s -> !s.sack().isEmpty());
        p.outcome("the first SACK block begins at", reports.getFirst().sack().getFirst()
                - p.wire().data().getFirst().seq() + 1);
        p.outcome("TCPSackRecovery", p.clientCount("TcpExtTCPSackRecovery"));
    }

    static void doubled(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().twice(true, Match.data().first(1));
        write(c.client(), 100);
        p.outcome("the server reads", read(c.server(), 100));
        until("D-SACK", () -> p.clientCount("TcpExtTCPDSACKRecv") > 0);
        p.outcome("TCPDSACKRecv at the client", p.clientCount("TcpExtTCPDSACKRecv"));
        p.outcome("TCPDSACKOldSent at the server", p.serverCount("TcpExtTCPDSACKOldSent"));
        p.outcome("the client sent it, times", p.wire().data().size());
    }

    static void cumulative(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        p.wire().lose(false, Match.pureAck().first(1));
        write(c.client(), 2 * MSS);
        rest(5); // our stack acknowledges once what comes at once
        write(c.client(), 2 * MSS);
        p.outcome("the server reads", read(c.server(), 4 * MSS));
        rest(300);
        p.outcome("resent", p.wire().again().size());
    }
}
