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

/** The acknowledgment of a SYN-ACK does not come: it is retransmitted, {@code net.ipv4.tcp_synack_retries} times. */
@Rfc(value = 9293, section = "3.10.8")
public final class SynAckTimeout {
    private SynAckTimeout() {}

    /** The timer of a half-open connection ran out. */
    public static void run(HalfOpen h, long nowNs) {
        ConnectionTracer tracer = h.tracer();
        if (tracer != null) {
            tracer.timerFired(TimerKind.RTO, h.retransmissions, nowNs);
        }
        if (h.retransmissions >= h.tcp.host().settings().get(Setting.TCP_SYNACK_RETRIES)) {
            h.tcp.host().counters().increment(Counter.TcpAttemptFails);
            h.end(TcpState.CLOSED, nowNs);
            return;
        }
        resend(h, nowNs);
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
