package sluice.lab.against;

import static sluice.lab.against.Players.error;
import static sluice.lab.against.Players.read;
import static sluice.lab.against.Players.rest;
import static sluice.lab.against.Players.until;
import static sluice.lab.against.Players.write;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import sluice.lab.against.Players.Pair;
import sluice.sim.Match;
import sluice.sim.WireSegment;

/** How connections begin, and the queues where they wait. */
final class ConnectingPlays {
    private ConnectingPlays() {}

    static void handshake(Players p) throws Exception {
        Pair c = p.connected();
        p.outcome("segments", p.wire().passed().stream().map(Wire.Passed::words).toList());
        p.outcome("states", p.clientState() + ", " + p.serverState());
        WireSegment syn = p.wire().from(true, s -> s.letters().equals("S")).getFirst();
        WireSegment answer = p.wire().from(false, s -> s.letters().equals("S.")).getFirst();
        p.outcome("MSS offered", syn.mss() + ", " + answer.mss());
        p.outcome("the SYN,ACK acknowledges", "client_isn + " + (answer.ack() - syn.seq()));
        write(c.client(), 100);
        p.outcome("the server reads", read(c.server(), 100));
    }

    static void simultaneousOpen(Players p) throws Exception {
        Socket a = p.socket();
        Socket b = p.peerSocket();
        a.bind(new InetSocketAddress(p.client().address(), Players.PORT));
        b.bind(new InetSocketAddress(p.server().address(), Players.PORT));
        p.wire().cut(true); // both are in SYN-SENT before either hears of the other
        List<Thread> calls = List.of(
                p.background(() -> a.connect(new InetSocketAddress(p.server().address(), Players.PORT), 10_000)),
                p.background(() -> b.connect(new InetSocketAddress(p.client().address(), Players.PORT), 10_000)));
        p.untilStates("SYN-SENT", "SYN-SENT");
        p.wire().cut(false);
        for (Thread t : calls) {
            t.join();
        }
        p.untilStates("ESTABLISHED", "ESTABLISHED");
        p.outcome("states", p.clientState() + ", " + p.serverState());
        write(a, 10);
        p.outcome("the other reads", read(b, 10));
    }

    static void cookies(Players p) throws Exception {
        p.server().set("net.ipv4.tcp_syncookies", "2"); // always, not only when the queue is full
        Pair c = p.connected();
        write(c.client(), 5000);
        p.outcome("the server reads", read(c.server(), 5000));
        p.outcome("SyncookiesSent, Recv, Failed", p.serverCount("TcpExtSyncookiesSent") + ", "
                + p.serverCount("TcpExtSyncookiesRecv") + ", " + p.serverCount("TcpExtSyncookiesFailed"));
        p.holds("the client's segments are as large as the MSS allows",
                p.wire().data().getFirst().payload() >= 1448);
    }

    static void acceptQueue(Players p) throws Exception {
        ServerSocket l = p.listen(1);
        p.connect();
        p.connect();
        until("both wait to be accepted", () -> p.serverState().equals("ESTABLISHED ESTABLISHED"));
        Socket third = p.socket();
        p.outcome("the third connect()", error(() -> {
            third.connect(new InetSocketAddress(p.server().address(), Players.PORT), 1500);
            return "connected";
        }));
        p.holds("ListenOverflows counts", p.serverCount("TcpExtListenOverflows") > 0);
        p.holds("ListenDrops counts", p.serverCount("TcpExtListenDrops") > 0);
        p.accept(l);
        p.holds("with room again it connects", p.connect().isConnected());
    }

    static void synQueue(Players p) throws Exception {
        p.server().set("net.ipv4.tcp_syncookies", "0");
        p.server().set("net.ipv4.tcp_max_syn_backlog", "8");
        p.listen(128);
        p.wire().lose(false, Match.synAck());
        List<Thread> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Socket s = p.socket();
            calls.add(p.background(() -> error(() -> {
                s.connect(new InetSocketAddress(p.server().address(), Players.PORT), 800);
                return "connected";
            })));
        }
        rest(500);
        p.outcome("half-open connections of 12", p.server().states(Players.PORT).size());
        p.outcome("SYNs dropped", p.serverCount("TcpExtListenDrops"));
        for (Thread t : calls) {
            t.join();
        }
    }
}
