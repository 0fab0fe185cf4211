package sluice.sim;

import java.util.function.Consumer;
import sluice.core.LinkProperties;
import sluice.link.QueueSpec;
import sluice.wire.Packet;

/** A link between two hosts: two {@link Path}s with the same or different properties. */
public final class SimLink {
    private final SimHost a;
    private final SimHost b;
    private final Path forth;
    private final Path back;
    private final int interfaceA;
    private final int interfaceB;
    private int mtu = 1500;
    private int gsoMaxBytes;

    SimLink(World world, int number, SimHost a, SimHost b) {
        this.a = a;
        this.b = b;
        forth = new Path(world, number + ">", a, b);
        back = new Path(world, number + "<", b, a);
        interfaceA = a.addInterface(properties(), forth);
        interfaceB = b.addInterface(properties(), back);
        forth.arrivesAt(interfaceB);
        back.arrivesAt(interfaceA);
    }

    private LinkProperties properties() {
        LinkProperties plain = LinkProperties.plain(mtu).withGathering();
        return gsoMaxBytes > mtu ? plain.withOffloads(gsoMaxBytes).withDatagramCutting() : plain;
    }

    private SimLink update() {
        a.updateLink(interfaceA, properties());
        b.updateLink(interfaceB, properties());
        return this;
    }

    /** The direction away from a host. */
    public Path from(SimHost h) {
        return h == a ? forth : back;
    }

    /** The direction towards a host. */
    public Path to(SimHost h) {
        return h == a ? back : forth;
    }

    /** One-way delay of both directions. */
    public SimLink delayMs(double ms) {
        forth.delayMs(ms);
        back.delayMs(ms);
        return this;
    }

    /** Rate and queue of both directions: what does not fit the queue is dropped. */
    public SimLink rate(long bitsPerSecond, int queueBytes) {
        forth.rate(bitsPerSecond, queueBytes);
        back.rate(bitsPerSecond, queueBytes);
        return this;
    }

    /**
     * Rate and queue of both directions, by the words of {@link QueueSpec#parse}: "codel ecn", "mark 20 limit 100",
     * "pfifo limit 50".
     */
    public SimLink rate(long bitsPerSecond, String queue) {
        forth.rate(bitsPerSecond, queue);
        back.rate(bitsPerSecond, queue);
        return this;
    }

    /** Loses everything, both ways, until {@link #heal}. */
    public SimLink cut() {
        forth.cut();
        back.cut();
        return this;
    }

    /** Carries packets again. */
    public SimLink heal() {
        forth.heal();
        back.heal();
        return this;
    }

    /**
     * The link's MTU changes {@code ms} from now. With {@code icmp} its two ends know, and a router there says so to
     * whoever sends more; without, what is larger is lost without a word (RFC 2923 section 2.1).
     */
    public SimLink mtuStep(double ms, int bytes, boolean icmp) {
        a.world().after(ms, () -> {
            if (icmp) {
                mtu(bytes);
            } else {
                forth.blackHoleAbove(bytes);
                back.blackHoleAbove(bytes);
            }
        });
        return this;
    }

    /** What {@code tc netem} is told, for both directions. */
    public SimLink netem(String words) {
        forth.netem(words);
        back.netem(words);
        return this;
    }

    /** Largest packet, 68…65535 (1280 and more for IPv6). */
    public SimLink mtu(int bytes) {
        mtu = bytes;
        return update();
    }

    /**
     * The hosts hand over super-segments without checksums, as to a device with TSO; they are cut before they are on
     * the wire.
     */
    public SimLink superSegments(int maxBytes) {
        gsoMaxBytes = maxBytes;
        return update();
    }

    /** One end. */
    public SimHost one() {
        return a;
    }

    /** The other end. */
    public SimHost other() {
        return b;
    }

    /** What was said of the link, in a line: "10 ms, MTU 1500". */
    public String words() {
        String there = forth.words();
        String here = back.words();
        return (there.equals(here) ? there : there + " forth, " + here + " back") + ", MTU " + mtu;
    }

    void forEachInFlight(Packet scratch, Consumer<Packet> action) {
        forth.forEachInFlight(scratch, action);
        back.forEachInFlight(scratch, action);
    }

    /** Packets on their way. */
    int inFlight() {
        return forth.packetsInFlight() + back.packetsInFlight();
    }

    SimHost other(SimHost h) {
        return h == a ? b : a;
    }
}
