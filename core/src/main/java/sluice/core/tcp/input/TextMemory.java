package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.core.BufferPool;
import sluice.core.tcp.Tcb;
import sluice.wire.Packet;

/**
 * Memory for the bytes of a segment, in Linux's order ({@code tcp_try_rmem_schedule}, {@code tcp_prune_queue}): when
 * there is none, what arrived out of order is given up, which the peer keeps; a reader with nothing to read gets the
 * first bytes at least; else the segment is dropped and the window is closed until the next acknowledgment.
 */
final class TextMemory {
    private TextMemory() {}

    /** How many of the bytes were taken, from the first on; 0 when the segment is dropped, which was counted. */
    static int store(Tcb t, Packet p, long position, int offset, int length) {
        if (t.receiveBuffer.store(position, p, offset, length)) {
            return length;
        }
        t.count(Counter.TcpExtPruneCalled);
        boolean next = position == t.receiveBuffer.nextPosition();
        if (next && !t.reassembly.isEmpty()) {
            t.count(Counter.TcpExtOfoPruned);
            t.receiveBuffer.dropOutOfOrder();
            t.reassembly.clear();
            if (t.receiveBuffer.store(position, p, offset, length)) {
                return length;
            }
        }
        if (next && t.receiveBuffer.available() == 0 && length > BufferPool.MIN_BLOCK
                && t.receiveBuffer.store(position, p, offset, BufferPool.MIN_BLOCK)) {
            return BufferPool.MIN_BLOCK;
        }
        t.count(Counter.TcpExtRcvPruned);
        t.count(next ? Counter.TcpExtTCPRcvQDrop : Counter.TcpExtTCPOFODrop);
        t.count(Counter.SluiceTcpMemoryDrop);
        t.window.closeOnce();
        t.acknowledgeNow();
        t.signalReady();
        return 0;
    }
}
