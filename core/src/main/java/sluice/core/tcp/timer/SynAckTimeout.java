package sluice.core.tcp.timer;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.output.SynAckSender;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.ConnectionTracer;
import sluice.core.trace.RetransmissionCause;

/**
 * The acknowledgment of a SYN-ACK does not come: it is retransmitted, {@code net.ipv4.tcp_synack_retries} times.
 * When it came, and data are waited for (TCP_DEFER_ACCEPT), it goes again only at the end of that time, as on Linux:
 * the last chance to open the connection.
 */
@Rfc(value = 9293, section = "3.10.8")
public final class SynAckTimeout {
    private SynAckTimeout() {}

    /** The timer of a half-open connection ran out. */
    public static void run(HalfOpen h, long nowNs) {
        ConnectionTracer tracer = h.tracer();
        if (tracer != null) {
            tracer.timerFired(TimerKind.RTO, h.retransmissions, nowNs);
        }
        int deferred = h.deferredTimeouts();
        boolean waitsForData = h.acknowledged && h.timeouts < deferred;
        if (h.timeouts >= h.tcp.host().settings().get(Setting.TCP_SYNACK_RETRIES) && !waitsForData) {
            h.tcp.host().counters().increment(Counter.TcpAttemptFails);
            h.end(TcpState.CLOSED, nowNs);
            return;
        }
        if (!waitsForData || h.timeouts == deferred - 1) {
            resend(h, nowNs);
        }
        h.timeouts++;
        h.tcp.deadlines().schedule(h, nowNs + h.timeoutNs());
    }

    static void resend(HalfOpen h, long nowNs) {
        h.retransmissions++;
        h.tcp.host().counters().increment(Counter.TcpRetransSegs);
        h.tcp.host().counters().increment(Counter.TcpExtTCPSynRetrans);
        ConnectionTracer tracer = h.tracer();
        if (tracer != null) {
            tracer.retransmitted(RetransmissionCause.SYN_ACK, h.iss, -1, 0, 1, h.createdNs, nowNs);
        }
        SynAckSender.send(h, nowNs);
    }
}
