package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;

/**
 * Paths with a narrow link in the middle, whose routers never say so: path MTU discovery by probing (RFC 4821) whole
 * transfers.
 */
@ExtendWith(Worlds.class)
class BlackHoleTest {
    private static final int TIMESTAMPS = 12;

    private SimHost client;
    private SimHost server;
    private SimLink middle;
    private TcpSocket sender;
    private VerifyingSink sink;

    /**
     * client – r1 – r2 – server, 40 ms around; the middle carries packets of {@code mtu} bytes, no ICMP message comes
     * back, and the window never overflows the queue.
     */
    private BulkSender path(World w, int probing, int mtu, boolean v6, int superBytes, long bytes) {
        client = w.host("client").set("tcp_mtu_probing", Integer.toString(probing)).set("tcp_probe_interval", "30");
        SimHost r1 = w.host("r1").router();
        SimHost r2 = w.host("r2").router();
        server = w.host("server");
        SimLink first = w.link(client, r1).delayMs(5);
        if (superBytes > 0) {
            first.superSegments(superBytes);
        }
        middle = w.link(r1, r2).delayMs(10).mtu(mtu).rate(4_000_000, 200_000);
        w.link(r2, server).delayMs(5);
        first.from(r1).drop(Match.icmp());
        SocketOptions window = new SocketOptions();
        window.receiveBufferBytes = 60_000;
        TcpListener l = server.listen(window, 80, 1);
        sender = client.connect(new SocketOptions(), v6 ? server.address6() : server.address(), 80);
        w.runUntil("connected", () -> l.acceptQueueLength() > 0);
        sink = new VerifyingSink(server, server.accept(l));
        return new BulkSender(client, sender, bytes);
    }

    private static int mss(int mtu, boolean v6) {
        return mtu - (v6 ? 60 : 40) - TIMESTAMPS;
    }

    @ParameterizedTest
    @CsvSource({"1300, false, 0", "1300, false, 65535", "1440, false, 0", "1280, true, 0", "1400, true, 65535"})
    @Rfc(value = 4821, section = "7.7")
    void aBlackHoleIsFoundByTimeoutsAndThePathMtuByProbes(int mtu, boolean v6, int superBytes) {
        World w = new World(mtu + superBytes);
        path(w, 1, mtu, v6, superBytes, 8_000_000);
        w.runUntil("all there", () -> sink.received() == 8_000_000);
        assertThat(client.count(Counter.TcpExtTCPTimeouts)).as("R1 timeouts before anything is done")
                .isGreaterThanOrEqualTo(3);
        assertThat(client.count(Counter.TcpExtTCPMTUPSuccess)).isGreaterThanOrEqualTo(1);
        int best = mss(mtu, v6);
        assertThat(sender.sendMss).as("within tcp_probe_threshold below what the path carries").isBetween(best - 9,
                best);
        assertThat(w.log().arrived(server, Match.fragment())).isZero();
    }

    @Test
    void withoutProbingTheConnectionStarves(World w) {
        path(w, 0, 1300, false, 0, 100_000);
        w.advance(60_000);
        assertThat(sink.received()).isZero();
        assertThat(sender.sendMss).isEqualTo(mss(1500, false));
    }

    @Test
    @Rfc(value = 4821, section = "7.2")
    void probingFromTheStartNeedsNoTimeout(World w) {
        path(w, 2, 1300, false, 0, 8_000_000);
        assertThat(sender.sendMss).as("tcp_base_mss").isEqualTo(1024);
        w.runUntil("all there", () -> sink.received() == 8_000_000);
        assertThat(client.count(Counter.TcpExtTCPTimeouts)).isZero();
        assertThat(sender.sendMss).isBetween(mss(1300, false) - 9, mss(1300, false));
    }

    @Test
    @Rfc(value = 4821, section = "7.3")
    void aPathThatCarriesMoreIsFoundAfterTheProbeInterval(World w) {
        BulkSender bulk = path(w, 2, 1300, false, 0, 100_000_000);
        w.advance(20_000);
        assertThat(sender.sendMss).isBetween(mss(1300, false) - 9, mss(1300, false));
        middle.mtu(1500);
        w.advance(45_000);
        assertThat(sender.sendMss).isBetween(mss(1500, false) - 9, mss(1500, false));
        assertThat(bulk.sent()).isGreaterThan(10_000_000);
        sender.abort(w.nowNs());
    }

    @Test
    @Rfc(value = 4821, section = "7.7")
    void aPathThatShrinksSilentlyIsSurvived(World w) {
        path(w, 1, 1500, false, 0, 8_000_000);
        w.runUntil("under way", () -> sink.received() > 1_000_000);
        assertThat(sender.sendMss).isEqualTo(mss(1500, false));
        middle.mtu(1300);
        w.runUntil("all there", () -> sink.received() == 8_000_000);
        assertThat(sender.sendMss).isBetween(mss(1300, false) - 9, mss(1300, false));
    }

    @Test
    @Rfc(value = 4821, section = "7.6.2")
    void lostProbesAreNoCongestion(World w) {
        path(w, 2, 1300, false, 0, 1_500_000);
        w.runUntil("all there", () -> sink.received() == 1_500_000);
        assertThat(client.count(Counter.TcpExtTCPMTUPFail)).isGreaterThanOrEqualTo(1);
        assertThat(client.count(Counter.TcpExtTCPSackRecovery) + client.count(Counter.TcpExtTCPTimeouts)).isZero();
        assertThat(client.count(Counter.TcpRetransSegs)).as("what the lost probes carried").isLessThan(20);
    }
}
