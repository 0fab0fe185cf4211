package sluice.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetemSpecTest {
    @Test
    void readsTheWholeLanguage() {
        NetemSpec s = NetemSpec.parse(
                "delay 50ms 20ms 25% distribution paretonormal loss 2% 10% reorder 25% 50% gap 5 duplicate 1% corrupt "
                        + "0.1% rate 100mbit 10 48 5 limit 200 ecn");
        assertThat(s.delayNs()).isEqualTo(50_000_000);
        assertThat(s.jitterNs()).isEqualTo(20_000_000);
        assertThat(s.delayCorrelation()).isEqualTo(0.25);
        assertThat(s.distribution()).isEqualTo(NetemDistribution.PARETONORMAL);
        assertThat(s.loss()).isEqualTo(new NetemSpec.Loss.Random(0.02, 0.1));
        assertThat(s.reorder()).isEqualTo(0.25);
        assertThat(s.reorderCorrelation()).isEqualTo(0.5);
        assertThat(s.gap()).isEqualTo(5);
        assertThat(s.duplicate()).isEqualTo(0.01);
        assertThat(s.corrupt()).isCloseTo(0.001, within(1e-12));
        assertThat(s.rateBitsPerSecond()).isEqualTo(100_000_000);
        assertThat(s.packetOverheadBytes()).isEqualTo(10);
        assertThat(s.cellBytes()).isEqualTo(48);
        assertThat(s.cellOverheadBytes()).isEqualTo(5);
        assertThat(s.limitPackets()).isEqualTo(200);
        assertThat(s.ecn()).isTrue();
    }

    @Test
    void emptyTextIsACleanPath() {
        assertThat(NetemSpec.parse("  ")).isEqualTo(NetemSpec.CLEAN);
        assertThat(NetemSpec.parse("netem").isClean()).isTrue();
        assertThat(NetemSpec.parse("loss 0%").isClean()).isTrue();
        assertThat(NetemSpec.parse("delay 1us").isClean()).isFalse();
    }

    @Test
    void reorderAloneMeansEveryPacketMayOvertake() {
        assertThat(NetemSpec.parse("delay 10ms reorder 25%").gap()).isEqualTo(1);
        assertThat(NetemSpec.parse("delay 10ms gap 5").reorder()).isEqualTo(1);
    }

    @Test
    void lossModels() {
        assertThat(NetemSpec.parse("loss random 5").loss()).isEqualTo(new NetemSpec.Loss.Random(0.05, 0));
        assertThat(NetemSpec.parse("loss gemodel 1%").loss())
                .isEqualTo(new NetemSpec.Loss.GilbertElliott(0.01, 0.99, 1, 0));
        assertThat(NetemSpec.parse("loss gemodel 1% 10% 70% 0.5%").loss())
                .isEqualTo(new NetemSpec.Loss.GilbertElliott(0.01, 0.1, 0.7, 0.005));
        assertThat(NetemSpec.parse("loss state 2%").loss())
                .isEqualTo(new NetemSpec.Loss.FourState(0.02, 0.98, 0, 1, 0));
        assertThat(NetemSpec.parse("loss state 2% 50% 20% 30% 1%").loss())
                .isEqualTo(new NetemSpec.Loss.FourState(0.02, 0.5, 0.2, 0.3, 0.01));
    }

    @ParameterizedTest
    @CsvSource({"10ms, 10000000", "1.5s, 1500000000", "100us, 100000", "100, 100000", "7ns, 7", "2secs, 2000000000",
        "0, 0", "0.5ms, 500000"})
    void times(String word, long ns) {
        assertThat(NetemSpec.parse("delay " + word).delayNs()).isEqualTo(ns);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "64kbit, 64000", "100mbit, 100000000", "1gbit, 1000000000", "2.5gbit, 2500000000",
        "1kbps, 8000", "1mbps, 8000000",
        "1kibit, 1024", "1mibps, 8388608",
        "8bit, 8", "1Mbit, 1000000", "1tbit, 1000000000000", "1bps, 8"})
    void rates(String word, long bits) {
        assertThat(NetemSpec.parse("rate " + word).rateBitsPerSecond()).isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"dely 10ms | dely | delay, distribution, loss", //
        "delay | missing after delay | ", //
        "delay fast | fast | ns, us, ms or s", //
        "delay 10m | 10m | ns, us, ms or s", //
        "delay 2000000s | 2000000s | one hour", //
        "delay 10ms 2ms 25% 7 | \"7\" | a value too many", //
        "loss 101% | 101% | 0% to 100%", //
        "loss -1% | -1% | 0% to 100%", //
        "loss gemodel | gemodel | missing", //
        "loss 1.2.3% | 1.2.3% | 0% to 100%", //
        "loss e5 | e5 | 0% to 100%", //
        "rate 10xbit | 10xbit | kbit", //
        "rate ibit | ibit | kbit", //
        "rate 0 | \"0\" | kbit", //
        "limit 0 | limit | 1…1000000", //
        "limit 1.5 | 1.5 | 1…1000000", //
        "delay 10ms 1ms distribution gauss | gauss | uniform, normal, pareto, paretonormal", //
        "delay 10ms distribution normal | jitter | delay TIME JITTER", //
        "reorder 25% | reorder needs a delay | delay TIME reorder", //
        "ecn | ecn needs a loss | loss PERCENT ecn", //
        "slot 10ms | slot | not supported"})
    void errorsNameTheWordAndWhatIsAccepted(String text, String word, String accepted) {
        assertThatIllegalArgumentException().isThrownBy(() -> NetemSpec.parse(text)).withMessageStartingWith("netem: ")
                .withMessageContaining(word)
                .withMessageContaining(accepted == null ? "" : accepted);
    }
}
