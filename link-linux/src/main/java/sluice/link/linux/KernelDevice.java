package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;
import sluice.link.Link;
import sluice.wire.Packet;

/**
 * A file descriptor of the kernel that carries whole packets: what TUN, TAP and packet sockets share.
 *
 * <p>Non-blocking. One system call per packet (or super-segment), no copy beyond the kernel's own, no allocation. Used
 * by one thread at a time, but while one waits for packets ({@link #lookAhead}) another may transmit; the counters may
 * be read from elsewhere and are then recent, not exact.
 *
 * <p>Where packets come one at a time, the read that would find nothing after each is left out ({@link LoneReads}).
 */
public abstract sealed class KernelDevice implements Link permits TunDevice, RawSocketDevice {
    private static final int MAX_ERRNO = 134;
    /** Interrupted calls repeated before the packet is left for the next round. */
    private static final int MAX_INTERRUPTS = 8;

    private final String name;
    private final int headerLength;
    private final MemorySegment readErrno = Libc.newErrnoState();
    private final MemorySegment writeErrno = Libc.newErrnoState();
    private final LoneReads loneReads = new LoneReads();
    /** What {@link #lookAhead} has read. */
    private final Packet ahead = Packet.ofBlock();
    private int aheadLength;
    /** Two {@code struct iovec} for a packet and its tail. */
    private final MemorySegment vectors = Arena.ofAuto().allocate(32, 8);
    private final long[] errnoCounts = new long[MAX_ERRNO];
    private int fd;
    private LinkProperties properties;
    private boolean gone;
    private volatile int refusing;
    private long received;
    private long receivedBytes;
    private long transmitted;
    private long transmittedBytes;
    private long receiveDropped;
    private long transmitDropped;

    KernelDevice(String name, int fd, int headerLength, LinkProperties properties) {
        this.name = name;
        this.fd = fd;
        this.headerLength = headerLength;
        this.properties = properties;
    }

    /** The interface's name. */
    public final String name() {
        return name;
    }

    @Override
    public final LinkProperties properties() {
        return properties;
    }

    final void properties(LinkProperties changed) {
        properties = changed;
    }

    /** The file descriptor, for {@link LinuxWaiter}; -1 once closed. */
    final int descriptor() {
        return fd;
    }

    /** Whether packets carry a virtio-net header, which is what super-segments and partial checksums need. */
    public final boolean offloads() {
        return headerLength != 0;
    }

    /** Whether the interface was deleted under us: nothing will ever arrive again. */
    @Override
    public final boolean isGone() {
        return gone;
    }

    /**
     * Why the kernel took the last packet not, when that is the device's fault (it is down, or an error of the driver):
     * its reason in words; null when it took it.
     */
    public final @Nullable String refusal() {
        int errno = refusing;
        return errno == 0 ? null : Libc.errorText(errno);
    }

    /**
     * Reads the next packet, if there is one, for the next {@link #receive}; true when that has something to do. For
     * whoever waits for this device: a look costs less than asking whether the device is readable, and leaves nothing
     * to be read afterwards.
     */
    final boolean lookAhead() {
        if (gone) {
            return false;
        }
        if (aheadLength == 0) {
            int at = Packet.HEADROOM - headerLength;
            int n = (int) read(ahead, at, (int) ahead.memory.byteSize() - at);
            if (n == -Libc.EAGAIN || n == -Libc.EINTR) {
                return false;
            }
            if (n < 0) {
                onReadError(-n);
            }
            aheadLength = Math.max(n, 0);
        }
        return true;
    }

    /** Whether a packet waits here that the kernel knows nothing of any more. */
    final boolean hasLookedAhead() {
        return aheadLength > 0;
    }

    /**
     * Takes what was read ahead into {@code into}, whose memory has {@code room} bytes from {@code at}; its length, or
     * the room when it does not fit.
     */
    private int takeAhead(Packet into, int at, int room) {
        int n = aheadLength;
        aheadLength = 0;
        if (into.memory.byteSize() == ahead.memory.byteSize()) {
            ahead.exchange(into.exchange(ahead.memory));
        } else if (n < room) {
            MemorySegment.copy(ahead.memory, at, into.memory, at, n);
        }
        return Math.min(n, room);
    }

    @Override
    public final boolean receive(Packet into, long nowNs) {
        into.clear();
        if (aheadLength == 0 && loneReads.skip()) {
            return false;
        }
        int readAt = Packet.HEADROOM - headerLength;
        int room = (int) into.memory.byteSize() - readAt;
        // A bad packet is dropped and the next one tried, a bounded number of times, so that rubbish in front does not
        // look like an empty queue.
        for (int attempt = 0; attempt < MAX_INTERRUPTS; attempt++) {
            long n = aheadLength > 0 ? takeAhead(into, readAt, room) : read(into, readAt, room);
            if (n < 0) {
                int errno = (int) -n;
                if (errno == Libc.EINTR) {
                    continue;
                }
                if (errno != Libc.EAGAIN) {
                    onReadError(errno);
                }
                loneReads.foundNone();
                return false;
            }
            loneReads.found((int) n);
            into.end = readAt + (int) n;
            // The kernel cuts what does not fit without saying so: a full buffer counts as cut.
            boolean good = n > headerLength && n < room && (headerLength == 0 || VirtioHeader.parse(into, readAt));
            if (good) {
                into.timestampNs = nowNs;
                received++;
                receivedBytes += into.end - into.start;
                return true;
            }
            receiveDropped++;
            into.clear();
        }
        return false;
    }

