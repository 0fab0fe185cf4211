package sluice.observe.record;

/**
 * What the relative numbers of one connection are counted from: the initial sequence number of each end, and the scale
 * of its windows. Without a handshake the first number seen stands for the initial one, so that data starts at 1.
 */
final class InitialNumbers {
    /** Counts from 0: numbers stay as they are on the wire. */
    static final InitialNumbers ABSOLUTE = new InitialNumbers();

    /** One end's. */
    private record End(int isn, boolean known, int shift) {
        static final End UNKNOWN = new End(0, false, -1);
    }

    private End left = End.UNKNOWN;
    private End right = End.UNKNOWN;

    /**
     * The numbers that count from this segment on: these, with what is learned, or those of a new connection when a SYN
     * opens with another number than the one before.
     */
    InitialNumbers after(DiagramSegment s, boolean fromLeft) {
        boolean syn = s.has(DiagramSegment.SYN);
        End own = fromLeft ? left : right;
        InitialNumbers n = this;
        if (syn && !s.has(DiagramSegment.ACK) && own.known && own.isn != s.seq()) {
            n = new InitialNumbers();
            n.left = left;
            n.right = right;
        }
        if (syn) {
            n.end(fromLeft, new End(s.seq(), true, s.windowScale()));
        } else if (!own.known) {
            n.end(fromLeft, new End(s.seq() - 1, true, own.shift));
        }
        End other = fromLeft ? n.right : n.left;
        if (s.has(DiagramSegment.ACK) && !other.known) {
            n.end(!fromLeft, new End(s.ack() - 1, true, other.shift));
        }
        return n;
    }

    private void end(boolean ofLeft, End end) {
        if (ofLeft) {
            left = end;
        } else {
            right = end;
        }
    }

    /** A number of the left or the right end's stream as it is written. */
    long relative(int number, boolean ofLeft) {
        return Integer.toUnsignedLong(number - (ofLeft ? left : right).isn);
    }

    /** The initial number of an end, unsigned. */
    long isn(boolean ofLeft) {
        return Integer.toUnsignedLong((ofLeft ? left : right).isn);
    }

    /** By how much an end's windows are scaled: 0 unless both offered it. */
    int shift(boolean ofLeft) {
        return left.shift >= 0 && right.shift >= 0 ? (ofLeft ? left : right).shift : 0;
    }
}
