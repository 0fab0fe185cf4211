package sluice.lab.against;

import static sluice.lab.against.Players.error;
import static sluice.lab.against.Players.rest;

import java.net.Socket;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;
import sluice.lab.against.Players.Pair;

/** Connections on which nothing is sent: keepalive, with small values. */
final class SilentPlays {
    private SilentPlays() {}

    private static void keepAlive(Socket s) throws Exception {
        s.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
        s.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
        s.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 2);
        s.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    static void alive(Players p) throws Exception {
        Pair c = p.connected();
        keepAlive(c.client());
        rest(3600);
        long probes = p.clientCount("TcpExtTCPKeepAlive");
        p.holds("there are two probes or more in 3.6 s", probes >= 2);
        p.outcome("states", p.clientState() + ", " + p.serverState());
    }

    static void dead(Players p) throws Exception {
        Pair c = p.connected();
        keepAlive(c.client());
        rest(50);
        p.wire().cut(true);
        long since = System.nanoTime();
        p.outcome("the client's read()", error(() -> c.client().getInputStream().read()));
        p.outcome("after, s (1 and 2 × 1)", Math.round((System.nanoTime() - since) / 1e9));
        p.outcome("probes", p.clientCount("TcpExtTCPKeepAlive"));
        p.outcome("states", p.clientState() + ", " + p.serverState());
    }

    static void restarted(Players p) throws Exception {
        Pair c = p.connected();
        keepAlive(c.client());
        rest(50);
        p.wire().cut(true);
        c.server().setSoLinger(true, 0);
        c.server().close(); // nobody hears of it, and nothing is left of it: as after a crash
        p.wire().cut(false);
        p.outcome("the client's read()", error(() -> c.client().getInputStream().read()));
        p.outcome("states", p.clientState() + ", " + p.serverState());
    }
}
