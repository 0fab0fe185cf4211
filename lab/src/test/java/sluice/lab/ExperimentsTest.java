package sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.lab.experiments.Experiments;

/** Every experiment holds, and fails with its table. */
class ExperimentsTest {
    static Stream<String> ids() {
        return Experiments.all().stream().map(e -> e.about().id());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void holds(String id) {
        Experiment e = Experiments.find(id);
        assertThat(e).isNotNull();
        Result r = Lab.run(e, new Variation(Long.getLong("sluice.seed", 1), Variation.NONE.settings(), ""));
        TextReport report = new TextReport(Language.EN, 40, false);
        assertThat(r.passed()).as("%s%n%s", report.checks(r), report.summary(r)).isTrue();
    }
}
