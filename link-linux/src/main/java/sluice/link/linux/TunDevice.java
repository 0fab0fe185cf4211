package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;

/**
 * A TUN or TAP interface of the kernel: what the kernel sends out of the interface arrives here, what is sent here the
 * kernel receives from it.
 *
 * <p>The interface is made in the network namespace of the thread that opens it ({@link NetworkNamespace#call}) and,
 * unless it existed before, goes away with the last queue that is closed. With offloads the kernel hands over TCP and
 * UDP super-segments up to 64 KB with partial checksums, and takes them. A kernel that refuses an offload is asked for
 * less, step by step, down to none; {@link #offloadFlags} tells what was granted.
 */
public final class TunDevice extends KernelDevice {
    /** Checksums may be left to us. */
    public static final int F_CSUM = 0x01;
    /** TCP over IPv4 super-segments. */
    public static final int F_TSO4 = 0x02;
    /** TCP over IPv6 super-segments. */
    public static final int F_TSO6 = 0x04;
    /** TCP super-segments with CWR set. */
    public static final int F_TSO_ECN = 0x08;
    /** UDP over IPv4 super-segments. */
    public static final int F_USO4 = 0x20;
    /** UDP over IPv6 super-segments. */
    public static final int F_USO6 = 0x40;

    /**
     * Packets that the kernel queues for us, unless the interface was given another number: what arrives at 100,000
     * packets a second while the reader waits a tenth of a second for a processor. TUN's own 500 overflow in a
     * twentieth of that, and a lost SYN comes again after a second.
     */
    public static final int QUEUE_PACKETS = 16_384;

    private static final int[] OFFLOAD_STEPS = {F_CSUM | F_TSO4 | F_TSO6 | F_TSO_ECN | F_USO4 | F_USO6,
        F_CSUM | F_TSO4 | F_TSO6 | F_TSO_ECN,
        F_CSUM | F_TSO4 | F_TSO6,
        F_CSUM, 0};

    private static final String DEVICE = "/dev/net/tun";
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final int POLLOUT = 4;
    private static final int USUAL_QUEUE = 500;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_TAP = 0x0002;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int IFF_MULTI_QUEUE = 0x0100;

    private final int offloadFlags;

    private TunDevice(String name, int fd, int headerLength, int offloadFlags, LinkProperties properties) {
        super(name, fd, headerLength, properties);
        this.offloadFlags = offloadFlags;
    }

    /**
     * Opens a device in the calling thread's network namespace.
     *
     * @throws SystemCallException when there is no {@code /dev/net/tun}, no privilege, or the name is taken by
     * something else
     */
    public static TunDevice open(TunOptions options) {
        Attempt attempt = options.offload() ? openWithHeader(options) : null;
        if (attempt == null) {
            attempt = attach(options, false);
        }
        try {
            int mtu = Interfaces.mtu(attempt.name, options.mtu());
            Interfaces.queueLength(attempt.name, USUAL_QUEUE, QUEUE_PACKETS);
            long mac = options.tap() ? options.macAddress() != 0 ? options.macAddress() : randomMac() : 0;
            boolean header = attempt.headerLength != 0;
            boolean uso = (attempt.offloadFlags & (F_USO4 | F_USO6)) == (F_USO4 | F_USO6);
            LinkProperties properties = LinkProperties.plain(mtu);
            if (options.tap()) {
                properties = properties.withEthernet(mac);
            }
            // without one, a copy of 1,448 bytes that is summed anyway is cheaper than a system call with two pieces
            // (measured: by a fifth of the throughput)
            if (header) {
                properties = properties.withOffloads(65_535).withGathering();
            }
            if (uso) {
                properties = properties.withDatagramCutting();
            }
            return new TunDevice(attempt.name, attempt.fd, attempt.headerLength, attempt.offloadFlags, properties);
        } catch (RuntimeException e) {
            Libc.close(Libc.newErrnoState(), attempt.fd);
            throw e;
        }
    }

    /**
     * Opens several queues of one interface: the kernel spreads flows over them by hash and remembers which queue a
     * flow was last sent from.
     *
     * @param queues 1…256
     */
    public static List<TunDevice> openQueues(TunOptions options, int queues) {
        List<TunDevice> opened = new ArrayList<>();
        try {
            TunOptions each = options.withMultiQueue(true);
            for (int i = 0; i < queues; i++) {
                TunDevice queue = open(each);
                opened.add(queue);
                each = new TunOptions(queue.name(), each.tap(), each.offload(), true, each.mtu(),
                        queue.properties().macAddress());
            }
            return opened;
        } catch (RuntimeException e) {
            opened.forEach(TunDevice::close);
            throw e;
        }
    }

