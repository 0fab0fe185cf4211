package sluice.virtual;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sluice.clock.Threads;

/**
 * What a network is made of: hosts, routers and links, by name. {@link Network#builder}; the annotations of {@code
 * sluice.virtual.junit} fill in the same.
 *
 * <p>Hosts without a link are joined by nobody; two hosts or more without any link in the network are all joined to one
 * router named {@code network}, by links that do nothing.
 */
public final class NetworkBuilder {
    private static final String MIDDLE = "network";

    private final Map<String, HostSpec> hosts = new LinkedHashMap<>();
    private final List<LinkSpec> links = new ArrayList<>();
    private long seed = 1;
    private Threads threads = Threads.FREE;
    private String name = "network";
    private long stallLimitMs = sluice.clock.ClockSettings.DEFAULT_STALL_LIMIT_MS;
    private int packetsKept = 20_000;
    private boolean heldMonitors;
    private boolean foreignPools;

    NetworkBuilder() {}

    /** What is random comes from it: losses, jitter, ports, sequence numbers; 1 when not given. */
    public NetworkBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** How threads run: as on any machine (the default), or one at a time in an order drawn from the seed. */
    public NetworkBuilder threads(Threads value) {
        threads = value;
        return this;
    }

    /** What it is called in reports and in the names of files; the test's name when a test makes it. */
    public NetworkBuilder name(String value) {
        name = value;
        return this;
    }

    /** Real milliseconds after which a thread that holds time still fails the network; 2,000 when not given. */
    public NetworkBuilder stallLimitMs(long value) {
        stallLimitMs = value;
        return this;
    }

    /**
     * Whether a thread may sleep or wait for something else while it has a monitor that another wants; if not (the
     * default), {@link Network#check} fails then. Time goes on either way.
     */
    public NetworkBuilder heldMonitors(boolean value) {
        heldMonitors = value;
        return this;
    }

    /**
     * Whether programs may give tasks to a pool that was made outside the network, in a static of the test for
     * instance; if not (the default), the network fails then and says who gave it. Idle threads of such a pool run the
     * task in the platform's time and on the platform's network.
     */
    public NetworkBuilder foreignPools(boolean value) {
        foreignPools = value;
        return this;
    }

    /** Packets (as sent, and as they arrived) and events of connections that are kept for the report; 20,000. */
    public NetworkBuilder packetsKept(int most) {
        packetsKept = most;
        return this;
    }

    /** A host; calling it again changes nothing. */
    public NetworkBuilder host(String host) {
        return host(host, h -> {
        });
    }

    /** A host, and what it shall be. */
    public NetworkBuilder host(String host, Consumer<HostSpec> what) {
        what.accept(hosts.computeIfAbsent(host, HostSpec::new));
        return this;
    }

    /** A host that forwards and runs no program. */
    public NetworkBuilder router(String router) {
        return host(router, HostSpec::router);
    }

    /** A link that does nothing to packets; hosts that were not named before are made. */
    public NetworkBuilder link(String a, String b) {
        return link(a, b, l -> {
        });
    }

    /** A link with the words of {@code tc netem} in both directions: "delay 40ms 5ms loss 1% rate 10mbit". */
    public NetworkBuilder link(String a, String b, String netem) {
        return link(a, b, l -> l.netem(netem));
    }

    /** A link, and what it shall be. */
    public NetworkBuilder link(String a, String b, Consumer<LinkSpec> what) {
        if (a.equals(b)) {
            throw new IllegalArgumentException("a link from " + a + " to itself");
        }
        host(a);
        host(b);
        LinkSpec l = new LinkSpec(a, b);
        what.accept(l);
        links.add(l);
        return this;
    }

    /**
     * The network, at time 0.
     *
     * @throws IllegalStateException the JVM runs without the agent; the message has the line to add
     */
    public Network build() {
        if (links.isEmpty() && hosts.size() > 1) {
            List<String> all = List.copyOf(hosts.keySet());
            router(MIDDLE);
            all.forEach(h -> link(h, MIDDLE));
        }
        return new Network(this);
    }

    Iterable<HostSpec> hosts() {
        return hosts.values();
    }

    List<LinkSpec> links() {
        return links;
    }

    long seed() {
        return seed;
    }

    Threads threads() {
        return threads;
    }

    String name() {
        return name;
    }

    long stallLimitMs() {
        return stallLimitMs;
    }

    boolean heldMonitors() {
        return heldMonitors;
    }

    boolean foreignPools() {
        return foreignPools;
    }

    int packetsKept() {
        return packetsKept;
    }
}
