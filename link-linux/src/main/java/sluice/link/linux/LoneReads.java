package sluice.link.linux;

/**
 * Whether the read after a packet may be left out because it would find nothing, as it has lately: where packets come
 * one at a time it is half of the reads. Only after small packets: where much data comes, one read too many costs less
 * than an acknowledgment for each packet. Never two in a row, so that whoever looks again gets what is there; whoever
 * waits instead is told by the device at once. Every {@value #CHECK_EVERY}th is done all the same, to see whether
 * packets come closer by now.
 *
 * <p>Used by one thread at a time.
 */
final class LoneReads {
    /** Packets in a row that nothing followed before reads are left out. */
    static final int LONE = 8;
    /** Bytes of a small packet, at most. */
    static final int SMALL = 512;
    /** Of so many reads that could be left out one is done. */
    static final int CHECK_EVERY = 16;

    private int lone;
    private int skipped;
    private boolean afterPacket;

    /**
     * Whether to leave the next read out; to be asked before each, and followed by {@link #found} or {@link #foundNone}
     * when it is done.
     */
    boolean skip() {
        if (!afterPacket || lone < LONE || ++skipped % CHECK_EVERY == 0) {
            return false;
        }
        afterPacket = false;
        return true;
    }

    /** A read gave a packet of {@code length} bytes. */
    void found(int length) {
        if (afterPacket || length > SMALL) {
            lone = 0;
        }
        afterPacket = true;
    }

    /** A read gave nothing. */
    void foundNone() {
        if (afterPacket) {
            lone = Math.min(lone + 1, LONE);
        }
        afterPacket = false;
    }
}
