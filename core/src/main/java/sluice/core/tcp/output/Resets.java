package sluice.core.tcp.output;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.tcp.BareSegment;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.wire.IpAddress;

/** Resets: of what belongs to no connection, of connections that are aborted, of handshakes that go wrong. */
@Rfc(value = 9293, section = "3.5.2")
public final class Resets {
    private Resets() {}

    /**
     * Answers a segment that belongs to no connection: 3.10.7.1. A signed one is answered with a signature or not at
     * all.
     */
    @Rfc(value = 9293, section = "3.10.7.1")
    public static void answer(TcpContext tcp, Datagram d, Segment seg, @Nullable Authentication authentication,
            long nowNs) {
        if (!tcp.host().admission().admits(d.sourceHigh, d.sourceLow, nowNs)) {
            return;
        }
        if (seg.has(Segment.RST) || !d.toUnicast || seg.isSigned() && authentication == null) {
            tcp.drop(seg.has(Segment.RST) ? Counter.SluiceTcpBadReset : Counter.SluiceTcpUnexpected, nowNs);
            return;
        }
        IpAddress local = d.destination();
        IpAddress remote = d.source();
        int localPort = sluice.wire.Bytes.u16(d.packet.memory, d.payloadOffset + 2L);
        int remotePort = sluice.wire.Bytes.u16(d.packet.memory, d.payloadOffset);
        FourTuple tuple = new FourTuple(local, localPort, remote, remotePort);
        if (seg.has(Segment.ACK)) {
            send(tcp, tuple, seg.ack, authentication, nowNs);
        } else {
            sendWithAck(tcp, tuple, 0, seg.end(), authentication, nowNs);
        }
    }

    /** Resets a connection of ours: the peer learns that it was aborted. */
    public static void abort(Tcb t, long nowNs) {
        BareSegment s = t.tcp.bare().set(t.snd.acceptable(), t.rcv.nxt, Segment.RST | Segment.ACK, 0)
                .timestamps(t.agreed.timestamps, t.timestampClock(nowNs), t.tsRecent);
        StatelessSender.send(t.tcp, s, t.tuple, IpFields.of(t.options), t.authentication, nowNs);
    }

    /** {@code <SEQ=seq><CTL=RST>}, in answer to an acknowledgment that fits nothing. */
    public static void send(TcpContext tcp, FourTuple tuple, int seq, @Nullable Authentication authentication,
            long nowNs) {
        StatelessSender.send(tcp, tcp.bare().set(seq, 0, Segment.RST, 0), tuple, IpFields.DEFAULT, authentication,
                nowNs);
    }

    /** {@code <SEQ=seq><ACK=ack><CTL=RST,ACK>}, in answer to a segment that acknowledges nothing. */
    public static void sendWithAck(TcpContext tcp, FourTuple tuple, int seq, int ack,
            @Nullable Authentication authentication, long nowNs) {
        StatelessSender.send(tcp, tcp.bare().set(seq, ack, Segment.RST | Segment.ACK, 0), tuple, IpFields.DEFAULT,
                authentication, nowNs);
    }
}
