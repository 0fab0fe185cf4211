package sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sluice.core.tcp.segment.TcpState;

/** What is asserted is compared: a wrong number is refused, and what was changed turns assertions off. */
class ChecksTest {
    private static Result run(Variation v, Consumer<Lab> script) {
        return Lab.run(new Experiment() {
            @Override
            public About about() {
                return About.of("test", Chapter.FLOW, "test", "测试");
            }

            @Override
            public void run(Lab x) {
                script.accept(x);
            }
        }, v);
    }

    private static boolean passes(Consumer<Lab> script) {
        return run(Variation.NONE, script).passed();
    }

    @Test
    void aRightNumberHolds() {
        assertThat(passes(x -> x.equal("n", "数", 4, 4L))).isTrue();
        assertThat(passes(x -> x.equal("n", "数", List.of(1, 2), new int[]{1, 2}))).isTrue();
        assertThat(passes(x -> x.equal("state", "状态", TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_1))).isTrue();
        assertThat(passes(x -> x.near("n", "数", 60, 60.0005, 0.001))).isTrue();
        assertThat(passes(x -> x.between("n", "数", 1, 3, 3))).isTrue();
    }

    @Test
    void aWrongNumberIsRefused() {
        assertThat(passes(x -> x.equal("n", "数", 4, 5))).isFalse();
        assertThat(passes(x -> x.equal("n", "数", List.of(1, 2), new int[]{1, 2, 3}))).isFalse();
        assertThat(passes(x -> x.equal("n", "数", List.of(1, 2), new int[]{2, 1}))).isFalse();
        assertThat(passes(x -> x.equal("n", "数", 4, null))).isFalse();
        assertThat(passes(x -> x.near("n", "数", 60, 60.01, 0.001))).isFalse();
        assertThat(passes(x -> x.between("n", "数", 1, 3, 4))).isFalse();
        assertThat(passes(x -> x.atLeast("n", "数", 3, 2.9))).isFalse();
        assertThat(passes(x -> x.below("n", "数", 3, 3))).isFalse();
        assertThat(passes(x -> x.holds("so", "如此", false))).isFalse();
        assertThat(passes(x -> x.differs(new Text("n", "数"), 4, 4000, 4, Text.NONE))).as("≠: the standard counts")
                .isFalse();
    }

    /** One that holds does not make up for one that does not. */
    @Test
    void oneWrongNumberIsEnough() {
        Result r = run(Variation.NONE, x -> {
            x.equal("a", "甲", 1, 1);
            x.equal("b", "乙", 1, 2);
            x.equal("c", "丙", 1, 1);
        });
        assertThat(r.passed()).isFalse();
        assertThat(r.checks()).hasSize(3);
        TextReport text = new TextReport(Language.EN, 10, false);
        assertThat(text.checks(r)).contains("✗ b").contains("✓ c");
        assertThat(text.summary(r)).contains("FAILED", "2 of 3");
        assertThat(JsonReport.of(List.of(r), List.of(List.of()))).contains("\"verdict\":\"fails\"", "\"passed\":false");
    }

    @Test
    void assertingNothingIsNoSuccess() {
        assertThat(passes(x -> {
        })).isFalse();
    }

    @Test
    void aScriptThatBreaksFails() {
        Result r = run(Variation.NONE, x -> {
            x.equal("a", "甲", 1, 1);
            throw new IllegalStateException("stuck");
        });
        assertThat(r.passed()).isFalse();
        assertThat(r.ended()).isEqualTo("stuck");
    }

    @Test
    void underOtherConditionsNothingIsAsserted() {
        Result r = run(new Variation(1, Map.of("tcp_sack", "0"), ""), x -> x.equal("n", "数", 4, 5));
        assertThat(r.passed()).isTrue();
        assertThat(r.checks().getFirst().verdict()).isEqualTo(Check.Verdict.OFF);
        assertThat(r.checks().getFirst().measured()).isEqualTo("5");
        assertThat(run(new Variation(2, Map.of(), ""), x -> x.equal("n", "数", 4, 5)).passed())
                .as("a seed is no other condition").isFalse();
    }
}
