package sluice.sockets.internal.nio;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;

/**
 * A host as the channels of one provider share it: how to get inside, and there the memory of the direct buffers that
 * were used last, so that using one again makes no object.
 */
public final class Site {
    /** Buffers that are remembered: those of an event loop, or of some dozen threads with one each. */
    private static final int VIEWS = 64;
    /** Larger ones are not kept from the garbage collector; beside what is moved with them an object is nothing. */
    private static final int LARGEST = 1 << 20;

    final HostAccess access;
    private final @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[VIEWS];
    private final @Nullable MemorySegment[] views = new @Nullable MemorySegment[VIEWS];

    /** For one provider. */
    public Site(HostAccess access) {
        this.access = access;
    }

    /** All memory of a direct buffer, from 0 to its capacity. Inside the host. */
    MemorySegment memory(ByteBuffer direct) {
        int i = System.identityHashCode(direct) & VIEWS - 1;
        MemorySegment known = views[i];
        if (known != null && buffers[i] == direct) {
            return known;
        }
        MemorySegment view = MemorySegment.ofBuffer(direct.duplicate().clear());
        if (direct.capacity() <= LARGEST) {
            buffers[i] = direct;
            views[i] = view;
        }
        return view;
    }
}
