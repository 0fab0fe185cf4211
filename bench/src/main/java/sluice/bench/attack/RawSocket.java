package sluice.bench.attack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.NetworkInterface;

/**
 * A packet socket (AF_PACKET, SOCK_DGRAM) of one interface: what it sends has any source, and the kernel puts the link
 * header in front, if the interface has one. Sends {@link #BATCH} packets in one call ({@code sendmmsg}), past the
 * queueing discipline.
 *
 * <p>Used by one thread at a time. Linux on a 64-bit machine.
 */
final class RawSocket implements AutoCloseable {
    /** Packets of one call. */
    static final int BATCH = 64;
    /** Ethernet's number of IPv4. */
    static final int IPV4 = 0x0800;
    /** Ethernet's number of ARP. */
    static final int ARP = 0x0806;
    /** Ethernet's number of IPv6. */
    static final int IPV6 = 0x86dd;
    private static final int ALL = 3;
    private static final int SLOT = 2048;
    private static final int MMSGHDR = 64;
    private static final int SOCKADDR = 32;
    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_PACKET = 263;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int DONT_WAIT = 0x40;
    private static final int EAGAIN = 11;
    private static final int ENOBUFS = 105;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET = link("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle BIND = link("bind", FunctionDescriptor.of(INT, INT, LONG, INT));
    private static final MethodHandle SETSOCKOPT = link("setsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, LONG, INT));
    private static final MethodHandle SENDMMSG = link("sendmmsg", FunctionDescriptor.of(INT, INT, LONG, INT, INT));
    private static final MethodHandle RECV = link("recv", FunctionDescriptor.of(LONG, INT, LONG, LONG, INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(INT, INT));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(STATE);
    private final MemorySegment packets = arena.allocate((long) BATCH * SLOT, 64);
    private final MemorySegment vectors = arena.allocate(BATCH * 16L, 8);
    private final MemorySegment headers = arena.allocate((long) BATCH * MMSGHDR, 8);
    private final MemorySegment addresses = arena.allocate((long) BATCH * SOCKADDR, 8);
    private final MemorySegment[] slots = new MemorySegment[BATCH];
    private final int fd;
    private int waiting;
    private long offered;
    private long refused;

    /**
     * Opens one on an interface of this thread's network namespace.
     *
     * @param toMac where to send on an Ethernet, 48 bits; not used elsewhere
     * @param receives whether it is to be given what arrives, too
     */
    RawSocket(String device, long toMac, boolean receives) throws IOException {
        fd = check("socket", call(SOCKET, AF_PACKET, SOCK_DGRAM, 0));
        int index = NetworkInterface.getByName(device).getIndex();
        MemorySegment one = arena.allocateFrom(INT, 1);
        check("setsockopt", option(SOL_PACKET, receives ? PACKET_IGNORE_OUTGOING : PACKET_QDISC_BYPASS, one));
        if (receives) {
            check("setsockopt", option(SOL_SOCKET, SO_RCVBUFFORCE, arena.allocateFrom(INT, 16 << 20)));
        }
        for (int i = 0; i < BATCH; i++) {
            slots[i] = packets.asSlice((long) i * SLOT, SLOT);
            long address = addresses.address() + (long) i * SOCKADDR;
            fillAddress(addresses.asSlice((long) i * SOCKADDR, SOCKADDR), IPV4, index, toMac);
            vectors.set(LONG, i * 16L, slots[i].address());
            headers.set(LONG, (long) i * MMSGHDR, address);
            headers.set(INT, (long) i * MMSGHDR + 8, 20);
            headers.set(LONG, (long) i * MMSGHDR + 16, vectors.address() + i * 16L);
            headers.set(LONG, (long) i * MMSGHDR + 24, 1);
        }
        MemorySegment own = arena.allocate(SOCKADDR, 8);
        fillAddress(own, receives ? ALL : 0, index, 0);
        check("bind", call(BIND, fd, own.address(), 20));
    }

    private static void fillAddress(MemorySegment a, int protocol, int index, long mac) {
        a.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
        a.set(ValueLayout.JAVA_SHORT, 2, Short.reverseBytes((short) protocol));
        a.set(INT, 4, index);
        a.set(ValueLayout.JAVA_BYTE, 11, (byte) 6);
        for (int i = 0; i < 6; i++) {
            a.set(ValueLayout.JAVA_BYTE, 12 + i, (byte) (mac >>> 40 - 8 * i));
        }
    }

    private int option(int level, int name, MemorySegment value) throws IOException {
        return call(SETSOCKOPT, fd, level, name, value.address(), 4);
    }

    /** Where the next packet is to be written, without link header. */
    MemorySegment next() {
        return slots[waiting];
    }

    /** The packet in {@link #next} has so many bytes; sends what waits when that is a batch. */
    void add(int length) throws IOException {
        add(length, IPV4);
    }

    /** The same, of another protocol. */
    void add(int length, int protocol) throws IOException {
        vectors.set(LONG, waiting * 16L + 8, length);
        addresses.set(ValueLayout.JAVA_SHORT, (long) waiting * SOCKADDR + 2, Short.reverseBytes((short) protocol));
        waiting++;
        if (waiting == BATCH) {
            flush();
        }
    }

    /** Sends what waits; a packet that the device does not take is lost. */
    void flush() throws IOException {
        int sent = 0;
        while (sent < waiting) {
            int n = sendMany(headers.address() + (long) sent * MMSGHDR, waiting - sent);
            if (n < 0) {
                if (n != -ENOBUFS && n != -EAGAIN) {
                    throw new IOException("sendmmsg: errno " + -n);
                }
                refused++;
                n = 1;
            }
            sent += n;
        }
        offered += sent;
        waiting = 0;
    }

    /** Takes a packet that has arrived, from its network header on; its length, 0 when there is none. */
    int receive(MemorySegment into) throws IOException {
        long n;
        try {
            n = (long) RECV.invokeExact(state, fd, into.address(), into.byteSize(), DONT_WAIT);
        } catch (Throwable t) {
            throw new IOException(t);
        }
        return n > 0 ? (int) n : 0;
    }

    /** Packets given to the kernel. */
    long offered() {
        return offered;
    }

    /** Packets that the device did not take and said so. */
    long refused() {
        return refused;
    }

    private static int check(String what, int result) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": errno " + -result + " (packet sockets need CAP_NET_RAW)");
        }
        return result;
    }

    private int call(MethodHandle handle, Object... arguments) throws IOException {
        Object[] all = new Object[arguments.length + 1];
        all[0] = state;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            int r = (int) handle.invokeWithArguments(all);
            return r >= 0 ? r : -state.get(INT, ERRNO);
        } catch (Throwable t) {
            throw new IOException(t);
        }
    }

    private int sendMany(long vector, int count) throws IOException {
        try {
            int r = (int) SENDMMSG.invokeExact(state, fd, vector, count, 0);
            return r >= 0 ? r : -state.get(INT, ERRNO);
        } catch (Throwable t) {
            throw new IOException(t);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type,
                Linker.Option.captureCallState("errno"));
    }

    @Override
    public void close() throws IOException {
        call(CLOSE, fd);
        arena.close();
    }
}
