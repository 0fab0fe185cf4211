package sluice.campaign.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.campaign.Campaign;
import sluice.campaign.CampaignSource;
import sluice.campaign.ResultsFile;

/** Reports of results whose numbers are known. */
class ResultsTest {
    @TempDir
    Path directory;

    private final CampaignSource source = new CampaignSource("c.yaml",
            "seeds: 1..5\nrate: [1mbit, 2mbit]\nmeasure: completion\n");

    private Campaign campaign() throws IOException {
        ResultsFile.open(directory, source, 1).close();
        return ResultsFile.campaign(directory);
    }

    private void line(int run, String rest) throws IOException {
        Path csv = ResultsFile.csv(directory);
        Files.writeString(csv, Files.readString(csv) + run + "," + run / 5 + "," + (1 + run % 5) + ","
                + (run < 5 ? "1mbit" : "2mbit") + "," + rest + "\n");
    }

    @Test
    void theTableHasTheMiddleAndTheRunsToLookAtAreThese() throws Exception {
        Campaign c = campaign();
        for (int run = 0; run < 10; run++) {
            line(run, run == 7 ? "incomplete,00,1,1,,not everything arrived" : "ok,00,1,1," + (10 * run) + ",");
        }
        List<CellResult> cells = new ArrayList<>();
        List<Results.Failed> failed = new ArrayList<>();
        Results.read(directory, c, cells::add, failed::add);
        assertThat(cells).extracting(x -> x.spreads().getFirst().median()).containsExactly(20.0, 70.0);
        assertThat(cells.get(0).examples()).containsExactly(new CellResult.Example(2, 4));
        assertThat(cells.get(1).examples().getFirst().worst()).as("what did not end").isEqualTo(7);
        assertThat(failed).containsExactly(new Results.Failed(7, "incomplete", "not everything arrived"));
        Table t = new Table(c);
        cells.forEach(t::add);
        assertThat(t.text().lines().skip(1).map(l -> l.strip().replaceAll(" {2,}", "|")))
                .startsWith("rate|runs|failed|median|95 % interval|p10|p90|p99")
                .anyMatch(l -> l.startsWith("1mbit|5|0|20.0|"))
                .anyMatch(l -> l.startsWith("2mbit|4|1|70.0|"));
    }

    /** A campaign has as many cells as it likes: what was reported of a cell is let go. */
    @Test
    void tableAndPageKeepNoNumbers() throws Exception {
        Campaign c = campaign();
        Table t = new Table(c);
        ResultsPage p = new ResultsPage(c);
        WeakReference<Spread> numbers = reported(t, p);
        for (int i = 0; i < 50 && numbers.get() != null; i++) {
            System.gc();
        }
        assertThat(numbers.get()).isNull();
        assertThat(t.text()).contains("1mbit");
        assertThat(p.html("", "")).contains("\"median\"");
    }

    private static WeakReference<Spread> reported(Table t, ResultsPage p) {
        Spread s = new Spread(new double[]{1, 2, 3});
        CellResult cell = new CellResult(0, List.of("1mbit"), 0, List.of(s), List.of(new CellResult.Example(1, 2)));
        t.add(cell);
        p.add(cell);
        return new WeakReference<>(s);
    }

    @Test
    void aLineOfSomethingElseIsSaid() throws Exception {
        Campaign c = campaign();
        line(0, "ok,00,1,1,5,");
        line(1, "ok,00,1,1,fast,");
        assertThatThrownBy(() -> Results.read(directory, c, _ -> {
        }, _ -> {
        })).isInstanceOf(IOException.class).hasMessageContaining("results.csv: the line after run 0 ");
    }
}
