package sluice.sockets.names;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import sluice.core.Pollable;
import sluice.engine.HostAccess;
import sluice.engine.Waiter;
import sluice.engine.Waiters;

/**
 * Brings questions to a server and takes its answers. Made for one exchange; used inside the host by one thread, which
 * waits there; closed when it is over.
 */
abstract class Transport implements AutoCloseable {
    /** How an exchange ended. */
    enum End {
        /** Everything was answered. */
        ANSWERED,
        /** Not everything was, and there will be nothing more. */
        SILENCE,
        /** There is no server. */
        NOBODY
    }

    final HostAccess access;
    final Waiters waiters;
    final MemorySegment buffer;
    final byte[] message;
    private final Arena arena = Arena.ofConfined();
    private boolean interrupted;

    Transport(HostAccess access, int bufferBytes) {
        this.access = access;
        this.waiters = new Waiters(access);
        this.buffer = arena.allocate(bufferBytes);
        this.message = new byte[bufferBytes];
    }

    /** Asks all of {@code asked} and waits for the answers until {@code untilNs}, on the host's clock. */
    abstract End exchange(List<Asked> asked, long untilNs);

    /**
     * Waits for readiness; an interrupt does not end it (as nothing interrupts the C library's lookup), but is kept.
     */
    final void block(Waiter waiter, int interest, long untilNs) {
        interrupted |= Thread.interrupted();
        access.block(waiter, interest, untilNs);
        interrupted |= Thread.interrupted();
    }

    final void awaitReadable(long untilNs) {
        block(waiters.read, Pollable.READABLE, untilNs);
    }

    /** Gives {@code length} bytes that lie in {@link #buffer} to whom they answer. */
    final void deliver(List<Asked> asked, long offset, int length) {
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset, message, 0, length);
        for (Asked a : asked) {
            if (a.accept(message, length)) {
                return;
            }
        }
    }

    static boolean allAnswered(List<Asked> asked) {
        return asked.stream().allMatch(Asked::isAnswered);
    }

    @Override
    public void close() {
        arena.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
