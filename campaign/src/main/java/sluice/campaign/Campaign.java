package sluice.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A sweep: cells, numbered from 0, times seeds. Runs are numbered cell by cell: run = cell × seeds + place of the seed.
 * Immutable.
 */
public final class Campaign {
    /** Cells that a campaign may have. */
    public static final long MOST_CELLS = 1_000_000;
    /** Runs that a campaign may have. */
    public static final long MOST_RUNS = 10_000_000_000L;

    /**
     * What is asked of the runs.
     *
     * @param measures numbers, in the order of the columns
     * @param musts promises
     * @param checks whether invariants are checked
     */
    public record Asked(List<Measure> measures, List<Must> musts, boolean checks) {}

    /**
     * Seeds that every cell runs with.
     *
     * @param first the least
     * @param count how many
     */
    public record Seeds(long first, long count) {
        /** A part of them, at least one. */
        public Seeds scaled(double scale) {
            return new Seeds(first, Math.max(1, Math.round(count * scale)));
        }
    }

    private final String name;
    private final List<Axis> axes;
    private final int[] cells;
    private final Seeds seeds;
    private final Asked asked;
    private final boolean swarm;

    private Campaign(String name, List<Axis> axes, int[] cells, Seeds seeds, Asked asked, boolean swarm) {
        this.name = name;
        this.axes = List.copyOf(axes);
        this.cells = cells;
        this.seeds = seeds;
        this.asked = asked;
        this.swarm = swarm;
    }

    /** A sweep over the axes; {@code cells} are those of their product (the last axis is the fastest) that are kept. */
    static Campaign of(String name, List<Axis> axes, int[] cells, Seeds seeds, Asked asked) {
        return new Campaign(name, axes, cells.clone(), seeds, asked, false);
    }

    /** The built-in one: worlds of the swarm, each drawn from its seed. */
    public static Campaign swarm(Seeds seeds) {
        return new Campaign("swarm", List.of(), new int[]{0}, seeds, new Asked(List.of(), List.of(), true), true);
    }

    /** The same with fewer or more seeds. */
    public Campaign scaled(double scale) {
        return new Campaign(name, axes, cells, seeds.scaled(scale), asked, swarm);
    }

    /** Its title. */
    public String name() {
        return name;
    }

    /** Whether worlds are drawn instead of described. */
    public boolean isSwarm() {
        return swarm;
    }

    /** Those axes that vary. */
    public List<Axis> swept() {
        return axes.stream().filter(Axis::isSwept).toList();
    }

    /** Seeds of every cell. */
    public Seeds seeds() {
        return seeds;
    }

    /** What is asked of each run. */
    public Asked asked() {
        return asked;
    }

    /** How many cells. */
    public int cells() {
        return cells.length;
    }

    /** How many runs. */
    public long runs() {
        return cells.length * seeds.count();
    }

    /** The seed of a run. */
    public long seed(long run) {
        return seeds.first() + run % seeds.count();
    }

    /** The cell of a run. */
    public int cell(long run) {
        return (int) (run / seeds.count());
    }

    /** The places on all axes of a cell of the whole product. */
    static int[] places(List<Axis> axes, int product) {
        int[] places = new int[axes.size()];
        int rest = product;
        for (int i = axes.size() - 1; i >= 0; i--) {
            places[i] = rest % axes.get(i).choices().size();
            rest /= axes.get(i).choices().size();
        }
        return places;
    }

    /** For each swept axis the place of a cell on it. */
    public int[] places(int cell) {
        int[] all = places(axes, cells[cell]);
        return IntStream.range(0, axes.size()).filter(i -> axes.get(i).isSwept()).map(i -> all[i]).toArray();
    }

    /** What a cell is called: its label on each swept axis. */
    public List<String> labels(int cell) {
        int[] places = places(cell);
        List<Axis> swept = swept();
        return IntStream.range(0, places.length).mapToObj(i -> swept.get(i).choices().get(places[i]).label()).toList();
    }

    /** All choices of a cell. */
    public Setup setup(int cell) {
        return setup(axes, cells[cell], asked.checks());
    }

    static Setup setup(List<Axis> axes, int product, boolean checks) {
        int[] places = places(axes, product);
        Map<Key, String> values = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < places.length; i++) {
            Axis.Choice c = axes.get(i).choices().get(places[i]);
            values.putAll(c.values());
            settings.putAll(c.settings());
        }
        return new Setup(values, settings, checks);
    }

    /** The command that makes a run again. */
    public String command(long run) {
        return swarm ? "./sluice sim --swarm-seed " + seed(run) : setup(cell(run)).command(seed(run));
    }

    /** Names of the columns of results. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>(List.of("run", "cell", "seed"));
        swept().forEach(a -> columns.add(a.name()));
        columns.addAll(List.of("status", "hash", "virtual_ms", "packets"));
        asked.measures().forEach(m -> columns.add(m.word()));
        columns.add("why");
        return columns;
    }
}
