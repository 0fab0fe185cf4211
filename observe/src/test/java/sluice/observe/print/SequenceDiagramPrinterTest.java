package sluice.observe.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.TraceEvent;
import sluice.observe.plot.SequenceDiagramSvg;
import sluice.observe.record.SequenceDiagram;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

class SequenceDiagramPrinterTest {
    private static final IpAddress A = IpAddress.parse("10.0.0.1");
    private static final IpAddress B = IpAddress.parse("10.0.0.2");
    private static final FourTuple FLOW = new FourTuple(A, 40000, B, 80);
    private SequenceDiagram diagram;

    @BeforeEach
    void empty() {
        diagram = new SequenceDiagram("client", A, "server");
    }

    private static Packet segment(boolean fromA, int flags, int seq, int ack, int window, int payload, int... options) {
        Packet p = Packet.ofMaxSize();
        int at = p.start;
        int tcp = at + 20;
        int header = 20 + options.length;
        p.end = tcp + header + payload;
        Bytes.put16(p.memory, at, 0x4500);
        Bytes.put16(p.memory, at + 2, p.length());
        Bytes.put16(p.memory, at + 8, 0x4006);
        (fromA ? A : B).write(p.memory, at + 12);
        (fromA ? B : A).write(p.memory, at + 16);
        Bytes.put16(p.memory, tcp, fromA ? 40000 : 80);
        Bytes.put16(p.memory, tcp + 2, fromA ? 80 : 40000);
        Bytes.put32(p.memory, tcp + 4, seq);
        Bytes.put32(p.memory, tcp + 8, ack);
        Bytes.put16(p.memory, tcp + 12, header / 4 << 12 | flags);
        Bytes.put16(p.memory, tcp + 14, window);
        for (int i = 0; i < options.length; i++) {
            Bytes.put8(p.memory, tcp + 20 + i, options[i]);
        }
        return p;
    }

    private void handshake() {
        diagram.event(new TraceEvent.StateChange(0, FLOW, TcpState.CLOSED, TcpState.SYN_SENT));
        diagram.packet(segment(true, 2, 1000, 0, 65535, 0, 2, 4, 5, 180, 3, 3, 7, 0), 0);
        diagram.packet(segment(false, 0x12, -5, 1001, 65535, 0, 3, 3, 2, 0), 1_000_000);
        diagram.event(new TraceEvent.StateChange(1_500_000, FLOW, TcpState.SYN_SENT, TcpState.ESTABLISHED));
        diagram.packet(segment(true, 0x10, 1001, -4, 512, 0), 1_600_000);
    }

    @Test
    void oneSide() {
        handshake();
        diagram.packet(segment(true, 0x18, 1001, -4, 512, 100), 2_000_000);
        diagram.packet(segment(false, 0x11, -4, 1101, 256, 0), 3_000_000);
        assertThat(SequenceDiagramPrinter.print(diagram, 60)).isEqualTo("""
                       time  client                                                                         server
                   0.000 ms  SYN-SENT    │                                                          │
                   0.000 ms              │─ SYN seq 0 win 65535, mss 1460, wscale 7 ───────────────▶│
                   1.000 ms              │◀─────────────── SYN,ACK seq 0 ack 1 win 65535, wscale 2 ─│
                   1.500 ms  ESTAB       │                                                          │
                   1.600 ms              │─ ACK ack 1 win 65536 ───────────────────────────────────▶│
                   2.000 ms              │─ PSH,ACK seq 1:101 (100) ack 1 win 65536 ───────────────▶│
                   3.000 ms              │◀──────────────────────── FIN,ACK seq 1 ack 101 win 1024 ─│
                """);
    }

    @Test
    void bothSidesShowTravelTimesAndLosses() {
        Packet syn = segment(true, 2, 1000, 0, 65535, 0);
        diagram.packet(syn, 0);
        diagram.event(new TraceEvent.Retransmission(1_000_000_000, FLOW, RetransmissionCause.SYN,
                new TraceEvent.Range(1000, -1, 0), 1, 0));
        diagram.packet(syn, 1_000_000_000);
        Packet answer = segment(false, 0x12, 7, 1001, 65535, 0);
        diagram.arrived(answer, 1_020_000_000); // captured at the client only
        diagram.packet(segment(true, 0x10, 1001, 8, 512, 0), 1_020_000_000);
        String text = SequenceDiagramPrinter.print(diagram, 60);
        assertThat(text).contains("✗").contains("retransmits (SYN)").contains("(seen only here)");
    }

