package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;

/** {@code sluice campaign}: a small file, its table as JSON, the command of a run, two campaigns that are the same. */
class CampaignCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private JsonObject json() {
        return JsonReader.readObject(out.toString());
    }

    @Test
    void theTableIsThereForPrograms() throws Exception {
        Path file = folder.resolve("mix.yaml");
        Files.writeString(file, """
                seeds: 1..3
                rate: 10mbit
                delay: 5ms
                loss: [0, 5]%
                bytes: "5K,5K,60K"
                must: dropped < 1000
                measure: [completion, completion-short]
                """);
        String results = folder.resolve("results").toString();
        assertThat(run("campaign", file.toString(), "--out", results, "--json")).isEqualTo(Main.OK);
        JsonObject all = json();
        assertThat(all.objects("failures")).isEmpty();
        List<JsonObject> cells = all.objects("cells");
        assertThat(cells).hasSize(2);
        JsonObject measures = Objects.requireNonNull(cells.get(1).object("measures"));
        JsonObject completion = Objects.requireNonNull(measures.object("completion"));
        JsonObject ofShort = Objects.requireNonNull(measures.object("completion-short"));
        assertThat(completion.number("runs", 0)).isEqualTo(3);
        assertThat(completion.real("median", 0)).isGreaterThan(ofShort.real("median", 1e9));
        assertThat(completion.text("worst_again")).startsWith("./sluice sim --seed ")
                .contains(" -n 5120,5120,61440 ");

        assertThat(run("campaign", "report", results, "--json")).isEqualTo(Main.OK);
        assertThat(json().objects("cells")).hasToString(cells.toString());
        assertThat(run("campaign", "report", results, "--against", results, "--json")).isEqualTo(Main.OK);
        assertThat(json().number("compared", 0)).isEqualTo(2);
        assertThat(json().objects("moved")).isEmpty();

        assertThat(run("sim", "--rate", "10mbit", "--netem", "delay 5ms", "-n", "5K,5K,60K", "--no-checks", "--json"))
                .isEqualTo(Main.OK);
        assertThat(out.toString()).contains("\"bytes\":5120").contains("\"bytes\":61440");
    }
}
