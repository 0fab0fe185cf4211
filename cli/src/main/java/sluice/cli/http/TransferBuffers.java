package sluice.cli.http;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers for bodies, lent for the length of a body, so that idle connections hold none. A few are large; when these
 * are all lent, to peers who do not read perhaps, the others get on with small ones.
 */
final class TransferBuffers {
    private static final int LARGE = 256 * 1024;
    private static final int SMALL = 8 * 1024;
    /** All large ones together: a sixteenth of what the JVM may use. */
    private static final int MAX_LARGE = Math.clamp(Runtime.getRuntime().maxMemory() / 16 / LARGE, 4, 256);
    private static final int MAX_KEPT = 16;
    private static final ConcurrentLinkedQueue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger LENT = new AtomicInteger();

    private TransferBuffers() {}

    static ByteBuffer borrow() {
        if (LENT.incrementAndGet() <= MAX_LARGE) {
            ByteBuffer buffer = FREE.poll();
            if (buffer != null) {
                return buffer.clear();
            }
            try {
                return ByteBuffer.allocateDirect(LARGE);
            } catch (OutOfMemoryError e) {
                // then a small one
            }
        }
        LENT.decrementAndGet();
        return ByteBuffer.allocate(SMALL);
    }

    static void giveBack(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return;
        }
        LENT.decrementAndGet();
        if (FREE.size() < MAX_KEPT) {
            FREE.add(buffer);
        }
    }
}
