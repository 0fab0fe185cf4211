package sluice.core.tcp.congestion;

/**
 * Whether the path is filled: for three round trips the bandwidth, segments per second, has not grown by a quarter. Of
 * BBR ("Exiting Startup Based on Bandwidth Plateau").
 */
final class FullBandwidth {
    private static final int ROUNDS = 3;
    private static final double THRESHOLD = 1.25;

    private boolean reached;
    private double fullBw;
    private int count;

    /** Startup's question at an acknowledgment (BBRCheckFullBWReached). */
    void check(double maxBw, boolean roundStart, RateSample s) {
        if (!reached && roundStart && !s.appLimited) {
            compare(maxBw);
            reached = plateau();
        }
    }

    /** The bandwidth after another round trip. */
    void compare(double maxBw) {
        if (maxBw >= fullBw * THRESHOLD) {
            restart(maxBw);
        } else {
            count++;
        }
    }

    /** Looks from now on for growth beyond {@code bw}; what was reached stays so (BBRResetFullBW). */
    void restart(double bw) {
        fullBw = bw;
        count = 0;
    }

    /** Startup is over for another reason. */
    void reach() {
        reached = true;
    }

    /** Whether the path was found filled once since the beginning ({@code BBR.full_bw_reached}). */
    boolean reached() {
        return reached;
    }

    /** Whether it grew no more since the last {@link #restart} ({@code BBR.full_bw_now}). */
    boolean plateau() {
        return count >= ROUNDS;
    }
}
