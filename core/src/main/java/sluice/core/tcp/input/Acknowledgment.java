package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.congestion.RateSample;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SendTime;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.SentSegments;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.output.SendSpace;
import sluice.core.tcp.recovery.AckFlags;
import sluice.core.tcp.recovery.RetransmissionTimer;
import sluice.core.tcp.segment.Segment;

/**
 * What an acceptable SEG.ACK does to the send side: takes off what is acknowledged, measures, detects losses, moves the
 * window, restarts timers.
 */
public final class Acknowledgment {
    private Acknowledgment() {}

    /**
     * An acknowledgment of something at or after SND.UNA, at most SND.NXT. The window was updated before; {@code
     * windowUpdate} tells whether it changed.
     */
    public static void process(Tcb t, Segment seg, boolean windowUpdate, long nowNs) {
        AckFlags f = begin(t, seg, windowUpdate, nowNs);
        int ack = seg.ack;
        boolean hadOutstanding = !t.sent.isEmpty();
        f.unaAdvanced = Seq.gt(ack, t.snd.una);
        t.recovery.takeSack(seg, ack, nowNs);
        int priorPacketsOut = t.sent.packetsOut();
        if (f.unaAdvanced) {
            cleanQueue(t, ack, nowNs);
            t.snd.una = ack;
            t.mtuProbing.acknowledged(nowNs);
            t.reportAcknowledged(nowNs);
            advanceBuffer(t, ack, nowNs);
        }
        takeRoundTrip(t, seg, f, nowNs);
        takeMarks(t, seg, f);
        if (!hadOutstanding) {
            noOutstanding(t, nowNs);
            t.recovery.decideAfterwards(ack, nowNs);
            account(t, f);
            t.wantOutput();
            return;
        }
        countDuplicate(seg, f, priorPacketsOut);
        if (f.unaAdvanced) {
            t.retransmits = 0;
            t.rtt.progress();
            Route route = t.route;
            if (route != null && f.dataAcked) {
                t.tcp.ip().confirm(route, nowNs);
            }
        }
        boolean reorderTimer = t.timers.isSet(TimerKind.RACK_REORDER);
        boolean setTimer = f.unaAdvanced || reportsOlderThanHead(t, f);
        t.recovery.decide(ack, nowNs);
        finish(t, f, nowNs);
        if (setTimer && !t.timers.isSet(TimerKind.RACK_REORDER) || t.sent.packetsOut() == 0) {
            RetransmissionTimer.onProgress(t, t.recovery.rackTlp(), reorderTimer, nowNs);
        }
        if (t.sent.isEmpty()) {
            t.sendTime.stop(t, SendTime.Kind.BUSY, nowNs);
        }
        noOutstanding(t, nowNs);
    }

    /** An acknowledgment below SND.UNA: only its SACK option, a D-SACK above all, is of use. */
    public static void processOld(Tcb t, Segment seg, long nowNs) {
        if (seg.sackBlocks == 0) {
            return;
        }
        AckFlags f = begin(t, seg, false, nowNs);
        t.recovery.takeSack(seg, seg.ack, nowNs);
        t.recovery.decide(seg.ack, nowNs);
        finish(t, f, nowNs);
    }

    private static AckFlags begin(Tcb t, Segment seg, boolean windowUpdate, long nowNs) {
        t.nagle.moreFollows = false;
        AckFlags f = t.recovery.flags;
        f.clear();
        f.priorUna = t.snd.una;
        f.priorInFlight = t.sent.inFlight();
        f.priorDelivered = t.congestion.deliveredSegments();
        f.priorLost = t.congestion.lostSegments();
        f.windowUpdate = windowUpdate;
        f.carriesData = seg.dataLength > 0 || seg.has(Segment.FIN) || seg.has(Segment.SYN);
        f.ece = t.ecn.echoes(seg);
        RateSample a = t.congestion.sample;
        a.clear();
        a.priorInFlight = f.priorInFlight;
        t.recovery.echo(seg.tsEcr, seg.hasTimestamps && seg.tsEcr != 0);
        t.lastAckReceivedNs = nowNs;
        t.probes.out = 0;
        t.probes.keepalive = 0;
        t.softError = null;
        return f;
    }

    /** What accurate ECN reports. */
    @Rfc(value = 9768, section = "3.2.2.2")
    private static void takeMarks(Tcb t, Segment seg, AckFlags f) {
        int segments = (int) (t.congestion.deliveredSegments() - f.priorDelivered);
        boolean progress = f.dataAcked || f.synAcked || f.dataSacked || seg.newerTimestamp;
        boolean sure = t.agreed.sackPermitted || t.recovery.state() == RecoveryState.OPEN
                || t.recovery.state() == RecoveryState.CWR;
        f.ceSegments = t.ecn.onAck(t, seg, segments, f.deliveredBytes, progress, sure, f.synAcked);
        f.ece |= f.ceSegments > 0;
    }

