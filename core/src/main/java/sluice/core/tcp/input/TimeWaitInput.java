package sluice.core.tcp.input;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.Listener;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.output.StatelessAcks;
import sluice.core.tcp.segment.Segment;

/**
 * A segment in TIME-WAIT: a FIN that was retransmitted is acknowledged and 2·MSL begins anew; a new SYN may reopen; old
 * segments die.
 */
@Rfc(value = 9293, section = "3.10.7.4", req = "MUST-13")
@Rfc(value = 9293, section = "3.6.1", req = {"SHLD-4", "MAY-2"})
@Rfc(value = 6191, section = "2")
final class TimeWaitInput {
    private TimeWaitInput() {}

    /** True when the time-wait ended and the segment, a SYN, is to be given to the listener. */
    static boolean process(TimeWait w, Segment seg, @Nullable Listener listener, long nowNs) {
        boolean paws = w.timestamps && seg.hasTimestamps && Seq.lt(seg.tsVal, w.tsRecent);
        boolean inWindow = seg.seq == w.rcvNxt && (seg.length() == 0 || seg.has(Segment.RST));
        if (!paws && inWindow) {
            if (seg.has(Segment.RST)) {
                if (w.tcp.host().settings().get(Setting.TCP_RFC1337) == 0) {
                    w.tcp.host().counters().increment(Counter.TcpExtTWKilled);
                    w.drop();
                } else {
                    w.tcp.drop(Counter.SluiceTcpBadReset, nowNs);
                }
                return false;
            }
            if (w.timestamps && seg.hasTimestamps) {
                w.tsRecent = seg.tsVal;
                w.tsRecentNs = nowNs;
            }
            w.restart(nowNs);
            return false;
        }
        boolean newer = Seq.gt(seg.seq, w.rcvNxt) || w.timestamps && seg.hasTimestamps && Seq.gt(seg.tsVal, w.tsRecent);
        if (seg.has(Segment.SYN) && !seg.has(Segment.RST) && !seg.has(Segment.ACK) && !paws && newer
                && listener != null) {
            w.drop();
            return true;
        }
        if (paws) {
            w.tcp.host().counters().increment(Counter.TcpExtPAWSTimewait);
        }
        if (!seg.has(Segment.RST)) {
            if (!paws && seg.has(Segment.FIN)) {
                w.restart(nowNs);
            }
            acknowledge(w, seg, nowNs);
        } else if (!paws) {
            w.tcp.drop(Counter.SluiceTcpBadReset, nowNs);
        }
        return false;
    }

    /**
     * Segments with data or FIN are answered each time; others could be part of a loop of acknowledgments, so their
     * answers are limited.
     */
    private static void acknowledge(TimeWait w, Segment seg, long nowNs) {
        if (seg.length() == 0 || seg.has(Segment.SYN)) {
            long limit = w.tcp.host().settings().get(Setting.TCP_INVALID_RATELIMIT) * 1_000_000L;
            if (w.lastInvalidAckNs != Time.NEVER && nowNs - w.lastInvalidAckNs < limit) {
                w.tcp.host().counters().increment(Counter.TcpExtTCPACKSkippedTimeWait);
                return;
            }
            w.lastInvalidAckNs = nowNs;
        }
        StatelessAcks.send(w, nowNs);
    }
}
