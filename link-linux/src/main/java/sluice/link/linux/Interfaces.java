package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The few {@code ioctl} calls on interfaces that devices need of their own; all else goes through {@link
 * InterfaceSetup}.
 */
final class Interfaces {
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCSIFMTU = 0x8922;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCGIFTXQLEN = 0x8942;
    private static final long SIOCSIFTXQLEN = 0x8943;
    private static final int IFNAMSIZ = 16;

    private Interfaces() {}

    /** A zeroed {@code struct ifreq} with the name. */
    static MemorySegment request(Arena arena, String name) {
        MemorySegment request = arena.allocate(40, 8);
        request.setString(0, name.length() < IFNAMSIZ ? name : name.substring(0, IFNAMSIZ - 1));
        return request;
    }

    /** Sets the MTU when {@code wanted} is not 0; answers what the interface has then. */
    static int mtu(String name, int wanted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            if (wanted != 0) {
                request.set(ValueLayout.JAVA_INT, IFNAMSIZ, wanted);
                call("ioctl SIOCSIFMTU " + wanted + " on " + name, SIOCSIFMTU, request);
            }
            call("ioctl SIOCGIFMTU on " + name, SIOCGIFMTU, request);
            return Math.min(65_535, request.get(ValueLayout.JAVA_INT, IFNAMSIZ));
        }
    }

    /**
     * Lets the interface queue {@code wanted} packets for a slow reader, unless somebody has chosen another number than
     * {@code usual}, or this process may not.
     */
    static void queueLength(String name, int usual, int wanted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            call("ioctl SIOCGIFTXQLEN on " + name, SIOCGIFTXQLEN, request);
            if (request.get(ValueLayout.JAVA_INT, IFNAMSIZ) == usual) {
                request.set(ValueLayout.JAVA_INT, IFNAMSIZ, wanted);
                call("ioctl SIOCSIFTXQLEN " + wanted + " on " + name, SIOCSIFTXQLEN, request);
            }
        } catch (SystemCallException e) {
            if (e.errno() != Libc.EPERM) {
                throw e;
            }
        }
    }

    /** The interface's number. */
    static int index(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            call("ioctl SIOCGIFINDEX on " + name, SIOCGIFINDEX, request);
            return request.get(ValueLayout.JAVA_INT, IFNAMSIZ);
        }
    }

    /** The interface's Ethernet address in the low 48 bits. */
    static long macAddress(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            call("ioctl SIOCGIFHWADDR on " + name, SIOCGIFHWADDR, request);
            long mac = 0;
            for (int i = 0; i < 6; i++) {
                mac = mac << 8 | (request.get(ValueLayout.JAVA_BYTE, IFNAMSIZ + 2 + i) & 0xff);
            }
            return mac;
        }
    }

    private static void call(String what, long number, MemorySegment request) {
        MemorySegment state = Libc.newErrnoState();
        int socket = Libc.socket(state, AF_INET, SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        if (socket < 0) {
            throw new SystemCallException("socket", -socket, null);
        }
        int r = Libc.ioctl(state, socket, number, request.address());
        Libc.close(state, socket);
        if (r < 0) {
            String advice = -r == Libc.ENODEV
                    ? "There is no such interface in this network namespace (ip link shows what there is)" : null;
            throw new SystemCallException(what, -r, advice);
        }
    }
}
