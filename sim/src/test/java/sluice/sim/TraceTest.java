package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.CongestionChange;
import sluice.core.trace.MtuProbeOutcome;
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.UndoProof;
import sluice.core.trace.WindowChange;
import sluice.observe.record.ConnectionTrace;

/** The trace says what was decided, why, and when. Client and server are 10 ms apart. */
@ExtendWith(Worlds.class)
class TraceTest {
    private static final int MSS = 1448;
    private SimHost a;
    private SimHost b;
    private SimLink link;
    private TcpSocket c;

    private void hosts(World w) {
        a = w.host("client");
        b = w.host("server");
        link = w.link(a, b).delayMs(10);
    }

    private void connect(World w) {
        hosts(w);
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        c = a.connect(new SocketOptions(), b.address(), 80);
        w.advance(50);
    }

    private <E extends TraceEvent> List<E> said(SimHost host, Class<E> kind) {
        return host.world().log().events(host, kind);
    }

    private List<RetransmissionCause> causes(SimHost host) {
        return said(host, TraceEvent.Retransmission.class).stream().map(TraceEvent.Retransmission::cause).toList();
    }

    private static double ms(TraceEvent e) {
        return (e.nowNs() - World.START_NS) / 1e6;
    }

    @Test
    @Rfc(value = 9293, section = "3.3.2")
    void aServerIsInSynReceivedFromTheSynOn(World w) {
        connect(w);
        List<TraceEvent.StateChange> server = said(b, TraceEvent.StateChange.class);
        assertThat(server).hasSize(2);
        assertThat(server.get(0).from()).isEqualTo(TcpState.LISTEN);
        assertThat(server.get(0).to()).isEqualTo(TcpState.SYN_RECEIVED);
        assertThat(ms(server.get(0))).as("when the SYN arrives").isEqualTo(10);
        assertThat(server.get(1).from()).isEqualTo(TcpState.SYN_RECEIVED);
        assertThat(server.get(1).to()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(ms(server.get(1))).as("when the third segment does").isEqualTo(30);
    }

    @Test
    void aCookieIsInSynReceivedWhenItComesBack(World w) {
        hosts(w);
        b.set("tcp_syncookies", "2");
        b.listen(80);
        a.connect(b, 80);
        w.advance(50);
        List<TraceEvent.StateChange> server = said(b, TraceEvent.StateChange.class);
        assertThat(server).extracting(TraceEvent.StateChange::from).containsExactly(TcpState.LISTEN,
                TcpState.SYN_RECEIVED);
        assertThat(server).extracting(TraceTest::ms).containsOnly(30.0);
    }

    @Test
    void aHalfOpenConnectionRetransmitsItsSynAckAndGivesUp(World w) {
        hosts(w);
        b.set("tcp_synack_retries", "2");
        b.listen(80);
        link.from(a).drop(Match.pureAck());
        a.connect(b, 80);
        w.advance(20_000);
        assertThat(causes(b)).containsExactly(RetransmissionCause.SYN_ACK, RetransmissionCause.SYN_ACK);
        assertThat(said(b, TraceEvent.TimerFired.class)).extracting(TraceEvent.TimerFired::timer)
                .containsExactly(TimerKind.RTO, TimerKind.RTO, TimerKind.RTO);
        assertThat(said(b, TraceEvent.StateChange.class)).extracting(TraceEvent.StateChange::to)
                .containsExactly(TcpState.SYN_RECEIVED, TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aHalfOpenConnectionThatIsResetIsInListenAgain(World w) {
        hosts(w);
        b.listen(80);
        c = a.connect(b, 80);
        w.advance(5);
        c.close(w.nowNs()); // forgets it: what answers is reset
        w.advance(50);
        assertThat(said(b, TraceEvent.StateChange.class)).extracting(TraceEvent.StateChange::to)
                .containsExactly(TcpState.SYN_RECEIVED, TcpState.LISTEN);
    }

    @Test
    @Rfc(value = 8985, section = "7.3")
    void aTailLossProbeIsSeenAsOne(World w) {
        connect(w);
        ConnectionTrace trace = a.record(c);
        link.from(a).drop(Match.data().nth(5));
        a.write(c, 5 * MSS);
        w.advance(1000);
        assertThat(causes(a)).containsExactly(RetransmissionCause.TLP);
        TraceEvent.Retransmission probe = said(a, TraceEvent.Retransmission.class).getFirst();
        assertThat(probe.range()).isEqualTo(new TraceEvent.Range(c.snd.iss + 1 + 4 * MSS, 4 * MSS, MSS));
        assertThat(ms(probe)).isGreaterThan((probe.firstSentNs() - World.START_NS) / 1e6 + 20);
        assertThat(trace.events()).as("by the recorded connection too")
                .anySatisfy(e -> {
                    assertThat(e.kind()).isEqualTo(ConnectionTrace.Kind.TLP);
                    assertThat(e.text()).contains("TLP").contains("from " + (4 * MSS + 1));
                });
        assertThat(trace.events()).extracting(ConnectionTrace.Event::kind)
                .doesNotContain(ConnectionTrace.Kind.RETRANSMIT, ConnectionTrace.Kind.RTO);
        a.write(c, MSS); // what acknowledges it tells that the probe was needed
        w.advance(100);
        assertThat(said(a, TraceEvent.CongestionEvent.class)).extracting(TraceEvent.CongestionEvent::change)
                .containsExactly(CongestionChange.PROBE_REPAIRED_LOSS, CongestionChange.ENDED);
    }

    @Test
    @Rfc(value = 5681, section = "3.2")
    void aFastRetransmissionAndWhatItDoesToTheWindow(World w) {
        connect(w);
        link.from(a).drop(Match.data().nth(2));
        a.write(c, 10 * MSS);
        w.advance(1000);
        assertThat(causes(a)).containsExactly(RetransmissionCause.FAST);
        List<TraceEvent.CongestionEvent> events = said(a, TraceEvent.CongestionEvent.class);
        TraceEvent.CongestionEvent loss = events.stream().filter(e -> e.change() == CongestionChange.LOSS).findFirst()
                .orElseThrow();
        assertThat(loss.sender().state()).isEqualTo(RecoveryState.RECOVERY);
        assertThat(loss.priorCwndSegments()).isGreaterThanOrEqualTo(10);
        assertThat(loss.sender().ssthreshSegments()).isLessThan(loss.priorCwndSegments());
        assertThat(events.getLast().change()).isEqualTo(CongestionChange.ENDED);
        assertThat(events.getLast().sender().cwndSegments()).isEqualTo(loss.sender().ssthreshSegments());
    }

    @Test
    @Rfc(value = 6298, section = "5")
    void timeoutsOfSynAndData(World w) {
        hosts(w);
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        link.from(a).drop(Match.syn().nth(1));
        c = a.connect(new SocketOptions(), b.address(), 80);
        w.advance(1100);
        assertThat(causes(a)).containsExactly(RetransmissionCause.SYN);
        assertThat(said(a, TraceEvent.Retransmission.class).getFirst().range().position()).isEqualTo(-1);
        w.log().clear();
        link.cut();
        a.write(c, MSS);
        w.advance(2000);
        link.heal();
        w.advance(5000);
        assertThat(causes(a)).contains(RetransmissionCause.TLP, RetransmissionCause.RTO)
                .doesNotContain(RetransmissionCause.FAST);
        assertThat(said(a, TraceEvent.TimerFired.class)).filteredOn(f -> f.timer() == TimerKind.RTO)
                .extracting(TraceEvent.TimerFired::unanswered).startsWith(0, 1, 2);
        assertThat(said(a, TraceEvent.CongestionEvent.class)).extracting(TraceEvent.CongestionEvent::change)
                .contains(CongestionChange.TIMEOUT);
    }

    @Test
    @Rfc(value = 3708, section = "3")
    void whatUndoesAReductionIsNamed(World w) {
        hosts(w);
        a.set("tcp_timestamps", "0");
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        c = a.connect(new SocketOptions(), b.address(), 80);
        w.advance(50);
        link.from(a).delay(Match.data().nth(2), 25);
        a.write(c, 10 * MSS);
        w.advance(1000);
        assertThat(said(a, TraceEvent.Undo.class)).isNotEmpty().first().satisfies(u -> {
            assertThat(u.proof()).isEqualTo(UndoProof.DSACK);
            assertThat(u.sender().cwndSegments()).isGreaterThanOrEqualTo(10);
        });
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1")
    void aWindowThatClosesIsToldAtBothEnds(World w) {
        hosts(w);
        TcpListener l = b.listen(80);
        c = a.connect(new SocketOptions(), b.address(), 80);
        w.advance(50);
        TcpSocket s = b.accept(l);
        b.on(s, () -> {
            // reads nothing yet
        });
        while (a.write(c, 1 << 20) > 0) {
            w.advance(100);
        }
        w.advance(2000);
        assertThat(said(b, TraceEvent.WindowUpdate.class)).anySatisfy(u -> {
            assertThat(u.ours()).isTrue();
            assertThat(u.change()).isEqualTo(WindowChange.CLOSED);
            assertThat(u.bytes()).isZero();
        });
        assertThat(said(a, TraceEvent.WindowUpdate.class)).anySatisfy(u -> {
            assertThat(u.ours()).isFalse();
            assertThat(u.change()).isEqualTo(WindowChange.CLOSED);
        });
        assertThat(said(a, TraceEvent.TimerFired.class)).extracting(TraceEvent.TimerFired::timer)
                .contains(TimerKind.PERSIST);
        w.log().clear();
        while (b.read(s, 1 << 20) > 0) {
            w.advance(50);
        }
        assertThat(said(a, TraceEvent.WindowUpdate.class)).extracting(TraceEvent.WindowUpdate::change)
                .contains(WindowChange.OPENED);
    }

    @Test
    @Rfc(value = 4821, section = "7")
    void aPathMtuProbeAndItsOutcome(World w) {
        hosts(w);
        a.set("tcp_mtu_probing", "2");
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        c = a.connect(new SocketOptions(), b.address(), 80);
        new BulkSender(a, c, 1_000_000);
        w.advance(3000);
        List<TraceEvent.MtuProbe> probes = said(a, TraceEvent.MtuProbe.class);
        assertThat(probes).extracting(TraceEvent.MtuProbe::outcome).startsWith(MtuProbeOutcome.SENT,
                MtuProbeOutcome.ARRIVED);
        assertThat(probes.get(1).searchLow()).isEqualTo(probes.get(0).packetBytes());
    }

    @Test
    void aRefusedConnectionFailsBeforeItCloses(World w) {
        hosts(w);
        c = a.connect(new SocketOptions(), b.address(), 81);
        w.advance(50);
        assertThat(said(a, TraceEvent.Failed.class)).singleElement().satisfies(f -> {
            assertThat(f.error()).isEqualTo(Errno.ECONNREFUSED);
            assertThat(f.state()).isEqualTo(TcpState.SYN_SENT);
        });
        List<TraceEvent.OfConnection> all = said(a, TraceEvent.OfConnection.class);
        assertThat(all.getLast()).isInstanceOf(TraceEvent.StateChange.class);
        assertThat(all.get(all.size() - 2)).isInstanceOf(TraceEvent.Failed.class);
    }
}
