package sluice.link.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Addresses, MTU, queue length and routes for the kernel's side of an interface, collected and then applied by one run
 * of the {@code ip} tool.
 *
 * <p>IPv6 addresses get {@code nodad}, so that they can be used at once, and the interface makes no link-local address
 * of its own (no router solicitations to disturb a test) unless {@link #linkLocal} asks for it. Not thread-safe.
 */
public final class InterfaceSetup {
    private static final long ROUTE_WAIT_NS = 1_000_000_000L;

    private final String name;
    private final List<String> links = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final List<String> addresses6 = new ArrayList<>();
    private final List<String> routes = new ArrayList<>();
    private boolean linkLocal;

    private InterfaceSetup(String name) {
        this.name = name;
    }

    /** For the interface of this name. */
    public static InterfaceSetup of(String name) {
        return new InterfaceSetup(name);
    }

    /** Adds an address with prefix length: "10.99.0.1/24", "fd99::1/64". */
    public InterfaceSetup address(String addressAndPrefix) {
        boolean v6 = addressAndPrefix.indexOf(':') >= 0;
        if (v6) {
            addresses6.add(addressAndPrefix.replaceFirst("/.*", ""));
        }
        addresses.add("address add " + word(addressAndPrefix) + " dev " + name + (v6 ? " nodad" : ""));
        return this;
    }

    /** Adds a route out of this interface: "10.0.0.0/8", "default" (of IPv4), "fd00::/8", "::/0". */
    public InterfaceSetup route(String prefix) {
        routes.add("route add " + word(prefix) + " dev " + name);
        return this;
    }

    /** Adds a route through a gateway behind this interface. */
    public InterfaceSetup route(String prefix, String gateway) {
        routes.add("route add " + word(prefix) + " via " + word(gateway) + " dev " + name);
        return this;
    }

    /** Sets the largest IP packet, bytes. */
    public InterfaceSetup mtu(int bytes) {
        links.add("mtu " + bytes);
        return this;
    }

    /**
     * Sets how many packets the interface queues for a slow reader; {@link TunDevice#QUEUE_PACKETS} is what a TUN or
     * TAP device has here, 1000 is the kernel's default of others. What many connections send at once must fit, or the
     * kernel drops it.
     */
    public InterfaceSetup txQueueLength(int packets) {
        links.add("txqueuelen " + packets);
        return this;
    }

    /** Sets the kernel's hardware address on the interface: "02:00:00:00:00:01". */
    public InterfaceSetup macAddress(String address) {
        links.add("address " + word(address));
        return this;
    }

    /** Lets the kernel make its IPv6 link-local address. */
    public InterfaceSetup linkLocal() {
        linkLocal = true;
        return this;
    }

    private static String word(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("\"" + text + "\" is not one word");
        }
        return text;
    }

    /** The lines given to {@code ip -batch}. */
    List<String> lines(boolean hasIpv6) {
        List<String> lines = new ArrayList<>();
        if (!linkLocal && hasIpv6) {
            lines.add("link set dev " + name + " addrgenmode none");
        }
        if (!links.isEmpty()) {
            lines.add("link set dev " + name + " " + String.join(" ", links));
        }
        lines.addAll(addresses);
        lines.add("link set dev " + name + " up");
        lines.addAll(routes);
        return lines;
    }

    /**
     * The kernel takes IPv6 away from an interface whose MTU is below 1280, and refuses to be asked about it then. In
     * the namespace.
     */
    private boolean hasIpv6() {
        return Files.exists(Path.of("/proc/sys/net/ipv6/conf", name));
    }

    /**
     * The kernel makes a new IPv6 address's own route a little later, in a work queue; until then it sends from the
     * address but drops what comes for it. Waits for it, for a bounded time. In the namespace.
     */
    private void awaitLocalRoutes() throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (String a : addresses6) {
            missing.add(HexFormat.of().formatHex(InetAddress.getByName(a).getAddress()) + " 80 ");
        }
        long end = System.nanoTime() + ROUTE_WAIT_NS;
        while (!missing.isEmpty()) {
            List<String> routes = Files.readAllLines(Path.of("/proc/thread-self/net/ipv6_route"));
            missing.removeIf(wanted -> routes.stream().anyMatch(r -> r.startsWith(wanted)));
            if (missing.isEmpty() || System.nanoTime() > end) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Does it, in the namespace; the interface is up afterwards. */
    public void apply(NetworkNamespace namespace) {
        try {
            namespace.call(() -> {
                String said = IpTool.batch(lines(hasIpv6()));
                awaitLocalRoutes();
                return said;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
