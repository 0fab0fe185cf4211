package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpSocket;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketTable;

/** The rows that ss and netstat print, of endpoints in every state: each column is the endpoint's own. */
@ExtendWith(Worlds.class)
class SocketTableTest {
    private static SocketRow row(SimHost h, TcpState state) {
        List<SocketRow> rows = SocketTable.snapshot(h.host(), h.nowNs()).stream().filter(r -> r.state() == state)
                .toList();
        assertThat(rows).as("rows in %s", state).hasSize(1);
        return rows.getFirst();
    }

    @Test
    void aConnectionsQueuesAndEnds(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(5);
        World.Pair p = w.connect(a, b, 80);
        w.settle();
        assertThat(b.write(p.server(), 700)).isEqualTo(700);
        w.settle();
        l.from(a).drop(Match.data());
        assertThat(a.write(p.client(), 50)).isEqualTo(50);
        w.advance(1);
        SocketRow r = row(a, TcpState.ESTABLISHED);
        assertThat(r.protocol()).isEqualTo("tcp");
        assertThat(r.receiveQueue()).as("Recv-Q").isEqualTo(700);
        assertThat(r.sendQueue()).as("Send-Q").isEqualTo(50);
        assertThat(r.local()).isEqualTo(a.address());
        assertThat(r.localPort()).isEqualTo(p.client().localPort());
        assertThat(r.remote()).isEqualTo(b.address());
        assertThat(r.remotePort()).isEqualTo(80);
        assertThat(r.timer()).isEqualTo("on");
        assertThat(r.timerMs()).isBetween(1L, 300L);
        assertThat(r.timerCount()).isZero();
        w.advance(500);
        assertThat(row(a, TcpState.ESTABLISHED).timerCount()).as("timeouts").isPositive();
        assertThat(row(b, TcpState.ESTABLISHED).receiveQueue()).isZero();
        assertThat(row(b, TcpState.ESTABLISHED).sendQueue()).isZero();
    }

    @Test
    void aListenersQueueAndBacklog(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b).delayMs(5);
        TcpListener listener = b.listen(new SocketOptions(), 80, 9);
        a.connect(b, 80);
        a.connect(b, 80);
        w.settle();
        SocketRow r = row(b, TcpState.LISTEN);
        assertThat(r.receiveQueue()).as("connections that wait").isEqualTo(2).isEqualTo(listener.acceptQueueLength());
        assertThat(r.sendQueue()).as("backlog").isEqualTo(9);
        assertThat(r.localPort()).isEqualTo(80);
        assertThat(r.remote()).isNull();
    }

    @Test
    void aTimeWaitCountsDown(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b).delayMs(5);
        World.Pair p = w.connect(a, b, 80);
        p.client().close(w.nowNs());
        w.settle();
        p.server().close(w.nowNs());
        w.settle();
        w.advance(10_000);
        SocketRow r = row(a, TcpState.TIME_WAIT);
        assertThat(r.timer()).isEqualTo("timewait");
        assertThat(r.timerMs()).isBetween(49_000L, 50_000L);
        assertThat(r.localPort()).isEqualTo(p.client().localPort());
        assertThat(r.remotePort()).isEqualTo(80);
    }

    @Test
    void aUdpSocketsQueues(World w) {
        SimHost a = w.host("a");
        UdpSocket u = a.udp(53);
        List<SocketRow> rows = SocketTable.snapshot(a.host(), a.nowNs());
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().protocol()).isEqualTo("udp");
        assertThat(rows.getFirst().localPort()).isEqualTo(53).isEqualTo(u.localPort());
        assertThat(rows.getFirst().state()).isNull();
        assertThat(rows.getFirst().remotePort()).isZero();
    }

    @Test
    void aHalfOpenConnection(World w) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink l = w.link(a, b).delayMs(5);
        l.from(b).drop(Match.any());
        b.listen(80);
        TcpSocket client = a.connect(b, 80);
        w.advance(100);
        SocketRow r = row(b, TcpState.SYN_RECEIVED);
        assertThat(r.remotePort()).isEqualTo(client.localPort());
        assertThat(r.localPort()).isEqualTo(80);
        assertThat(r.timer()).isEqualTo("on");
        assertThat(r.timerMs()).isBetween(1L, 1000L);
        assertThat(r.timerCount()).isZero();
        w.advance(1500);
        assertThat(row(b, TcpState.SYN_RECEIVED).timerCount()).isEqualTo(1);
    }
}