    /** Of what has not arrived, only that is lost which is not on its way any more. */
    @Test
    void whatIsOnItsWayAtTheEndIsNotLost() {
        Packet first = segment(true, 0x10, 1001, 8, 512, 100);
        Packet second = segment(true, 0x10, 1101, 8, 512, 100);
        Packet third = segment(true, 0x10, 1201, 8, 512, 100);
        diagram.packet(first, 0);
        diagram.packet(second, 1_000_000);
        diagram.packet(third, 2_000_000);
        diagram.arrived(first, 20_000_000);
        diagram.inFlight(third);
        List<String> lines = SequenceDiagramPrinter.print(diagram, 60).lines().toList();
        assertThat(lines.get(1)).contains("+20.000 ms").endsWith("▶│");
        assertThat(lines.get(2)).endsWith("✗│");
        assertThat(lines.get(3)).contains("(in flight)").endsWith("…│");
        assertThat(SequenceDiagramSvg.draw(diagram)).containsOnlyOnce("(in flight)").containsOnlyOnce("✗");
    }

    /** The state is that of the call, but stands where the FIN leaves. */
    @Test
    void aCloseBeforeTheDataIsOneAndFinWait1StandsAtTheFin() {
        diagram.event(new TraceEvent.StateChange(1_000_000, FLOW, TcpState.ESTABLISHED, TcpState.FIN_WAIT_1));
        diagram.packet(segment(true, 0x10, 1001, 8, 512, 100), 1_000_000);
        diagram.packet(segment(true, 0x11, 1101, 8, 512, 0), 1_000_000);
        List<String> lines = SequenceDiagramPrinter.print(diagram, 60).lines().toList();
        assertThat(lines.get(1)).contains("│ closes; the FIN goes behind the data").doesNotContain("FIN-WAIT-1");
        assertThat(lines.get(2)).doesNotContain("FIN-WAIT-1");
        assertThat(lines.get(3)).contains("FIN-WAIT-1  │─ FIN,ACK");
    }

    @Test
    void aCloseWithoutDataChangesTheStateAtOnce() {
        diagram.event(new TraceEvent.StateChange(1_000_000, FLOW, TcpState.CLOSE_WAIT, TcpState.LAST_ACK));
        diagram.packet(segment(true, 0x11, 1101, 8, 512, 0), 1_000_000);
        assertThat(SequenceDiagramPrinter.print(diagram, 60)).contains("LAST-ACK    │   ").doesNotContain("closes");
    }

    @Test
    void eachConnectionOfTheSamePortsCountsFromItsOwnNumbers() {
        handshake();
        diagram.packet(segment(true, 0x18, 1001, -4, 512, 100), 2_000_000);
        diagram.packet(segment(true, 2, 70_000, 0, 65535, 0), 9_000_000);
        diagram.packet(segment(false, 0x12, 5000, 70_001, 65535, 0), 9_500_000);
        diagram.packet(segment(true, 0x18, 70_001, 5001, 512, 10), 9_600_000);
        assertThat(SequenceDiagramPrinter.print(diagram, 60)).contains("SYN seq 0 win 65535, mss 1460",
                "SYN,ACK seq 0 ack 1 win 65535, wscale 2", "seq 1:101 (100) ack 1 win 65536", "SYN seq 0 win 65535 ──",
                "SYN,ACK seq 0 ack 1 win 65535 ─", "seq 1:11 (10) ack 1 win 512");
        assertThat(diagram.lines().get(1).leftIsn()).isEqualTo(1000);
        assertThat(diagram.initialSequence(true)).isEqualTo(70_000);
    }

    @Test
    void whatHappensToThePathIsARow() {
        handshake();
        diagram.remark("the path is cut", 1_200_000);
        assertThat(SequenceDiagramPrinter.print(diagram, 60))
                .contains("   1.200 ms              │ – – the path is cut");
    }

    @Test
    void otherConnectionsAndOtherProtocolsAreIgnored() {
        diagram.connection(40001, 80);
        handshake();
        Packet udp = segment(true, 0, 0, 0, 0, 0);
        Bytes.put8(udp.memory, udp.start + 9, 17);
        diagram.packet(udp, 0);
        assertThat(SequenceDiagramPrinter.print(diagram, 60).lines()).hasSize(1);
    }

    @Test
    void truncatedAndWrongPacketsAreIgnored() {
        for (int length = 0; length < 40; length++) {
            Packet p = segment(true, 2, 1, 0, 1, 0);
            p.end = p.start + length;
            diagram.packet(p, 0);
        }
        Packet options = segment(true, 2, 1, 0, 1, 0, 5, 200, 1, 1);
        diagram.packet(options, 0);
        assertThat(SequenceDiagramPrinter.print(diagram, 60).lines()).hasSize(2);
    }

    @Test
    void svg() {
        handshake();
        assertThat(SequenceDiagramSvg.draw(diagram)).startsWith("<svg").endsWith("</svg>\n")
                .contains("SYN,ACK seq 0 ack 1")
                .contains("ESTAB");
    }
}
