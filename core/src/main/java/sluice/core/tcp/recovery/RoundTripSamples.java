package sluice.core.tcp.recovery;

import sluice.base.Rfc;

/**
 * The round trips one acknowledgment shows, by segments that were never retransmitted; microseconds, -1 for none. Those
 * acknowledged cumulatively and those reported by SACK are kept apart: a copy among the former makes them void.
 */
@Rfc(value = 6298, section = "3")
public final class RoundTripSamples {
    private long firstAckedUs;
    private long lastAckedUs;
    private long firstSackedUs;
    private long lastSackedUs;
    private long distrustedUs;
    private boolean distrusted;

    /** A segment that was never retransmitted is acknowledged. */
    public void acked(long ns) {
        lastAckedUs = Math.max(0, ns / 1000);
        firstAckedUs = firstAckedUs < 0 ? lastAckedUs : firstAckedUs;
    }

    /** Something that was retransmitted is acknowledged with them: which copy drew the acknowledgment is not known. */
    public void forgetAcked() {
        firstAckedUs = -1;
        lastAckedUs = -1;
    }

    /** A segment that was never retransmitted is reported. */
    void sacked(long ns) {
        lastSackedUs = Math.max(0, ns / 1000);
        firstSackedUs = firstSackedUs < 0 ? lastSackedUs : firstSackedUs;
    }

    /** The same, when a retransmission may have drawn the report. */
    void distrusted(long ns) {
        distrust();
        distrustedUs = Math.max(0, ns / 1000);
    }

    /** Linux would take a round trip from it, we do not: a retransmission may have drawn it. */
    public void distrust() {
        distrusted = true;
    }

    /** By the first segment: for RTO, which has to outlast delayed acknowledgments too. */
    public long firstUs() {
        return firstAckedUs >= 0 ? firstAckedUs : firstSackedUs;
    }

    /** By the last one: for the shortest round trip. */
    public long lastUs() {
        return lastSackedUs >= 0 ? lastSackedUs : lastAckedUs;
    }

    /** Whether there was one that is not trusted. */
    public boolean distrusted() {
        return distrusted;
    }

    /** At most how long the round trip was of what a distrusted report was about last. */
    public long distrustedUs() {
        return distrustedUs;
    }

    void clear() {
        forgetAcked();
        firstSackedUs = -1;
        lastSackedUs = -1;
        distrustedUs = -1;
        distrusted = false;
    }
}
