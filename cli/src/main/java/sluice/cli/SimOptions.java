package sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.link.NetemSpec;
import sluice.link.QueueSpec;
import sluice.sim.TransferSpec;

/** What {@code sluice sim} is to run: the options, and how they become a {@link TransferSpec}. */
final class SimOptions {
    private static final int MOST_FLOWS = 1000;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Names the run: everything random comes from it. Default ${DEFAULT-VALUE}.")
    long seed;

    @Option(names = "--netem", paramLabel = "WORDS", defaultValue = "",
            description = "What tc netem is told for the bottleneck, both ways: \"delay 20ms loss 1%%\".")
    String netem = "";

    @Option(names = "--reverse-netem", paramLabel = "WORDS",
            description = "The same for the way back, where acknowledgments go (default: as forth).")
    @Nullable String reverseNetem;

    @Option(names = "--rate", paramLabel = "RATE",
            description = "Speed of the bottleneck in tc's words: 10mbit, 1gbit (default: no limit).")
    @Nullable String rate;

    @Option(names = "--queue", paramLabel = "WORDS", defaultValue = "pfifo limit 100",
            description = "The queue before it: pfifo, bfifo, codel or mark (see below). Default \"${DEFAULT-VALUE}\".")
    String queue = "pfifo limit 100";

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500",
            description = "MTU of all links. Default ${DEFAULT-VALUE}.")
    int mtu;

    @Option(names = {"-n", "--bytes"}, paramLabel = "SIZE", split = ",",
            description = "How much each connection sends: 64K, 10M, 1G; several are given to the connections in turn: "
                    + "30K,30K,1M. Default 10M.")
    List<Amount> bytes = new ArrayList<>();

    @Option(names = {"-t", "--duration"}, paramLabel = "SECONDS",
            description = "Send for that much virtual time instead.")
    @Nullable Double seconds;

    @Option(names = "--flows", paramLabel = "N",
            description = "Connections side by side (default: as many as there are names in --algorithm or sizes in "
                    + "-n).")
    @Nullable Integer flows;

    @Option(names = "--algorithm", paramLabel = "NAME", split = ",",
            description = "Congestion controls, given to the connections in turn: cubic,bbr.")
    List<String> algorithms = new ArrayList<>();

    @Option(names = "--stagger", paramLabel = "TIME", defaultValue = "0ms",
            description = "Start each connection that much after the one before: 2s.")
    String stagger = "0ms";

    @Option(names = "--topology", paramLabel = "KIND", defaultValue = "direct",
            description = "direct (two hosts and a link), routed (a router before the bottleneck), dumbbell (two "
                    + "hosts for each connection, the bottleneck between two"
                    + " routers). Default ${DEFAULT-VALUE}.")
    TransferSpec.Topology topology = TransferSpec.Topology.DIRECT;

    @Option(names = "--set", paramLabel = "NAME=VALUE",
            description = "A sysctl of all hosts; repeatable: --set tcp_sack=0.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--cut", paramLabel = "FROM-TO",
            description = "Cut the bottleneck for a time: 2s-2500ms; repeatable.")
    List<String> cuts = new ArrayList<>();

    @Option(names = "--mtu-step", paramLabel = "TIME:BYTES[:noicmp]",
            description = "The bottleneck's MTU changes: 2s:1280; with :noicmp what is too large is lost in silence. "
                    + "Repeatable.")
    List<String> mtuSteps = new ArrayList<>();

    @Option(names = "--clock-skew", paramLabel = "PPM", defaultValue = "0",
            description = "The senders' clocks run that much too fast (or, negative, too slow).")
    int clockSkewPpm;

    @Option(names = "--no-checks",
            description = "Neither log packets nor check hosts: faster, for long runs. Bytes are checked all the same.")
    boolean noChecks;

    /** The spec; an {@link IllegalArgumentException} names the option that is wrong. */
    TransferSpec spec() {
        TransferSpec s = new TransferSpec();
        s.seed = seed;
        s.netem = netem;
        s.reverseNetem = reverseNetem;
        NetemSpec forth = Limits.named("--netem", netem, NetemSpec::parse);
        NetemSpec back = reverseNetem == null ? forth
                : Limits.named("--reverse-netem", reverseNetem, NetemSpec::parse);
        s.rateBitsPerSecond = rate == null ? 0 : Limits.named("--rate", rate, NetemSpec::parseRate);
        s.queue = Limits.named("--queue", queue, QueueSpec::parse);
        s.mtu = within("--mtu", mtu, 576, 65_535);
        s.mix = bytes.stream().map(Amount::value).toList();
        s.bytes = seconds != null ? Long.MAX_VALUE / 2 : 10L << 20;
        s.durationMs = seconds == null ? 0 : seconds * 1000;
        if (seconds != null && !(seconds > 0 && seconds <= 86_400)) {
            throw new IllegalArgumentException("--duration " + seconds + " is outside 0…86400 seconds");
        }
        if (seconds != null && rate == null && !takesTime(forth) && !takesTime(back)) {
            throw new IllegalArgumentException("--duration " + seconds + " never comes, since nothing here takes time: "
                    + "give the path a --rate (10mbit) or a delay (--netem \"delay 20ms\")");
        }
        s.flows = within("--flows", flows != null ? flows
                : Math.max(1, Math.max(bytes.size(), algorithms.size())), 1, MOST_FLOWS);
        s.algorithms = algorithms;
        for (String name : algorithms) {
            if (CongestionControls.create(name) == null) {
                throw new IllegalArgumentException("--algorithm \"" + name + "\": there is "
                        + String.join(", ", CongestionControls.names()) + ", fixed:N");
            }
        }
        s.staggerMs = ms(stagger, "--stagger");
        s.topology = topology;
        Settings probe = new Settings();
        set.forEach((name, value) -> Limits.named("--set", name + "=" + value, word -> {
            probe.set(name, value);
            return word;
        }));
        s.settings = set;
        cuts.forEach(c -> s.cuts.add(cut(c)));
        mtuSteps.forEach(m -> s.mtuSteps.add(mtuStep(m)));
        s.clockSkewPpm = within("--clock-skew", clockSkewPpm, -100_000, 100_000);
        s.watched = !noChecks;
        return s;
    }

    /** Settings of {@code --set} that have no effect. */
    List<Setting> withoutEffect() {
        return set.keySet().stream().map(Settings::find).filter(s -> !s.hasEffect()).toList();
    }

    private static boolean takesTime(NetemSpec spec) {
        return spec.delayNs() > 0 || spec.rateBitsPerSecond() > 0;
    }

    private static int within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " " + value + " is outside " + least + "…" + most);
        }
        return value;
    }

    private static double ms(String word, String what) {
        return NetemSpec.parseTimeNs(word, what) / 1e6;
    }

    private static TransferSpec.Cut cut(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("--cut \"" + text + "\": write FROM-TO, such as 2s-2500ms");
        }
        TransferSpec.Cut cut = new TransferSpec.Cut(ms(parts[0], "--cut"), ms(parts[1], "--cut"));
        if (cut.toMs() <= cut.fromMs()) {
            throw new IllegalArgumentException("--cut \"" + text + "\" ends before it begins");
        }
        return cut;
    }

    private static TransferSpec.MtuStep mtuStep(String text) {
        String[] parts = text.split(":", -1);
        boolean silent = parts.length == 3 && parts[2].equals("noicmp");
        if (parts.length != 2 && !silent || !parts[1].matches("[0-9]{2,5}")) {
            throw new IllegalArgumentException(
                    "--mtu-step \"" + text + "\": write TIME:BYTES or TIME:BYTES:noicmp, such as 2s:1280");
        }
        return new TransferSpec.MtuStep(ms(parts[0], "--mtu-step"),
                within("--mtu-step", Integer.parseInt(parts[1]), 68, 65_535), !silent);
    }
}