    private static void cleanQueue(Tcb t, int ack, long nowNs) {
        SentSegments sent = t.sent;
        AckFlags f = t.recovery.flags;
        RateSample a = t.congestion.sample;
        int pkts = 0;
        while (!sent.isEmpty()) {
            SentSegment s = sent.get(0);
            if (Seq.lt(ack, s.end)) {
                if (Seq.gt(ack, s.seq)) {
                    f.deliveredBytes += s.sacked ? 0 : ack - s.seq;
                    int start = s.seq;
                    int trimmed = sent.trimFirst(ack);
                    if (trimmed > 0) {
                        delivered(t, s, trimmed, nowNs);
                        pkts += trimmed;
                        f.dataAcked = true;
                        learnFrom(t, s, start, nowNs);
                    }
                }
                break;
            }
            learnFrom(t, s, s.seq, nowNs);
            if (!s.everRetransmitted) {
                t.mtuProbing.arrived(s);
            }
            if (s.syn) {
                f.synAcked = true;
            } else {
                f.dataAcked = true;
            }
            pkts += s.count;
            if (!s.sacked) {
                f.deliveredBytes += s.payload();
                delivered(t, s, s.count, nowNs);
            }
            sent.removeFirst();
        }
        a.ackedSegments = pkts;
        if (f.retransDataAcked) {
            f.seqRttUs = -1;
            f.lastSeqRttUs = -1;
        }
        if (!t.agreed.sackPermitted && pkts > 0) {
            t.congestion.delivery.countDelivered(Math.max(pkts - t.sent.sackedOut(), 1));
            t.recovery.removeRenoDuplicates(pkts);
            f.originalSacked &= !f.retransDataAcked; // without SACK nothing tells which of them had arrived
        }
    }

    /**
     * What a segment that began at {@code start} teaches when it is acknowledged, whole or in part: an original the
     * round trip and whether it came late, a retransmitted one nothing.
     */
    private static void learnFrom(Tcb t, SentSegment s, int start, long nowNs) {
        AckFlags f = t.recovery.flags;
        if (s.everRetransmitted) {
            f.retransDataAcked = true;
            f.earlierCopyOfHead |= earlierCopyOfHead(t, s);
        } else if (!s.sacked) {
            f.cumulativeRoundTrip(nowNs - s.sentNs);
            t.recovery.lateOriginalAcked(start, s.end);
        }
    }

    private static void delivered(Tcb t, SentSegment s, int segments, long nowNs) {
        if (t.agreed.sackPermitted) {
            // without SACK the duplicate acknowledgments counted some already
            t.congestion.delivery.countDelivered(segments);
        }
        t.congestion.delivery.arrived(s, nowNs);
        if (!earlierCopyOfHead(t, s)) {
            t.recovery.rackTlp().delivered(s, nowNs);
        }
    }

    /**
     * The oldest segment was retransmitted, and the echo is from before that: its original, or an earlier copy,
     * arrived, which says nothing about what was sent after the original (RFC 8985 6.2 step 2).
     */
    @Rfc(value = 8985, section = "6.2")
    private static boolean earlierCopyOfHead(Tcb t, SentSegment s) {
        return s.everRetransmitted && s.seq == t.recovery.flags.priorUna
                && t.recovery.echoesBefore(t.timestampClock(s.sentNs));
    }

    /**
     * SACK reported something that was sent before the oldest outstanding segment was (again): the path delivers, and
     * the oldest gets its time anew. Reports of what was sent later do not count, or a timeout would be put off for as
     * long as they come.
     */
    @Rfc(value = 8985, section = "7.2")
    private static boolean reportsOlderThanHead(Tcb t, AckFlags f) {
        SentSegment head = t.sent.first();
        return head != null && f.reportedSentNs < head.sentNs;
    }

    private static void advanceBuffer(Tcb t, int ack, long nowNs) {
        long position = Math.min(t.sendPosition(ack), t.sendBuffer.end());
        if (position > t.sendBuffer.start()) {
            t.totals.bytesAcked += position - t.sendBuffer.start();
            t.sendBuffer.acknowledged(position);
            if (t.noSpace && SendSpace.writable(t)) {
                t.noSpace = false;
                t.sendTime.stop(t, SendTime.Kind.SEND_BUFFER, nowNs);
            }
            t.signalReady();
        }
        if (t.urgent.toSend && Seq.geq(ack, t.snd.up)) {
            t.urgent.toSend = false;
        }
    }

