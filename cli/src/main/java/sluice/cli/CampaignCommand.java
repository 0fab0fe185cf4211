package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.campaign.BadCampaign;
import sluice.campaign.Campaign;
import sluice.campaign.CampaignSource;
import sluice.campaign.ClusterRuns;
import sluice.campaign.LocalRuns;
import sluice.campaign.ResultsFile;
import sluice.campaign.Shrink;
import sluice.campaign.report.JsonTable;
import sluice.campaign.report.Results;
import sluice.campaign.report.Table;
import sluice.observe.json.JsonWriter;

/** {@code sluice campaign}: thousands of simulated networks, on all processors. */
@Command(name = "campaign", mixinStandardHelpOptions = true, subcommands = CampaignReportCommand.class,
        description = {"Run a sweep over simulated networks: every combination of a file's choices, with many seeds.",
            "What is in --out is done: after a kill the same command goes on where it was.",
            "The file's keys are in docs/campaign.md; three of them are in examples/campaigns."},
        footer = {"", "Example: a tenth of the seeds, and what came of them",
            "  sluice campaign examples/campaigns/tail.yaml --scale 0.1",
            "  sluice campaign report tail.results --html tail.html", //
            "Example: the worlds that the swarm draws", //
            "  sluice campaign --swarm 100000",
            "Example: the fewest impairments with which a run of a file still fails",
            "  sluice campaign my.yaml --shrink 4711"})
final class CampaignCommand implements Callable<Integer> {
    private static final int MOST_JOBS = 1024;
    private static final int MOST_FAILURES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE.yaml", description = "What to run.")
    private @Nullable Path file;

