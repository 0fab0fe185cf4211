package sluice.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.observe.json.JsonReader;
import sluice.observe.qlog.QlogTrace;

/** What a transfer with losses leaves in a qlog file. */
class QlogTraceTest {
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    /** RFC 7464: each text begins with a record separator and ends with a line feed. */
    private List<Map<?, ?>> records() throws Exception {
        List<Map<?, ?>> all = new ArrayList<>();
        for (String text : file.toString(UTF_8).split("\u001e", -1)) {
            if (all.isEmpty() && text.isEmpty()) {
                continue; // before the first
            }
            assertThat(text).endsWith("}\n");
            all.add((Map<?, ?>) JsonReader.read(text));
        }
        return all;
    }

    private static World.Pair losesAndRepairs(World world, SimHost a) {
        SimHost b = world.host("b");
        world.link(a, b).delayMs(10);
        World.Pair p = world.connect(a, b, 80);
        world.links().getFirst().from(a).netem("loss 100%");
        a.write(p.client(), 1000);
        world.advance(300);
        world.links().getFirst().from(a).netem("");
        world.runUntil("repaired", () -> p.server().available() == 1000);
        return p;
    }

    private static List<? extends Map<?, ?>> named(List<Map<?, ?>> records, String name) {
        return records.stream().filter(r -> name.equals(r.get("name"))).map(r -> (Map<?, ?>) r.get("data")).toList();
    }

    @Test
    void whatHappensToAConnectionIsWritten() throws Exception {
        World world = new World(5);
        SimHost a = world.host("a");
        try (QlogTrace qlog = new QlogTrace(file, "a", Instant.EPOCH)) {
            a.trace(qlog);
            World.Pair p = losesAndRepairs(world, a);
            qlog.close();
            List<Map<?, ?>> records = records();
            Map<?, ?> header = records.removeFirst();
            assertThat(header.get("file_schema")).isEqualTo("urn:ietf:params:qlog:file:sequential");
            assertThat(header.get("serialization_format")).isEqualTo("application/qlog+json-seq");
            assertThat(header.toString()).contains("clock_type=monotonic", "epoch=unknown",
                    "wall_clock_time=1970-01-01T00:00:00Z");
            assertThat(named(records, "tcp:connection_state_updated").getFirst().get("new")).isEqualTo("SYN-SENT");
            List<? extends Map<?, ?>> again = named(records, "tcp:segment_retransmitted");
            assertThat(again.stream().mapToLong(r -> ((Number) r.get("segments")).longValue()).sum())
                    .isEqualTo(a.count(Counter.TcpRetransSegs)).isPositive();
            assertThat(again.getFirst().get("length").toString()).isEqualTo("1000");
            assertThat(named(records, "tcp:timer_expired")).isNotEmpty();
            assertThat(named(records, "tcp:recovery_metrics_updated").getLast().get("smoothed_rtt")).isNotNull();
            assertThat(records).allSatisfy(r -> {
                assertThat(r.get("group_id")).asString().contains(p.client().remoteAddress() + ":80");
                assertThat(((Number) r.get("time")).doubleValue()).isBetween(0.0, 10_000.0);
            });
        }
    }

    @Test
    void aFullDiskEndsTheLogAndNotTheTraffic() throws Exception {
        World world = new World(5);
        SimHost a = world.host("a");
        List<IOException> told = new ArrayList<>();
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            QlogTrace qlog = new QlogTrace(full, "a", null);
            qlog.onFailure(told::add);
            a.trace(qlog);
            losesAndRepairs(world, a);
            world.advance(2_000);
            qlog.close();
            assertThat(told).singleElement().asString().contains("No space left");
            assertThat(qlog.enabled()).isFalse();
        }
    }
}
