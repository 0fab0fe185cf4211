package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceEvent;

/** Closing between two hosts (section C of the experiments). Every number of a row is asserted. */
class ClosingTest {
    private static final double DELAY_MS = 10;

    /** A connection over a wire: both ends, established, nothing on the way. */
    private static final class Pair {
        final TcpWire wire;
        final TcpListener listener;
        final TcpSocket client;
        final TcpSocket server;

        Pair(TcpWire wire, SocketOptions options, int localPort) {
            this.wire = wire;
            listener = wire.listen(4096);
            client = wire.connect(options, localPort);
            wire.settle();
            server = listener.accept();
            wire.check(server != null && client.state() == TcpState.ESTABLISHED, "not connected");
            wire.states.forEach(List::clear);
            wire.sent.forEach(List::clear);
        }

        Pair() {
            this(new TcpWire(DELAY_MS), new SocketOptions(), 5000);
        }
    }

    private static Errno connectError(TcpWire w, int localPort) {
        try {
            w.connect(new SocketOptions(), localPort);
            return null;
        } catch (ErrnoException e) {
            return e.errno();
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.6", req = "MUST-13")
    void fourWayClose() {
        Pair p = new Pair();
        TcpWire w = p.wire;
        p.client.close(w.nowNs);
        w.settle();
        w.equal(p.client.state(), TcpState.FIN_WAIT_2, "client");
        w.equal(p.server.state(), TcpState.CLOSE_WAIT, "server");
        w.equal(w.read(p.server, 1), -1, "read");
        p.server.close(w.nowNs);
        w.run(DELAY_MS);
        double timeWaitSince = w.ms();
        w.equal(p.client.state(), TcpState.TIME_WAIT, "client");
        w.settle();
        w.equal(w.states.get(0), List.of("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>TIME_WAIT"),
                "client's way");
        w.equal(w.states.get(1), List.of("ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED"),
                "server's way");
        w.equal(w.count(0, TcpState.TIME_WAIT), 1, "time-waits of the client");
        w.equal(w.hosts[1].tcp().tableSize(), 0, "entries of the server");
        w.equal(w.hosts[1].tcp().timeWaitCount(), 0, "time-waits of the server");
        List<String> segments = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            for (Seg s : w.sent.get(i)) {
                segments.add(i + Seg.flagText(s.flags));
            }
        }
        w.equal(segments, List.of("0FA", "0A", "1A", "1FA"), "segments");
        w.runTo(timeWaitSince + 59_999);
        w.equal(w.count(0, TcpState.TIME_WAIT), 1, "time-waits after 59.999 s");
        w.runTo(timeWaitSince + 60_000);
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries of the client after 60 s");
    }

    @Test
    @Rfc(value = 9293, section = "3.6")
    void halfClose() {
        Pair p = new Pair();
        TcpWire w = p.wire;
        w.equal(w.write(p.client, 1, 3000), 3000, "written");
        p.client.shutdownWrite(w.nowNs);
        w.settle();
        w.run(100); // the acknowledgment of a FIN waits for what may follow
        w.equal(p.client.state(), TcpState.FIN_WAIT_2, "client");
        w.equal(w.read(p.server, 1), 3000, "the server reads all that was queued before the FIN");
        w.equal(w.read(p.server, 3001), -1, "and then the end");
        int sent = 0;
        int received = 0;
        int end = 0;
        while (end == 0) {
            if (sent < 200_000) {
                sent += w.write(p.server, 1 + sent, Math.min(20_000, 200_000 - sent));
                if (sent == 200_000) {
                    p.server.close(w.nowNs);
                }
            }
            w.run(1);
            TcpState during = p.client.state();
            int n = w.read(p.client, 1 + received);
            if (n > 0) {
                received += n;
                w.check(during == TcpState.FIN_WAIT_2 || during == TcpState.TIME_WAIT, "received in " + during);
            }
            end = n < 0 ? 1 : 0;
            w.check(w.ms() < 60_000, "stuck at " + received);
        }
        w.equal(received, 200_000, "bytes the client received");
        w.equal(w.counter(0, Counter.TcpExtTCPAbortOnData), 0L, "resets");
    }

    @Test
    @Rfc(value = 9293, section = "3.6")
    void simultaneousClose() {
        Pair p = new Pair();
        TcpWire w = p.wire;
        p.client.close(w.nowNs);
        p.server.close(w.nowNs);
        w.settle();
        for (int i = 0; i < 2; i++) {
            w.equal(w.states.get(i), List.of("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSING", "CLOSING>TIME_WAIT"),
                    "way of " + i);
            w.equal(w.count(i, TcpState.TIME_WAIT), 1, "time-waits of " + i);
            w.equal(w.sent.get(i).size(), 2, "segments of " + i + ": a FIN and an ACK");
        }
        w.run(60_000);
        w.equal(w.hosts[0].tcp().tableSize() + w.hosts[1].tcp().tableSize(), 0, "entries after 60 s");
    }

    private static Pair lastAckLost(long timeWaitNs) {
        Pair p = new Pair();
        TcpWire w = p.wire;
        w.hosts[0].tcp().timeWaitNs(timeWaitNs);
        p.client.close(w.nowNs);
        w.settle();
        int[] lost = new int[1];
        w.fate = (from, s) -> from == 0 && s.flags == Seg.ACK && lost[0]++ == 0 ? -1 : 0;
        p.server.shutdownWrite(w.nowNs);
        w.sent.forEach(List::clear);
        w.settle();
        w.equal(lost[0], 1, "last acknowledgments lost");
        w.equal(p.server.state(), TcpState.LAST_ACK, "server");
        return p;
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "MUST-13")
    void lastAckLostWithTimeWait() {
        Pair p = lastAckLost(TimeWaits.LENGTH_NS);
        TcpWire w = p.wire;
        double begin = w.ms();
        w.equal(w.count(0, TcpState.TIME_WAIT), 1, "time-waits");
        while (p.server.state() == TcpState.LAST_ACK) {
            w.run(1);
            w.check(w.ms() < begin + 2000, "no second FIN");
        }
        List<Seg> server = w.sent.get(1);
        w.equal(server.size(), 2, "FINs of the server");
        w.check(server.get(0).has(Seg.FIN) && server.get(1).has(Seg.FIN) && server.get(0).seq.equals(server.get(1).seq),
                "not the same FIN twice");
        w.equal(p.server.state(), TcpState.CLOSED, "server");
        w.check(p.server.takeError() == null, "the server sees an error");
        double acknowledged = w.ms() - DELAY_MS;
        w.runTo(acknowledged - 1 + 60_000 - 1);
        w.equal(w.count(0, TcpState.TIME_WAIT), 1, "2 MSL began anew");
        w.runTo(acknowledged + 60_001);
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.1")
    void lastAckLostWithoutTimeWait() {
        Pair p = lastAckLost(0);
        TcpWire w = p.wire;
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries of the client");
        w.run(2000);
        Seg last = w.sent.get(0).getLast();
        w.check(last.has(Seg.RST), "the second FIN is answered with " + last);
        w.equal(p.server.state(), TcpState.CLOSED, "server");
        w.check((p.server.readiness() & Pollable.ERROR) != 0, "no error to see");
        w.equal(p.server.takeError(), Errno.ECONNRESET, "what the server sees");
    }

    /**
     * Opens the same four-tuple a second time and lets segment 301 of the first arrive in it. The peer, which would
     * have to be in TIME-WAIT, is the test.
     */
    private static TcpConversation oldDuplicate(String options) {
        TcpConversation c = with().peer(options).accepted();
        c.send("A 1(300)").all();
        c.read(300);
        byte[] delayed = oldSegment(c, 1);
        c.at(10).send("FA 301(0)").all();
        c.close().all();
        c.send("A");
        c.inTable(TcpState.CLOSED);
        c.at(20);
        return again(c, options, delayed);
    }

    private static byte[] oldSegment(TcpConversation c, int value) {
        Seg s = Seg.parse("A 301(100) ack 1 win 1000");
        if (c.tcb.agreed.timestamps) {
            s.hasTs = true;
            s.tsVal = c.peerTs();
            s.tsEcr = 0;
        }
        byte[] old = new byte[100];
        java.util.Arrays.fill(old, (byte) (0x55 * value));
        return s.packet(c.peerAddress, c.peerPort, c.hostAddress, c.hostPort, c.peerIsn, c.hostIsn, old);
    }

    private static TcpConversation again(TcpConversation c, String options, byte[] delayed) {
        c.reopen();
        c.send("S 0(0) " + options.replace("ts 1000", "ts 2000")).recv("SA 0(0) ack 1").send("A 1(0) ack 1");
        c.tcb = c.listener.accept();
        c.send("A 1(300)").all();
        c.read(300);
        Seg acknowledgesAnything = Seg.of(delayed, 0, 0);
        sluice.core.TestPackets.set16(delayed, Seg.tcpAt(delayed) + 8, c.hostIsn + 1 >>> 16);
        sluice.core.TestPackets.set16(delayed, Seg.tcpAt(delayed) + 10, c.hostIsn + 1);
        byte[] tcp = sluice.core.TestPackets.slice(delayed, 20, delayed.length);
        sluice.core.TestPackets.checksummed(c.peerAddress, c.hostAddress, 6, tcp, 16);
        System.arraycopy(tcp, 0, delayed, 20, tcp.length);
        c.check(acknowledgesAnything.length == 100, "segment").packet(delayed);
        return c;
    }

    @Test
    void timeWaitOldDuplicateWithoutTimeWaitCorruptsTheStream() {
        TcpConversation c = oldDuplicate("<mss 1460>");
        c.check(c.tcb.available() == 100, "the old segment was not taken");
        c.send("A 301(100)").all();
        try {
            c.tryRead(100);
        } catch (AssertionError e) {
            c.check(e.getMessage().startsWith("wrong byte 301"), e.getMessage());
            return;
        }
        c.check(false, "the stream is not corrupted");
    }

    @Test
    @Rfc(value = 7323, section = "5")
    void timeWaitOldDuplicateIsDroppedByTimestamps() {
        TcpConversation c = oldDuplicate("<mss 1460, ts 1000/0>");
        c.counted(Counter.TcpExtPAWSEstab, 1).check(c.tcb.available() == 0, "the old segment was taken");
        c.all();
        c.send("A 301(100)").read(100);
    }

    @Test
    @Rfc(value = 9293, section = "3.6.1", req = "MUST-13")
    void timeWaitOldDuplicateCannotArriveWhileTimeWaitLasts() {
        Pair p = new Pair(new TcpWire(DELAY_MS).set("tcp_timestamps", 0), new SocketOptions(), 5000);
        TcpWire w = p.wire;
        w.fate = (from, s) -> from == 0 && s.length == 100 ? 30_000_000_000L : 0;
        w.write(p.client, 1, 300);
        w.settle();
        w.write(p.client, 301, 100);
        w.run(1);
        w.fate = (from, s) -> 0;
        w.run(1000);
        w.equal(w.read(p.server, 1), 400, "read: the delayed segment was retransmitted");
        p.client.close(w.nowNs);
        w.run(100);
        p.server.close(w.nowNs);
        w.run(100);
        double begin = w.ms();
        w.equal(connectError(w, 5000), Errno.EADDRINUSE, "connecting again");
        w.runTo(35_000);
        w.equal(w.counter(1, Counter.TcpOutRsts), 1L, "the old segment arrived after the close, for nobody");
        w.equal(connectError(w, 5000), Errno.EADDRINUSE, "connecting again");
        w.runTo(begin + 60_200);
        w.check(connectError(w, 5000) == null, "not connecting after 2 MSL");
    }

    /** Connects and closes: the client first, then the server. */
    private static void openAndClose(TcpWire w, TcpListener l, int localPort) {
        TcpSocket c = w.connect(new SocketOptions(), localPort);
        w.settle();
        TcpSocket s = l.accept();
        c.close(w.nowNs);
        w.settle();
        s.close(w.nowNs);
        w.settle();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime r = Runtime.getRuntime();
        return r.totalMemory() - r.freeMemory();
    }

    @Test
    void portExhaustion() {
        TcpWire w = new TcpWire(0.05);
        w.record = false;
        TcpListener l = w.listen(10);
        long before = usedHeap();
        int opened = 0;
        Errno error = null;
        while (error == null && opened < 70_000) {
            try {
                openAndClose(w, l, 0);
                opened++;
            } catch (ErrnoException e) {
                error = e.errno();
            }
        }
        long each = (usedHeap() - before) / opened;
        w.equal(error, Errno.EADDRNOTAVAIL, "the error");
        w.equal(error.text(), "Cannot assign requested address", "its text");
        w.equal(opened, 28_232, "connections");
        w.equal(w.count(0, TcpState.TIME_WAIT), 28_232, "time-waits");
        w.equal(w.hosts[1].tcp().tableSize(), 0, "entries of the server");
        w.check(w.ms() < 60_000, "it took longer than 2 MSL");
        w.equal(w.hosts[0].pool().inUseBytes(), 0L, "buffer memory of the client");
        w.check(each < 1024, "memory of a time-wait: " + each + " bytes");
        System.out.println("port-exhaustion: " + each + " bytes of memory for a TIME-WAIT entry");
        w.run(60_000);
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries after 2 MSL");
        openAndClose(w, l, 0);
    }

    private static TcpWire oneTimeWait(int reuse, int timestamps) {
        TcpWire w = new TcpWire(0.05).set("tcp_tw_reuse", reuse).set("tcp_timestamps", timestamps)
                .set("ip_local_port_range", "40000 40000");
        TcpListener l = w.listen(10);
        openAndClose(w, l, 0);
        w.equal(w.count(0, TcpState.TIME_WAIT), 1, "time-waits");
        w.equal(connectError(w, 0), Errno.EADDRNOTAVAIL, "connecting at once");
        return w;
    }

    @Test
    @Rfc(value = 6191, section = "2")
    void twReuse() {
        TcpWire w = oneTimeWait(1, 1);
        w.run(990);
        w.equal(connectError(w, 0), Errno.EADDRNOTAVAIL, "connecting after less than a second");
        w.run(20);
        int lastSeq = (int) w.sent.get(0).stream().filter(s -> s.has(Seg.FIN)).findFirst().orElseThrow().seq
                .longValue();
        w.sent.forEach(List::clear);
        TcpSocket c = w.connect(new SocketOptions(), 0);
        w.settle();
        w.equal(c.state(), TcpState.ESTABLISHED, "the new connection");
        w.equal(c.localPort(), 40_000, "its port");
        w.equal(w.counter(0, Counter.TcpExtTWRecycled), 1L, "recycled");
        w.equal(w.count(0, TcpState.TIME_WAIT), 0, "time-waits");
        w.check((int) w.sent.get(0).getFirst().seq.longValue() - lastSeq > 65_535,
                "the new numbers are not beyond the old ones");
        w.equal(w.write(c, 1, 100), 100, "written");
        w.settle();
        List<TcpSocket> server = w.hosts[1].tcp().connections();
        w.equal(w.read(server.getFirst(), 1), 100, "read");
        Seg old = Seg.parse("PA 0(50) ack 0 win 1000 <ts 0/0>");
        old.tsVal = c.timestampClock(w.nowNs) - 500;
        w.inject(1, old.packet("10.0.0.1", 40_000, "10.0.0.2", 80, c.snd.nxt, c.rcv.nxt, new byte[50]));
        w.settle();
        w.equal(w.counter(1, Counter.TcpExtPAWSEstab), 1L, "an old segment is dropped by PAWS");
        w.equal(server.getFirst().available(), 0, "bytes of it");
        w.equal(w.counter(1, Counter.TcpExtTWRecycled), 0L, "recycled by the server");
    }

    @Test
    void twReuseWithoutTimestampsHasNoEffect() {
        TcpWire w = oneTimeWait(1, 0);
        w.run(30_000);
        w.equal(connectError(w, 0), Errno.EADDRNOTAVAIL, "connecting after 30 s");
        TcpWire off = oneTimeWait(0, 1);
        off.run(30_000);
        off.equal(connectError(off, 0), Errno.EADDRNOTAVAIL, "connecting after 30 s");
    }

    @Test
    void twBuckets() {
        TcpWire w = new TcpWire(0.05).set("tcp_max_tw_buckets", 18_000);
        w.record = false;
        TcpListener l = w.listen(10);
        for (int i = 0; i < 18_100; i++) {
            openAndClose(w, l, 0);
        }
        w.equal(w.count(0, TcpState.TIME_WAIT), 18_000, "time-waits");
        w.equal(w.hosts[0].tcp().tableSize(), 18_000, "entries");
        w.equal(w.counter(0, Counter.TcpExtTCPTimeWaitOverflow), 100L, "TCPTimeWaitOverflow");
        w.equal(w.events.get(0).stream().filter(TraceEvent.TimeWaitOverflow.class::isInstance).count(), 100L,
                "warnings");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.5")
    void lingerZero() {
        SocketOptions o = new SocketOptions();
        o.lingerSeconds = 0;
        Pair p = new Pair(new TcpWire(DELAY_MS), o, 5000);
        TcpWire w = p.wire;
        int written = 0;
        for (int n = w.write(p.client, 1, 100_000); n > 0; n = w.write(p.client, 1 + written, 100_000)) {
            written += n;
        }
        w.run(DELAY_MS + 1);
        p.client.close(w.nowNs);
        w.equal(p.client.state(), TcpState.CLOSED, "client");
        w.settle();
        w.equal(w.sent.get(0).stream().filter(s -> s.has(Seg.RST | Seg.ACK)).count(), 1L,
                "resets of the connection (others answer ACKs that were on the way)");
        w.equal(w.sent.get(0).stream().filter(s -> s.has(Seg.FIN)).count(), 0L, "FINs");
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries of the client: no TIME-WAIT");
        w.equal(w.hosts[1].tcp().tableSize(), 0, "entries of the server");
        int received = Math.max(0, w.read(p.server, 1));
        w.check(received < written, "nothing was lost: " + received + " of " + written);
        Errno seen = null;
        try {
            w.read(p.server, 1 + received);
        } catch (ErrnoException e) {
            seen = e.errno();
        }
        w.equal(seen, Errno.ECONNRESET, "what the server's read says");
        w.equal(w.hosts[0].pool().inUseBytes(), 0L, "memory of the client");
    }

    @Test
    void closeWaitPileup() {
        TcpWire w = new TcpWire(DELAY_MS);
        TcpListener l = w.listen(4096);
        List<TcpSocket> held = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            TcpSocket c = w.connect(new SocketOptions(), 0);
            w.settle();
            TcpSocket s = l.accept();
            held.add(s);
            c.close(w.nowNs);
            w.settle();
            w.equal(w.count(1, TcpState.CLOSE_WAIT), i, "CLOSE-WAITs of a server that forgets close()");
        }
        w.run(10 * 60_000);
        w.equal(w.count(1, TcpState.CLOSE_WAIT), 100, "CLOSE-WAITs after ten minutes");
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries of the client: its orphans gave up after tcp_fin_timeout");
        for (TcpSocket t : held) {
            w.equal(t.localPort(), l.localPort(), "the listener's port");
            w.check(w.nowNs - t.establishedNs >= 600_000_000_000L, "age");
        }
        for (int i = 0; i < 100; i++) {
            held.get(i).close(w.nowNs);
            w.run(100);
            w.equal(w.count(1, TcpState.CLOSE_WAIT), 99 - i, "CLOSE-WAITs of a server that was only slow");
        }
        w.equal(w.hosts[1].tcp().tableSize(), 0, "entries of the server");
    }

    @Test
    void finWait2Timeout() {
        Pair p = new Pair();
        TcpWire w = p.wire;
        p.client.close(w.nowNs);
        w.run(2 * DELAY_MS);
        double since = w.ms();
        w.equal(p.client.state(), TcpState.FIN_WAIT_2, "client");
        w.runTo(since + 59_999);
        w.equal(w.count(0, TcpState.FIN_WAIT_2), 1, "FIN-WAIT-2 after 59.999 s");
        w.runTo(since + 60_000);
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries after 60 s");
        Pair q = new Pair(new TcpWire(DELAY_MS).set("tcp_fin_timeout", 5), new SocketOptions(), 5000);
        q.client.close(q.wire.nowNs);
        q.wire.run(2 * DELAY_MS).run(4999);
        q.wire.equal(q.wire.count(0, TcpState.FIN_WAIT_2), 1, "FIN-WAIT-2 after 4.999 s");
        q.wire.run(1);
        q.wire.equal(q.wire.hosts[0].tcp().tableSize(), 0, "entries after 5 s");
    }
}
