package sluice.core;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Where the memory of a buffer or a queue comes from, and who may say no. */
public interface BlockSource {
    /**
     * A block of {@link BufferPool#blockSize}{@code (bytes)} bytes; null when so much is not to be had: the caller
     * drops, waits or makes do with less. Contents are undefined.
     */
    @Nullable MemorySegment take(long bytes);

    /** Gives back a block from {@link #take}. */
    void give(MemorySegment block);

    /** Whether there is so much left that a block may be spent to save a copy. */
    boolean isPlenty();

    /** Asks for memory of the heap, bytes, that grows with what a peer sends; false when there is none left. */
    boolean takeHeap(long bytes);

    /** The same for what cannot be refused any more; it only brings the others closer to the limit. */
    void chargeHeap(long bytes);

    /** Gives back what {@link #takeHeap} or {@link #chargeHeap} took. */
    void giveHeap(long bytes);
}
