package sluice.observe.explain;

import sluice.observe.capture.CapturedSegment;
import sluice.wire.PacketDirection;

/** Where a connection was captured: by the directions the file names, or by how the round trip is divided. */
public enum Vantage {
    /** At the end that opened, or close to it. */
    CLIENT("at the client"),
    /** At the other end, or close to it. */
    SERVER("at the server"),
    /** Between the two. */
    BETWEEN("between the two"),
    /** Not told. */
    UNKNOWN("unknown");

    /** An end whose part of the round trip is smaller than this is where the capture was taken. */
    private static final double CLOSE = 0.15;
    private static final long BOTH_CLOSE_NS = 150_000L;

    private final String words;

    Vantage(String words) {
        this.words = words;
    }

    /** In words. */
    public String words() {
        return words;
    }

    /** By the first packet whose direction the file knows. */
    static Vantage byDirection(CapturedSegment s, boolean isForth) {
        return s.direction == PacketDirection.UNKNOWN ? UNKNOWN
                : s.direction == PacketDirection.OUTBOUND == isForth ? CLIENT : SERVER;
    }

    /** By the round trips from the point of capture to the two ends, nanoseconds; -1 when not known. */
    static Vantage byRoundTrips(long toClientNs, long toServerNs) {
        if (toClientNs < 0 || toServerNs < 0 || toClientNs + toServerNs < BOTH_CLOSE_NS) {
            return UNKNOWN;
        }
        double client = (double) toClientNs / (toClientNs + toServerNs);
        return client < CLOSE ? CLIENT : client > 1 - CLOSE ? SERVER : BETWEEN;
    }
}
