package sluice.core.tcp.option;

import java.lang.foreign.MemorySegment;
import sluice.core.tcp.segment.Segment;

/**
 * One kind of TCP option: how it is read into a {@link Segment}. How it is written stands beside, as a static method of
 * the class.
 */
interface TcpOption {
    /** Kind number. */
    int kind();

    /**
     * Reads the option.
     *
     * @param offset of the kind byte
     * @param length the length byte, which fits into the header
     */
    void parse(Segment segment, MemorySegment memory, long offset, int length);
}
