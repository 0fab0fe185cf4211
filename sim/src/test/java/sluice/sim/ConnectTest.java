package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Ipv4;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/** Section B of the experiments: connecting. Each test is a row, by its id. */
@ExtendWith(Worlds.class)
class ConnectTest {
    private final SocketOptions plain = new SocketOptions();

    /** Two hosts 10 ms apart. */
    private static SimLink pair(World w) {
        return w.link(w.host("client"), w.host("server")).delayMs(10);
    }

    private static TcpState halfOpen(SimHost h) {
        TcpState[] state = new TcpState[1];
        h.host().tcp().forEachEndpoint((Endpoint e) -> state[0] = e instanceof HalfOpen ? e.state() : state[0]);
        return state[0];
    }

    @Test
    @Rfc(value = 9293, section = "3.5")
    void handshake(World w) {
        pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1);
        TcpListener l = server.listen(80);
        assertThat(l.state()).isEqualTo(TcpState.LISTEN);
        TcpSocket c = client.connect(server, 80);
        double[] connected = {-1};
        double[] accepted = {-1};
        client.on(c, () -> connected[0] = connected[0] < 0 && c.isEstablished() ? w.nowMs() : connected[0]);
        server.on(l, () -> accepted[0] = accepted[0] < 0 && l.acceptQueueLength() > 0 ? w.nowMs() : accepted[0]);
        assertThat(c.state()).isEqualTo(TcpState.SYN_SENT);
        w.advance(15);
        assertThat(halfOpen(server)).isEqualTo(TcpState.SYN_RECEIVED);
        assertThat(connected[0]).isNegative();
        w.advance(6);
        assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(l.acceptQueueLength()).isZero();
        w.advance(10);
        TcpSocket s = server.accept(l);
        assertThat(s.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(connected[0]).as("connect() returns with the second segment").isEqualTo(20);
        assertThat(accepted[0]).as("accept() returns after the third").isEqualTo(30);
        assertThat(w.log().states(client)).containsExactly(TcpState.SYN_SENT, TcpState.ESTABLISHED);
        assertThat(w.log().states(server)).containsExactly(TcpState.SYN_RECEIVED, TcpState.ESTABLISHED);

        List<WireSegment> up = w.log().segments(client);
        WireSegment synAck = w.log().segments(server).getFirst();
        assertThat(up).hasSize(2);
        assertThat(up.getFirst().letters()).isEqualTo("S");
        assertThat(synAck.letters()).isEqualTo("S.");
        assertThat(up.get(1).letters()).isEqualTo(".");
        assertThat(synAck.ack()).as("client_isn + 1").isEqualTo(up.getFirst().seq() + 1);
        assertThat(up.get(1).ack()).as("server_isn + 1").isEqualTo(synAck.seq() + 1);
        assertThat(up.getFirst().payload() + synAck.payload()).as("data on the first two").isZero();
    }

