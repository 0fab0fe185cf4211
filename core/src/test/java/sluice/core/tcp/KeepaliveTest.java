package sluice.core.tcp;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;

/** Keepalive between two hosts (section D of the experiments). Every number of a row is asserted. */
class KeepaliveTest {
    private static final double DELAY_MS = 10;

    private final TcpWire w = new TcpWire(DELAY_MS);
    private TcpSocket client;
    private double since;

    private void open(SocketOptions o) {
        o.keepAlive = true;
        TcpListener l = w.listen(10);
        client = w.connect(o, 5000);
        w.run(2 * DELAY_MS);
        since = w.ms();
        w.settle();
        w.check(l.accept() != null && client.state() == TcpState.ESTABLISHED, "not connected");
        w.sent.forEach(List::clear);
    }

    private List<Seg> probes() {
        return w.sent.get(0).stream().filter(s -> s.seq.intValue() == client.snd.una - 1).toList();
    }

    private Errno read() {
        try {
            w.read(client, 1);
            return null;
        } catch (ErrnoException e) {
            return e.errno();
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = {"MUST-26", "MUST-28"})
    void keepaliveAlive() {
        open(new SocketOptions());
        w.runTo(since + 7_199_999);
        w.equal(w.sent.get(0).size(), 0, "segments before 7200 s");
        w.runTo(since + 7_200_000);
        w.equal(probes().size(), 1, "probes at 7200 s");
        w.equal(probes().getFirst().length, 0, "bytes in it");
        w.settle();
        w.equal(w.sent.get(1).size(), 1, "answers");
        double answered = since + 7_200_000 + 2 * DELAY_MS;
        w.runTo(answered + 7_199_999);
        w.equal(probes().size(), 1, "probes before the timer ran out again");
        w.runTo(answered + 7_200_000);
        w.equal(probes().size(), 2, "probes 7200 s after the answer");
        w.runTo(since + 100 * 7_200_000.0);
        w.equal(client.state(), TcpState.ESTABLISHED, "state after 200 hours");
        w.equal(w.counter(0, Counter.TcpExtTCPKeepAlive), (long) w.sent.get(1).size(), "each probe was answered");
    }

    @Test
    void keepaliveRestarted() {
        open(new SocketOptions());
        w.run(1000);
        w.restart(1);
        w.runTo(since + 7_199_999);
        w.equal(client.state(), TcpState.ESTABLISHED, "state");
        w.runTo(since + 7_200_000);
        w.equal(probes().size(), 1, "probes");
        w.settle();
        w.check(w.sent.get(1).getFirst().has(Seg.RST), "answered with " + w.sent.get(1));
        w.equal(client.state(), TcpState.CLOSED, "state");
        w.equal(read(), Errno.ECONNRESET, "read");
        w.equal(Errno.ECONNRESET.text(), "Connection reset by peer", "its text");
    }

    private void dead(int idle, int interval, int count) {
        w.run(1);
        w.fate = (from, s) -> -1;
        for (int i = 0; i < count; i++) {
            w.runTo(since + (idle + i * interval) * 1000.0 - 1);
            w.equal(probes().size(), i, "probes before");
            w.runTo(since + (idle + i * interval) * 1000.0);
            w.equal(probes().size(), i + 1, "probes");
        }
        w.runTo(since + (idle + count * interval) * 1000.0 - 1);
        w.equal(client.state(), TcpState.ESTABLISHED, "state before the end");
        w.runTo(since + (idle + count * interval) * 1000.0);
        w.equal(client.state(), TcpState.CLOSED, "state at the end");
        w.equal(probes().size(), count, "probes in all");
        w.equal(w.counter(0, Counter.TcpExtTCPKeepAlive), (long) count, "TCPKeepAlive");
        w.equal(read(), Errno.ETIMEDOUT, "read");
        w.equal(Errno.ETIMEDOUT.text(), "Connection timed out", "its text");
        w.equal(w.hosts[0].tcp().tableSize(), 0, "entries");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = "MUST-29")
    void keepaliveDead() {
        open(new SocketOptions());
        dead(7200, 75, 9);
        w.check(Math.abs(w.ms() - since - 7_875_000) < 0.001, "gave up after " + (w.ms() - since));
        w.equal(7875, 2 * 3600 + 11 * 60 + 15, "2 h 11 min 15 s");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = {"MUST-24", "MUST-27"})
    void keepaliveDeadWithValuesOfTheSocket() {
        SocketOptions o = new SocketOptions();
        o.keepIdleSeconds = 60;
        o.keepIntervalSeconds = 10;
        o.keepCount = 5;
        open(o);
        dead(60, 10, 5);
        w.check(Math.abs(w.ms() - since - 110_000) < 0.001, "gave up after " + (w.ms() - since));
    }

    @Test
    void keepaliveDeadWithValuesOfTheHost() {
        w.set("tcp_keepalive_time", 20).set("tcp_keepalive_intvl", 2).set("tcp_keepalive_probes", 4);
        open(new SocketOptions());
        dead(20, 2, 4);
    }
}
