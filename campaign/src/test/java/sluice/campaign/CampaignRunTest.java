package sluice.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.sim.TransferRun;

/**
 * A run depends on cell and seed only; results are the same in whatever order and after a kill; failures are listed.
 */
class CampaignRunTest {
    private static final CampaignSource SOURCE = new CampaignSource("c.yaml", """
            seeds: 1..13
            rate: 10mbit
            delay: 5ms
            bytes: 20K
            loss: [0, 3, 10]%
            settings: {tcp_sack: [0, 1]}
            measure: [completion, retransmissions, queue, queue-max, stall, timeouts]
            """);

    @TempDir
    Path directory;

    private String all(String name, int jobs) throws IOException, InterruptedException {
        return all(directory.resolve(name), jobs, new ArrayList<>());
    }

    private static String all(Path into, int jobs, List<Long> runs) throws IOException, InterruptedException {
        try (ResultsFile f = ResultsFile.open(into, SOURCE, 1)) {
            new LocalRuns(SOURCE.campaign(), f, jobs,
                    (_, lines) -> lines.lines().forEach(l -> runs.add(Long.parseLong(Csv.fields(l).getFirst())))).run();
        }
        return Files.readString(ResultsFile.csv(into));
    }

    @Test
    void oneThreadAndThreeWriteTheSame() throws Exception {
        String one = all("one", 1);
        assertThat(all("three", 3)).isEqualTo(one);
        assertThat(one.lines()).hasSize(1 + 6 * 13);
    }

    @Test
    void whoGoesOnAfterAKillDoesNothingTwiceAndWritesTheSame() throws Exception {
        String whole = all("whole", 2);
        Path torn = directory.resolve("torn");
        all(torn, 1, new ArrayList<>());
        for (int bytes : new int[]{whole.length() / 2, whole.indexOf('\n') + 1, 10, 0, whole.length() - 1}) {
            Files.writeString(ResultsFile.csv(torn), whole.substring(0, bytes));
            List<Long> again = new ArrayList<>();
            assertThat(all(torn, 2, again)).isEqualTo(whole);
            long lines = whole.substring(0, bytes).chars().filter(c -> c == '\n').count();
            assertThat(again).doesNotHaveDuplicates().hasSize((int) (78 - Math.max(0, lines - 1)));
        }
    }

    @Test
    void resultsOfAnotherCampaignAreNotAddedTo() throws Exception {
        all("mine", 1);
        assertThatThrownBy(() -> ResultsFile.open(directory.resolve("mine"), SOURCE, 0.5))
                .hasMessageContaining("another");
        assertThatThrownBy(() -> ResultsFile.open(directory.resolve("mine"),
                new CampaignSource("c.yaml", SOURCE.text() + "name: x\n"), 1)).hasMessageContaining("another");
    }

    @Test
    void theHashIsThatOfTheCommand() {
        Campaign c = SOURCE.campaign();
        Run.Result r = Run.of(c, 40);
        TransferRun plain = new TransferRun(c.setup(c.cell(40)).spec(c.seed(40)));
        plain.run();
        assertThat(r.hash()).isEqualTo(plain.world().hash());
        assertThat(r.status()).isEqualTo(Run.Status.OK);
        assertThat(r.numbers()).allMatch(x -> x >= 0);
    }

    @Test
    void aMixOfSizesIsGivenOutInTurn() {
        Campaign c = new CampaignSource("c.yaml", """
                rate: 10mbit
                delay: 5ms
                bytes: ["5K,5K,200K", 5K]
                flows: 4
                measure: [completion, completion-short]
                """).campaign();
        TransferRun mixed = new TransferRun(c.setup(0).spec(1));
        assertThat(mixed.run()).isTrue();
        assertThat(mixed.flows()).extracting(TransferRun.Flow::received).containsExactly(5120L, 5120L, 204_800L, 5120L);
        assertThat(c.command(0)).contains(" -n 5120,5120,204800 ");
        Run.Result r = Run.of(c, 0);
        assertThat(r.hash()).isEqualTo(mixed.world().hash());
        assertThat(r.numbers().get(1)).isPositive().isLessThan(r.numbers().get(0));
        Setup three = new CampaignSource("c.yaml", "bytes: \"1K,2K,3K\"\n").campaign().setup(0);
        assertThat(three.spec(1).flows).isEqualTo(3);
    }

    @Test
    void aRunThatBreaksAPromiseIsListedAndTheRestGoOn() {
        Campaign c = new CampaignSource("c.yaml", SOURCE.text() + "must: timeouts = 0\n").campaign();
        List<String> lines = LocalRuns.lines(c, 0, c.runs()).lines().toList();
        assertThat(lines).hasSize(78);
        assertThat(lines).filteredOn(l -> l.contains(",broken,")).isNotEmpty()
                .allMatch(l -> l.contains("timeouts = 0 does not hold: it is "));
        assertThat(lines).filteredOn(l -> l.contains(",ok,")).isNotEmpty();
    }

    @Test
    void theSwarmIsACampaign() {
        Campaign c = CampaignSource.swarm(4, 3).campaign();
        assertThat(c.command(2)).isEqualTo("./sluice sim --swarm-seed 6");
        assertThat(LocalRuns.lines(c, 0, 3).lines()).hasSize(3).allMatch(l -> l.contains(",ok,"));
    }
}
