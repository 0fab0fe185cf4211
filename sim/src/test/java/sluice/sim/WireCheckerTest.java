package sluice.sim;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.IpProtocol;
import sluice.wire.Ipv4;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/** The checker of the simulator finds what it looks for: it stands outside the code under test, and so do these. */
class WireCheckerTest {
    private static final IpAddress A = IpAddress.parse("10.0.0.1");
    private static final IpAddress B = IpAddress.parse("10.0.0.2");
    private static final int ISN_A = 0xffff_ff00; // numbers wrap within the window
    private static final int ISN_B = 5000;
    private static final int SHIFT_B = 3;

    private final World world = new World(1);
    private final WireChecker checker = new WireChecker();

    /** A segment of A (or B); numbers count from the initial ones. */
    private void emit(boolean a, int flags, int seq, int ack, int window, int payload, int shift) {
        Packet p = Packet.ofMaxSize();
        int header = shift >= 0 ? 24 : 20;
        int at = p.start + 20;
        Ipv4.write(p.memory, p.start, 0, 20 + header + payload, 0, 0, 64, IpProtocol.TCP, (int) (a ? A : B).low(),
                (int) (a ? B : A).low());
        Tcp.write(p.memory, at, a ? 4000 : 80, a ? 80 : 4000, (a ? ISN_A : ISN_B) + seq, (a ? ISN_B : ISN_A) + ack,
                header, flags, window, 0);
        if (shift >= 0) {
            Bytes.put32(p.memory, at + 20L, 0x01030300 | shift);
        }
        p.end = at + header + payload;
        checker.emitted(world, p);
    }

    private void data(int seq, int payload) {
        emit(true, Tcp.ACK, seq, 1, 1000, payload, -1);
    }

    private void acknowledge(int ack, int window) {
        emit(false, Tcp.ACK, 1, ack, window, 0, -1);
    }

    private void handshake(int shiftOfA, int shiftOfB) {
        emit(true, Tcp.SYN, 0, 0, 1000, 0, shiftOfA);
        emit(false, Tcp.SYN | Tcp.ACK, 0, 1, 1000, 0, shiftOfB);
        emit(true, Tcp.ACK, 1, 1, 1000, 0, -1);
    }

    @BeforeEach
    void open() {
        handshake(0, SHIFT_B);
    }

    @Test
    void dataUpToTheRightEdgeIsRight() {
        data(1, 1000);
        acknowledge(501, 125);
        data(1001, 500);
    }

    @Test
    void oneByteBeyondTheRightEdgeIsFound() {
        assertThatThrownBy(() -> data(1, 1001)).isInstanceOf(SimFailure.class)
                .hasMessageContaining("beyond the advertised right edge").hasMessageContaining("allowed is 1001");
        acknowledge(501, 125);
        assertThatThrownBy(() -> data(1501, 1)).isInstanceOf(SimFailure.class)
                .hasMessageContaining("allowed is 1501");
    }

    @Test
    void aFinBeyondTheRightEdgeIsFound() {
        assertThatCode(() -> emit(true, Tcp.ACK | Tcp.FIN, 1, 1, 1000, 999, -1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> emit(true, Tcp.ACK | Tcp.FIN, 1, 1, 1000, 1000, -1)).isInstanceOf(SimFailure.class)
                .hasMessageContaining("allowed is 1001");
    }

    @Test
    void aWindowAfterTheSynIsScaled() {
        acknowledge(1, 1000);
        assertThatCode(() -> data(1, 8000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> data(1, 8001)).hasMessageContaining("allowed is 8001");
    }

    @Test
    void aWindowIsNotScaledWhenOnlyOneSideOffersIt() {
        emit(true, Tcp.SYN, 7, 0, 1000, 0, -1);
        emit(false, Tcp.SYN | Tcp.ACK, 9, 8, 1000, 0, SHIFT_B);
        emit(false, Tcp.ACK, 10, 8, 1000, 0, -1);
        assertThatThrownBy(() -> emit(true, Tcp.ACK, 8, 10, 1000, 1001, -1))
                .hasMessageContaining("allowed is 1001");
    }

    @Test
    void aRightEdgeThatGoesBackIsFound() {
        acknowledge(1, 125);
        assertThatCode(() -> acknowledge(2, 124)).as("less than a step of the scale").doesNotThrowAnyException();
        assertThatThrownBy(() -> acknowledge(2, 123)).isInstanceOf(SimFailure.class)
                .hasMessageContaining("the right edge moved left");
    }

    @Test
    void anAcknowledgmentThatGoesBackIsFound() {
        data(1, 500);
        acknowledge(501, 125);
        assertThatThrownBy(() -> acknowledge(500, 126)).isInstanceOf(SimFailure.class)
                .hasMessageContaining("the acknowledgment went back");
    }

    @Test
    void aResetIsNotChecked() {
        assertThatCode(() -> emit(true, Tcp.RST, 90_000, 0, 0, 0, -1)).doesNotThrowAnyException();
    }
}
