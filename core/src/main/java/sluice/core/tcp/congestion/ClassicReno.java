package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * Reno as the textbooks draw it: in fast recovery the window is the threshold at once, instead of sinking to it in
 * proportion to what arrives (PRR, RFC 9937).
 *
 * <p>For teaching and comparing. RFC 5681 counts segments that drew duplicate acknowledgments as if they were in flight
 * and adds them to cwnd ("inflation": ssthresh + 3, one more for each further duplicate); here, as on Linux, they are
 * not in flight, so cwnd stays ssthresh and the same segments leave at the same times.
 */
@Rfc(value = 5681, section = "3.2")
public final class ClassicReno extends NewReno {
    @Override
    public String name() {
        return "reno-classic";
    }

    @Override
    public boolean proportionalReduction() {
        return false;
    }
}
