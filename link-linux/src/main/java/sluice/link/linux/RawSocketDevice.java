package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfInt;
import sluice.core.LinkProperties;

/**
 * A packet socket ({@code AF_PACKET}) on an existing Ethernet interface: sees what arrives at the interface and sends
 * out of it, beside the kernel's own stack.
 *
 * <p>With offloads ({@code PACKET_VNET_HDR}) super-segments and partial checksums pass both ways, as far as the
 * interface has them. Needs {@code CAP_NET_RAW} in the namespace. The kernel still answers what is addressed to it:
 * give the interface no IP address when Sluice is to own it.
 */
public final class RawSocketDevice extends KernelDevice {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_ALL_BE = 0x0300;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_ERROR_DRAIN = 0;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_VNET_HDR = 15;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int PACKET_MR_PROMISC = 1;
    private static final int BUFFER_BYTES = 16 << 20;
    private static final OfInt INT = ValueLayout.JAVA_INT;

    private RawSocketDevice(String name, int fd, int headerLength, LinkProperties properties) {
        super(name, fd, headerLength, properties);
    }

    /**
     * Opens a socket on an interface of the calling thread's network namespace.
     *
     * @param interfaceName an Ethernet interface that exists
     * @param offload whether to exchange super-segments and partial checksums; left off when the kernel refuses
     * @param macAddress our hardware address in the low 48 bits; 0 for the interface's own. Another one needs the
     * interface in promiscuous mode, which is set
     * @throws SystemCallException when there is no such interface or no privilege
     */
    public static RawSocketDevice open(String interfaceName, boolean offload, long macAddress) {
        MemorySegment state = Libc.newErrnoState();
        // protocol 0: nothing arrives before bind
        int fd = Libc.socket(state, AF_PACKET, SOCK_RAW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new SystemCallException("socket AF_PACKET", -fd,
                    -fd == Libc.EPERM
                            ? "Packet sockets need CAP_NET_RAW: run as root, or in a namespace of your own (unshare "
                                    + "-rn COMMAND)"
                            : null);
        }
        try (Arena arena = Arena.ofConfined()) {
            int index = Interfaces.index(interfaceName);
            long own = Interfaces.macAddress(interfaceName);
            boolean header = offload && set(state, fd, SOL_PACKET, PACKET_VNET_HDR, arena.allocateFrom(INT, 1));
            set(state, fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, arena.allocateFrom(INT, 1));
            set(state, fd, SOL_SOCKET, SO_RCVBUFFORCE, arena.allocateFrom(INT, BUFFER_BYTES));
            set(state, fd, SOL_SOCKET, SO_SNDBUFFORCE, arena.allocateFrom(INT, BUFFER_BYTES));
            if (macAddress != 0 && macAddress != own) {
                MemorySegment membership = arena.allocate(16, 8);
                membership.set(INT, 0, index);
                membership.set(ValueLayout.JAVA_SHORT, 4, (short) PACKET_MR_PROMISC);
                set(state, fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership);
            }
            MemorySegment address = arena.allocate(20, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, 2, (short) ETH_P_ALL_BE);
            address.set(INT, 4, index);
            int r = Libc.bind(state, fd, address);
            if (r < 0) {
                throw new SystemCallException("bind AF_PACKET to " + interfaceName, -r, null);
            }
            int mtu = Interfaces.mtu(interfaceName, 0);
            LinkProperties plain = LinkProperties.plain(mtu).withEthernet(macAddress == 0 ? own : macAddress)
                    .withGathering();
            return new RawSocketDevice(interfaceName, fd, header ? VirtioHeader.LENGTH : 0,
                    header ? plain.withOffloads(65_535) : plain);
        } catch (RuntimeException e) {
            Libc.close(state, fd);
            throw e;
        }
    }

    private static boolean set(MemorySegment state, int fd, int level, int option, MemorySegment value) {
        return Libc.setsockopt(state, fd, level, option, value) >= 0;
    }

    /**
     * The interface went down or was deleted: reading the error clears it, and packets come again when it is up. A
     * frame of no bytes, which nobody would send, tells which: the kernel looks for the interface first.
     */
    @Override
    void onPollError() {
        Libc.read(readErrno(), descriptor(), 0, SO_ERROR_DRAIN);
        if (Libc.write(readErrno(), descriptor(), 0, 0) == -Libc.ENXIO) {
            markGone();
        }
    }
}
