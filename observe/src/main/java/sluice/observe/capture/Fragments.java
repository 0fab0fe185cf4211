package sluice.observe.capture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * Fragments of captured datagrams, gathered until all have passed: only the beginning is kept, which has the transport
 * header, and how many bytes there are. The oldest of too many is forgotten.
 */
final class Fragments {
    private static final int MOST = 256;
    /** Bytes of the beginning that are kept: a TCP header of the longest kind. */
    static final int HEAD = 64;

    private record Key(IpAddress source, IpAddress destination, int identification) {}

    /** A datagram whose fragments pass. */
    static final class Datagram {
        /** The beginning of what the datagram carries. */
        final MemorySegment head = Arena.ofAuto().allocate(HEAD, 8);
        /** Bytes of it. */
        int headBytes;
        /** Bytes of all fragments so far. */
        int received;
        /** Bytes of the whole; -1 until the last fragment passes. */
        int total = -1;
    }

    private final Map<Key, Datagram> waiting = new LinkedHashMap<>();

    /**
     * A fragment that carries bytes {@code offset} to {@code offset + bytes} of its datagram, of which {@code captured}
     * are at {@code at}; the datagram when it is whole with this one.
     */
    @Nullable Datagram add(IpAddress source, IpAddress destination, int identification, MemorySegment m, long at,
            Piece piece) {
        Key key = new Key(source, destination, identification);
        Datagram d = waiting.get(key);
        if (d == null) {
            if (waiting.size() >= MOST) {
                waiting.remove(waiting.keySet().iterator().next());
            }
            d = new Datagram();
            waiting.put(key, d);
        }
        if (piece.offset == 0) {
            d.headBytes = Math.max(0, Math.min(HEAD, Math.min(piece.captured, piece.bytes)));
            MemorySegment.copy(m, at, d.head, 0, d.headBytes);
        }
        d.received += piece.bytes;
        if (!piece.more) {
            d.total = piece.offset + piece.bytes;
        }
        if (d.total < 0 || d.received < d.total || d.headBytes == 0) {
            return null;
        }
        waiting.remove(key);
        return d;
    }

    /**
     * Which part of its datagram a fragment is.
     *
     * @param offset of its first byte
     * @param bytes of it
     * @param captured bytes of these that are in the file
     * @param more whether others follow
     */
    record Piece(int offset, int bytes, int captured, boolean more) {}
}
