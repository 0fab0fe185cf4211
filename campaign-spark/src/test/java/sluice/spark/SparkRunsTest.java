package sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.campaign.CampaignSource;
import sluice.campaign.ClusterRuns;
import sluice.campaign.LocalRuns;
import sluice.campaign.ResultsFile;
import sluice.campaign.report.ParquetFile;

/**
 * Spark, on two threads of this JVM, writes what this machine's threads write; Parquet has what the lines have. Master
 * and workers as processes of their own: {@code bench/spark-standalone}.
 */
class SparkRunsTest {
    private static final CampaignSource SOURCE = new CampaignSource("c.yaml", """
            seeds: 1..150
            rate: 10mbit
            delay: 5ms
            bytes: 5K
            loss: [0, 10]%
            variants: {"with, SACK": {}, without: {tcp_sack: 0}}
            measure: [completion, retransmissions, queue]
            """);

    @TempDir
    static Path directory;

    private static Path local;

    @BeforeAll
    static void runHere() throws Exception {
        local = directory.resolve("local");
        try (ResultsFile f = ResultsFile.open(local, SOURCE, 1)) {
            new LocalRuns(SOURCE.campaign(), f, 1, (_, _) -> {
            }).run();
        }
    }

    private static List<Long> onSpark(Path into, String master) throws IOException, InterruptedException {
        List<Long> done = new ArrayList<>();
        try (ResultsFile f = ResultsFile.open(into, SOURCE, 1)) {
            ClusterRuns.find().orElseThrow().run(new ClusterRuns.Job(SOURCE, 1, master), f, (n, _) -> done.add(n));
        }
        return done;
    }

    @Test
    void theLinesAreThoseOfThisMachineFromTheStartAndGoingOn() throws Exception {
        String whole = Files.readString(ResultsFile.csv(local));
        Path half = directory.resolve("half");
        Files.createDirectories(half);
        for (String name : List.of("campaign.yaml", "plan.txt")) {
            Files.copy(local.resolve(name), half.resolve(name));
        }
        Files.writeString(ResultsFile.csv(half), whole.substring(0, whole.length() / 3)); // torn
        List<Long> done = onSpark(half, "local[2]");
        assertThat(Files.readString(ResultsFile.csv(half))).isEqualTo(whole);
        assertThat(done).isSorted().last().isEqualTo(600L);
        assertThat(onSpark(half, "spark://nobody.invalid:7077")).as("nothing is left to run").isEmpty();
    }

    @Test
    void aMasterThatDoesNotAnswerIsNamed() throws Exception {
        int free;
        try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = s.getLocalPort();
        }
        assertThatThrownBy(() -> onSpark(directory.resolve("none"), "spark://127.0.0.1:" + free))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no Spark master answers at spark://127.0.0.1:" + free);
    }

    @Test
    void parquetHasWhatTheLinesHave() throws Exception {
        Path file = directory.resolve("results.parquet");
        Path part = Files.writeString(directory.resolve("results.parquet.part"), "left by a writer that was killed");
        assertThat(ParquetFile.find().orElseThrow().write(local, file)).isEqualTo(600);
        assertThat(part).doesNotExist();
        List<List<String>> lines = new ArrayList<>();
        ResultsFile.read(local, row -> lines.add(row.fields()));
        List<String> columns = SOURCE.campaign().columns();
        List<List<String>> rows = rows(file, columns);
        assertThat(rows).hasSize(600);
        for (int i = 0; i < rows.size(); i++) {
            for (int k = 0; k < columns.size(); k++) {
                String line = lines.get(i).get(k);
                String row = rows.get(i).get(k);
                assertThat(isDouble(columns.get(k)) && !line.isEmpty()
                        ? Double.parseDouble(row) == Double.parseDouble(line) : row.equals(line))
                        .as(columns.get(k) + " of run " + i + ": " + row + ", " + line).isTrue();
            }
        }
        assertThat(Files.list(directory)).noneMatch(p -> p.toString().endsWith(".part"));
    }

    private static boolean isDouble(String column) {
        return List.of("virtual_ms", "completion", "retransmissions", "queue").contains(column);
    }

    private static List<List<String>> rows(Path file, List<String> columns) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            MessageType schema = reader.getFileMetaData().getSchema();
            assertThat(schema.getFields().stream().map(f -> f.getName()).toList()).isEqualTo(columns);
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory().getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    Group g = records.read();
                    List<String> row = new ArrayList<>();
                    for (int k = 0; k < columns.size(); k++) {
                        row.add(g.getFieldRepetitionCount(k) == 0 ? "" : g.getValueToString(k, 0));
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }
}
