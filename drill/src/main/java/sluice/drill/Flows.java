package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Stream;
import sluice.drill.PacketSpec.TcpSegment;
import sluice.wire.IpAddress;
import sluice.wire.Tcp;

/** Which connection a packet of the script belongs to: always the one under test, the last that was begun. */
final class Flows {
    private static final int FIRST_REMOTE_PORT = 33_001;
    private final DrillOptions options;
    private final List<Flow> all = new ArrayList<>();
    private @Nullable Flow underTest;
    private int nextRemotePort = FIRST_REMOTE_PORT;

    Flows(DrillOptions options) {
        this.options = options;
    }

    @Nullable Flow underTest() {
        return underTest;
    }

    void listening(Stream s) {
        Flow f = add();
        f.state = Flow.State.LISTENING;
        f.socket = s;
        s.flow = f;
        underTest = f;
    }

    Flow connecting(Stream s, IpAddress to, int port) {
        Flow f = add();
        f.state = Flow.State.ACTIVE_CONNECTING;
        f.remoteAddress = to;
        f.remotePort = port;
        f.socket = s;
        s.flow = f;
        underTest = f;
        return f;
    }

    void accepted(Stream s, TcpSocket t) {
        for (Flow f : all) {
            if (f.socket == null && t.tuple.remote().equals(f.remoteAddress) && t.tuple.remotePort() == f.remotePort) {
                f.socket = s;
                s.flow = f;
            }
        }
    }

    /** The listener is gone: a packet may still belong to a connection of it. */
    void closed(Stream s) {
        Flow f = underTest;
        if (f != null && f.socket == s && f.state == Flow.State.LISTENING) {
            underTest = null;
        }
    }

    private Flow add() {
        Flow f = new Flow();
        all.add(f);
        return f;
    }

    /** The connection of a segment that comes in. */
    Flow inbound(TcpSegment t) {
        Flow f = underTest;
        if (f == null || f.state == Flow.State.LISTENING) {
            f = add();
            f.state = Flow.State.PASSIVE_PACKET_RECEIVED;
            f.localAddress = options.local();
            f.localPort = options.bindPort();
            f.remoteAddress = options.remote();
            f.remotePort = nextRemotePort++;
            f.remoteIsn = t.seq();
            underTest = f;
        } else if (f.state == Flow.State.PASSIVE_SYNACK_SENT && t.has(Tcp.ACK)) {
            f.state = Flow.State.PASSIVE_SYNACK_ACKED;
        } else if (f.state == Flow.State.ACTIVE_SYN_SENT && t.has(Tcp.SYN) && t.has(Tcp.ACK)) {
            f.state = Flow.State.ACTIVE_SYN_ACKED;
            f.remoteIsn = t.seq();
        }
        return f;
    }

    /** The connection of a segment that is expected. */
    Flow outbound(TcpSegment t) {
        Flow f = any();
        if (f.state == Flow.State.ACTIVE_CONNECTING && t.has(Tcp.SYN) && !t.has(Tcp.ACK)) {
            f.state = Flow.State.ACTIVE_SYN_SENT;
            f.scriptLocalIsn = t.seq();
        }
        return f;
    }

    /** The connection under test. */
    Flow any() {
        Flow f = underTest;
        if (f == null) {
            throw new FailException("no connection is under test that this packet could belong to");
        }
        return f;
    }

    /** Whether a packet that was sent belongs to {@code f}; the first SYN of a connect tells its addresses. */
    static boolean belongs(Seen s, Flow f) {
        if (f.owns(s)) {
            return true;
        }
        boolean syn = s.protocol() == Seen.TCP && s.has(Tcp.SYN) && !s.has(Tcp.ACK)
                && f.state == Flow.State.ACTIVE_SYN_SENT;
        if (!syn || !s.destination().equals(f.remoteAddress) || s.destinationPort() != f.remotePort) {
            return false;
        }
        f.localAddress = s.source();
        f.localPort = s.sourcePort();
        f.liveLocalIsn = s.seq();
        return true;
    }
}
