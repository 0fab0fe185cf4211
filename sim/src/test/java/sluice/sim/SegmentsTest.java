package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpOptions;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.wire.Bytes;
import sluice.wire.Ipv4;
import sluice.wire.OptionCursor;
import sluice.wire.Packet;
import sluice.wire.PacketPrinter;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/** Section A of the experiments: segments, connections, UDP. Each test is a row, by its id. */
@ExtendWith(Worlds.class)
class SegmentsTest {
    private final SocketOptions plain = new SocketOptions();

    /** A captured packet, explained: every field by name. */
    @Test
    void header(World w) {
        SimHost a = w.host("client");
        SimHost b = w.host("server");
        SimLink link = w.link(a, b).delayMs(1);
        List<Packet> captured = new ArrayList<>();
        link.from(a).see(Match.any(), v -> captured.add(w.packets().copy(v.packet())));
        World.Pair p = w.connect(a, b, 80);
        a.write(p.client(), 100);
        w.settle();
        Packet syn = captured.get(0);
        Packet data = captured.get(2);
        MemorySegment m = data.memory;
        int ip = data.start;
        int tcp = ip + Ipv4.headerLength(m, ip);
        TcpSocket c = p.client();
        assertThat(Tcp.sourcePort(m, tcp)).isEqualTo(c.tuple().localPort());
        assertThat(Tcp.destinationPort(m, tcp)).isEqualTo(80);
        assertThat(Tcp.seq(m, tcp)).isEqualTo(c.snd.iss + 1);
        assertThat(Tcp.ack(m, tcp)).isEqualTo(c.rcv.irs + 1);
        assertThat(Tcp.dataOffset(m, tcp)).as("20 and timestamps").isEqualTo(32);
        assertThat(Tcp.flags(m, tcp)).isEqualTo(Tcp.PSH | Tcp.ACK);
        assertThat(Tcp.flags(m, tcp) & (Tcp.CWR | Tcp.ECE | Tcp.URG | Tcp.RST | Tcp.SYN | Tcp.FIN)).isZero();
        assertThat(Tcp.window(m, tcp)).as("raw").isEqualTo(63);
        assertThat(Tcp.window(m, tcp) << c.agreed.ourShift).as("scaled").isEqualTo(64_512);
        assertThat(Tcp.urgentPointer(m, tcp)).isZero();
        assertThat(Ipv4.totalLength(m, ip) - Ipv4.headerLength(m, ip) - Tcp.dataOffset(m, tcp)).as("payload")
                .isEqualTo(100);
        int length = Ipv4.totalLength(m, ip) - Ipv4.headerLength(m, ip);
        assertThat(isChecksumValid(m, tcp, length, a, b)).as("the checksum is right").isTrue();
        Bytes.put8(m, data.end - 1L, Bytes.u8(m, data.end - 1L) ^ 1);
        assertThat(isChecksumValid(m, tcp, length, a, b)).as("and notices one bit").isFalse();

        List<Integer> options = new ArrayList<>();
        OptionCursor cursor = new OptionCursor();
        int synTcp = syn.start + 20;
        for (Tcp.options(cursor, syn.memory, synTcp, Tcp.dataOffset(syn.memory, synTcp)); cursor.next();) {
            options.add(cursor.kind());
        }
        assertThat(options).containsExactlyInAnyOrder(TcpOption.MSS, TcpOption.SACK_PERMITTED, TcpOption.TIMESTAMPS,
                TcpOption.NOP, TcpOption.WINDOW_SCALE);
        PacketPrinter printer = new PacketPrinter().withChecksums();
        assertThat(printer.print(syn)).contains("Flags [S]", "mss 1460", "sackOK", "TS val", "wscale 10", "win 64240")
                .doesNotContain("bad cksum");
        assertThat(printer.print(data)).contains("Flags [P.]", "length 100", "win 63", "bad cksum");
    }

    private static boolean isChecksumValid(MemorySegment m, int tcp, int length, SimHost a, SimHost b) {
        return Tcp.isChecksumValid(m, tcp, length, a.address().high(), a.address().low(), b.address().high(),
                b.address().low());
    }

