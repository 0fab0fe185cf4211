package sluice.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.link.QueueSpec;

/** What a {@link TransferRun} is made of: plain fields with the defaults of {@code sluice sim}. */
public final class TransferSpec {
    /** How hosts and links are laid out. */
    public enum Topology {
        /** One client, one server, a link. */
        DIRECT,
        /** A router between them: the bottleneck is the link behind it. */
        ROUTED,
        /** A client and a server for each flow, and two routers with the bottleneck between them. */
        DUMBBELL
    }

    /**
     * A change of the bottleneck's MTU.
     *
     * @param atMs when, milliseconds
     * @param bytes the new MTU
     * @param icmp whether anybody says so
     */
    public record MtuStep(double atMs, int bytes, boolean icmp) {}

    /**
     * A time without a bottleneck link.
     *
     * @param fromMs when it is cut, milliseconds
     * @param toMs when it heals
     */
    public record Cut(double fromMs, double toMs) {}

    /** Names the run. */
    public long seed = 1;
    /** {@code tc netem}'s words for the bottleneck, from the clients to the servers. */
    public String netem = "";
    /** The same for the way back; null for the same as forth. */
    public @Nullable String reverseNetem;
    /** Bits per second of the bottleneck; 0 for no limit. */
    public long rateBitsPerSecond;
    /** The queue before it. */
    public QueueSpec queue = QueueSpec.parse("pfifo limit 100");
    /** MTU of all links, bytes. */
    public int mtu = 1500;
    /** Connections side by side, 1…1000. */
    public int flows = 1;
    /** Each starts that much later than the one before, milliseconds. */
    public double staggerMs;
    /** Congestion controls, given out in turn; empty for the setting's. */
    public List<String> algorithms = new ArrayList<>();
    /** Bytes for each connection to send; {@link Long#MAX_VALUE} to send until {@link #durationMs}. */
    public long bytes = 10_000_000;
    /** A mix of sizes instead, given out in turn; empty for {@link #bytes} each. */
    public List<Long> mix = new ArrayList<>();
    /** Virtual time after which the run ends, milliseconds; 0 when all has arrived. */
    public double durationMs;
    /** Settings of all hosts. */
    public Map<String, String> settings = new LinkedHashMap<>();
    /** Layout. */
    public Topology topology = Topology.DIRECT;
    /** Changes of the MTU of the bottleneck. */
    public List<MtuStep> mtuSteps = new ArrayList<>();
    /** When the bottleneck is cut. */
    public List<Cut> cuts = new ArrayList<>();
    /** How fast the clients' clocks run too fast, ppm. */
    public int clockSkewPpm;
    /** Whether packets are logged and checkers look; without, a run is several times faster. */
    public boolean watched = true;
    /** Packets and events the log keeps. */
    public int logLimit = 4000;
    /** The command that does the same again, for those who read of a failure. */
    public @Nullable String replay;

    /** What a connection is to send, bytes; connections are counted from 1. */
    public long bytes(int connection) {
        return mix.isEmpty() ? bytes : mix.get((connection - 1) % mix.size());
    }
}
