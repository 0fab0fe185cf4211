package sluice.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.sim.SwarmRun;
import sluice.sim.TransferRun;
import sluice.sim.TransferSpec;
import sluice.sim.World;

/** One run of a campaign: a pure function of its cell and seed. */
public final class Run {
    private static final double MOST_WHOLE = 1e15;
    private static final int MOST_WHY = 400;

    /** How a run ended. */
    public enum Status {
        /** As it should. */
        OK,
        /** Not everything arrived. */
        INCOMPLETE,
        /** A promise of the file was broken. */
        BROKEN,
        /** A check of the simulation failed. */
        FAILED
    }

    /**
     * What came of it.
     *
     * @param status how it ended
     * @param hash of everything that happened
     * @param virtualMs how long it took in virtual time
     * @param packets delivered
     * @param numbers one for each measure; NaN for none
     * @param why it failed, one line; "" when it did not
     */
    public record Result(Status status, long hash, double virtualMs, long packets, List<Double> numbers, String why) {}

    private Run() {}

    /** Runs one. */
    public static Result of(Campaign campaign, long run) {
        long seed = campaign.seed(run);
        if (campaign.isSwarm()) {
            return swarm(seed);
        }
        try {
            return of(campaign.setup(campaign.cell(run)).spec(seed), campaign.asked());
        } catch (RuntimeException e) { // it could not be laid out: the others go on
            return new Result(Status.FAILED, 0, 0, 0, none(campaign.asked()), oneLine(e));
        }
    }

    private static List<Double> none(Campaign.Asked asked) {
        return asked.measures().stream().map(_ -> Double.NaN).toList();
    }

    /** Runs what is specified. */
    static Result of(TransferSpec spec, Campaign.Asked asked) {
        TransferRun run = new TransferRun(spec);
        BottleneckWatch watch = new BottleneckWatch(run);
        run.world().watchedBy(watch);
        boolean complete;
        try {
            complete = run.run();
        } catch (AssertionError | RuntimeException e) { // what it came to until then is no measurement
            return result(Status.FAILED, run.world(), none(asked), oneLine(e));
        }
        Measure.Outcome outcome = new Measure.Outcome(run, watch);
        List<Double> numbers = asked.measures().stream().map(m -> m.of(outcome)).toList();
        if (!complete) {
            return result(Status.INCOMPLETE, run.world(), numbers, "not everything arrived");
        }
        for (Must m : asked.musts()) {
            double value = m.measure().of(outcome);
            if (!m.isKept(value)) {
                return result(Status.BROKEN, run.world(), numbers, m + " does not hold: it is " + plain(value));
            }
        }
        return result(Status.OK, run.world(), numbers, "");
    }

    private static Result result(Status status, World world, List<Double> numbers, String why) {
        return new Result(status, world.hash(), world.nowMs(), world.delivered(), numbers, why);
    }

    private static Result swarm(long seed) {
        SwarmRun run = new SwarmRun(seed);
        Status status = Status.OK;
        String why = "";
        try {
            run.run();
        } catch (AssertionError | RuntimeException e) {
            status = Status.FAILED;
            why = oneLine(e);
        }
        return result(status, run.world(), List.of(), why);
    }

    private static String oneLine(Throwable e) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
        return first.length() > MOST_WHY ? first.substring(0, MOST_WHY) + "…" : first;
    }

    /** The line of a run in the results, without its end. */
    public static String line(Campaign campaign, long run) {
        Result r = of(campaign, run);
        List<String> fields = new ArrayList<>();
        fields.add(Long.toString(run));
        fields.add(Integer.toString(campaign.cell(run)));
        fields.add(Long.toString(campaign.seed(run)));
        campaign.labels(campaign.cell(run)).forEach(l -> fields.add(Csv.quoted(l)));
        fields.add(r.status.name().toLowerCase(Locale.ROOT));
        fields.add(String.format(Locale.ROOT, "%016x", r.hash));
        fields.add(plain(r.virtualMs));
        fields.add(Long.toString(r.packets));
        r.numbers.forEach(n -> fields.add(plain(n)));
        fields.add(Csv.quoted(r.why));
        return String.join(",", fields);
    }

    /** A number that reads back as the same; "" for none. */
    public static String plain(double value) {
        return Double.isNaN(value) ? "" : value == Math.rint(value) && Math.abs(value) < MOST_WHOLE
                ? Long.toString((long) value) : Double.toString(value);
    }
}
