package sluice.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.core.fixture.Culprits;
import sluice.engine.fixture.CallsProcedure;
import sluice.engine.fixture.Innocent;
import sluice.engine.fixture.ReadsStateVariable;
import sluice.observe.capture.fixture.CaptureKnowsPrint;
import sluice.observe.print.fixture.PrintKnowsPlot;
import sluice.observe.record.fixture.RecordKnowsPlot;
import sluice.sim.fixture.SimKnowsPlot;

/**
 * The rules see what they are there to see: each culprit breaks its rule, and a class that may do these things breaks
 * none.
 */
class RulesSelfCheckTest {
    static Stream<Arguments> culprits() {
        return Stream.of(Arguments.of(Rules.coreHasNoThreads(), Culprits.StartsThread.class),
                Arguments.of(Rules.coreHasNoThreads(), Culprits.HoldsLock.class),
                Arguments.of(Rules.coreHasNoThreads(), Culprits.HoldsExecutor.class),
                Arguments.of(Rules.coreHasNoSynchronizedMethods(), Culprits.SynchronizedMethod.class),
                Arguments.of(Rules.coreHasNoMonitors(), Culprits.SynchronizedBlock.class),
                Arguments.of(Rules.coreHasNoMonitors(), Culprits.Waits.class),
                Arguments.of(Rules.coreHasNoClock(), Culprits.NanoTime.class),
                Arguments.of(Rules.coreHasNoClock(), Culprits.NanoTimeReference.class),
                Arguments.of(Rules.coreHasNoClock(), Culprits.InstantNow.class),
                Arguments.of(Rules.coreHasNoClock(), Culprits.HoldsClock.class),
                Arguments.of(Rules.coreHasNoRandomness(), Culprits.HoldsRandom.class),
                Arguments.of(Rules.coreHasNoRandomness(), Culprits.MathRandom.class),
                Arguments.of(Rules.coreHasNoRandomness(), Culprits.LocalRandom.class),
                Arguments.of(Rules.coreHasNoNetwork(), Culprits.KnowsAddress.class),
                Arguments.of(Rules.coreHasNoNetwork(), Culprits.KnowsChannel.class),
                Arguments.of(Rules.nativeAccessOnlyInLinkLinux(), Culprits.KnowsLinker.class),
                Arguments.of(Rules.nativeAccessOnlyInLinkLinux(), Culprits.Reinterprets.class),
                Arguments.of(Rules.moduleDirections(), Culprits.KnowsEngine.class),
                Arguments.of(Rules.moduleDirections(), Culprits.KnowsEngineArray.class),
                Arguments.of(Rules.observeInOrder(), RecordKnowsPlot.class),
                Arguments.of(Rules.observeInOrder(), CaptureKnowsPrint.class),
                Arguments.of(Rules.observeInOrder(), PrintKnowsPlot.class),
                Arguments.of(Rules.simDrawsNothing(), SimKnowsPlot.class),
                Arguments.of(Rules.applicationsUseTheSocket(), ReadsStateVariable.class),
                Arguments.of(Rules.applicationsUseTheSocket(), CallsProcedure.class),
                Arguments.of(Rules.noLibraries(), Culprits.KnowsLibrary.class),
                Arguments.of(Rules.nobodyUsesUnsafe(), Culprits.KnowsUnsafe.class));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("culprits")
    void seesTheCulprit(ArchRule rule, Class<?> culprit) {
        JavaClasses classes = new ClassFileImporter().importClasses(culprit);
        assertThat(rule.evaluate(classes).hasViolation())
                .as("%s broken by %s", rule.getDescription(), culprit.getSimpleName()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sluice.buildrules.ArchitectureTest#rules")
    void letsTheInnocentPass(String name, ArchRule rule) {
        rule.check(new ClassFileImporter().importClasses(Innocent.class));
    }

    @Test
    void aModuleRequiredInVainIsSeen() {
        String info = "module sluice.link {\n    requires transitive sluice.core;\n    requires sluice.observe;\n"
                + "    requires static transitive sluice.link.linux;\n"
                + "    requires static transitive org.jspecify;\n}\n";
        assertThat(Modules.required(info)).containsExactly("core", "link.linux", "observe");
        assertThat(Modules.requiredInVain("link", info, Modules.productClasses()))
                .containsExactly("link.linux", "observe");
    }

    @Test
    void everyCulpritIsTried() {
        Set<Object> tried = culprits().map(a -> a.get()[1]).collect(Collectors.toSet());
        assertThat(Arrays.asList((Object[]) Culprits.class.getDeclaredClasses())).allMatch(tried::contains);
    }
}
