package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.fastopen.FastOpenCache;
import sluice.core.tcp.segment.Segment;

/**
 * The SYN-ACK of an active open that tried Fast Open: remembers cookie and MSS, and retransmits at once what the server
 * did not take of the SYN's data.
 */
@Rfc(value = 7413, section = "4.2.2")
final class FastOpenSynAck {
    private FastOpenSynAck() {}

    /** The handshake is over; {@code synAgain}: our SYN was sent more than once. */
    static void process(Tcb t, Segment seg, boolean synAgain, long nowNs) {
        FastOpen f = t.fastOpen;
        if (!f.used && !f.synData) {
            return;
        }
        FastOpenCache cache = t.tcp.fastOpen().cache();
        // a cookie that nobody asked for is ignored
        cache.store(t.tuple.local(), t.tuple.remote(), seg.mss, f.used ? seg.fastOpen : null);
        if (f.used && !synAgain && !f.synData && seg.fastOpen == null) {
            cache.noCookie(t.tuple.local(), t.tuple.remote(), f.experimental);
        }
        if (!f.synData) {
            return;
        }
        if (!t.sent.isEmpty()) {
            f.failure = synAgain ? FastOpen.Failure.SYN_RETRANSMITTED : FastOpen.Failure.DATA_NOT_ACKED;
            t.count(Counter.TcpExtTCPFastOpenActiveFail);
            t.recovery().resendSynData(nowNs);
            return;
        }
        f.synDataAcked = true;
        t.count(Counter.TcpExtTCPFastOpenActive);
        if (t.congestion.deliveredSegments() > 1) {
            t.congestion.delivery.countDelivered(-1); // SYN and data were one segment
        }
    }
}
