package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpSocket;
import sluice.observe.diagnose.Cause;
import sluice.observe.diagnose.Diagnosis;
import sluice.observe.diagnose.SnapshotText;
import sluice.observe.print.NstatPrinter;
import sluice.observe.print.SocketTable;
import sluice.observe.print.SsPrinter;
import sluice.observe.print.SysctlPrinter;

/** Faults planted on a running host: the right cause comes first; a host without faults has none. */
@ExtendWith(Worlds.class)
class DiagnoseTest {
    private final List<TcpSocket> kept = new ArrayList<>();

    private static Diagnosis diagnose(SimHost h) {
        String text = SsPrinter.print(SocketTable.snapshot(h.host(), h.nowNs()), true, true, true, null)
                + NstatPrinter.print(h.host().counters(), false, null, c -> true)
                + SysctlPrinter.all(h.host().settings());
        return Diagnosis.of(SnapshotText.parse(text));
    }

    private static void assertFirst(SimHost h, Cause cause) {
        Diagnosis d = diagnose(h);
        assertThat(d.findings()).as(d.text()).isNotEmpty();
        assertThat(d.findings().getFirst().cause()).as(d.text()).isEqualTo(cause);
        assertThat(d.findings().getFirst().weight()).as(d.text()).isGreaterThanOrEqualTo(30);
        assertThat(d.isHealthy()).isFalse();
    }

    private static SimLink link(World w, SimHost a, SimHost b) {
        return w.link(a, b).delayMs(10);
    }

    private static void transfer(World w, SimHost a, SimHost b, int bytes) {
        World.Pair p = w.connect(a, b, 80);
        BulkSender sender = new BulkSender(a, p.client(), bytes);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.runUntil("sent", () -> sender.isDone() && sink.received() == bytes);
    }

    @Test
    void nothingOfAHostThatIsWell(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        link(w, a, b).rate(100_000_000, 1 << 20);
        transfer(w, a, b, 3_000_000);
        for (SimHost h : List.of(a, b)) {
            Diagnosis d = diagnose(h);
            assertThat(d.isHealthy()).as(d.text()).isTrue();
            assertThat(d.text()).contains("nothing found in ");
        }
    }

    @Test
    void connectionsThatTheApplicationDoesNotClose(World w) {
        SimHost client = w.host("client");
        SimHost server = w.host("server");
        link(w, client, server);
        TcpListener l = server.listen(80);
        for (int i = 0; i < 20; i++) {
            TcpSocket c = client.connect(server, 80);
            w.runUntil("accepted", () -> l.acceptQueueLength() > 0);
            kept.add(server.accept(l));
            c.close(client.nowNs());
            w.settle();
        }
        assertFirst(server, Cause.CLOSE_WAIT);
        assertThat(diagnose(server).text()).contains("20 in CLOSE-WAIT").contains("port 80 with 10.0.0.1");
        closeAll(w, server);
    }

    private void closeAll(World w, SimHost h) {
        kept.forEach(t -> t.close(h.nowNs()));
        w.settle();
    }

    @Test
    void portsThatRunOut(World w) {
        SimHost client = w.host("client", s -> s.set("ip_local_port_range", "40000 40199"));
        SimHost server = w.host("server");
        link(w, client, server);
        server.serve(80, t -> server.on(t, () -> {
            if (server.read(t, 10) < 0) {
                t.close(server.nowNs());
            }
        }));
        for (int i = 0; i < 195; i++) {
            TcpSocket c = client.connect(server, 80);
            w.runUntil("there", c::isEstablished);
            c.close(client.nowNs());
            w.settle();
        }
        assertFirst(client, Cause.PORT_EXHAUSTION);
        assertThat(diagnose(client).text()).contains("in TIME-WAIT to 10.0.0.2:80, of 200 local ports");
    }

