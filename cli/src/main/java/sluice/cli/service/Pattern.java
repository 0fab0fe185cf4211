package sluice.cli.service;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sluice.core.tcp.user.TcpSocket;

/**
 * An endless text for sources of data: 64 lines of 62 letters, digits and signs and a line end, each beginning one
 * character later than the line before (RFC 864's idea). Its period is a power of two and is kept several times over in
 * native memory, so that a send ring is filled with one copy from any position.
 */
public final class Pattern {
    /** After so many bytes it repeats. */
    public static final int PERIOD = 4096;
    private static final int LINE = 64;
    private static final int KEPT = 256 * 1024;
    private static final String CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final MemorySegment MEMORY = make();

    private Pattern() {}

    private static MemorySegment make() {
        MemorySegment memory = Arena.global().allocate(KEPT + PERIOD, 64);
        for (int i = 0; i < memory.byteSize(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, at(i));
        }
        return memory;
    }

    /** The byte at a position of the stream. */
    public static byte at(long position) {
        int p = (int) (position & (PERIOD - 1));
        int column = p % LINE;
        return (byte) (column == LINE - 2 ? '\r'
                : column == LINE - 1 ? '\n' : CHARACTERS.charAt((p / LINE + column) % CHARACTERS.length()));
    }

    /**
     * Writes the text into the send buffer, or has the send buffer refer to it when the connection sends without
     * copying.
     *
     * @param position of the first byte in the text
     * @param most bytes to write
     * @return bytes written; less than {@code most} when the buffer is full
     */
    public static long fill(TcpSocket connection, long position, long most, long nowNs) {
        long done = 0;
        while (connection.options().zeroCopy && done < most) {
            int n = connection.send(MEMORY, position + done & (PERIOD - 1),
                    (int) Math.min(most - done, connection.pieceRoom()), TcpSocket.FLAG_ZEROCOPY, nowNs);
            if (n == 0) {
                return done;
            }
            done += n;
        }
        while (done < most) {
            MemorySegment room = connection.writable((int) Math.min(most - done, KEPT));
            if (room == null) {
                break;
            }
            int n = (int) room.byteSize();
            MemorySegment.copy(MEMORY, position + done & (PERIOD - 1), room, 0, n);
            connection.commit(n, 0, nowNs);
            done += n;
        }
        return done;
    }
}
