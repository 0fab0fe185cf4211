package sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sluice.lab.experiments.Experiments;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;

/** The document that programs and pages read: docs/lab-json.md. */
class JsonReportTest {
    private static Experiment experiment(String id) {
        return Objects.requireNonNull(Experiments.find(id), id);
    }

    private static JsonObject run(String id) {
        Result r = Lab.run(experiment(id), Variation.NONE);
        return JsonReader.readObject(JsonReport.of(List.of(r), List.of(List.of("x.pcapng")))).objects("experiments")
                .getFirst();
    }

    private static JsonObject object(JsonObject o, String name) {
        return Objects.requireNonNull(o.object(name), name);
    }

    private static List<?> list(JsonObject o, String name) {
        return (List<?>) Objects.requireNonNull(o.members().get(name), name);
    }

    @Test
    void theHandshakesLadderHasHeadersAndStates() {
        JsonObject ladder = object(run("handshake").objects("stages").getFirst(), "ladder");
        assertThat(ladder.text("leftState")).isEqualTo("CLOSED");
        assertThat(ladder.text("rightState")).isEqualTo("LISTEN");
        List<JsonObject> segments = ladder.objects("rows").stream().filter(r -> r.text("segment") != null).toList();
        assertThat(segments).hasSizeGreaterThanOrEqualTo(3).allSatisfy(
                s -> assertThat(s.text("headers")).matches("4[0-9a-f]{79,}"));
        assertThat(segments.getFirst().text("headers")).as("SYN in the 14th byte of the TCP header")
                .hasSizeGreaterThan(80)
                .satisfies(h -> assertThat(h.substring(66, 68)).isEqualTo("02"));
        assertThat(ladder.objects("rows")).anySatisfy(
                r -> assertThat(r.text("rightState")).isEqualTo("SYN-RECEIVED"));
    }

    /** At the moments of the second segment both ends know what the RFC says they know. */
    @Test
    void momentsHaveBothEndsVariables() {
        JsonObject moments = object(run("handshake").objects("stages").getFirst(), "moments");
        List<?> columns = list(moments, "columns");
        List<List<?>> rows = list(moments, "rows").stream().<List<?>>map(r -> (List<?>) r).toList();
        List<?> synAckArrived = rows.stream().filter(r -> r.get(1).equals(1L) && r.get(2).equals(1L) && r.size() > 3)
                .findFirst().orElseThrow();
        assertThat(synAckArrived).hasSameSizeAs(columns);
        assertThat(synAckArrived.get(columns.indexOf("state"))).isEqualTo("ESTABLISHED");
        assertThat(synAckArrived.get(columns.indexOf("sndUna"))).isEqualTo(1L);
        assertThat(synAckArrived.get(columns.indexOf("rcvNxt"))).isEqualTo(1L);
        assertThat(synAckArrived.get(columns.indexOf("ssthresh"))).as("infinite").isNull();
        assertThat(rows).as("a SYN has its timer").anySatisfy(r -> assertThat(r).hasSizeGreaterThan(3)
                .satisfies(v -> assertThat(((Map<?, ?>) v.getLast()).get("RTO")).isNotNull()));
    }

    /** What is shown begins where the script says so; what was before is in the states only. */
    @Test
    void whatWasBeforeTheBeginningIsLeftOut() {
        JsonObject stage = run("send-window").objects("stages").getFirst();
        JsonObject ladder = object(stage, "ladder");
        assertThat(ladder.text("leftState")).isEqualTo("ESTAB");
        assertThat(ladder.objects("rows")).noneMatch(r -> String.valueOf(r.text("segment")).contains("SYN"))
                .anyMatch(r -> String.valueOf(r.text("segment")).contains("seq 32:37"));
        assertThat(list(object(stage, "moments"), "rows")).isNotEmpty();
    }

    @Test
    void plotsAreGivenAsData() {
        JsonObject plot = run("cwnd-story").objects("stages").getFirst().objects("plots").getFirst();
        JsonObject windows = object(plot, "chart").objects("panels").getFirst();
        JsonObject cwnd = windows.objects("lines").stream().filter(l -> "cwnd".equals(l.text("name"))).findFirst()
                .orElseThrow();
        assertThat(list(cwnd, "us")).hasSameSizeAs(list(cwnd, "values")).hasSizeBetween(100, 801);
        assertThat(list(cwnd, "values").stream().mapToLong(v -> ((Number) v).longValue()).max().orElse(0))
                .as("the first peak is kept").isGreaterThanOrEqualTo(66);
        assertThat(object(plot, "chart").objects("lanes")).isNotEmpty();
    }

    /** A run that somebody else asked for ends, and says why; what happened until then is there. */
    @Test
    void aTimeLimitEndsARun() {
        Result r = Lab.run(experiment("cwnd-story"), Variation.NONE, TimeLimit.of(Duration.ofNanos(1)));
        assertThat(r.ended()).contains("it took longer than");
        assertThat(r.passed()).isFalse();
        assertThat(Lab.run(experiment("handshake"), Variation.NONE, TimeLimit.of(Duration.ofMinutes(1))).passed())
                .isTrue();
    }
}
