package sluice.core.tcp.input;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.tcp.Connection;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/** SEGMENT ARRIVES: finds what the segment is for and gives it to the procedure for its state. */
@Rfc(value = 9293, section = "3.10.7")
public final class SegmentArrives {
    private SegmentArrives() {}

    /**
     * {@code connection} and {@code listener} are what the tables have for the segment's four-tuple; either may be
     * null.
     */
    public static void process(TcpContext tcp, Datagram d, Segment seg, @Nullable Connection connection,
            @Nullable Listener listener, long nowNs) {
        switch (connection) {
            case Tcb t -> {
                boolean accepted = arrive(t, seg, nowNs);
                byte[] route = d.sourceRoute;
                if (accepted && route != null) {
                    takeSourceRoute(t, route, nowNs);
                }
            }
            case HalfOpen h -> HalfOpenInput.process(h, d, seg, nowNs);
            case TimeWait w -> {
                if (TimeWaitInput.process(w, seg, listener, nowNs)) {
                    withoutConnection(tcp, d, seg, listener, w, nowNs);
                }
            }
            case null -> withoutConnection(tcp, d, seg, listener, null, nowNs);
        }
    }

    private static void withoutConnection(TcpContext tcp, Datagram d, Segment seg, @Nullable Listener listener,
            @Nullable TimeWait reopened, long nowNs) {
        if (listener != null) {
            ListenInput.process(tcp, listener, d, seg, reopened, nowNs);
        } else {
            Resets.answer(tcp, d, seg, null, nowNs);
        }
    }

    /** A segment for a connection with a control block; whether its sequence number and acknowledgment are good. */
    static boolean arrive(Tcb t, Segment seg, long nowNs) {
        t.totals.segmentsIn += seg.segments;
        t.receivedTrafficClass = seg.trafficClass;
        if (seg.dataLength > 0) {
            t.totals.dataSegmentsIn += seg.segments;
        }
        if (t.state() == TcpState.SYN_SENT) {
            return SynSentInput.process(t, seg, nowNs);
        }
        return SynchronizedInput.process(t, seg, nowNs);
    }

    /** A segment came by a source route: where the application chose none, ours go back over it from now on. */
    @Rfc(value = 9293, section = "3.9.2.1", req = {"MUST-52", "SHLD-24"})
    private static void takeSourceRoute(Tcb t, byte[] reversed, long nowNs) {
        if (t.routeFromPeer && !Arrays.equals(reversed, t.options.ipOptions)) {
            t.options.ipOptions = reversed;
            t.syncMss(nowNs);
        }
    }
}
