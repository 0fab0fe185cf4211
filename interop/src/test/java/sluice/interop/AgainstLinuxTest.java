package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.cli.against.AgainstLinux;
import sluice.lab.against.Comparison;
import sluice.lab.against.Plays;
import sluice.lab.experiments.Experiments;

/** {@code lab --against linux}: the same applications, Linux in either part; outcomes agree or are explained. */
class AgainstLinuxTest {
    static Iterable<String> experiments() {
        return Plays.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void agrees(String id) throws Exception {
        Machine.requireDevices();
        for (int attempt = 1;; attempt++) {
            Comparison c = AgainstLinux.compare(Objects.requireNonNull(Experiments.find(id)),
                    Objects.requireNonNull(Plays.find(id)));
            System.out.println(c.text());
            if (c.agrees() || attempt == 3) { // who is held up for tens of milliseconds resends; not every time
                assertThat(c.agrees()).as(c.text()).isTrue();
                return;
            }
        }
    }
}
