package sluice.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.SystemCallException;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** What the kernel has in a network namespace already: its interfaces, and what it reaches over each. */
final class KernelInterfaces {
    /**
     * A way the kernel has.
     *
     * @param to network
     * @param device name of the interface
     */
    record Route(Prefix to, String device) {}

    private KernelInterfaces() {}

    /** Opens a device; what is wrong with its name is said of the option that gave it. */
    static TunDevice open(NetworkNamespace namespace, String option, TunOptions options) {
        try {
            return namespace.openTun(options);
        } catch (SystemCallException e) {
            String what = option + " " + options.name();
            if (e.errno() == Errno.EBUSY.number()) {
                throw new Failure(what + ": another process has this device open: choose another name");
            } else if (e.errno() == Errno.EINVAL.number()) {
                throw new Failure(what + ": there is an interface of this name already, and it is no "
                        + (options.tap() ? "TAP" : "TUN") + " device of one queue: choose another name");
            }
            throw e;
        }
    }

    /** Whether the namespace has an interface of this name. */
    static boolean exists(NetworkNamespace namespace, String name) {
        return read(namespace, "dev").stream().anyMatch(line -> line.strip().startsWith(name + ":"));
    }

    /** The routes of the namespace, without those of the loopback and the default ones. */
    static List<Route> routes(NetworkNamespace namespace) {
        List<Route> routes = new ArrayList<>();
        for (String line : read(namespace, "route")) {
            String[] f = line.split("\\s+");
            if (f.length > 7 && f[1].matches("[0-9A-F]{8}")) {
                int mask = Integer.parseUnsignedInt(f[7], 16);
                add(routes, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(Integer.parseUnsignedInt(f[1], 16)).array(), Integer.bitCount(mask), f[0]);
            }
        }
        for (String line : read(namespace, "ipv6_route")) {
            String[] f = line.split("\\s+");
            if (f.length > 9 && f[0].length() == 32) {
                add(routes, HexFormat.of().parseHex(f[0]), Integer.parseInt(f[1], 16), f[9]);
            }
        }
        return routes;
    }

    private static void add(List<Route> routes, byte[] address, int length, String device) {
        if (length == 0 || device.equals("lo")) {
            return;
        }
        try {
            routes.add(new Route(new Prefix(Addresses.of(InetAddress.getByAddress(address)), length), device));
        } catch (IOException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }

    /**
     * The route that would take packets for the address away from a new interface that has the network: one that is as
     * exact. Null when there is none.
     */
    static @Nullable Route taken(List<Route> routes, IpAddress address, int length) {
        return routes.stream().filter(r -> r.to().length() >= length && r.to().contains(address)).findFirst()
                .orElse(null);
    }

    /** The lines of a file under /proc/net as the namespace has it; none where there is no such file. */
    private static List<String> read(NetworkNamespace namespace, String file) {
        try {
            return namespace.call(() -> Files.readAllLines(Path.of("/proc/thread-self/net", file)));
        } catch (IOException e) {
            return List.of();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
