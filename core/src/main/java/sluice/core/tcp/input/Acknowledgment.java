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
        if (!windowUpdate && repeatsWhatIsKnown(t, seg)) {
            heardFromPeer(t, nowNs);
            t.recovery().takeSack(seg, nowNs);
            probeClosedWindow(t, nowNs);
            t.wantOutput();
            return;
        }
        boolean hadOutstanding = !t.sent.isEmpty();
        AckFlags f = begin(t, seg, windowUpdate, nowNs);
        t.recovery().takeSack(seg, nowNs); // RFC 2018, 2883
        int priorPacketsOut = t.sent.packetsOut();
        takeCumulative(t, seg.ack, f, nowNs); // RFC 9293
        takeRoundTrip(t, seg, f, nowNs); // RFC 6298, 7323
        takeMarks(t, seg, f); // RFC 3168, 9768
        if (hadOutstanding) {
            countDuplicate(seg, f, priorPacketsOut); // RFC 5681
            confirmProgress(t, f, nowNs);
            decide(t, seg.ack, f, nowNs); // RFC 6675, 8985, 5682; 9937; 6298 section 5
            probeClosedWindow(t, nowNs); // RFC 9293 3.8.6.1
        } else {
            probeClosedWindow(t, nowNs);
            t.recovery().decideAfterwards(seg.ack, nowNs);
            account(t, f);
            t.wantOutput();
        }
    }

    /** An acknowledgment below SND.UNA: only its SACK option, a D-SACK above all, is of use. */
    public static void processOld(Tcb t, Segment seg, long nowNs) {
        if (seg.sackBlocks == 0) {
            return;
        }
        AckFlags f = begin(t, seg, false, nowNs);
        t.recovery().takeSack(seg, nowNs);
        t.recovery().decide(seg.ack, nowNs);
        adjustWindow(t, f, nowNs);
    }

    /**
     * Whether the segment comes for its data alone: nothing of ours is outstanding, and its acknowledgment says what
     * the last one said. Where data flows one way nearly every segment is such.
     */
    private static boolean repeatsWhatIsKnown(Tcb t, Segment seg) {
        return seg.ack == t.snd.una && seg.sackBlocks == 0 && t.sent.isEmpty() && !t.ecn.isAccurate()
                && !t.recovery().rackTlp().probeOutstanding();
    }

    // --- the steps, in their order ---

    private static void heardFromPeer(Tcb t, long nowNs) {
        t.nagle.moreFollows = false;
        t.lastAckReceivedNs = nowNs;
        t.probes.out = 0;
        t.probes.keepalive = 0;
        t.softError = null;
    }

    private static AckFlags begin(Tcb t, Segment seg, boolean windowUpdate, long nowNs) {
        heardFromPeer(t, nowNs);
        AckFlags f = t.recovery().flags;
        f.clear();
        f.priorUna = t.snd.una;
        f.priorDelivered = t.congestion.deliveredSegments();
        f.priorLost = t.congestion.lostSegments();
        f.windowUpdate = windowUpdate;
        f.carriesData = seg.dataLength > 0 || seg.has(Segment.FIN) || seg.has(Segment.SYN);
        f.ece = t.ecn.echoes(seg);
        RateSample a = t.congestion.sample;
        a.clear();
        a.priorInFlight = t.sent.inFlight();
        t.recovery().echo(seg.tsEcr, seg.hasTimestamps && seg.tsEcr != 0);
        return f;
    }

    /** Takes off the queue and out of the buffer what SEG.ACK acknowledges. */
    @Rfc(value = 9293, section = "3.10.7.4")
    private static void takeCumulative(Tcb t, int ack, AckFlags f, long nowNs) {
        f.cumulative.unaAdvanced = Seq.gt(ack, t.snd.una);
        if (f.cumulative.unaAdvanced) {
            cleanQueue(t, ack, nowNs);
            t.snd.una = ack;
            t.mtuProbing.acknowledged(nowNs);
            t.reportAcknowledged(nowNs);
            advanceBuffer(t, ack, nowNs);
        }
    }

    private static void cleanQueue(Tcb t, int ack, long nowNs) {
        SentSegments sent = t.sent;
        AckFlags f = t.recovery().flags;
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
                        f.cumulative.dataAcked = true;
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
                f.cumulative.synAcked = true;
            } else {
                f.cumulative.dataAcked = true;
            }
            pkts += s.count;
            if (!s.sacked) {
                f.deliveredBytes += s.payload();
                delivered(t, s, s.count, nowNs);
            }
            sent.removeFirst();
        }
        a.ackedSegments = pkts;
        if (f.cumulative.retransDataAcked) {
            f.roundTrip.forgetAcked();
        }
        if (!t.agreed.sackPermitted && pkts > 0) {
            t.congestion.delivery.countDelivered(Math.max(pkts - t.sent.sackedOut(), 1));
            t.recovery().removeRenoDuplicates(pkts);
            f.originalSacked &= !f.cumulative.retransDataAcked; // without SACK nothing tells which of them had arrived
        }
    }

    /**
     * What a segment that began at {@code start} teaches when it is acknowledged, whole or in part: an original the
     * round trip and whether it came late, a retransmitted one nothing.
     */
    private static void learnFrom(Tcb t, SentSegment s, int start, long nowNs) {
        AckFlags f = t.recovery().flags;
        if (s.everRetransmitted) {
            f.cumulative.retransDataAcked = true;
            f.cumulative.earlierCopyOfHead |= earlierCopyOfHead(t, s);
        } else if (!s.sacked) {
            f.roundTrip.acked(nowNs - s.sentNs);
            t.recovery().lateOriginalAcked(start, s.end);
        }
    }

    private static void delivered(Tcb t, SentSegment s, int segments, long nowNs) {
        if (t.agreed.sackPermitted) {
            // without SACK the duplicate acknowledgments counted some already
            t.congestion.delivery.countDelivered(segments);
        }
        t.congestion.delivery.arrived(s, nowNs);
        if (!earlierCopyOfHead(t, s)) {
            t.recovery().rackTlp().delivered(s, nowNs);
        }
    }

    /**
     * The oldest segment was retransmitted, and the echo is from before that: its original, or an earlier copy,
     * arrived, which says nothing about what was sent after the original (RFC 8985 6.2 step 2).
     */
    @Rfc(value = 8985, section = "6.2")
    private static boolean earlierCopyOfHead(Tcb t, SentSegment s) {
        return s.everRetransmitted && s.seq == t.recovery().flags.priorUna
                && t.recovery().echoesBefore(t.timestampClock(s.sentNs));
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
        if (t.urgent.toSend() && Seq.geq(ack, t.snd.up)) {
            t.urgent.toSend(false);
        }
    }

    /**
     * The first segment that is acknowledged counts for RTO, which has to outlast delayed acknowledgments too; the last
     * one for the congestion control and the shortest round trip. Karn's rule: segments retransmitted give no sample,
     * unless the timestamp echoes which copy arrived. A D-SACK says that a duplicate drew this acknowledgment, whose
     * echo is then as old as what the peer had acknowledged before: no sample either.
     */
    @Rfc(value = 6298, section = "3")
    @Rfc(value = 7323, section = "4.1")
    private static void takeRoundTrip(Tcb t, Segment seg, AckFlags f, long nowNs) {
        long us = f.roundTrip.firstUs();
        long last = f.roundTrip.lastUs();
        if (us < 0 && f.cumulative.unaAdvanced && t.agreed.timestamps && seg.hasTimestamps && seg.tsEcr != 0
                && (f.cumulative.dataAcked || f.cumulative.synAcked)) {
            int deltaMs = t.timestampClock(nowNs) - seg.tsEcr;
            if (f.sack.dsack) {
                f.roundTrip.distrust();
            } else if (deltaMs >= 0 && deltaMs < 1 << 30 && (!f.cumulative.earlierCopyOfHead || cameLate(t, f))) {
                us = Math.max(1, deltaMs) * 1000L;
                last = us;
            }
        }
        if (f.sack.dsack) {
            t.rtt.duplicatesAreReported();
        }
        if (us < 0) {
            if (f.roundTrip.distrusted()) {
                // as Linux's sample would; without that a path that loses ACKs too backs off ever further
                t.rtt.endBackoff();
            }
            long most = f.roundTrip.distrustedUs();
            if (most >= 0 && most < t.rtt.minRttUs()) {
                sampleMin(t, most, nowNs); // the shortest round trip is not longer than that
            }
            return;
        }
        t.congestion.sample.rttUs = last;
        sampleMin(t, last, nowNs);
        t.rtt.sample(us, t.snd.una, t.snd.nxt);
    }

    /**
     * Whether an echo from before the last copy of the oldest segment tells how long that took. Its original may have
     * come late; or it came in time, the acknowledgment was lost, and this one repeats it and its echo, long after. Of
     * a peer that reports duplicates the latter is not thought, unless the acknowledgment had to wait for data of the
     * peer, or for more than one timeout.
     */
    private static boolean cameLate(Tcb t, AckFlags f) {
        return t.agreed.sackPermitted && !f.carriesData && t.rtt.backoff() <= 1 && t.rtt.believeOldEcho();
    }

    private static void sampleMin(Tcb t, long us, long nowNs) {
        t.rtt.sampleMin(us, nowNs, t.host.settings().get(Setting.TCP_MIN_RTT_WLEN) * 1_000_000_000L);
    }

    /** What accurate ECN reports. */
    @Rfc(value = 9768, section = "3.2.2.2")
    private static void takeMarks(Tcb t, Segment seg, AckFlags f) {
        int segments = (int) (t.congestion.deliveredSegments() - f.priorDelivered);
        boolean progress = f.cumulative.dataAcked || f.cumulative.synAcked || f.sack.dataSacked || seg.newerTimestamp;
        boolean sure = t.agreed.sackPermitted || t.recovery().state() == RecoveryState.OPEN
                || t.recovery().state() == RecoveryState.CWR;
        f.ceSegments = t.ecn.onAck(t, seg, segments, f.deliveredBytes, progress, sure, f.cumulative.synAcked);
        f.ece |= f.ceSegments > 0;
    }

    @Rfc(value = 5681, section = "2")
    private static void countDuplicate(Segment seg, AckFlags f, int priorPacketsOut) {
        if (!f.cumulative.unaAdvanced && !f.notDuplicate() && priorPacketsOut > 0) {
            f.duplicates = Math.max(1, seg.segments);
        }
    }

    /** Something new was acknowledged: the doubling of timeouts ends, and the path is known to work. */
    private static void confirmProgress(Tcb t, AckFlags f, long nowNs) {
        if (!f.cumulative.unaAdvanced) {
            return;
        }
        t.retransmits = 0;
        t.rtt.progress();
        Route route = t.route;
        if (route != null && f.cumulative.dataAcked) {
            t.tcp.ip().confirm(route, nowNs);
        }
    }

    /** What is lost, how far the window goes, and when to look again. */
    private static void decide(Tcb t, int ack, AckFlags f, long nowNs) {
        boolean reorderTimer = t.timers.isSet(TimerKind.RACK_REORDER);
        boolean setTimer = f.cumulative.unaAdvanced || reportsOlderThanHead(t, f);
        t.recovery().decide(ack, nowNs);
        adjustWindow(t, f, nowNs);
        if (setTimer && !t.timers.isSet(TimerKind.RACK_REORDER) || t.sent.packetsOut() == 0) {
            RetransmissionTimer.onProgress(t, t.recovery().rackTlp(), reorderTimer, nowNs);
        }
        if (t.sent.isEmpty()) {
            t.sendTime.stop(t, SendTime.Kind.BUSY, nowNs);
        }
    }

    /**
     * SACK reported something that was sent before the oldest outstanding segment was (again): the path delivers, and
     * the oldest gets its time anew. Reports of what was sent later do not count, or a timeout would be put off for as
     * long as they come.
     */
    @Rfc(value = 8985, section = "7.2")
    private static boolean reportsOlderThanHead(Tcb t, AckFlags f) {
        SentSegment head = t.sent.first();
        return head != null && f.sack.firstSentNs < head.sentNs;
    }

    /** What it brought, for the congestion control and the counters. */
    private static void account(Tcb t, AckFlags f) {
        RateSample a = t.congestion.sample;
        a.ackedSackedSegments = (int) (t.congestion.deliveredSegments() - f.priorDelivered);
        a.lostSegments = (int) (t.congestion.lostSegments() - f.priorLost);
        a.unaAdvanced = f.cumulative.unaAdvanced;
        a.ece = f.ece;
        a.ceSegments = t.ecn.isAccurate() ? f.ceSegments : f.ece ? Math.max(0, a.ackedSackedSegments) : 0;
        if (a.ceSegments > 0) {
            t.congestion.delivery.countDeliveredCe(a.ceSegments);
            t.host.counters().add(Counter.TcpExtTCPDeliveredCE, a.ceSegments);
        }
        t.host.counters().add(Counter.TcpExtTCPDelivered, Math.max(0, a.ackedSackedSegments));
    }

    /** The congestion control hears of it. */
    private static void adjustWindow(Tcb t, AckFlags f, long nowNs) {
        account(t, f);
        t.congestion.delivery.finish(t.congestion.sample.ackedSackedSegments, nowNs);
        boolean progress = f.cumulative.unaAdvanced && f.cumulative.dataAcked || f.sack.dataSacked;
        boolean mayGrow = t.recovery().reordering() > t.host.settings().get(Setting.TCP_REORDERING) ? progress
                : f.cumulative.dataAcked;
        t.congestion.sample.mayGrow = mayGrow && !t.congestion.inReduction();
        t.congestion.onAck(nowNs);
        t.pacing.update();
        t.recovery().traceAcknowledged(nowNs);
        t.wantOutput();
    }

    /**
     * Nothing is outstanding: the zero-window probe runs when data waits behind a closed window, and stops when it
     * opened.
     */
    @Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-36", "SHLD-29"})
    private static void probeClosedWindow(Tcb t, long nowNs) {
        if (!t.sent.isEmpty() || !t.hasUnsent() || t.options.noPersistTimer) {
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
