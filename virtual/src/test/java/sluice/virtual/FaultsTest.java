package sluice.virtual;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static sluice.virtual.assertj.VirtualAssertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;
import sluice.wire.Bytes;

/** Faults as closures, and what becomes of hosts. */
@VirtualNetwork
@Link(between = {"client", "server"}, netem = "delay 10ms")
class FaultsTest {
    private static final String WORDS = "words ".repeat(5_000);

    private static void exchange(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        assertThat(net.host("client").call(() -> ProgramsOnHostsTest.ask("server", WORDS))).isEqualTo(WORDS);
    }

    @Test
    void synsThatAreLostAreSentAgainEachSecond(Network net) throws Exception {
        try (Fault fault = net.link("client", "server").drop(p -> p.isSyn()).first(2)) {
            exchange(net);
            assertThat(fault).hasFired(2);
        }
        assertThat(net.host("client")).hasRetransmitted(RetransmissionCause.SYN);
        assertThat(net.elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2500));
    }

    @Test
    void delayedDataIsSentAgainByATailLossProbe(Network net) throws Exception {
        try (Fault fault = net.link("client", "server").from("client").delay(p -> p.isData(), Duration.ofSeconds(1))
                .first(1)) {
            exchange(net);
            assertThat(fault).hasFired(1);
        }
        assertThat(net.host("client").retransmissions()).isNotEmpty();
    }

    @Test
    void corruptedPacketsAreDroppedByTheirChecksum(Network net) throws Exception {
        try (Fault fault = net.link("client", "server").from("client").corrupt(p -> p.isData()).first(3)) {
            exchange(net);
        }
        assertThat(net.host("server")).hasCounter("TcpInCsumErrors", 3);
    }

    /** The packets that a fault spares are the first ones. */
    @Test
    void aFaultBeginsAfterAsManyAsItSpares(Network net) throws Exception {
        int[] lost = {0};
        try (Fault drop = net.link("client", "server").from("client").drop(p -> {
            if (p.isData()) {
                lost[0]++;
            }
            return p.isData();
        }).after(3).first(1)) {
            exchange(net);
            assertThat(drop).hasFired(1);
            assertThat(lost[0]).as("it was asked until it had fired").isEqualTo(4);
        }
    }

    /** What a rewriting middlebox made of a packet is taken for what its sender said. */
    @Test
    void aRewrittenPacketHasARightChecksum(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        try (Fault rewrite = net.link("client", "server").from("client").rewrite(p -> p.isData(), p -> {
            int at = p.transportOffset() + p.headerLength();
            Bytes.put8(p.packet().memory, at, 'W');
        }).first(1)) {
            assertThat(net.host("client").call(() -> ProgramsOnHostsTest.ask("server", "words"))).isEqualTo("Words");
        }
        assertThat(net.host("server")).hasCounter("TcpInCsumErrors", 0);
    }

    @Test
    void duplicatesAndReordering(Network net) throws Exception {
        try (Fault twice = net.link("client", "server").from("server").duplicate(p -> p.isData()).first(5);
                Fault late = net.link("client", "server").to("server").reorder(p -> p.isData()).after(2).first(2)) {
            exchange(net);
            assertThat(twice).hasFired(5);
            assertThat(late).hasFired(2);
        }
        assertThat(net.host("server")).hasCounterAtLeast("TcpExtTCPOFOQueue", 1);
    }

    @Test
    void aFaultThatMetNoPacketFailsTheTest(Network net) {
        assertThatExceptionOfType(FaultNeverFired.class).isThrownBy(() -> {
            try (Fault fault = net.link("client", "server").drop(p -> p.isRst())) {
                exchange(net);
            }
        }).withMessageContaining("drop on the link between client and server: rule fired 0 times");
        net.link("client", "server").drop(p -> p.isRst()).optional().close();
        net.link("client", "server").drop(p -> p.isRst());
        assertThatExceptionOfType(FaultNeverFired.class).isThrownBy(net::check);
        assertThatExceptionOfType(FaultNeverFired.class).isThrownBy(() -> lastFault(net).close());
    }

    private static Fault lastFault(Network net) {
        return net.faults().getLast();
    }

    @Test
    void aPartitionIsHealed(Network net) throws Exception {
        Fault partition = net.partition("client", "server");
        net.after(Duration.ofSeconds(20), partition::close);
        exchange(net);
        // SYNs at 1, 2, 3, 4, 5, 7, 11, 19, 35
        assertThat(net.elapsed()).isBetween(Duration.ofSeconds(35), Duration.ofSeconds(36));
    }

    @Test
    void aOneWayPartition(Network net) throws Exception {
        try (Fault partition = net.partitionOneWay("server", "client")) {
            net.after(Duration.ofSeconds(2), partition::close);
            exchange(net);
        }
        assertThat(net.host("server")).hasRetransmitted(RetransmissionCause.SYN_ACK);
    }

    @Test
    void aCrashLeavesThePeerHalfOpen(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        net.host("client").run(() -> {
            try (Socket s = new Socket("server", ProgramsOnHostsTest.PORT)) {
                s.getOutputStream().write(1);
                s.getInputStream().read();
                net.host("server").crash();
                assertThat(net.host("client")).hasSocketsIn(TcpState.ESTABLISHED, 1);
                net.host("server").restart();
                s.getOutputStream().write(1);
                assertThatExceptionOfType(SocketException.class).isThrownBy(() -> s.getInputStream().read())
                        .withMessage("Connection reset");
            }
        });
        assertThat(net.host("server").threads()).isEmpty();
    }

    @Test
    void keepaliveFindsACrashedPeerAfterTwoHours(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        net.host("client").run(() -> {
            try (Socket s = new Socket("server", ProgramsOnHostsTest.PORT)) {
                s.setKeepAlive(true);
                net.host("server").crash();
                long start = net.elapsed().toMillis();
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> s.getInputStream().read());
                assertThat(net.elapsed().toMillis() - start).isCloseTo(7_875_000, within(100L));
            }
        });
    }

    @Test
    void aFullAcceptQueueDropsSyns(Network net) throws Exception {
        try (Fault full = net.host("server").acceptQueueFull(ProgramsOnHostsTest.PORT).first(2)) {
            exchange(net);
        }
        assertThat(net.host("server")).hasCounter("TcpExtListenOverflows", 2).hasCounter("TcpExtListenDrops", 2);
    }

    @Test
    void aMiddleboxForgetsIdleFlows(Network net) throws Exception {
        net.host("server").start(ProgramsOnHostsTest::echo);
        net.host("client").sysctl("net.ipv4.tcp_retries2", "5");
        try (Fault nat = net.link("client", "server").forgetsIdleFlows(Duration.ofSeconds(350))) {
            net.host("client").run(() -> {
                try (Socket s = new Socket("server", ProgramsOnHostsTest.PORT)) {
                    s.getOutputStream().write(1);
                    assertThat(s.getInputStream().read()).isEqualTo(1);
                    Thread.sleep(300_000);
                    s.getOutputStream().write(2);
                    assertThat(s.getInputStream().read()).isEqualTo(2);
                    Thread.sleep(400_000);
                    s.getOutputStream().write(3);
                    assertThatExceptionOfType(IOException.class).isThrownBy(() -> s.getInputStream().read());
                }
            });
        }
    }

    @Test
    void aProgramThatThrowsFailsTheTest(Network net) throws Exception {
        net.host("server").start(() -> {
            throw new IOException("no disk");
        });
        net.run(() -> Thread.sleep(1));
        assertThatExceptionOfType(AssertionError.class).isThrownBy(net::check)
                .withMessageContaining("server: the program server ended by java.io.IOException: no disk");
        net.forgive();
    }

    @Test
    void nobodyListens(Network net) throws Exception {
        net.host("client").run(() -> assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket("server", 1).close()).withMessage("Connection refused"));
    }

    @Test
    void aFrozenProgramAcceptsNothingAndItsStackGoesOn(Network net) throws Exception {
        net.host("server").start(() -> {
            try (ServerSocket server = new ServerSocket(ProgramsOnHostsTest.PORT); Socket s = server.accept()) {
                s.getOutputStream().write(7);
            }
        });
        net.host("client").run(() -> {
            Thread.sleep(1);
            net.host("server").freeze();
            net.after(Duration.ofSeconds(30), () -> net.host("server").thaw());
            long start = net.elapsed().toMillis();
            try (Socket s = new Socket("server", ProgramsOnHostsTest.PORT)) {
                assertThat(net.elapsed().toMillis() - start).isEqualTo(20);
                assertThat(s.getInputStream().read()).isEqualTo(7);
                assertThat(net.elapsed().toMillis() - start).isBetween(30_000L, 30_100L);
            }
        });
    }
}
