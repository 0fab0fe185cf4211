package sluice.lab.against;

import static sluice.lab.against.Players.error;
import static sluice.lab.against.Players.read;
import static sluice.lab.against.Players.rest;
import static sluice.lab.against.Players.until;
import static sluice.lab.against.Players.write;

import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import sluice.lab.against.Players.Pair;
import sluice.sim.Match;

/** How connections end, and what stays. */
final class ClosingPlays {
    private ClosingPlays() {}

    static void fourWay(Players p) throws Exception {
        Pair c = p.connected();
        rest(50); // the handshake's last segment has arrived
        p.wire().begin();
        c.client().close();
        p.untilStates("FIN-WAIT-2", "CLOSE-WAIT");
        p.outcome("the server's read()", c.server().getInputStream().read());
        c.server().close();
        p.untilStates("TIME-WAIT", "CLOSED");
        rest(50);
        p.outcome("states in the end", p.clientState() + ", " + p.serverState());
        p.outcome("segments of the close, each for the first time",
                p.wire().passed().stream().map(Wire.Passed::words).distinct().toList());
    }

    static void half(Players p) throws Exception {
        Pair c = p.connected();
        c.client().shutdownOutput();
        p.untilStates("FIN-WAIT-2", "CLOSE-WAIT");
        p.outcome("the server's read()", c.server().getInputStream().read());
        write(c.server(), 20_000);
        c.server().close();
        p.outcome("the client reads in FIN-WAIT-2", read(c.client(), 20_000));
        p.outcome("and then", c.client().getInputStream().read());
        p.untilStates("TIME-WAIT", "CLOSED");
        p.outcome("states in the end", p.clientState() + ", " + p.serverState());
    }

    static void simultaneous(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().cut(true); // both have closed before either hears of it
        c.client().close();
        c.server().close();
        p.untilStates("FIN-WAIT-1", "FIN-WAIT-1");
        p.wire().cut(false);
        p.untilStates("TIME-WAIT", "TIME-WAIT");
        p.outcome("states in the end", p.clientState() + ", " + p.serverState());
    }

    static void lastAckLost(Players p) throws Exception {
        Pair c = p.connected();
        c.client().close();
        p.untilStates("FIN-WAIT-2", "CLOSE-WAIT");
        p.wire().begin();
        p.wire().lose(true, Match.pureAck().first(1));
        c.server().close();
        p.untilStates("TIME-WAIT", "LAST-ACK");
        p.outcome("states without the last ACK", p.clientState() + ", " + p.serverState());
        p.untilStates("TIME-WAIT", "CLOSED");
        p.outcome("FINs of the server", p.wire().from(false, s -> s.letters().startsWith("F")).size());
        p.outcome("states in the end", p.clientState() + ", " + p.serverState());
    }

    static void linger(Players p) throws Exception {
        Pair c = p.connected();
        rest(50);
        p.wire().begin();
        c.client().setSoLinger(true, 0);
        c.client().close();
        p.outcome("the server's read()", error(() -> c.server().getInputStream().read()));
        p.outcome("states", p.clientState() + ", " + p.serverState());
        p.outcome("segments", p.wire().passed().stream().map(Wire.Passed::words).toList());
    }

    static void finWait2(Players p) throws Exception {
        p.client().set("net.ipv4.tcp_fin_timeout", "2");
        Pair c = p.connected();
        c.client().close();
        p.untilStates("FIN-WAIT-2", "CLOSE-WAIT");
        long since = System.nanoTime();
        rest(1200);
        p.outcome("after 1.2 s", p.clientState());
        p.untilStates("CLOSED", "CLOSE-WAIT");
        p.holds("it ends within 4 s", System.nanoTime() - since < 4_000_000_000L);
        p.wire().begin();
        write(c.server(), 10);
        p.outcome("what the server sends then is answered by", answered(p));
    }

    private static String answered(Players p) throws InterruptedException {
        until("an answer", () -> !p.wire().from(true, s -> true).isEmpty());
        return p.wire().from(true, s -> true).getFirst().letters();
    }

    static void reuse(Players p) throws Exception {
        p.client().set("net.ipv4.ip_local_port_range", "40000 40000");
        p.client().set("net.ipv4.tcp_tw_reuse", "0");
        ServerSocket l = p.listen(16);
        closeFirst(p, l);
        p.outcome("connecting with tcp_tw_reuse=0", error(p::connect));
        p.client().set("net.ipv4.tcp_tw_reuse", "1");
        rest(1300);
        p.holds("it connects with tcp_tw_reuse=1, after more than a second", p.connect().isConnected());
        p.outcome("TWRecycled", p.clientCount("TcpExtTWRecycled"));
        p.untilStates("ESTABLISHED", "ESTABLISHED");
    }

    /** A connection that the client closes first. */
    private static void closeFirst(Players p, ServerSocket l) throws Exception {
        try (Socket c = p.connect(); Socket s = p.accept(l)) {
            c.close();
            until("the end of the stream", () -> p.serverState().contains("CLOSE-WAIT"));
        }
        until("TIME-WAIT", () -> p.serverState().equals("CLOSED"));
    }

    static void buckets(Players p) throws Exception {
        p.client().set("net.ipv4.tcp_max_tw_buckets", "3");
        ServerSocket l = p.listen(16);
        for (int i = 0; i < 6; i++) {
            closeFirst(p, l);
        }
        p.outcome("TIME-WAITs of six connections", p.client().states(Players.PORT).size());
        p.outcome("TCPTimeWaitOverflow", p.clientCount("TcpExtTCPTimeWaitOverflow"));
    }

    static void closeWait(Players p) throws Exception {
        ServerSocket l = p.listen(16);
        List<Socket> forgotten = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            try (Socket c = p.connect()) {
                forgotten.add(p.accept(l));
            }
        }
        until("five", () -> p.serverState().equals("CLOSE-WAIT ".repeat(5).strip()));
        p.outcome("at the server that does not close", p.serverState());
        for (Socket s : forgotten) {
            s.close();
        }
        until("none", () -> p.serverState().equals("CLOSED"));
        p.outcome("once it does", p.serverState());
    }
}