    /** Whether this machine has TUN devices, without opening one; null when it has, else why not and what to do. */
    public static @Nullable String whyUnavailable() {
        MemorySegment state = Libc.newErrnoState();
        int fd = Libc.open(state, DEVICE, Libc.O_RDWR | Libc.O_CLOEXEC);
        if (fd < 0) {
            return openFailed(-fd).getMessage();
        }
        Libc.close(state, fd);
        return null;
    }

    /** What was granted, a set of the {@code F_} bits; 0 without a virtio header. */
    public int offloadFlags() {
        return offloadFlags;
    }

    /**
     * Whether the interface is up: only then does the kernel call the descriptor writable (tun_sock_writeable). Not
     * after closing. Any thread.
     */
    public boolean isUp() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(24, 8); // struct timespec of 0, struct pollfd
            memory.set(ValueLayout.JAVA_INT, 16, descriptor());
            memory.set(ValueLayout.JAVA_SHORT, 20, (short) POLLOUT);
            int ready = Libc.ppoll(Libc.newErrnoState(), memory.address() + 16, 1, memory.address());
            return ready > 0 && (memory.get(ValueLayout.JAVA_SHORT, 22) & POLLOUT) != 0;
        }
    }

    /** A TUN descriptor reports an error only when its interface has been deleted or its queue detached. */
    @Override
    void onPollError() {
        markGone();
    }

    private static @Nullable Attempt openWithHeader(TunOptions options) {
        MemorySegment state = Libc.newErrnoState();
        Attempt attempt;
        try {
            attempt = attach(options, true);
        } catch (SystemCallException e) {
            if (e.errno() == Libc.EINVAL) {
                // no virtio header in this kernel; a wrong kind of device fails again without it, and says so
                return null;
            }
            throw e;
        }
        try (Arena arena = Arena.ofConfined()) {
            int size = Libc.ioctl(state, attempt.fd, TUNSETVNETHDRSZ,
                    arena.allocateFrom(ValueLayout.JAVA_INT, VirtioHeader.LENGTH).address());
            if (size >= 0) {
                for (int flags : OFFLOAD_STEPS) {
                    if (Libc.ioctl(state, attempt.fd, TUNSETOFFLOAD, flags) >= 0) {
                        return new Attempt(attempt.name, attempt.fd, VirtioHeader.LENGTH, flags);
                    }
                }
            }
        }
        Libc.close(state, attempt.fd);
        return null;
    }

    private static Attempt attach(TunOptions options, boolean header) {
        MemorySegment state = Libc.newErrnoState();
        int fd = Libc.open(state, DEVICE, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw openFailed(-fd);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = Interfaces.request(arena, options.name());
            int flags = (options.tap() ? IFF_TAP : IFF_TUN) | IFF_NO_PI | (header ? IFF_VNET_HDR : 0)
                    | (options.multiQueue() ? IFF_MULTI_QUEUE : 0);
            request.set(ValueLayout.JAVA_SHORT, 16, (short) flags);
            int r = Libc.ioctl(state, fd, TUNSETIFF, request.address());
            if (r < 0) {
                Libc.close(state, fd);
                throw attachFailed(options, -r);
            }
            return new Attempt(request.getString(0), fd, header ? VirtioHeader.LENGTH : 0, 0);
        }
    }

    private static SystemCallException openFailed(int errno) {
        String advice = switch (errno) {
            case Libc.ENOENT ->
                "The device file is missing: load the driver (modprobe tun)"
                        + " and make it (mkdir -p /dev/net; mknod /dev/net/tun c 10 200; chmod 666 /dev/net/tun);"
                        + " in a container start it with --device /dev/net/tun";
            case Libc.ENODEV, Libc.ENXIO -> "The kernel has no TUN driver: load it (modprobe tun)";
            case Libc.EACCES, Libc.EPERM ->
                "Not allowed: run as root, or give the file the usual mode (chmod 666 /dev/net/tun); in a container "
                        + "--device /dev/net/tun";
            default -> null;
        };
        return new SystemCallException("open " + DEVICE, errno, advice);
    }

    private static SystemCallException attachFailed(TunOptions options, int errno) {
        String advice = switch (errno) {
            case Libc.EPERM ->
                "Making a network interface needs CAP_NET_ADMIN in this network namespace: run as root, or in a "
                        + "namespace of your own (unshare -rn COMMAND)";
            case Libc.EBUSY ->
                "The interface is open elsewhere: choose another name, or open all of its queues with multiQueue";
            case Libc.EINVAL ->
                "An interface of this name exists and is of another kind (TUN or TAP, single or multi-queue), or is "
                        + "no TUN device at all";
            default -> null;
        };
        return new SystemCallException("ioctl TUNSETIFF " + options.name(), errno, advice);
    }

    private static long randomMac() {
        return (new SecureRandom().nextLong() & 0x00ff_ffff_ffffL) | 0x0200_0000_0000L;
    }

    private record Attempt(String name, int fd, int headerLength, int offloadFlags) {}
}
