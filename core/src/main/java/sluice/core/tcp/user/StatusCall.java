package sluice.core.tcp.user;

import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.auth.OpeningAuthentication;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.ecn.AccEcnReceiver;
import sluice.core.tcp.ecn.AccEcnSender;
import sluice.core.tcp.recovery.PathDiagnosis;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.tcp.recovery.Recovery;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.timer.Keepalive;

/** STATUS, and the options of a live connection. */
@Rfc(value = 9293, section = "3.10.6")
public final class StatusCall {
    private StatusCall() {}

    /** See {@link TcpSocket#info}. */
    public static TcpInfo info(Tcb t, long nowNs) {
        TcpInfo i = new TcpInfo();
        i.state = t.state() == TcpState.TIME_WAIT ? TcpState.CLOSED : t.state(); // only the small entry waits
        i.caState = t.congestion.state().name();
        i.congestionControl = t.congestion.control().name();
        i.retransmits = t.retransmits;
        i.probes = t.probes.out + t.probes.keepalive;
        i.backoff = Math.max(t.rtt.backoff(), t.probes.backoff);
        i.timestamps = t.agreed.timestamps;
        i.sack = t.agreed.sackPermitted;
        i.windowScaling = t.agreed.windowScaling;
        i.synDataAcked = t.fastOpen.synDataAcked;
        i.fastOpenFailure = t.fastOpen.failure;
        i.sndWscale = t.agreed.peerShift;
        i.rcvWscale = t.agreed.ourShift;
        i.deliveryRateAppLimited = t.congestion.delivery.isAppLimited();
        i.rtoUs = t.rtt.rtoUs();
        i.atoUs = t.delayedAck.atoNs() / 1000;
        i.sndMss = t.sendMss;
        i.rcvMss = t.delayedAck.receiveMss();
        i.unacked = t.sent.packetsOut();
        i.sacked = t.sent.sackedOut();
        i.lost = t.sent.lostOut();
        i.retrans = t.sent.retransOut();
        i.lastDataSentMs = (nowNs - t.lastDataSentNs) / 1_000_000;
        i.lastDataRecvMs = (nowNs - t.lastDataReceivedNs) / 1_000_000;
        i.lastAckRecvMs = (nowNs - t.lastAckReceivedNs) / 1_000_000;
        i.pmtu = t.pathMtu;
        i.rttUs = t.rtt.srttUs();
        i.rttvarUs = t.rtt.rttvarUs();
        i.sndSsthresh = t.congestion.ssthreshSegments();
        i.sndCwnd = t.congestion.cwndSegments();
        i.advmss = t.agreed.advertisedMss;
        i.rcvRttUs = t.window.rttNs() / 1000;
        i.rcvSpace = t.window.spacePerRound();
        i.totalRetrans = t.totals.retransmissions;
        i.pacingRate = t.pacing.rate();
        i.bytesAcked = t.totals.bytesAcked;
        i.bytesReceived = t.totals.bytesReceived;
        i.segsOut = t.totals.segmentsOut;
        i.segsIn = t.totals.segmentsIn;
        i.notsentBytes = t.unsentBytes();
        i.minRttUs = t.rtt.minRttUs() == Long.MAX_VALUE ? 0 : t.rtt.minRttUs();
        i.dataSegsIn = t.totals.dataSegmentsIn;
        i.dataSegsOut = t.totals.dataSegmentsOut;
        i.deliveryRate = t.congestion.delivery.bytesPerSecond();
        i.delivered = t.congestion.deliveredSegments();
        ecn(t, i);
        i.bytesSent = t.totals.bytesSent + t.totals.bytesRetransmitted;
        i.bytesRetrans = t.totals.bytesRetransmitted;
        i.dsackDups = t.totals.dsackDuplicates;
        recovery(t, i, nowNs);
        i.busyTimeUs = t.sendTime.busyNs(nowNs) / 1000;
        i.rwndLimitedUs = t.sendTime.receiveWindowNs(nowNs) / 1000;
        i.sndbufLimitedUs = t.sendTime.sendBufferNs(nowNs) / 1000;
        i.rcvOoopack = t.totals.outOfOrderPackets;
        i.sndWnd = t.snd.wnd;
        i.rcvWnd = t.rcv.wnd;
        i.recvQ = t.receiveBuffer.available();
        i.sendQ = t.sendBuffer.size();
        i.memoryBytes = t.sendBuffer.memoryBytes() + t.receiveBuffer.memoryBytes();
        i.rcvBufBytes = t.window.limitBytes();
        i.sndBufBytes = t.sendBuffer.limitBytes();
        timer(t, i, nowNs);
        return i;
    }

