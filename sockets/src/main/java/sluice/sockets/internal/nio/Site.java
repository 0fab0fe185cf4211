package sluice.sockets.internal.nio;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.engine.ThreadHost;

/**
 * A host as the channels of one provider share it: how to get inside, and there the memory of the direct buffers that
 * were used last, so that using one again makes no object.
 */
public final class Site {
    /** Buffers that are remembered: those of an event loop, or of some dozen threads with one each. */
    private static final int VIEWS = 64;
    /** Larger ones are not kept from the garbage collector; beside what is moved with them an object is nothing. */
    private static final int LARGEST = 1 << 20;

    private static final Map<HostAccess, WeakReference<Site>> OF_THREADS = new WeakHashMap<>();

    final HostAccess access;
    private final @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[VIEWS];
    private final @Nullable MemorySegment[] views = new @Nullable MemorySegment[VIEWS];

    /** For one provider. */
    public Site(HostAccess access) {
        this.access = access;
    }

    /** That of the host which the calling thread belongs to; null when it belongs to none. From outside. */
    public static @Nullable Site ofThread() {
        HostAccess access = ThreadHost.current();
        if (access == null) {
            return null;
        }
        synchronized (OF_THREADS) {
            WeakReference<Site> known = OF_THREADS.get(access);
            Site site = known == null ? null : known.get();
            if (site == null) {
                site = new Site(access);
                OF_THREADS.put(access, new WeakReference<>(site));
            }
            return site;
        }
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