    /** Many clients, one port. */
    @Test
    void fourTuple(World w) {
        int hosts = 20;
        int each = 100;
        SimHost server = w.host("server");
        SimHost hub = w.host("hub").router();
        w.link(server, hub);
        List<SimHost> clients = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            clients.add(w.host("c" + i));
            w.link(clients.get(i), hub);
        }
        TcpListener l = server.listen(plain, 80, 4000);
        List<TcpSocket> theirs = new ArrayList<>();
        for (SimHost c : clients) {
            for (int i = 0; i < each; i++) {
                theirs.add(c.connect(plain, 40_000 + i, server.address(), 80)); // the same ports on every client
            }
        }
        w.runUntil("all connected", () -> l.acceptQueueLength() == hosts * each);
        Set<FourTuple> tuples = new HashSet<>();
        List<TcpSocket> ours = new ArrayList<>();
        for (int i = 0; i < hosts * each; i++) {
            TcpSocket t = l.accept();
            assertThat(t.tuple().localPort()).isEqualTo(80);
            assertThat(t.tuple().local()).isEqualTo(server.address());
            tuples.add(t.tuple());
            ours.add(t);
        }
        assertThat(tuples).as("told apart by address and port of the peer").hasSize(hosts * each);
        for (TcpSocket c : theirs) {
            hostOf(w, c).write(c, 10 + c.tuple().localPort() % 50);
        }
        w.settle();
        for (TcpSocket t : ours) {
            assertThat(server.read(t, 1000)).as("each gets what its own peer sent")
                    .isEqualTo(10 + t.tuple().remotePort() % 50);
        }
        w.advance(1000);
        assertThat(server.host().pool().inUseBytes()).as("an idle connection holds no ring memory").isZero();
        assertThat(Math.pow(2, 32) * Math.pow(2, 16)).as("theory for IPv4").isEqualTo(Math.pow(2, 48));
        assertThat(bytesPerIdleConnection()).as("the limit is memory: bytes of an idle connection, one end")
                .isBetween(500L, 4000L);
    }

    private static SimHost hostOf(World w, TcpSocket t) {
        return w.hosts().stream().filter(h -> h.address().equals(t.tuple().local())).findFirst().orElseThrow();
    }

    /** How much the heap grows with 2,000 more connections, both ends in it. */
    private static long bytesPerIdleConnection() {
        World w = new World(1).unwatched();
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b);
        TcpListener l = b.listen(new SocketOptions(), 80, 4096);
        int n = 2000;
        List<TcpSocket> keep = new ArrayList<>();
        long[] allocated = new long[2];
        for (int round = 0; round < 2; round++) {
            long before = heap();
            for (int i = 0; i < n; i++) {
                keep.add(a.connect(b, 80));
                w.settle();
                keep.add(l.accept());
            }
            allocated[round] = heap() - before;
        }
        assertThat(keep).hasSize(4 * n).doesNotContainNull();
        long bytes = allocated[1] / (2L * n);
        System.out.println("four-tuple: " + bytes + " bytes of memory per idle connection and end");
        return bytes;
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The same megabyte over the same bad link by both protocols. */
    @Test
    void udpVsTcp(World w) {
        SimHost a = w.host("sender");
        SimHost b = w.host("receiver");
        w.link(a, b).delayMs(5);
        int total = 1_000_000;
        int message = 1000;
        String bad = "delay 10ms 3ms loss 2% duplicate 2% limit 100000";

        double clean = tcpMs(1, "delay 10ms 3ms limit 100000", total);
        double lossy = tcpMs(1, bad, total);
        assertThat(lossy).as("TCP slows down under loss").isGreaterThan(2 * clean);

        w.links().getFirst().from(a).netem(bad);
        UdpSocket receiver = b.udp(53);
        receiver.options().setReceiveBufferBytes(8 << 20);
        UdpSocket sender = a.udp(0);
        sender.options().setSendBufferBytes(8 << 20);
        double start = w.nowMs();
        for (int i = 0; i < total / message; i++) {
            w.buffer().set(ValueLayout.JAVA_INT, 0, i);
            sender.send(w.buffer(), 0, message, b.address(), 53, w.nowNs());
            w.advance(0.1);
        }
        w.settle();
        assertThat(w.nowMs() - start).as("UDP does not slow down").isLessThan(total * 0.1 / message + 50);
        int got = 0;
        int late = 0;
        int last = -1;
        Set<Integer> seen = new HashSet<>();
        for (UdpReceived r = receiver.receive(w.buffer(), 0, 65_536); r != null; r = receiver.receive(w.buffer(), 0,
                65_536)) {
            assertThat(r.length).as("messages keep their boundaries").isEqualTo(message);
            int number = w.buffer().get(ValueLayout.JAVA_INT, 0);
            got++;
            seen.add(number);
            late += number < last ? 1 : 0;
            last = Math.max(last, number);
        }
        assertThat(seen.size()).as("some are lost").isBetween(950, 995);
        assertThat(got - seen.size()).as("some come twice").isBetween(5, 40);
        assertThat(late).as("some out of order").isPositive();
        assertThat(sluice.wire.Udp.HEADER_LENGTH).isEqualTo(8);
        assertThat(Tcp.MIN_HEADER_LENGTH).isEqualTo(20);
        assertThat(w.log().sent(a, v -> v.isUdp() && v.ipLength() == 20 + 8 + message)).isGreaterThan(100);
    }

    private static double tcpMs(long seed, String netem, int total) {
        World w = new World(seed);
        SimHost a = w.host("sender");
        SimHost b = w.host("receiver");
        w.link(a, b).delayMs(5);
        World.Pair p = w.connect(a, b, 80);
        w.links().getFirst().from(a).netem(netem);
        double start = w.nowMs();
        new BulkSender(a, p.client(), total).thenClose();
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.runUntil("delivered whole, in order, once", sink::hasEnded);
        assertThat(sink.received()).isEqualTo(total);
        return w.nowMs() - start;
    }

    @Test
    void oneUdpSocketTalksToManyPeers(World w) {
        SimHost server = w.host("server");
        SimHost hub = w.host("hub").router();
        w.link(server, hub);
        UdpSocket socket = server.udp(53);
        List<UdpSocket> peers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            SimHost c = w.host("c" + i);
            w.link(c, hub);
            UdpSocket s = c.udp(0);
            s.send(w.buffer(), 0, 100 + i, server.address(), 53, w.nowNs());
            peers.add(s);
        }
        w.advance(1);
        for (UdpReceived r = socket.receive(w.buffer(), 0, 2000); r != null; r = socket.receive(w.buffer(), 0, 2000)) {
            socket.send(w.buffer(), 0, r.length, r.source(), r.sourcePort, w.nowNs());
        }
        w.advance(1);
        for (int i = 0; i < 10; i++) {
            UdpReceived r = peers.get(i).receive(w.buffer(), 0, 2000);
            assertThat(r).isNotNull();
            assertThat(r.length).isEqualTo(100 + i);
        }
    }

    /** 4,000 bytes in one datagram and in a stream, one packet lost. */
    @Test
    void fragmentation(World w) {
        SimHost a = w.host("sender").set("tcp_timestamps", "0");
        SimHost b = w.host("receiver");
        SimLink link = w.link(a, b).delayMs(10);
        UdpSocket receiver = b.udp(53);
        UdpSocket sender = a.udp(0);
        sender.options().mtuDiscovery = UdpOptions.MtuDiscovery.DONT;
        sender.send(w.buffer(), 0, 4000, b.address(), 53, w.nowNs());
        w.settle();
        assertThat(w.log().sent(a, Match.fragment())).as("IP splits it in 3").isEqualTo(3);
        assertThat(a.count(Counter.IpFragCreates)).isEqualTo(3);
        assertThat(receiver.receive(w.buffer(), 0, 65_536)).isNotNull();

        link.from(a).drop(Match.fragment().nth(2));
        sender.send(w.buffer(), 0, 4000, b.address(), 53, w.nowNs());
        w.advance(29_000);
        assertThat(w.log().arrived(b, Match.fragment())).isEqualTo(5);
        assertThat(b.count(Counter.IpReasmTimeout)).isZero();
        w.advance(2000);
        assertThat(b.count(Counter.IpReasmTimeout)).as("reassembly times out after 30 s").isEqualTo(1);
        assertThat(receiver.receive(w.buffer(), 0, 65_536)).as("all of it is lost").isNull();
        link.from(a).untap();

        World.Pair p = w.connect(a, b, 80);
        w.log().clear();
        link.from(a).drop(Match.data().nth(2));
        new BulkSender(a, p.client(), 4000);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.runUntil("all there", () -> sink.received() == 4000);
        List<WireSegment> sent = w.log().segments(a, Match.data());
        assertThat(sent.stream().map(WireSegment::payload)).as("cut at MSS; only the lost one again")
                .containsExactly(1460, 1460, 1080, 1460);
        assertThat(sent.get(3).seq()).isEqualTo(sent.get(1).seq());
        assertThat(w.log().sent(a, Match.fragment())).isZero();
        assertThat(a.count(Counter.TcpRetransSegs)).isEqualTo(1);
    }
}
