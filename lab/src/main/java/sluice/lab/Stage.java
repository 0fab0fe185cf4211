package sluice.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.tcp.user.TcpSocket;
import sluice.observe.plot.Chart;
import sluice.observe.plot.ComparisonPlot;
import sluice.observe.plot.ConnectionPlot;
import sluice.observe.plot.Ink;
import sluice.observe.plot.Panel;
import sluice.observe.plot.Quantity;
import sluice.observe.record.ConnectionTrace;
import sluice.observe.record.SequenceDiagram;
import sluice.observe.record.TimeSeries;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.WireSegment;
import sluice.sim.World;

/**
 * One world of an experiment: its hosts and links, made so that what the person at the lab changed goes over what the
 * experiment says; and what of it is to be shown. Single-threaded, as the world is.
 */
public final class Stage {
    private static final int LOG_LIMIT = 60_000;
    private static final int FIRST = 4000;
    private static final int MOST_MOMENTS = 2000;

    private final Text title;
    private final Variation variation;
    private final TimeLimit limit;
    private final World world;
    private final Map<String, List<String>> settings = new LinkedHashMap<>();
    private final List<WindowPicture> windows = new ArrayList<>();
    private final List<Plot> plots = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private long beginNs;
    private @Nullable SimHost left;
    private @Nullable SimHost right;
    private int leftPort;
    private int rightPort;
    private boolean shown = true;

    Stage(Text title, Variation variation, TimeLimit limit, int number) {
        this.title = title;
        this.variation = variation;
        this.limit = limit;
        world = new World(variation.seed() + number).watchedBy(this::moment);
        world.log().limit(LOG_LIMIT).keepFirst(FIRST);
        beginNs = world.nowNs();
    }

    private void moment(SimHost host, boolean arrived) {
        limit.check();
        if (shown && moments.size() < MOST_MOMENTS) {
            moments.add(Moment.of(host, arrived, world.nowNs()));
        }
    }

    // --- building ---

    /** The world. */
    public World world() {
        return world;
    }

    /** A host with settings "tcp_sack=0"; what the person changed goes over them. */
    public SimHost host(String name, String... own) {
        List<String> all = new ArrayList<>(List.of(own));
        variation.settings().forEach((setting, value) -> {
            int colon = setting.indexOf(':');
            if (colon < 0 || setting.substring(0, colon).equals(name)) {
                all.add(setting.substring(colon + 1) + "=" + value);
            }
        });
        settings.put(name, all);
        return world.host(name, s -> {
            for (String one : all) {
                int at = one.indexOf('=');
                s.set(one.substring(0, at), one.substring(at + 1));
            }
        });
    }

    /** Joins two hosts; netem of the person at the lab is on the link from the start. */
    public SimLink link(SimHost a, SimHost b) {
        SimLink l = world.link(a, b);
        return variation.netem().isEmpty() ? l : l.netem(variation.netem());
    }

    /** Two hosts and a link between them; settings are the left one's. */
    public Duo duo(String leftName, String rightName, String... leftSettings) {
        SimHost a = host(leftName, leftSettings);
        SimHost b = host(rightName);
        return new Duo(this, a, b, link(a, b));
    }

    /** Nobody checks this world: its hosts do what is wrong, to show what comes of it. */
    public Stage lesson() {
        world.unchecked();
        return this;
    }

    /** Neither log nor checks nor ladder: thousands of connections. Call before making hosts. */
    public Stage unwatched() {
        world.unwatched();
        return noLadder();
    }

    // --- what is shown ---

    /** What is shown and counted begins here: what was before is preparation. */
    public void begin() {
        beginNs = world.nowNs();
        moments.clear();
        if (shown) {
            world.hosts().forEach(h -> moments.add(Moment.of(h, true, beginNs)));
        }
    }

    /** The ladder is of the first connection between these two, not of the first two hosts. */
    public void ladder(SimHost leftHost, SimHost rightHost) {
        left = leftHost;
        right = rightHost;
    }

