package sluice.cli.http;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Native buffers for bodies, lent for the length of a body, so that idle connections hold none. */
final class TransferBuffers {
    private static final int SIZE = 256 * 1024;
    private static final int MAX_KEPT = 64;
    private static final ConcurrentLinkedQueue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();

    private TransferBuffers() {}

    static ByteBuffer borrow() {
        ByteBuffer buffer = FREE.poll();
        return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear();
    }

    static void giveBack(ByteBuffer buffer) {
        if (FREE.size() < MAX_KEPT) {
            FREE.add(buffer);
        }
    }
}
