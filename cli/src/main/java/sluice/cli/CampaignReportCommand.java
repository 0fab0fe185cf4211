package sluice.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
import sluice.campaign.ResultsFile;
import sluice.campaign.report.Comparison;
import sluice.campaign.report.JsonTable;
import sluice.campaign.report.ParquetFile;
import sluice.campaign.report.Results;
import sluice.campaign.report.ResultsPage;
import sluice.campaign.report.Table;
import sluice.lab.page.Vendored;
import sluice.observe.json.JsonWriter;

/** {@code sluice campaign report}: what results say. */
@Command(name = "report", mixinStandardHelpOptions = true,
        description = {"Print the table of a campaign's results: median, its 95 %% interval by bootstrap, percentiles.",
            "With --against, name the cells that moved beyond chance: when nothing changed, one comparison in a "
                    + "hundred names anything. Exit status 1 when a cell is worse."})
final class CampaignReportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULTS", description = "The directory that a campaign wrote.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path results;

    @Option(names = "--against", paramLabel = "OLD", description = "The results of another run of the campaign.")
    private @Nullable Path against;

    @Option(names = "--html", paramLabel = "FILE.html", description = "Write a page with heat maps and curves.")
    private @Nullable Path html;

    @Option(names = "--parquet", paramLabel = "FILE.parquet",
            description = "Write all runs as Parquet, a column for each of results.csv.")
    private @Nullable Path parquet;

    @Option(names = "--json", description = "Print the table, or what moved, as JSON.")
    private boolean json;

    CampaignReportCommand() {}

    @Override
    public Integer call() throws IOException {
        Limits.output(spec, "--html", html);
        Limits.output(spec, "--parquet", parquet);
        Campaign campaign = campaign("RESULTS", results);
        Path old = against;
        Path rows = parquet;
        Path page = html;
        if (old != null) {
            return compare(campaign, old);
        }
        if (rows != null) {
            said(rows + " has " + parquetFile().write(results, rows) + " rows");
        }
        if (page != null) {
            ResultsPage of = new ResultsPage(campaign);
            Results.read(results, campaign, of::add, _ -> {
            });
            Files.writeString(page, of.html(Vendored.script(), Vendored.style()));
            said(page + " is written");
        }
        if (rows == null && page == null) {
            table(campaign);
        }
        return Main.OK;
    }

    private void said(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    private ParquetFile parquetFile() {
        return ParquetFile.find().orElseThrow(() -> new ParameterException(spec.commandLine(),
                "--parquet " + parquet + ": nothing here writes Parquet; ./sluice brings what does itself"));
    }

    private void table(Campaign campaign) throws IOException {
        Table table = new Table(campaign);
        JsonTable cells = new JsonTable(campaign);
        long[] failed = new long[1];
        Results.read(results, campaign, json ? cells::add : table::add, _ -> failed[0]++);
        said(json ? cells.end().field("failed", failed[0]).endObject().toString()
                : table.text() + failed[0] + " runs failed");
    }

    private Campaign campaign(String option, Path directory) throws IOException {
        for (String name : List.of("results.csv", "campaign.yaml", "plan.txt")) {
            if (!Files.isReadable(directory.resolve(name))) {
                throw new ParameterException(spec.commandLine(), option + " " + directory + " has no " + name
                        + ": name a directory that sluice campaign --out wrote");
            }
        }
        try {
            return ResultsFile.campaign(directory);
        } catch (BadCampaign e) {
            throw new Failure(option + " " + directory + " is damaged: " + e.getMessage());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new Failure(option + " " + directory + " is damaged: its campaign.yaml or plan.txt is not what "
                    + "sluice campaign writes");
        }
    }

    private int compare(Campaign campaign, Path old) throws IOException {
        Campaign before = campaign("--against", old);
        if (!before.asked().measures().equals(campaign.asked().measures())) {
            throw new ParameterException(spec.commandLine(), "--against " + old + " measured something else: "
                    + before.asked().measures() + " instead of " + campaign.asked().measures());
        }
        Comparison comparison = new Comparison(campaign.asked().measures());
        Results.read(old, before, comparison::old, _ -> {
        });
        Results.read(results, campaign, comparison::now, _ -> {
        });
        List<Comparison.Moved> moved = comparison.moved();
        said(json ? json(comparison, moved) : text(comparison, moved));
        return moved.stream().anyMatch(Comparison.Moved::isWorse) ? Main.FAILED : Main.OK;
    }

    private static String text(Comparison comparison, List<Comparison.Moved> moved) {
        StringBuilder out = new StringBuilder();
        for (Comparison.Moved m : moved) {
            double change = 100 * (m.after() / m.before() - 1);
            out.append(String.format(Locale.ROOT, "%s: %s %s from %s to %s %s", m.isWorse() ? "worse" : "better",
                    m.cell(), m.measure().word(), Table.number(m.before()), Table.number(m.after()),
                    m.measure().unit()))
                    .append(Double.isFinite(change) ? String.format(Locale.ROOT, " (%+.1f %%)%n", change) : "\n");
        }
        return out.append(comparison.compared()).append(" cells compared, ").append(moved.size())
                .append(" differences beyond chance").append(comparison.isBlind()
                        ? "; with so few seeds nothing can be told from chance: run more" : "")
                .toString();
    }

    private static String json(Comparison comparison, List<Comparison.Moved> moved) {
        JsonWriter w = new JsonWriter().beginObject().field("compared", comparison.compared())
                .field("too_few_seeds", comparison.isBlind()).key("moved").beginArray();
        for (Comparison.Moved m : moved) {
            w.beginObject().field("cell", m.cell()).field("measure", m.measure().word())
                    .field("unit", m.measure().unit()).field("worse", m.isWorse()).field("before", m.before())
                    .field("after", m.after()).field("chance", m.chance()).endObject();
        }
        return w.endArray().endObject().toString();
    }
}
