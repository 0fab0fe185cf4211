package sluice.sockets.internal.nio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/**
 * The host's side of a datagram channel. Datagrams of direct buffers are copied once; others, and those of several
 * buffers, go through a piece of native memory for each direction, made when first needed.
 *
 * <p>Inside the host; by one reader and one writer at a time.
 */
final class DatagramEnd extends ChannelEnd {
    private static final int MAX_DATAGRAM = 65_536;

    final UdpSocket socket;
    /** As it was set: one of the kernel's, which stands for one of the host's ({@link Memberships}). */
    @Nullable NetworkInterface multicastInterface;
    private @Nullable MemorySegment input;
    private @Nullable MemorySegment output;
    /** Who sent the last datagram. */
    private @Nullable InetSocketAddress source;
    private @Nullable InetAddress lastTo;
    private @Nullable IpAddress lastDestination;
    private long sourceHigh;
    private long sourceLow;

    /** A socket that is not bound. */
    DatagramEnd(Site site) {
        super(site);
        socket = access.host().udp().open();
        socket.addListener(this);
    }

    @Override
    int poll() {
        return closed ? 0 : socket.readiness();
    }

    @Override
    void release() {
        socket.close();
    }

    InetSocketAddress localAddress() {
        return Addresses.toInet(socket.localAddress(), socket.localPort());
    }

    /** Throws away what waits. */
    void drain() {
        MemorySegment m = input();
        while (socket.queuedDatagrams() > 0) {
            socket.receive(m, 0, 0);
        }
    }

    private MemorySegment input() {
        MemorySegment m = input;
        if (m == null) {
            m = Arena.ofAuto().allocate(MAX_DATAGRAM);
            input = m;
        }
        return m;
    }

    private MemorySegment output() {
        MemorySegment m = output;
        if (m == null) {
            m = Arena.ofAuto().allocate(MAX_DATAGRAM);
            output = m;
        }
        return m;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // receiving

    /** Takes the next datagram, as much of it as fits; its length there, or {@link #UNAVAILABLE}. */
    int receive(ByteBuffer to) {
        int at = to.position();
        int room = Math.min(to.remaining(), MAX_DATAGRAM);
        if (to.isDirect()) {
            UdpReceived r = noteSource(socket.receive(site.memory(to), at, room));
            if (r == null) {
                return UNAVAILABLE;
            }
            to.position(at + r.length);
            return r.length;
        }
        int n = receive(to.array(), to.arrayOffset() + at, room);
        if (n > 0) {
            to.position(at + n);
        }
        return n;
    }

    /** The same into an array. */
    int receive(byte[] to, int offset, int room) {
        MemorySegment m = input();
        UdpReceived r = noteSource(socket.receive(m, 0, Math.min(room, MAX_DATAGRAM)));
        if (r == null) {
            return UNAVAILABLE;
        }
        MemorySegment.copy(m, ValueLayout.JAVA_BYTE, 0, to, offset, r.length);
        return r.length;
    }

    /** The same into several buffers, one after the other. */
    long receive(ByteBuffer[] to, int offset, int stop) {
        MemorySegment m = input();
        UdpReceived r = noteSource(socket.receive(m, 0, MAX_DATAGRAM));
        if (r == null) {
            return UNAVAILABLE;
        }
        int done = 0;
        for (int i = offset; i < stop && done < r.length; i++) {
            int n = Math.min(to[i].remaining(), r.length - done);
            to[i].put(m.asSlice(done, n).asByteBuffer());
            done += n;
        }
        return done;
    }

    private @Nullable UdpReceived noteSource(@Nullable UdpReceived r) {
        if (r != null) {
            InetSocketAddress known = source;
            if (known == null || known.getPort() != r.sourcePort || sourceHigh != r.sourceHigh
                    || sourceLow != r.sourceLow) {
                source = Addresses.toInet(r.source(), r.sourcePort);
                sourceHigh = r.sourceHigh;
                sourceLow = r.sourceLow;
            }
        }
        return r;
    }

    /** Who sent the datagram that was received last. */
    @Nullable InetSocketAddress source() {
        return source;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // sending

    /**
     * Queues the buffer as one datagram; its length, or {@link #UNAVAILABLE}.
     *
     * @param to null for the connected peer
     */
    int send(ByteBuffer from, @Nullable InetSocketAddress to) {
        int length = from.remaining();
        if (!from.isDirect()) {
            MemorySegment m = output();
            checkLength(length);
            copy(from, m, 0);
            return sent(from, length, send(m, 0, length, to));
        }
        return sent(from, length, send(site.memory(from), from.position(), length, to));
    }

    /** What remains in a buffer, which stays as it is. (Arrays have a statement of their own.) */
    private void copy(ByteBuffer from, MemorySegment to, long at) {
        if (from.isDirect()) {
            MemorySegment.copy(site.memory(from), from.position(), to, at, from.remaining());
        } else if (from.hasArray()) {
            MemorySegment.copy(from.array(), from.arrayOffset() + from.position(), to, ValueLayout.JAVA_BYTE, at,
                    from.remaining());
        } else {
            MemorySegment.copy(MemorySegment.ofBuffer(from), 0, to, at, from.remaining());
        }
    }

    private static int sent(ByteBuffer from, int length, boolean done) {
        if (!done) {
            return UNAVAILABLE;
        }
        from.position(from.position() + length);
        return length;
    }

    /** Several buffers as one datagram, to the connected peer. */
    long send(ByteBuffer[] from, int offset, int stop) {
        long length = 0;
        for (int i = offset; i < stop; i++) {
            length += from[i].remaining();
        }
        checkLength(length);
        MemorySegment m = output();
        long at = 0;
        for (int i = offset; i < stop; i++) {
            copy(from[i], m, at);
            at += from[i].remaining();
        }
        if (!send(m, 0, (int) length, null)) {
            return UNAVAILABLE;
        }
        for (int i = offset; i < stop; i++) {
            from[i].position(from[i].limit());
        }
        return length;
    }

    /** The stack's form of an address, made anew only when it is another one than last. */
    private IpAddress destination(InetAddress to) {
        IpAddress known = lastDestination;
        if (known == null || !to.equals(lastTo)) {
            known = Addresses.of(to);
            lastDestination = known;
            lastTo = to;
        }
        return known;
    }

    private static void checkLength(long length) {
        if (length > MAX_DATAGRAM) {
            throw new ErrnoException(Errno.EMSGSIZE, "send UDP datagram");
        }
    }

    private boolean send(MemorySegment m, long offset, int length, @Nullable InetSocketAddress to) {
        try {
            socket.send(m, offset, length, to == null ? null : destination(to.getAddress()),
                    to == null ? 0 : to.getPort(), access.nowNs());
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            throw e;
        }
    }
}
