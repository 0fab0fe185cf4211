package sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.lab.experiments.Experiments;
import sluice.lab.page.WrittenSite;

/** Every experiment holds, and fails with its table. */
class ExperimentsTest {
    static Stream<String> ids() {
        return Experiments.all().stream().map(e -> e.about().id());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void holds(String id) throws IOException {
        long seed = Long.getLong("sluice.seed", Variation.NONE.seed());
        if (seed == Variation.NONE.seed()) {
            WrittenSite.Verdict v = WrittenSite.get().verdict(id); // the run that its page is made of
            assertThat(v.passed()).as(v.report()).isTrue();
            return;
        }
        Experiment e = Experiments.find(id);
        assertThat(e).isNotNull();
        Result r = Lab.run(e, new Variation(seed, Variation.NONE.settings(), ""));
        TextReport report = new TextReport(Language.EN, 40, false);
        assertThat(r.passed()).as("%s%n%s", report.checks(r), report.summary(r)).isTrue();
    }
}
