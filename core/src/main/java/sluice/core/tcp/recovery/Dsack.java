package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;

/**
 * What a D-SACK says about undo, about reordering, and about copies that are held for in flight.
 *
 * <p>D-SACKs for more than was retransmitted are for duplicates of the network's making, and say nothing (RFC 3708
 * section 3; Linux's tcp_dsack_seen).
 */
@Rfc(value = 2883, section = "5")
@Rfc(value = 3708, section = "3")
@Rfc(value = 8985, section = "6.2")
final class Dsack {
    private final StateVariables t;
    private final Congestion congestion;
    private final AckFlags flags;
    private final RackTlp rackTlp;
    private final Reordering reordering;
    private final Undo undo;

    Dsack(StateVariables t, Congestion congestion, AckFlags flags, RackTlp rackTlp, Reordering reordering, Undo undo) {
        this.t = t;
        this.congestion = congestion;
        this.flags = flags;
        this.rackTlp = rackTlp;
        this.reordering = reordering;
        this.undo = undo;
    }

    /** One that is plausible, for so many segments. */
    void reported(int from, int to, int segments) {
        flags.sack.probeDuplicate = rackTlp.isProbe(from, to);
        t.totals.dsackDuplicates += segments;
        if (t.totals.dsackDuplicates > t.totals.retransmissions) {
            t.count(Counter.TcpExtTCPDSACKIgnoredDubious);
            return;
        }
        t.host.counters().add(Counter.TcpExtTCPDSACKRecvSegs, segments);
        congestion.delivery.countDelivered(segments); // a spurious copy arrived: the path carried it
        if (reordering.timesSeen() > 0 && !flags.sack.probeDuplicate) {
            rackTlp.wasTooQuick();
        }
        if (Seq.leq(to, t.snd.una)) {
            undo.duplicateBelowUna(to, segments);
        } else {
            onScoreboard(from, to);
        }
    }

    private void onScoreboard(int from, int to) {
        for (int i = t.sent.indexOf(from); i < t.sent.size(); i++) {
            SentSegment s = t.sent.get(i);
            if (Seq.geq(s.seq, to)) {
                return;
            }
            int covered = Seq.min(s.end, to) - Seq.max(s.seq, from);
            boolean whole = covered == s.length();
            undo.duplicateOf(s, whole ? s.count : Math.max(1, covered / Math.max(1, s.mss)));
            if (s.sacked && s.everRetransmitted) {
                flags.late.add(s.seq);
            }
            if (whole) {
                t.sent.unmarkRetransmitted(s);
            }
        }
    }
}
