package sluice.link;

import java.lang.foreign.MemorySegment;

/** Takes packets that a {@link CaptureLink} saw. Called by the thread that uses the link; must not keep the memory. */
public interface CaptureSink extends AutoCloseable {
    /**
     * A packet passed.
     *
     * @param timeNs on the host's clock, nanoseconds
     * @param outbound whether the host sent it
     * @param memory holds it
     * @param offset of its first byte
     * @param length its bytes
     */
    void packet(long timeNs, boolean outbound, MemorySegment memory, long offset, int length);

    /** Writes out what is buffered. */
    @Override
    default void close() {}
}
