package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.auth.OpeningAuthentication;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.output.SynAckSender;
import sluice.core.tcp.recovery.RetransmissionTimer;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.timer.Keepalive;

/**
 * How a connection comes to be: out of a half-open one, out of a SYN with data (Fast Open), and what starts when the
 * handshake is over.
 */
public final class Opening {
    private static final long SECOND_NS = 1_000_000_000L;

    private Opening() {}

    /** The handshake of a passive open is over: makes the connection and puts it into the accept queue. */
    public static Tcb establishPassive(HalfOpen h, Segment seg, long nowNs) {
        Tcb t = child(h, seg.seq, seg.wnd << h.agreed.peerShift, nowNs);
        thirdAck(t, seg);
        sampleHandshake(t, h, nowNs);
        t.congestion.delivery.countDelivered(1);
        established(t, h.retransmissions > 1 || h.retransmissions == 1 && !h.agreed.timestamps, nowNs);
        h.listener.established(t);
        return t;
    }

    /**
     * Fast Open: a SYN makes the connection at once, with its data; the SYN-ACK is sent from here, and again by the
     * retransmission timer.
     */
    @Rfc(value = 7413, section = "4.2.2")
    public static Tcb openFast(HalfOpen h, Segment syn, long nowNs) {
        h.received(nowNs);
        Tcb t = child(h, syn.seq, syn.wnd, nowNs);
        t.request(h);
        h.listener.fastOpenQueue().add();
        startTransfer(t, false, nowNs);
        int data = Math.min(syn.dataLength, h.ourWindow);
        if (data > 0 && t.receiveBuffer.store(0, syn.packet, syn.dataOffset, data)) {
            t.receiveBuffer.advance(data);
            t.rcv.nxt += data;
            t.rcv.wup = t.rcv.nxt;
            t.totals.bytesReceived = data;
            t.totals.segmentsIn = syn.segments;
            t.totals.dataSegmentsIn = syn.segments;
            t.fastOpen.synDataAcked = true;
            h.synData = data;
        }
        SynAckSender.send(h, nowNs);
        t.timers.set(TimerKind.RTO, nowNs + h.timeoutNs());
        h.listener.established(t);
        return t;
    }

    /** The handshake of a Fast Open connection is over. */
    public static void fastOpenConfirmed(Tcb t, long nowNs) {
        HalfOpen h = t.request();
        if (h == null) {
            return;
        }
        sampleHandshake(t, h, nowNs);
        t.congestion.delivery.countDelivered(1);
        t.recovery().fastOpenConfirmed(nowNs);
        t.retransmits = 0;
        Closing.releaseFastOpen(t);
        if (t.state() == TcpState.SYN_RECEIVED) {
            t.become(TcpState.ESTABLISHED, nowNs);
            if (t.fin.queued) {
                t.become(TcpState.FIN_WAIT_1, nowNs);
            }
        }
        RetransmissionTimer.rearm(t, false, nowNs);
        startIdleTimers(t, nowNs);
    }

    private static void sampleHandshake(Tcb t, HalfOpen h, long nowNs) {
        if (h.retransmissions == 0 && h.lastSynAckNs != Time.NEVER && nowNs > h.lastSynAckNs && t.rtt.samples() == 0) {
            long us = Math.max(1, (nowNs - h.lastSynAckNs) / 1000);
            t.rtt.sample(us, t.snd.una, t.snd.nxt);
            t.rtt.sampleMin(us, nowNs, t.host.settings().get(Setting.TCP_MIN_RTT_WLEN) * SECOND_NS);
        }
        if (h.retransmissions > 0 && t.rtt.samples() == 0) {
            t.rtt.handshakeGaveNoSample();
        }
    }

    /** The acknowledgment of our SYN-ACK: it tells how that arrived. */
    public static void thirdAck(Tcb t, Segment seg) {
        HalfOpen h = t.request();
        if (t.ecn.onThirdAck(t.host, seg, h == null ? 0 : h.ecnFailures)) {
            t.congestion.delivery.countDeliveredCe(1);
        }
    }

    /** The connection that a request asks for, in SYN-RECEIVED. */
    private static Tcb child(HalfOpen h, int seq, int window, long nowNs) {
        SocketOptions o = h.listener.options().copy();
        TcpContext tcp = h.tcp;
        Tcb t = tcp.procedures().accepted(h, o, nowNs);
        t.listener = h.listener;
        t.snd.iss = h.iss;
        t.snd.una = h.iss + 1;
        t.snd.nxt = h.iss + 1;
        t.snd.up = t.snd.una;
        t.rcv.irs = h.irs;
        t.rcv.nxt = h.irs + 1;
        t.rcv.wup = t.rcv.nxt;
        t.rcv.wnd = h.ourWindow;
        t.totals.segmentsIn = 1; // the SYN
        t.authentication = h.authentication;
        t.userTimeout.received(h.userTimeoutSeconds);
        OpeningAuthentication.inherit(t);
        t.tsRecent = h.tsRecent;
        t.tsRecentNs = h.tsRecentNs;
        t.tsRecentValid = h.agreed.timestamps;
        t.ecn.accepted(h.marksAll, h.synEcn, h.ecnFailures, h.optionSeen);
        t.snd.wnd = window;
        t.snd.maxWnd = t.snd.wnd;
        t.snd.wl1 = seq;
        t.snd.wl2 = t.snd.una;
        t.routeFromPeer = o.ipOptions == null;
        if (h.sourceRoute.length > 0 && o.ipOptions == null) {
            o.ipOptions = h.sourceRoute;
        }
        if (t.host.settings().isOn(Setting.TCP_REFLECT_TOS)) {
            o.trafficClass = h.synTrafficClass;
        }
        t.currentRoute(nowNs);
        t.syncMss(nowNs);
        tcp.table().put(t);
        t.beginReceived();
        t.count(Counter.TcpPassiveOpens);
        return t;
    }

    /** The connection is open: windows, timers and buffers start. */
    public static void established(Tcb t, boolean synWasRetransmitted, long nowNs) {
        t.become(TcpState.ESTABLISHED, nowNs);
        t.host.admission().met(t.tuple.remote().high(), t.tuple.remote().low(), nowNs);
        if (t.totals.retransmissions > 0 && t.rtt.samples() == 0) {
            t.rtt.handshakeGaveNoSample();
        }
        startTransfer(t, synWasRetransmitted, nowNs);
        startIdleTimers(t, nowNs);
    }

    /** Data may flow. */
    private static void startTransfer(Tcb t, boolean synWasRetransmitted, long nowNs) {
        t.recovery().handshakeDone();
        t.retransmits = 0;
        t.congestion.established(synWasRetransmitted, nowNs);
        t.pacing.update();
        t.mtuProbing.start(nowNs);
        t.window.start(nowNs);
        t.delayedAck.start(nowNs);
    }

    private static void startIdleTimers(Tcb t, long nowNs) {
        t.lastReceivedNs = nowNs;
        t.lastDataReceivedNs = nowNs;
        t.lastDataSentNs = nowNs;
        if (t.options.keepAlive) {
            Keepalive.update(t, nowNs);
        }
        t.signalReady();
        t.wantOutput();
    }
}