    private static void recovery(Tcb t, TcpInfo i, long nowNs) {
        Recovery r = t.recoveryIfAwake();
        if (r == null) {
            i.reordering = (int) t.host.settings().get(Setting.TCP_REORDERING);
            return;
        }
        i.reordering = r.reordering();
        i.reordSeen = r.reorderingsSeen();
        PathDiagnosis d = r.diagnosis();
        d.settle(false, nowNs);
        i.pathDataLost = d.segments(PathFault.DATA_LOST);
        i.pathAckLost = d.segments(PathFault.ACK_LOST);
        i.pathDelayed = d.segments(PathFault.DELAYED);
        i.pathDuplicated = d.segments(PathFault.DUPLICATED);
    }

    private static void ecn(Tcb t, TcpInfo i) {
        i.deliveredCe = t.congestion.delivery.deliveredCeSegments();
        i.ecnMode = t.ecn.mode();
        i.ecnSeen = t.ecn.seen();
        i.accEcnOptionSeen = t.ecn.optionSeen();
        i.accEcnFailures = t.ecn.failures();
        AccEcnSender s = t.ecn.sender();
        if (s != null) {
            i.deliveredE1Bytes = s.e1Bytes();
            i.deliveredE0Bytes = s.e0Bytes();
            i.deliveredCeBytes = s.ceBytes();
        }
        AccEcnReceiver r = t.ecn.receiver();
        if (r != null) {
            i.receivedCe = r.ceSegments();
            i.receivedE1Bytes = r.e1Bytes();
            i.receivedE0Bytes = r.e0Bytes();
            i.receivedCeBytes = r.ceBytes();
        }
    }

    private static void timer(Tcb t, TcpInfo i, long nowNs) {
        for (TimerKind kind : new TimerKind[]{TimerKind.RTO, TimerKind.TLP, TimerKind.RACK_REORDER, TimerKind.PERSIST,
            TimerKind.FIN_WAIT_2,
            TimerKind.KEEPALIVE}) {
            long at = t.timers.deadlineNs(kind);
            if (at != Time.NEVER) {
                i.timer = kind.ssName();
                i.timerNs = Math.max(0, at - nowNs);
                return;
            }
        }
    }

    /** Applies changed options: see {@link TcpSocket#change}. */
    public static void optionsChanged(Tcb t, long nowNs) {
        String name = t.options.congestionControl;
        if (name != null && !name.equals(t.congestion.control().name())) {
            try {
                CongestionControls.check(t.options, t.host.settings());
            } catch (ErrnoException e) {
                t.options.congestionControl = t.congestion.control().name();
                throw e;
            }
            t.congestion.control(CongestionControls.forSocket(t.options, t.host.settings()), nowNs);
        }
        t.rtt.fixed(t.options.fixedRtoUs);
        if (t.options.sendBufferBytes > 0) {
            t.sendBuffer.limitBytes(t.options.sendBufferBytes);
        }
        if (t.options.receiveBufferBytes > 0 && t.options.receiveBufferBytes != t.window.limitBytes()) {
            t.window.limitBytes(t.options.receiveBufferBytes);
        }
        OpeningAuthentication.changed(t);
        if (t.options.maxPacingRate > 0) {
            t.pacing.update();
        }
        if (t.isEstablished()) {
            Keepalive.update(t, nowNs);
            t.syncMss(nowNs);
            if (t.nagle.corked && !t.options.cork) {
                t.pieces.push();
                t.nagle.pushedUpTo = t.sendBuffer.end();
            }
            t.nagle.corked = t.options.cork;
            if (t.options.quickAck) {
                t.delayedAck.setQuick(true);
            }
            t.wantOutput();
        }
        t.signalReady();
    }
}
