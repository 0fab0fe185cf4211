package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
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
import sluice.campaign.Campaign;
import sluice.campaign.ResultsFile;
import sluice.campaign.report.Comparison;
import sluice.campaign.report.Results;
import sluice.campaign.report.ResultsPage;
import sluice.campaign.report.Table;
import sluice.lab.page.Vendored;

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

    CampaignReportCommand() {}

    @Override
    public Integer call() throws IOException {
        Limits.output(spec, "--html", html);
        Campaign campaign = campaign("RESULTS", results);
        Path old = against;
        if (old != null) {
            return compare(campaign, old);
        }
        Table table = new Table(campaign);
        ResultsPage page = new ResultsPage(campaign);
        long[] failed = new long[1];
        Results.read(results, campaign, c -> {
            if (html == null) {
                table.add(c);
            } else {
                page.add(c);
            }
        }, f -> failed[0]++);
        PrintWriter out = spec.commandLine().getOut();
        Path file = html;
        if (file != null) {
            Files.writeString(file, page.html(Vendored.script(), Vendored.style()));
            out.println(file + " is written");
        } else {
            out.print(table.text());
            out.println(failed[0] + " runs failed");
        }
        out.flush();
        return Main.OK;
    }

    private Campaign campaign(String option, Path directory) throws IOException {
        if (!Files.isReadable(ResultsFile.csv(directory))) {
            throw new ParameterException(spec.commandLine(), option + " " + directory
                    + " has no results.csv: name a directory that sluice campaign --out wrote");
        }
        return ResultsFile.campaign(directory);
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
        PrintWriter out = spec.commandLine().getOut();
        List<Comparison.Moved> moved = comparison.moved();
        for (Comparison.Moved m : moved) {
            double change = 100 * (m.after() / m.before() - 1);
            out.println(String.format(Locale.ROOT, "%s: %s %s from %s to %s %s", m.isWorse() ? "worse" : "better",
                    m.cell(), m.measure().word(), Table.number(m.before()), Table.number(m.after()),
                    m.measure().unit())
                    + (Double.isFinite(change) ? String.format(Locale.ROOT, " (%+.1f %%)", change) : ""));
        }
        out.println(comparison.compared() + " cells compared, " + moved.size()
                + " differences beyond chance" + (comparison.isBlind()
                        ? "; with so few seeds nothing can be told from chance: run more" : ""));
        out.flush();
        return moved.stream().anyMatch(Comparison.Moved::isWorse) ? Main.FAILED : Main.OK;
    }
}