    @Test
    void aListenerThatNobodyAcceptsFrom(World w) {
        SimHost client = w.host("client");
        SimHost server = w.host("server");
        link(w, client, server);
        server.listen(new SocketOptions(), 80, 4);
        List<TcpSocket> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(client.connect(server, 80));
        }
        w.advance(2500);
        assertFirst(server, Cause.ACCEPT_QUEUE);
        clients.forEach(c -> c.abort(client.nowNs()));
        w.settle();
    }

    @Test
    void handshakesThatAreNotCompleted(World w) {
        SimHost client = w.host("client");
        SimHost server = w.host("server", s -> s.set("tcp_max_syn_backlog", "128"));
        SimLink l = link(w, client, server);
        l.from(server).drop(Match.any());
        server.listen(new SocketOptions(), 80, 4096);
        List<TcpSocket> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(client.connect(server, 80));
        }
        w.advance(100);
        assertFirst(server, Cause.SYN_QUEUE);
        l.from(server).untap();
        clients.forEach(c -> c.abort(client.nowNs()));
        w.advance(100_000);
    }

    @Test
    void whoDoesNotReadSeenFromBothEnds(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        link(w, a, b);
        World.Pair p = w.connect(a, b, 80);
        BulkSender sender = new BulkSender(a, p.client(), 20_000_000);
        w.advance(20_000);
        assertFirst(b, Cause.SLOW_READER);
        assertFirst(a, Cause.PEER_NOT_READING);
        assertThat(sender.isDone()).isFalse();
        p.client().abort(a.nowNs());
        w.settle();
    }

    @Test
    void segmentsThatAreLost(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        link(w, a, b).rate(50_000_000, 1 << 20).from(a).netem("loss 2%");
        transfer(w, a, b, 2_000_000);
        assertFirst(a, Cause.LOSS);
    }

    @Test
    void aPeerThatIsGone(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = link(w, a, b);
        World.Pair p = w.connect(a, b, 80);
        l.cut();
        a.write(p.client(), 1000);
        w.advance(60_000);
        assertFirst(a, Cause.DEAD_PEER);
        assertThat(diagnose(a).text()).contains("retransmissions without an answer");
        p.client().abort(a.nowNs());
        p.server().abort(b.nowNs());
    }

    @Test
    void largePacketsThatVanish(World w) {
        SimHost client = w.host("client");
        SimHost server = w.host("server");
        SimLink l = link(w, client, server);
        l.from(server).drop(Match.data().and(v -> v.payload() > 1000));
        for (int i = 0; i < 3; i++) {
            World.Pair p = w.connect(client, server, 80 + i);
            client.write(p.client(), 10);
            w.advance(100);
            server.read(p.server(), 10);
            server.write(p.server(), 20_000);
            kept.add(p.server());
        }
        w.advance(10_000);
        assertFirst(server, Cause.PATH_MTU);
        kept.forEach(t -> t.abort(server.nowNs()));
        w.settle();
    }

    @Test
    void anIdlePeerThatIsGoneByItsKeepalive(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = link(w, a, b);
        World.Pair p = w.connect(a, b, 80);
        p.client().change(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 10;
            o.keepIntervalSeconds = 10;
        }, a.nowNs());
        l.cut();
        w.advance(35_000);
        assertFirst(a, Cause.DEAD_PEER);
        assertThat(diagnose(a).text()).contains("keepalive probes without an answer");
        p.client().abort(a.nowNs());
        p.server().abort(b.nowNs());
    }

    @Test
    void connectionsThatNobodyAnswers(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        link(w, a, b).cut();
        List<TcpSocket> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(a.connect(b, 80));
        }
        w.advance(8000);
        assertFirst(a, Cause.CONNECT_TIMEOUT);
        clients.forEach(c -> c.abort(a.nowNs()));
    }

    @Test
    void aWindowThatIsTooSmallForThePath(World w) {
        SocketOptions accepting = new SocketOptions();
        accepting.receiveBufferBytes = 32 << 10;
        tooSmallForThePath(w, new SocketOptions(), accepting, "rwnd_limited");
    }

    @Test
    void aSendBufferThatIsTooSmallForThePath(World w) {
        SocketOptions connecting = new SocketOptions();
        connecting.sendBufferBytes = 32 << 10;
        tooSmallForThePath(w, connecting, new SocketOptions(), "sndbuf_limited");
    }

    private static void tooSmallForThePath(World w, SocketOptions connecting, SocketOptions accepting, String limit) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b).delayMs(50).rate(100_000_000, 1 << 22);
        TcpListener l = b.listen(accepting, 80, 8);
        TcpSocket c = a.connect(connecting, b.address(), 80);
        w.runUntil("accepted", () -> l.acceptQueueLength() > 0);
        VerifyingSink sink = new VerifyingSink(b, b.accept(l));
        new BulkSender(a, c, 10_000_000);
        w.advance(5000);
        assertThat(sink.received()).isBetween(1_000_000L, 9_000_000L);
        assertFirst(a, Cause.SMALL_BUFFER);
        assertThat(diagnose(a).text()).contains(limit);
        c.abort(a.nowNs());
        w.settle();
    }

    @Test
    void packetsThatArriveDamaged(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        link(w, a, b).rate(50_000_000, 1 << 20).from(a).netem("corrupt 3%");
        transfer(w, a, b, 1_000_000);
        assertFirst(b, Cause.CORRUPTION);
    }

    @Test
    void datagramsThatNobodyReads(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        link(w, a, b);
        UdpSocket from = a.udp(1000);
        UdpSocket to = b.udp(2000);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment m = arena.allocate(1000);
            for (int i = 0; i < 1000; i++) {
                from.send(m, 0, 1000, b.address(), 2000, a.nowNs());
                w.settle();
            }
        }
        assertFirst(b, Cause.UDP_OVERFLOW);
        to.close();
        from.close();
    }

    @Test
    void aHostWithoutMemoryForTcp(World w) {
        w.unchecked(); // a window that has no memory behind it may move left
        SimHost a = w.host("a");
        SimHost b = w.host("b", s -> s.set("tcp_mem", "8 16 24"));
        link(w, a, b);
        for (int i = 0; i < 10; i++) {
            World.Pair p = w.connect(a, b, 80 + i);
            a.write(p.client(), 20_000);
            kept.add(p.client());
        }
        w.advance(500);
        assertFirst(b, Cause.MEMORY);
        kept.forEach(t -> t.abort(a.nowNs()));
        w.settle();
    }

    @Test
    void connectionsThatWeResetOnClose(World w) {
        SimHost client = w.host("client");
        SimHost server = w.host("server");
        link(w, client, server);
        TcpListener l = server.listen(80);
        for (int i = 0; i < 20; i++) {
            TcpSocket c = client.connect(server, 80);
            w.runUntil("accepted", () -> l.acceptQueueLength() > 0);
            TcpSocket t = server.accept(l);
            client.write(c, 100);
            w.settle();
            t.close(server.nowNs());
            w.settle();
        }
        assertFirst(server, Cause.ABORTED);
    }
}
