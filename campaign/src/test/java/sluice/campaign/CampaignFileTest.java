package sluice.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files say, and what is said of bad ones: one line that names file, line, key and value. */
class CampaignFileTest {
    private static Campaign read(String text) {
        return new CampaignSource("c.yaml", text).campaign();
    }

    @Test
    void listsRangesAndUnitsMakeTheProduct() {
        Campaign c = read("""
                name: three axes
                seeds: 5..14
                rate: 10mbit
                delay: 10ms..30ms step 10ms
                loss: [0, 0.1, 1, 3]%   # all of them percentages
                settings:
                  tcp_sack: [0, 1]
                skip:
                  - {loss: 3%, tcp_sack: 0}
                measure: [completion, jain]
                """);
        assertThat(c.cells()).isEqualTo(3 * 4 * 2 - 3);
        assertThat(c.runs()).isEqualTo(21 * 10);
        assertThat(c.labels(0)).containsExactly("10ms", "0%", "0");
        assertThat(c.labels(20)).containsExactly("30ms", "3%", "1");
        assertThat(c.seed(0)).isEqualTo(5);
        assertThat(c.cell(10)).isEqualTo(1);
        assertThat(c.command(209)).isEqualTo("./sluice sim --seed 14 --rate 10mbit --netem \"delay 30ms loss 3%\""
                + " --set tcp_sack=1 --no-checks");
        assertThat(c.asked().measures()).containsExactly(Measure.COMPLETION, Measure.JAIN);
        assertThat(c.scaled(0.1).runs()).isEqualTo(21);
    }

    @Test
    void variantsAreSetsOfSettingsAndKeys() {
        Campaign c = read("variants:\n  plain: {}\n  no tlp: {tcp_early_retrans: 0, mtu: 576}\n");
        assertThat(c.swept()).extracting(Axis::name).containsExactly("variant");
        assertThat(c.setup(1).settings()).containsEntry("tcp_early_retrans", "0");
        assertThat(c.setup(1).values()).containsEntry(Key.MTU, "576");
    }

    @Test
    void aBufferIsAMultipleOfBandwidthTimesRoundTrip() {
        assertThat(read("rate: 20mbit\ndelay: 20ms\nbuffer: 0.5bdp\n").command(0))
                .contains("--queue \"bfifo limit 50000\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "los: 1% | c.yaml:1: los: there is no such key & loss",
        "\"name: x\nloss: 3\" | c.yaml:2: loss \"3\": & its sign & 1%",
        "\"name: x\ndelay: 20\" | c.yaml:2: delay \"20\": & unit & 20ms",
        "\"rate: [1mbit, 5parsec]\" | c.yaml:1: rate \"5parsec\" & 10mbit",
        "\"name: x\n\nseeds: 9..3\" | c.yaml:3: seeds \"9..3\": & empty",
        "\"delay: 30ms..10ms\" | c.yaml:1: delay \"30ms..10ms\": & empty",
        "\"delay: 1ms..10s\" | c.yaml:1: delay \"1ms..10s\": & one unit",
        "\"delay: []\" | c.yaml:1: delay []: & empty",
        "\"delay: 1ms\ndelay: 2ms\" | c.yaml:2: delay: & twice",
        "\"delay: {a: b}\" | c.yaml:1: delay wants a value",
        "\"delay: [1ms\" | not YAML",
        "\"just words\" | c.yaml:1: & keys with values",
        "\"algorithm: vegas\" | c.yaml:1: algorithm \"vegas\": & cubic",
        "\"queue: red\" | c.yaml:1: queue \"red\": & pfifo",
        "\"settings: {tcp_sack: 7}\" | c.yaml:1: tcp_sack \"7\":",
        "\"settings: {tcp_nosuch: 7}\" | c.yaml:1: tcp_nosuch",
        "\"measure: speed\" | c.yaml:1: measure \"speed\": & goodput",
        "\"must: speed < 3\" | c.yaml:1: must \"speed < 3\": & goodput",
        "\"checks: maybe\" | c.yaml:1: checks \"maybe\": & true or false",
        "\"loss: [1, 3]%\nskip: [{loss: 2%}]\" | c.yaml:2: skip loss \"2%\": & 1%, 3%",
        "\"loss: 1%\nskip: [{loss: 1%}]\" | skip leaves no cell",
        "\"name: x\njitter: 5ms\" | c.yaml:2: & jitter needs a delay",
        "\"name: x\nbuffer: 1bdp\" | c.yaml:2: & buffer & rate and delay",
        "\"rate: 1mbit\nduration: 0s\" | c.yaml:2: duration \"0s\": & never end",
        "\"must: goodput > 1.2.3\" | c.yaml:1: must \"goodput > 1.2.3\": & MEASURE < NUMBER",
        "\"duration: 5s\" | c.yaml:1: & duration & rate or a delay"})
    void aBadFileIsAnsweredByOneLine(String text, String says) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(BadCampaign.class)
                .satisfies(e -> assertThat(e.getMessage()).startsWith("c.yaml:").doesNotContain("\n", "null")
                        .contains(says.split(" & ")));
    }

    @Test
    void aProductThatIsTooLargeIsRefusedBeforeItIsMade() {
        assertThatThrownBy(() -> read("""
                rate: 10mbit
                delay: 1ms..10000ms
                mtu: 1000..10999
                flows: 1..100
                clock-skew: 1..100
                """)).isInstanceOf(BadCampaign.class)
                .hasMessage("c.yaml:2: delay (10000) × mtu (10000) × flows (100) × clock-skew (100) make 1000000000000"
                        + " cells; at most 1000000: shorten the lists");
        assertThatThrownBy(() -> read("seeds: 1..100000000000000\n")).hasMessageContaining("runs");
    }

    @Test
    void csvFieldsReadBack() {
        List<String> fields = List.of("a", "b,c", "say \"x\"", "");
        assertThat(Csv.fields(String.join(",", fields.stream().map(Csv::quoted).toList()))).isEqualTo(fields);
    }
}