    /**
     * The first segment that is acknowledged counts for RTO, which has to outlast delayed acknowledgments too; the last
     * one for the congestion control and the shortest round trip. Karn's rule: segments retransmitted give no sample,
     * unless the timestamp echoes which copy arrived. A D-SACK says that a duplicate drew this acknowledgment, whose
     * echo is then as old as what the peer had acknowledged before: no sample either. Without SACK nothing says so, and
     * an echo from before the last copy of the oldest segment may be of an acknowledgment that was lost and is
     * repeated.
     */
    @Rfc(value = 6298, section = "3")
    @Rfc(value = 7323, section = "4.1")
    private static void takeRoundTrip(Tcb t, Segment seg, AckFlags f, long nowNs) {
        long us = f.seqRttUs >= 0 ? f.seqRttUs : f.sackRttUs;
        long last = f.lastSackRttUs >= 0 ? f.lastSackRttUs : f.lastSeqRttUs;
        if (us < 0 && f.unaAdvanced && t.agreed.timestamps && seg.hasTimestamps && seg.tsEcr != 0
                && (f.dataAcked || f.synAcked)) {
            int deltaMs = t.timestampClock(nowNs) - seg.tsEcr;
            if (f.dsack) {
                f.distrustedRoundTrip = true;
            } else if (deltaMs >= 0 && deltaMs < 1 << 30 && (t.agreed.sackPermitted || !f.earlierCopyOfHead)) {
                us = Math.max(1, deltaMs) * 1000L;
                last = us;
            }
        }
        if (us < 0) {
            if (f.distrustedRoundTrip) {
                // as Linux's sample would; without that a path that loses ACKs too backs off ever further
                t.rtt.endBackoff();
            }
            if (f.mostSackRttUs >= 0 && f.mostSackRttUs < t.rtt.minRttUs()) {
                sampleMin(t, f.mostSackRttUs, nowNs); // the shortest round trip is not longer than that
            }
            return;
        }
        t.congestion.sample.rttUs = last;
        sampleMin(t, last, nowNs);
        t.rtt.sample(us, t.snd.una, t.snd.nxt);
    }

    private static void sampleMin(Tcb t, long us, long nowNs) {
        t.rtt.sampleMin(us, nowNs, t.host.settings().get(Setting.TCP_MIN_RTT_WLEN) * 1_000_000_000L);
    }

    @Rfc(value = 5681, section = "2")
    private static void countDuplicate(Segment seg, AckFlags f, int priorPacketsOut) {
        if (!f.unaAdvanced && !f.notDuplicate() && priorPacketsOut > 0) {
            f.duplicates = Math.max(1, seg.segments);
        }
    }

    /** What it brought, for the congestion control and the counters. */
    private static void account(Tcb t, AckFlags f) {
        RateSample a = t.congestion.sample;
        a.ackedSackedSegments = (int) (t.congestion.deliveredSegments() - f.priorDelivered);
        a.lostSegments = (int) (t.congestion.lostSegments() - f.priorLost);
        a.unaAdvanced = f.unaAdvanced;
        a.ece = f.ece;
        a.ceSegments = t.ecn.isAccurate() ? f.ceSegments : f.ece ? Math.max(0, a.ackedSackedSegments) : 0;
        if (a.ceSegments > 0) {
            t.congestion.delivery.countDeliveredCe(a.ceSegments);
            t.host.counters().add(Counter.TcpExtTCPDeliveredCE, a.ceSegments);
        }
        t.host.counters().add(Counter.TcpExtTCPDelivered, Math.max(0, a.ackedSackedSegments));
    }

    private static void finish(Tcb t, AckFlags f, long nowNs) {
        account(t, f);
        t.congestion.delivery.finish(t.congestion.sample.ackedSackedSegments, nowNs);
        boolean progress = f.unaAdvanced && f.dataAcked || f.dataSacked;
        boolean mayGrow = t.recovery.reordering() > t.host.settings().get(Setting.TCP_REORDERING) ? progress
                : f.dataAcked;
        t.congestion.sample.mayGrow = mayGrow && !t.congestion.inReduction();
        t.congestion.onAck(nowNs);
        t.pacing.update();
        t.recovery.traceAcknowledged(nowNs);
        t.wantOutput();
    }

    /**
     * Nothing is outstanding: the zero-window probe runs when data waits behind a closed window, and stops when it
     * opened.
     */
    @Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-36", "SHLD-29"})
    private static void noOutstanding(Tcb t, long nowNs) {
        if (!t.sent.isEmpty() || !t.hasUnsent()) {
            return;
        }
        if (Seq.gt(t.snd.right(), t.snd.nxt)) {
            t.probes.backoff = 0;
            t.timers.clear(TimerKind.PERSIST);
        } else if (!t.timers.isSet(TimerKind.PERSIST)) {
            t.timers.set(TimerKind.PERSIST, nowNs + Math.max(t.rtt.rtoNs(), t.rtt.rtoMinNs()));
        } else {
            long interval = Math.min(Math.max(t.rtt.rtoNs(), t.rtt.rtoMinNs()) << Math.min(t.probes.backoff, 30),
                    t.rtt.rtoMaxNs());
            if (t.probes.sinceNs != Time.NEVER) {
                interval = t.userTimeout.shorten(interval, t.probes.sinceNs, nowNs);
            }
            t.timers.set(TimerKind.PERSIST, nowNs + interval);
        }
    }
}