    @Override
    public final boolean transmit(Packet packet, long nowNs) {
        int from = packet.start - headerLength;
        if (from < 0 || (headerLength == 0 && (packet.checksumPartial || packet.gsoSize != 0))) {
            transmitDropped++;
            return true;
        }
        if (headerLength != 0) {
            VirtioHeader.emit(packet, from, properties.ethernet());
        }
        int length = packet.end - from;
        for (int attempt = 0; attempt < MAX_INTERRUPTS; attempt++) {
            long n = packet.tailLength == 0 ? write(packet, from, length) : writeGathered(packet, from, length);
            if (n >= 0) {
                transmitted++;
                if (refusing != 0) {
                    refusing = 0;
                }
                transmittedBytes += packet.length();
                return true;
            }
            int errno = (int) -n;
            if (errno == Libc.EAGAIN || errno == Libc.ENOBUFS) {
                return false;
            }
            if (errno != Libc.EINTR) {
                countError(errno);
                if (errno == Libc.EIO || errno == Libc.ENETDOWN) {
                    refusing = errno;
                }
                transmitDropped++;
                return true;
            }
        }
        return false;
    }

    private long read(Packet into, int at, int room) {
        try {
            return Libc.read(readErrno, fd, into.memory.address() + at, room);
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    private long write(Packet packet, int from, int length) {
        try {
            return Libc.write(writeErrno, fd, packet.memory.address() + from, length);
        } finally {
            Reference.reachabilityFence(packet);
        }
    }

    private long writeGathered(Packet packet, int from, int length) {
        MemorySegment tail = packet.tail;
        if (tail == null || !tail.isNative()) {
            return -Libc.EINVAL;
        }
        vectors.set(ValueLayout.JAVA_LONG, 0, packet.memory.address() + from);
        vectors.set(ValueLayout.JAVA_LONG, 8, length);
        vectors.set(ValueLayout.JAVA_LONG, 16, tail.address() + packet.tailOffset);
        vectors.set(ValueLayout.JAVA_LONG, 24, packet.tailLength);
        try {
            return Libc.writev(writeErrno, fd, vectors.address(), 2);
        } finally {
            Reference.reachabilityFence(packet);
            Reference.reachabilityFence(tail);
        }
    }

    private void onReadError(int errno) {
        countError(errno);
        if (errno == Libc.ENETDOWN) {
            onPollError(); // the kernel tells it once, to whoever asks first
        }
    }

    private void countError(int errno) {
        errnoCounts[Math.min(errno, MAX_ERRNO - 1)]++;
        if (errno == Libc.EBADFD || errno == Libc.ENODEV || errno == Libc.ENXIO || errno == Libc.EBADF) {
            gone = true;
        }
    }

    /** After {@code POLLERR} or the like: a read tells whether the interface is gone or has just lost its carrier. */
    abstract void onPollError();

    final void markGone() {
        gone = true;
    }

    final MemorySegment readErrno() {
        return readErrno;
    }

    /** Packets (super-segments count one) that arrived. */
    public final long received() {
        return received;
    }

    /** Bytes that arrived, without virtio headers. */
    public final long receivedBytes() {
        return receivedBytes;
    }

    /** Packets (super-segments count one) the kernel took. */
    public final long transmitted() {
        return transmitted;
    }

    /** Bytes the kernel took, without virtio headers. */
    public final long transmittedBytes() {
        return transmittedBytes;
    }

    /** Packets that arrived with a virtio header that contradicts them, or did not fit. */
    public final long receiveDropped() {
        return receiveDropped;
    }

    /**
     * Packets given to us that the kernel refused (device down, malformed), or that need an offload this device does
     * not have.
     */
    public final long transmitDropped() {
        return transmitDropped;
    }

    /**
     * How often the kernel refused, by errno number; {@code EAGAIN}, {@code ENOBUFS} and {@code EINTR} are not counted.
     */
    public final Map<Integer, Long> errnoCounts() {
        Map<Integer, Long> counts = new TreeMap<>();
        for (int i = 0; i < MAX_ERRNO; i++) {
            if (errnoCounts[i] != 0) {
                counts.put(i, errnoCounts[i]);
            }
        }
        return counts;
    }

    @Override
    public final void close() {
        if (fd >= 0) {
            int closing = fd;
            fd = -1;
            gone = true;
            Libc.close(writeErrno, closing);
        }
    }

    @Override
    public String toString() {
        return name + " (received " + received + ", transmitted " + transmitted + ", dropped " + receiveDropped + " in "
                + transmitDropped + " out"
                + (errnoCounts().isEmpty() ? "" : ", errno " + errnoCounts()) + ")";
    }
}