    @Option(names = "--swarm", paramLabel = "N", description = "Instead of a file: N worlds that the swarm draws.")
    private @Nullable Long swarm;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "The first seed of --swarm.")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR",
            description = "Where results go, and where they go on (default: the file's name with .results).")
    private @Nullable Path out;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads (default: as many as processors).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--scale", paramLabel = "F", defaultValue = "1",
            description = "So many times the file's seeds: 0.1 for a tenth.")
    private double scale;

    @Option(names = "--master", paramLabel = "URL",
            description = "Run on a cluster of Apache Spark instead of here: spark://host:7077. The results are the "
                    + "same, bit for bit.")
    private @Nullable String master;

    @Option(names = "--shrink", paramLabel = "RUN",
            description = "Instead of running all: make this failing run small, and print its command.")
    private @Nullable Long shrink;

    @Option(names = "--json", description = "Print the end as JSON.")
    private boolean json;

    CampaignCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path given = file;
        Long worlds = swarm;
        if ((given == null) == (worlds == null)) {
            throw new ParameterException(spec.commandLine(), given == null ? "give a FILE.yaml or --swarm N"
                    : "FILE " + given + " and --swarm " + worlds + " do not go together");
        }
        if (given != null && spec.commandLine().getParseResult().hasMatchedOption("--seed")) {
            throw new ParameterException(spec.commandLine(), "--seed " + seed + " is for --swarm: FILE " + given
                    + " says its seeds");
        }
        Limits.within(spec, "--jobs", jobs, 1, MOST_JOBS);
        if (!(scale > 0 && scale <= 1e6)) {
            throw new ParameterException(spec.commandLine(), "--scale " + scale + " is outside 0…1000000");
        }
        Limits.directory(spec, "--out", out);
        CampaignSource source;
        Campaign campaign;
        if (given != null) {
            Limits.input(spec, "FILE", given);
            source = read(given);
        } else {
            Limits.within(spec, "--swarm", worlds, 1, Integer.MAX_VALUE);
            source = CampaignSource.swarm(seed, worlds);
        }
        try {
            campaign = source.campaign().scaled(scale);
        } catch (BadCampaign e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Long one = shrink;
        if (one != null) {
            return shrunk(campaign, Limits.within(spec, "--shrink", one, 0, campaign.runs() - 1));
        }
        return all(source, campaign, directory(given));
    }

    private static CampaignSource read(Path given) throws IOException {
        try {
            return CampaignSource.read(given);
        } catch (CharacterCodingException e) {
            throw new Failure("FILE " + given + " is no text in UTF-8");
        }
    }

    private Path directory(@Nullable Path given) {
        Path named = out;
        return named != null ? named
                : Path.of(given == null ? "swarm.results"
                        : given.getFileName().toString().replaceFirst("\\.ya?ml$", "") + ".results");
    }

    private int all(CampaignSource source, Campaign campaign, Path directory) throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        String cluster = master;
        ClusterRuns elsewhere = cluster == null ? null : cluster();
        try (ResultsFile results = ResultsFile.open(directory, source, scale)) {
            if (results.next() > 0 && results.next() < campaign.runs()) {
                err.println(directory + " has " + results.next() + " of " + campaign.runs() + " runs; going on");
            }
            CampaignProgress progress = new CampaignProgress(err, campaign, results.next());
            if (cluster == null || elsewhere == null) {
                new LocalRuns(campaign, results, jobs, progress).run();
            } else {
                elsewhere.run(new ClusterRuns.Job(source, scale, cluster), results, progress);
            }
            progress.end();
        }
        return end(campaign, directory);
    }

    private ClusterRuns cluster() {
        return ClusterRuns.find().orElseThrow(() -> new ParameterException(spec.commandLine(),
                "--master " + master + ": nothing here knows clusters; ./sluice brings Spark itself"));
    }

    /** Says what came of it, from the file: the same whether it ran at once or in parts. */
    private int end(Campaign campaign, Path directory) throws IOException {
        PrintWriter to = spec.commandLine().getOut();
        Table table = new Table(campaign);
        JsonTable cells = new JsonTable(campaign);
        long[] failed = new long[1];
        List<Results.Failed> first = new ArrayList<>();
        Results.read(directory, campaign, json ? cells::add : table::add, f -> {
            if (failed[0]++ < MOST_FAILURES) {
                first.add(f);
            }
        });
        if (json) {
            to.println(json(campaign, cells, first).field("failed", failed[0])
                    .field("results", ResultsFile.csv(directory).toString()).endObject());
        } else {
            to.print(table.text());
            first.forEach(f -> to.println("run " + f.run() + " " + f.status() + ": " + f.why() + "\n  again: "
                    + campaign.command(f.run())));
            if (failed[0] > MOST_FAILURES) {
                to.println("… and " + (failed[0] - MOST_FAILURES) + " more (column status of "
                        + ResultsFile.csv(directory) + ")");
            }
            to.println(campaign.runs() + " runs in " + campaign.cells() + " cells, " + failed[0] + " failed: "
                    + ResultsFile.csv(directory));
        }
        to.flush();
        return failed[0] == 0 ? Main.OK : Main.FAILED;
    }

    private static JsonWriter json(Campaign campaign, JsonTable cells, List<Results.Failed> failures) {
        JsonWriter w = cells.end().key("failures").beginArray();
        failures.forEach(f -> w.beginObject().field("run", f.run()).field("status", f.status()).field("why", f.why())
                .field("again", campaign.command(f.run())).endObject());
        return w.endArray();
    }

    private int shrunk(Campaign campaign, long run) {
        PrintWriter to = spec.commandLine().getOut();
        if (campaign.isSwarm()) {
            throw new ParameterException(spec.commandLine(), "--shrink " + run
                    + ": a drawn world cannot be made smaller; describe one in a file");
        }
        Shrink.Smallest s = Shrink.of(campaign, run);
        if (s == null) {
            spec.commandLine().getErr().println("sluice campaign: run " + run + " does not fail: "
                    + campaign.command(run));
            return Main.FAILED;
        }
        String command = s.setup().command(campaign.seed(run));
        if (json) {
            to.println(new JsonWriter().beginObject().field("run", run).field("why", s.result().why())
                    .field("tries", s.tries()).field("again", command).endObject());
        } else {
            List.of("still fails after " + s.tries() + " tries: " + s.result().why(), "  " + command)
                    .forEach(to::println);
        }
        to.flush();
        return Main.OK;
    }
}
