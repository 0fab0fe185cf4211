package sluice.core;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What one socket holds of its protocol's {@link MemoryBudget}: blocks of the host's pool and some heap, apart for
 * what it receives and what it sends.
 */
public final class SocketMemory {
    /** One direction. Its least buffer is what Linux leaves to each socket while the budget is not used up. */
    private final class Direction implements BlockSource {
        private final Setting least;
        private long blockBytes;
        private long heapBytes;

        Direction(Setting least) {
            this.least = least;
        }

        private boolean ask(long bytes) {
            return budget.takeFreely(bytes)
                    || budget.take(bytes, heldBytes(), blockBytes + heapBytes < budget.least(least));
        }

        @Override
        public @Nullable MemorySegment take(long bytes) {
            int size = BufferPool.blockSize(bytes);
            boolean first = blockBytes == 0 && size == BufferPool.MIN_BLOCK;
            if (!ask(size) && !(first && budget.force(size))) {
                return null;
            }
            MemorySegment block = pool.take(size);
            if (block == null) {
                budget.give(size);
                return null;
            }
            blockBytes += size;
            return block;
        }

        @Override
        public void give(MemorySegment block) {
            pool.give(block);
            blockBytes -= block.byteSize();
            budget.give(block.byteSize());
        }

        @Override
        public boolean isPlenty() {
            return budget.isPlenty();
        }

        @Override
        public boolean takeHeap(long bytes) {
            boolean granted = ask(bytes);
            if (granted) {
                heapBytes += bytes;
            }
            return granted;
        }

        @Override
        public void chargeHeap(long bytes) {
            heapBytes += bytes;
            budget.charge(bytes);
        }

        @Override
        public void giveHeap(long bytes) {
            if (bytes > 0) {
                heapBytes -= bytes;
                budget.give(bytes);
            }
        }
    }

    private final BufferPool pool;
    private final MemoryBudget budget;
    private final Direction receive;
    private final Direction send;
    private boolean counted = true;

    private SocketMemory(BufferPool pool, MemoryBudget budget, Setting leastReceive, Setting leastSend) {
        this.pool = pool;
        this.budget = budget;
        receive = new Direction(leastReceive);
        send = new Direction(leastSend);
        budget.opened();
    }

    /** That of a TCP connection. */
    public static SocketMemory tcp(HostMemory host) {
        return new SocketMemory(host.pool(), host.tcp(), Setting.TCP_RMEM, Setting.TCP_WMEM);
    }

    /** That of a UDP socket. */
    public static SocketMemory udp(HostMemory host) {
        return new SocketMemory(host.pool(), host.udp(), Setting.UDP_RMEM_MIN, Setting.UDP_WMEM_MIN);
    }

    /** For what is received. */
    public BlockSource receive() {
        return receive;
    }

    /** For what is sent. */
    public BlockSource send() {
        return send;
    }

    /** The budget that it takes from. */
    public MemoryBudget budget() {
        return budget;
    }

    /** Bytes held, both directions. */
    public long heldBytes() {
        return receive.blockBytes + receive.heapBytes + send.blockBytes + send.heapBytes;
    }

    /** The socket is over and takes no more; what it holds it still gives back. Idempotent. */
    public void close() {
        if (counted) {
            counted = false;
            budget.closed();
        }
    }
}