    /** The ladder is of this connection. */
    public void ladder(SimHost leftHost, SimHost rightHost, int portOfLeft, int portOfRight) {
        ladder(leftHost, rightHost);
        leftPort = portOfLeft;
        rightPort = portOfRight;
    }

    /** No ladder: what happens here is not in single packets. */
    public Stage noLadder() {
        shown = false;
        return this;
    }

    /** Keeps a picture of the window, as it is now. */
    public void windows(String en, String zh, TcpSocket sender, TcpSocket receiver) {
        windows.add(WindowPicture.of(new Text(en, zh), world.nowMs(), sender, receiver));
    }

    /** Shows what a connection's sender held over time. */
    public void plot(String name, String en, String zh, ConnectionTrace trace) {
        Map<String, TimeSeries> lines = new LinkedHashMap<>();
        lines.put("cwnd", trace.cwnd());
        lines.put("ssthresh", trace.ssthresh());
        Chart chart = ConnectionPlot.of(en, trace)
                .panel(new Panel("retransmission timeout", Quantity.SECONDS).height(80).steps("RTO", trace.rto(),
                        Ink.ORANGE));
        plot(new Plot(name, new Text(en, zh), chart, lines));
    }

    /** Shows the windows of several senders. */
    public void plot(String name, Text what, Map<String, ConnectionTrace> traces) {
        Map<String, TimeSeries> lines = new LinkedHashMap<>();
        traces.forEach((who, trace) -> lines.put(who, trace.cwnd()));
        plot(new Plot(name, what, ComparisonPlot.of(what.en(), traces), lines));
    }

    /** Shows a chart. */
    public void plot(String name, Text what, Chart chart, Map<String, TimeSeries> lines) {
        plot(new Plot(name, what, chart, lines));
    }

    private void plot(Plot p) {
        plots.add(p);
    }

    // --- looking ---

    /** TCP segments that a host sent since {@link #begin}. */
    public List<WireSegment> segments(SimHost from, Match match) {
        return world.log().segments(from, match).stream().filter(s -> s.nowNs() >= beginNs).toList();
    }

    /** All of them. */
    public List<WireSegment> segments(SimHost from) {
        return segments(from, Match.any());
    }

    /** What the stage shows, where an experiment has several. */
    public Text title() {
        return title;
    }

    /** What is said of each link: "client – server: 10 ms, MTU 1500". */
    public List<String> network() {
        List<String> all = new ArrayList<>();
        world.links().forEach(l -> all.add(l.one() + " " + l.one().address() + " ── " + l.words() + " ── " + l.other()
                + " " + l.other().address()));
        return all;
    }

    /** Settings that are not the defaults, by host. */
    public Map<String, List<String>> settings() {
        return settings;
    }

    /** The ladder; null where there is none. */
    public @Nullable SequenceDiagram diagram() {
        if (!shown || world.hosts().size() < 2) {
            return null;
        }
        SimHost a = left == null ? world.hosts().get(0) : left;
        SimHost b = right == null ? world.hosts().get(1) : right;
        return world.log().diagram(a, b, leftPort, rightPort);
    }

    /** Since when things are shown, nanoseconds of the world. */
    public long beginNs() {
        return beginNs;
    }

    /** Pictures of the window, in order. */
    public List<WindowPicture> windows() {
        return List.copyOf(windows);
    }

    /** Pictures over time. */
    public List<Plot> plots() {
        return List.copyOf(plots);
    }

    /** The first moments of the run, packet by packet. */
    public List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** Counters of a host that are not 0, by name. */
    public Map<String, Long> counters(SimHost host) {
        Map<String, Long> moved = new LinkedHashMap<>();
        for (Counter c : Counter.values()) {
            if (host.count(c) != 0) {
                moved.put(c.name(), host.count(c));
            }
        }
        return moved;
    }
}
