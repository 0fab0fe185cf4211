package sluice.virtual;

import org.jspecify.annotations.Nullable;
import sluice.link.NetemSpec;
import sluice.link.QueueSpec;
import sluice.sim.SimLink;

/** What a link shall be. */
public final class LinkSpec {
    private static final int NO_MTU = 0;

    private final String a;
    private final String b;
    private String netem = "";
    private @Nullable String rate;
    private String queue = "pfifo limit 1000";
    private int mtu = NO_MTU;

    LinkSpec(String a, String b) {
        this.a = a;
        this.b = b;
    }

    /** What {@code tc netem} is told, for both directions: "delay 40ms 5ms loss 1% rate 10mbit". */
    public LinkSpec netem(String words) {
        NetemSpec.parse(words);
        netem = words;
        return this;
    }

    /** Speed of both directions with a queue of its own before netem: "10mbit". */
    public LinkSpec rate(String words) {
        NetemSpec.parseRate(words);
        rate = words;
        return this;
    }

    /** The queue before {@link #rate}: "pfifo limit 50", "codel ecn", "mark 20 limit 100"; 1,000 packets otherwise. */
    public LinkSpec queue(String words) {
        QueueSpec.parse(words);
        queue = words;
        return this;
    }

    /** Largest packet, bytes; 1500 when not given. */
    public LinkSpec mtu(int bytes) {
        mtu = bytes;
        return this;
    }

    String a() {
        return a;
    }

    String b() {
        return b;
    }

    void applyTo(SimLink link) {
        String r = rate;
        if (r != null) {
            link.rate(NetemSpec.parseRate(r), queue);
        }
        if (!netem.isEmpty()) {
            link.netem(netem);
        }
        if (mtu != NO_MTU) {
            link.mtu(mtu);
        }
    }
}
