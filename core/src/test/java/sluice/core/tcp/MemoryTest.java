package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.core.tcp.TcpConversation.with;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.MemoryBudget;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;

/** Peers that never read, and a host with little memory: it holds no more than it may, and serves the others. */
class MemoryTest {
    private static final long PAGE = 4096;

    /** A server's connection and what was written to it. */
    private static final class Served {
        final TcpSocket socket;
        long written;

        Served(TcpSocket socket) {
            this.socket = socket;
        }

        void fill(TcpWire w) {
            if ((socket.readiness() & Pollable.WRITABLE) != 0 && socket.state().maySend()) {
                written += w.write(socket, written, 65_536);
            }
        }
    }

    private final TcpWire w = new TcpWire(1);
    private final TcpListener listener = w.listen(4096);
    private final MemoryBudget budget = w.hosts[1].memory().tcp();
    private final List<TcpSocket> clients = new ArrayList<>();
    private final List<Served> served = new ArrayList<>();

    MemoryTest() {
        w.record = false;
    }

    private void serverMemory(int low, int pressure, int limit) {
        w.hosts[1].settings().set("tcp_mem", low + " " + pressure + " " + limit);
    }

    /** Clients that connect, are written to and never read. */
    private void neverReading(int count) {
        for (int i = 0; i < count; i++) {
            clients.add(w.connect(new SocketOptions(), 0));
            if (i % 50 == 49) {
                w.run(20);
                accept();
            }
        }
        for (int i = 0; i < 20; i++) {
            w.run(50);
            accept();
            served.forEach(s -> s.fill(w));
            assertThat(budget.allocatedBytes()).isLessThanOrEqualTo(
                    2 * PAGE * w.hosts[1].settings().get(sluice.core.Setting.TCP_MEM, 2));
        }
        assertThat(served).hasSize(count);
    }

    private void accept() {
        for (TcpSocket t = listener.accept(); t != null; t = listener.accept()) {
            served.add(new Served(t));
        }
    }

    /** As {@link sluice.core.MemorySettings} has it, there is a page of the limit for each connection. */
    @Test
    void anHonestConnectionIsServedWhileAThousandNeverRead() {
        serverMemory(512, 683, 1024);
        neverReading(1000);
        assertThat(budget.underPressure()).isTrue();
        assertThat(w.counter(1, Counter.TcpExtTCPMemoryPressures)).isPositive();
        TcpSocket honest = w.connect(new SocketOptions(), 0);
        w.run(20);
        accept();
        Served s = served.getLast();
        long read = 0;
        double start = w.ms();
        while (read < 200_000 && w.ms() - start < 20_000) {
            s.fill(w);
            w.run(5);
            read += Math.max(0, w.read(honest, read));
        }
        assertThat(read).as("bytes that the honest one read in 20 s").isGreaterThanOrEqualTo(200_000);
        honest.abort(w.nowNs);
        clients.forEach(c -> c.abort(w.nowNs));
        w.settle();
        assertThat(budget.allocatedBytes()).isZero();
        assertThat(budget.sockets()).isZero();
        assertThat(budget.underPressure()).isFalse();
        assertThat(w.hosts[1].pool().inUseBytes()).isZero();
        assertThat(w.counter(1, Counter.TcpExtTCPMemoryPressuresChrono)).isPositive();
    }

    @Test
    void aWriterWithoutMemoryIsToldWhenThereIsSome() {
        serverMemory(4, 5, 8);
        neverReading(30);
        List<Served> waiting = served.stream().filter(s -> s.socket.waitsForMemory()).toList();
        assertThat(waiting).as("those that hold nothing and get nothing").isNotEmpty();
        assertThat(waiting).allMatch(s -> (s.socket.readiness() & Pollable.WRITABLE) == 0);
        for (int i = 0; i < clients.size(); i++) {
            TcpSocket c = clients.get(i);
            if (waiting.stream().noneMatch(s -> s.socket.remotePort() == c.localPort())) {
                c.abort(w.nowNs);
            }
        }
        w.settle();
        assertThat(waiting).allMatch(s -> (s.socket.readiness() & Pollable.WRITABLE) != 0);
        Served first = waiting.getFirst();
        long before = first.written;
        first.fill(w);
        assertThat(first.written).isGreaterThan(before);
    }