    @Test
    void handshakeWithDataOnTheThird(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1);
        TcpListener l = server.listen(80);
        TcpSocket c = client.connect(server, 80);
        client.on(c, () -> {
            if (c.isEstablished() && c.sendBuffer.end() == 0) {
                client.write(c, 100);
            }
        });
        w.settle();
        WireSegment third = w.log().segments(client).get(1);
        assertThat(third.payload()).isEqualTo(100);
        TcpSocket s = server.accept(l);
        assertThat(server.read(s, 1000)).isEqualTo(100);
        assertThat(link.from(client).dropped()).isZero();
    }

    @Test
    @Rfc(value = 9293, section = "3.5")
    void oldDuplicateSyn(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1);
        TcpListener l = server.listen(80);
        Held old = link.from(client).hold(Match.syn().first(1));
        Held fresh = link.from(client).hold(Match.syn());
        TcpSocket first = client.connect(plain, 5000, server.address(), 80);
        w.advance(50);
        first.abort(w.nowNs());
        TcpSocket second = client.connect(plain, 5000, server.address(), 80);
        w.advance(1);
        assertThat(fresh.size()).isEqualTo(1);
        old.release();
        w.settle();
        List<WireSegment> up = w.log().segments(client);
        WireSegment synAck = w.log().segments(server).getFirst();
        WireSegment rst = up.get(2); // and behind it the second SYN again, at once, as Linux does after a stray answer
        assertThat(synAck.ack()).as("answers the old SYN").isEqualTo(up.get(0).seq() + 1)
                .isNotEqualTo(up.get(1).seq() + 1);
        assertThat(rst.letters()).isEqualTo("R");
        assertThat(rst.seq()).isEqualTo(synAck.ack());
        assertThat(second.state()).isEqualTo(TcpState.SYN_SENT);
        assertThat(l.synQueueLength()).as("back in LISTEN").isZero();
        fresh.release();
        w.settle();
        assertThat(second.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(l.acceptQueueLength()).isEqualTo(1);
        assertThat(server.host().tcp().tableSize()).isEqualTo(1);
    }

    /** What a server would be that opens a connection for each SYN. */
    private static final class TwoWayServer {
        int connections;
        final Set<Integer> alive = new HashSet<>();

        void on(PacketView v) {
            connections++;
            alive.add(v.seq());
        }
    }

    @Test
    void twoWayCounterfactual(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1);
        TcpListener l = server.listen(80);
        TwoWayServer model = new TwoWayServer();
        link.from(client).see(Match.syn(), model::on);
        Held held = link.from(client).hold(Match.syn().first(5));
        TcpSocket c = client.connect(server, 80);
        w.advance(4500);
        assertThat(held.size()).as("a SYN and four repeats, a second apart").isEqualTo(5);
        held.release();
        w.advance(500);
        assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(l.acceptQueueLength()).as("(a) the real stack").isEqualTo(1);
        assertThat(server.host().tcp().tableSize()).isEqualTo(1);
        assertThat(model.connections).as("(b) one for each SYN").isEqualTo(5);
        assertThat(model.connections - model.alive.size()).as("all but one dead").isEqualTo(4);
    }

    @Test
    @Rfc(value = 6528, section = "3")
    void isn(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0);
        List<long[]> seen = new ArrayList<>();
        link.from(client).see(Match.syn(),
                v -> seen.add(new long[]{w.nowNs(), v.sourcePort(), v.seq(), v.destination().low()}));
        link.from(client).drop(Match.any());
        int connections = 10_000;
        for (int i = 0; i < connections; i++) {
            IpAddress to = IpAddress.ofV4(0x0a00_0002 + (i % 2 == 0 ? 0 : i << 8));
            TcpSocket t = client.connect(plain, 1024 + i, to, 80);
            w.advance(0.001 * (1 + i % 7));
            t.abort(w.nowNs());
        }
        assertThat(seen).hasSize(connections);
        Set<Integer> offsets = new HashSet<>();
        int[] buckets = new int[16];
        for (long[] s : seen) {
            int offset = (int) s[2] - (int) (s[0] / 4000);
            offsets.add(offset);
            buckets[offset >>> 28]++;
        }
        assertThat(offsets).as("every four-tuple has its own place").hasSizeGreaterThan(connections - 5);
        for (int n : buckets) {
            assertThat(n).as("evenly spread: knowing some tells nothing of the next").isBetween(525, 725);
        }
        // The same four-tuple again: only the clock moved, one tick each 4 µs.
        w.advance(1000);
        TcpSocket again = client.connect(plain, 1024, IpAddress.ofV4(0x0a00_0002), 80);
        w.advance(0.01);
        long[] first = seen.get(0);
        long[] second = seen.getLast();
        assertThat(again.tuple().remotePort()).isEqualTo(80);
        assertThat(second[1]).isEqualTo(first[1]);
        assertThat((int) second[2] - (int) first[2]).isEqualTo((int) (second[0] / 4000) - (int) (first[0] / 4000));
        assertThat(1_000_000_000L / 4000).as("ticks in a second").isEqualTo(250_000);
    }

    @Test
    @Rfc(value = 9293, section = "3.7.1", req = {"MUST-14", "MUST-16", "SHLD-6"})
    void mss(World w) {
        SimHost client = w.host("client");
        SimHost router = w.host("router").router();
        SimHost server = w.host("server");
        w.link(client, router).delayMs(5);
        w.link(router, server).delayMs(5).mtu(1400);
        TcpListener l = server.listen(80);
        for (IpAddress to : List.of(server.address(), server.address6())) {
            int headers = to.isV4() ? 40 : 60;
            w.log().clear();
            TcpSocket c = client.connect(plain, to, 80);
            w.runUntil("connected", () -> l.acceptQueueLength() > 0);
            TcpSocket s = server.accept(l);
            assertThat(w.log().segments(client).getFirst().mss()).isEqualTo(1500 - headers);
            assertThat(w.log().segments(server).getFirst().mss()).isEqualTo(1400 - headers);
            assertThat(client.write(c, 10_000)).isEqualTo(10_000);
            assertThat(server.write(s, 10_000)).isEqualTo(10_000);
            w.advance(2000);
            assertThat(client.read(c, 20_000)).isEqualTo(10_000);
            assertThat(server.read(s, 20_000)).isEqualTo(10_000);
            int timestamps = 12;
            assertThat(w.log().segments(client, Match.data()).stream().mapToInt(WireSegment::payload).max())
                    .hasValue(1400 - headers - timestamps);
            assertThat(w.log().segments(server, Match.data()).stream().mapToInt(WireSegment::payload).max())
                    .hasValue(1400 - headers - timestamps);
        }
        assertThat(w.log().sent(client, Match.fragment()) + w.log().sent(router, Match.fragment())
                + w.log().sent(server, Match.fragment())).isZero();
    }

    @Test
    @Rfc(value = 1191, section = "3")
    void mssOfANarrowPath(World w) {
        SimHost client = w.host("client");
        SimHost r1 = w.host("r1").router();
        SimHost r2 = w.host("r2").router();
        SimHost server = w.host("server");
        w.link(client, r1).delayMs(5);
        w.link(r1, r2).delayMs(5).mtu(1300);
        w.link(r2, server).delayMs(5);
        World.Pair p = w.connect(client, server, 80);
        new BulkSender(client, p.client(), 50_000);
        VerifyingSink sink = new VerifyingSink(server, p.server());
        w.runUntil("all there", () -> sink.received() == 50_000);
        assertThat(w.log().segments(client, Match.syn()).getFirst().mss()).isEqualTo(1460);
        assertThat(p.client().sendMss).isEqualTo(1300 - 40 - 12);
        assertThat(w.log().arrived(server, Match.fragment())).isZero();
        assertThat(w.log().segments(r2, Match.data()).stream().mapToInt(WireSegment::ipLength).max()).hasValue(1300);
    }

    // --- queues ---

    private static Packet spoofedSyn(int n, SimHost to) {
        Packet p = new Packet(Arena.ofAuto(), 400);
        MemorySegment m = p.memory;
        int at = p.start;
        int source = 0x0b00_0000 | n;
        int destination = to.address().v4Bits();
        Ipv4.write(m, at, 0, 40, n & 0xffff, 0, 64, 6, source, destination);
        Tcp.write(m, at + 20, 1024 + n % 60_000, 80, n * 7919, 0, 20, Tcp.SYN, 65_535, 0);
        p.end = at + 40;
        IpAddress from = IpAddress.ofV4(source);
        Tcp.updateChecksum(m, at + 20, 20, from.high(), from.low(), to.address().high(), to.address().low());
        return p;
    }

    /** 200 spoofed SYNs, and then 20 more every 100 ms. */
    private static void flood(World w, SimLink link, SimHost server) {
        Path path = link.to(server);
        int[] n = {0};
        Runnable[] more = new Runnable[1];
        more[0] = () -> {
            for (int end = n[0] + (n[0] == 0 ? 200 : 20); n[0] < end; n[0]++) {
                path.inject(spoofedSyn(n[0], server));
            }
            w.after(100, more[0]);
        };
        w.after(0, more[0]);
    }

    private static List<TcpSocket> honest(SimHost client, SimHost server, int n) {
        List<TcpSocket> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(client.connect(server, 80));
        }
        return all;
    }

    @Test
    @Rfc(value = 4987, section = "2")
    void synFlood(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1).set("tcp_syncookies", "0");
        TcpListener l = server.listen(plain, 80, 128);
        flood(w, link, server);
        w.advance(500);
        assertThat(l.synQueueLength()).isEqualTo(128);
        List<TcpSocket> clients = honest(client, server, 10);
        w.advance(150_000);
        assertThat(clients).allSatisfy(c -> {
            assertThat(c.state()).isEqualTo(TcpState.CLOSED);
            assertThat(c.error).isEqualTo(Errno.ETIMEDOUT);
        });
        assertThat(server.count(Counter.TcpExtTCPReqQFullDrop)).isPositive();
        assertThat(server.count(Counter.TcpExtListenDrops)).isPositive();
        assertThat(server.count(Counter.TcpExtSyncookiesSent)).isZero();
    }

    @Test
    @Rfc(value = 4987, section = "3.6")
    void synFloodWithCookies(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1);
        link.mtu(1340);
        TcpListener l = server.listen(plain, 80, 128);
        flood(w, link, server);
        w.advance(500);
        assertThat(l.synQueueLength()).isEqualTo(128);
        List<TcpSocket> clients = honest(client, server, 10);
        w.advance(25);
        assertThat(server.host().tcp().tableSize()).as("nothing is kept of cookie connections").isEqualTo(128);
        w.advance(500);
        assertThat(clients).allMatch(TcpSocket::isEstablished);
        assertThat(l.acceptQueueLength()).isEqualTo(10);
        TcpSocket s = server.accept(l);
        assertThat(s.agreed.peerMss).as("survived in the cookie").isEqualTo(1300);
        assertThat(s.agreed.timestamps && s.agreed.windowScaling && s.agreed.sackPermitted).isTrue();
        assertThat(s.agreed.peerShift).as("survived in the timestamp").isEqualTo(10);
        assertThat(server.count(Counter.TcpExtSyncookiesSent)).isGreaterThan(10);
        assertThat(server.count(Counter.TcpExtSyncookiesRecv)).isEqualTo(10);
        assertThat(server.count(Counter.TcpExtSyncookiesFailed)).isZero();
        // An acknowledgment that carries no cookie of ours.
        Packet forged = spoofedSyn(5000, server);
        Tcp.setFlags(forged.memory, forged.start + 20, Tcp.ACK);
        Tcp.setAck(forged.memory, forged.start + 20, 12_345);
        new PacketView().of(forged).fixChecksum();
        link.to(server).inject(forged);
        w.advance(50);
        assertThat(server.count(Counter.TcpExtSyncookiesFailed)).isEqualTo(1);
        // Data flows both ways over a connection made by a cookie.
        TcpSocket c = clients.stream().filter(t -> t.tuple().localPort() == s.tuple().remotePort()).findFirst()
                .orElseThrow();
        client.write(c, 20_000);
        server.write(s, 20_000);
        w.advance(2000);
        assertThat(server.read(s, 100_000)).isEqualTo(client.read(c, 100_000)).isEqualTo(20_000);
    }

    @Test
    void synFloodWithCookiesWithoutTimestamps(World w) {
        SimLink link = pair(w);
        SimHost client = w.hosts().get(0).set("tcp_timestamps", "0");
        SimHost server = w.hosts().get(1);
        TcpListener l = server.listen(plain, 80, 128);
        flood(w, link, server);
        w.advance(500);
        TcpSocket c = client.connect(server, 80);
        w.advance(100);
        assertThat(c.isEstablished()).isTrue();
        TcpSocket s = server.accept(l);
        assertThat(s.agreed.peerMss).isEqualTo(1460);
        assertThat(s.agreed.windowScaling || s.agreed.sackPermitted || c.agreed.windowScaling || c.agreed.sackPermitted)
                .as("no place to keep them")
                .isFalse();
    }

    /**
     * Fills an accept queue with {@code backlog} connections, then two more at once: the first fits (as on Linux the
     * queue is full above its backlog).
     */
    private static List<TcpSocket> overflow(World w, SimHost client, SimHost server, TcpListener l) {
        honest(client, server, l.backlog());
        w.advance(100);
        assertThat(l.acceptQueueLength()).isEqualTo(l.backlog());
        List<TcpSocket> two = honest(client, server, 2);
        w.advance(35);
        assertThat(two).allMatch(TcpSocket::isEstablished);
        return two;
    }

    @Test
    void acceptQueueOverflow(World w) {
        pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1).set("somaxconn", "3").set("tcp_syncookies", "0");
        assertThat(server.listen(plain, 81, 2).backlog()).as("min(backlog, somaxconn)").isEqualTo(2);
        TcpListener l = server.listen(plain, 80, 100);
        assertThat(l.backlog()).as("min(backlog, somaxconn)").isEqualTo(3);
        List<TcpSocket> two = overflow(w, client, server, l);
        assertThat(server.count(Counter.TcpExtListenOverflows)).isEqualTo(1);
        assertThat(server.count(Counter.TcpExtListenDrops)).isEqualTo(1);
        assertThat(l.acceptQueueLength()).isEqualTo(4);
        int answers = w.log().segments(server, Match.synAck()).size();
        w.advance(1000);
        assertThat(w.log().segments(server, Match.synAck())).as("the last ACK was ignored, SYN-ACK is retransmitted")
                .hasSize(answers + 1);
        assertThat(w.log().segments(server, Match.rst())).isEmpty();
        // A SYN that finds the queue full is dropped.
        client.connect(server, 80);
        w.advance(20);
        assertThat(server.count(Counter.TcpExtListenOverflows)).isEqualTo(3);
        server.accept(l);
        server.accept(l);
        w.advance(5000);
        assertThat(l.acceptQueueLength()).as("room again: the late ones come in").isEqualTo(4);
        assertThat(two).allMatch(TcpSocket::isEstablished);
    }

    @Test
    void acceptQueueOverflowAborts(World w) {
        pair(w);
        SimHost client = w.hosts().get(0);
        SimHost server = w.hosts().get(1).set("tcp_abort_on_overflow", "1").set("tcp_syncookies", "0");
        TcpListener l = server.listen(plain, 80, 2);
        List<TcpSocket> two = overflow(w, client, server, l);
        w.advance(20);
        assertThat(w.log().segments(server, Match.rst())).hasSize(1);
        assertThat(two.get(0).isEstablished()).isTrue();
        assertThat(two.get(1).error).isEqualTo(Errno.ECONNRESET);
        assertThat(server.count(Counter.TcpExtListenOverflows)).isEqualTo(1);
        assertThat(server.count(Counter.TcpExtListenDrops)).isEqualTo(1);
    }

    @Test
    void synQueueOverflow(World w) {
        SimLink link = pair(w);
        SimHost server = w.hosts().get(1).set("tcp_max_syn_backlog", "16").set("tcp_syncookies", "0");
        TcpListener l = server.listen(plain, 80, 128);
        w.advance(1);
        for (int n = 0; n < 50; n++) {
            link.to(server).inject(spoofedSyn(n, server));
        }
        w.advance(50);
        assertThat(l.synQueueLength()).as("three quarters are for anybody, as on Linux").isEqualTo(13);
        assertThat(server.count(Counter.TcpExtListenDrops)).isEqualTo(50 - 13);
        assertThat(w.log().segments(server, Match.synAck())).hasSize(13);
    }

    /** The one input queue a host has belongs to its loopback: from links it is handed packet by packet. */
    @Test
    void inputQueueOverflow(World w) {
        pair(w);
        SimHost host = w.hosts().get(0).set("netdev_max_backlog", "10");
        var receiver = host.host().udp().open();
        receiver.bind(IpAddress.LOOPBACK_V4, 53);
        var sender = host.host().udp().open();
        for (int i = 0; i < 25; i++) {
            sender.send(w.buffer(), 0, 100, IpAddress.LOOPBACK_V4, 53, w.nowNs());
        }
        w.advance(1);
        assertThat(receiver.queuedDatagrams()).as("netdev_max_backlog").isEqualTo(10);
        assertThat(host.count(Counter.IpOutDiscards)).as("dropped and counted").isEqualTo(15);
    }

    @Test
    @Rfc(value = 9293, section = "3.5", req = "MUST-10")
    void simultaneousOpen(World w) {
        pair(w);
        SimHost a = w.hosts().get(0);
        SimHost b = w.hosts().get(1);
        TcpSocket ta = a.connect(plain, 5000, b.address(), 6000);
        TcpSocket tb = b.connect(plain, 6000, a.address(), 5000);
        w.settle();
        for (SimHost h : List.of(a, b)) {
            assertThat(w.log().states(h)).containsExactly(TcpState.SYN_SENT, TcpState.SYN_RECEIVED,
                    TcpState.ESTABLISHED);
            assertThat(h.host().tcp().tableSize()).as("one connection").isEqualTo(1);
        }
        assertThat(w.log().segments(a, Match.syn().and(v -> !v.has(Tcp.ACK)))).hasSize(1);
        assertThat(w.log().segments(b, Match.synAck())).hasSize(1);
        a.write(ta, 5000);
        b.write(tb, 5000);
        w.advance(500);
        assertThat(a.read(ta, 10_000)).isEqualTo(b.read(tb, 10_000)).isEqualTo(5000);
    }
}