    @Test
    void whatAReaderWhoIsBehindIsSentIsDroppedAndCountedAndComesInTheEnd() {
        serverMemory(16, 21, 32);
        for (int i = 0; i < 40; i++) {
            clients.add(w.connect(new SocketOptions(), 0));
        }
        w.run(20);
        accept();
        long[] sent = new long[40];
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 40; i++) {
                sent[i] += sent[i] < 100_000 ? w.write(clients.get(i), sent[i], 10_000) : 0;
            }
            w.run(100);
            assertThat(budget.allocatedBytes()).isLessThanOrEqualTo(64 * PAGE);
        }
        assertThat(w.counter(1, Counter.TcpExtPruneCalled)).isPositive();
        assertThat(w.counter(1, Counter.TcpExtRcvPruned)).isPositive();
        assertThat(w.counter(1, Counter.TcpExtTCPRcvQDrop)).isPositive();
        assertThat(w.counter(1, Counter.TcpExtTCPToZeroWindowAdv)).isPositive();
        long[] read = new long[40];
        for (int round = 0; round < 400; round++) {
            w.run(500);
            for (Served s : served) {
                int i = index(s);
                read[i] += Math.max(0, w.read(s.socket, read[i]));
            }
        }
        assertThat(read).as("all that was sent arrives when it is read").containsExactly(sent);
    }

    private int index(Served s) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).localPort() == s.socket.remotePort()) {
                return i;
            }
        }
        throw new AssertionError("nobody's connection");
    }

    @Test
    void aSegmentWithoutMemoryIsDroppedAndTheWindowClosed() {
        TcpConversation c = with().set("tcp_mem", "1 2 3").established();
        c.send("A 1(1000)").recv("A ack 1001");
        c.send("A 9001(1000)").recv("A ack 1001 win 0").counted(Counter.TcpExtPruneCalled, 1)
                .counted(Counter.TcpExtRcvPruned, 1).counted(Counter.TcpExtTCPOFODrop, 1)
                .counted(Counter.TcpExtTCPRcvQDrop, 0);
        TcpConversation d = c.send("A 1001(1000)").read(2000);
        d.check(d.tcb.rcv.windowLeft() >= 0, "a window");
        d.recv("A ack 2001 win 65535");
    }

    @Test
    void whatArrivedOutOfOrderGivesWayToWhatIsNext() {
        TcpConversation c = with().set("tcp_mem", "1 1 3").established();
        c.send("A 3001(1000)").recv("A ack 1");
        c.send("A 1(5000)").recv("A ack 5001").counted(Counter.TcpExtPruneCalled, 1)
                .counted(Counter.TcpExtOfoPruned, 1).counted(Counter.TcpExtRcvPruned, 0);
    }

    @Test
    void underPressureAReaderWhoIsBehindIsOfferedFourSegments() {
        TcpConversation c = with().set("tcp_mem", "0 0 64").established();
        c.send("A 1(1000)").recv("A ack 1001");
        for (int at = 1001; at < 60_000; at += 1000) {
            c.send("A " + at + "(1000)");
        }
        c.check(c.host.memory().tcp().underPressure(), "no pressure");
        c.read(40_000);
        c.check(c.tcb.rcv.windowLeft() <= 4 * 1460 + 5536, "a window of " + c.tcb.rcv.windowLeft());
    }

    @Test
    void orphansThatHoldMuchAreResetWhenNoMemoryIsLeft() {
        serverMemory(16, 21, 32);
        neverReading(30);
        assertThat(budget.isExhausted()).isTrue();
        long large = served.stream().filter(s -> s.socket.sendBuffer.memoryBytes() > 4608).count();
        assertThat(large).isPositive();
        for (Served s : served) {
            boolean holdsMuch = s.socket.sendBuffer.memoryBytes() > 4608;
            boolean exhausted = budget.isExhausted();
            s.socket.close(w.nowNs);
            assertThat(s.socket.state() == TcpState.CLOSED).isEqualTo(holdsMuch && exhausted);
        }
        assertThat(w.counter(1, Counter.TcpExtTCPAbortOnMemory)).isPositive();
    }

    @Test
    void orphansBeyondTheirNumberGoWhenTheirTimersRunOut() {
        neverReading(5);
        served.forEach(s -> s.socket.close(w.nowNs));
        w.run(1000);
        assertThat(w.counter(1, Counter.TcpExtTCPAbortOnMemory)).isZero();
        w.hosts[1].settings().set("tcp_max_orphans", "2");
        w.run(60_000);
        assertThat(w.counter(1, Counter.TcpExtTCPAbortOnMemory)).isEqualTo(3);
        assertThat(clients.stream().filter(c -> c.error == Errno.ECONNRESET)).as("the peers are told").hasSize(3);
    }

    @Test
    void soManyConnectionsAndNoMore() {
        w.hosts[0].settings().set("fs.file-max", "3");
        for (int i = 0; i < 3; i++) {
            w.connect(new SocketOptions(), 0);
        }
        assertThatThrownBy(() -> w.connect(new SocketOptions(), 0)).isInstanceOf(ErrnoException.class)
                .hasMessageContaining("Too many open files in system");
        w.hosts[0].settings().set("fs.file-max", "100");
        w.hosts[1].settings().set("fs.file-max", "3");
        w.run(20);
        w.connect(new SocketOptions(), 0);
        w.run(20);
        assertThat(w.count(1, TcpState.ESTABLISHED)).isEqualTo(3);
        assertThat(w.counter(1, Counter.TcpExtListenOverflows)).isPositive();
    }
}
