package sluice.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Puts every rule to every product class. */
class ArchitectureTest {
    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = Modules.productClasses();
    }

    static Stream<Arguments> rules() {
        return Stream.of(Arguments.of("module directions", Rules.moduleDirections()),
                Arguments.of("observe: order of packages", Rules.observeInOrder()),
                Arguments.of("sim draws nothing", Rules.simDrawsNothing()),
                Arguments.of("applications use the socket", Rules.applicationsUseTheSocket()),
                Arguments.of("no libraries", Rules.noLibraries()),
                Arguments.of("core: no threads", Rules.coreHasNoThreads()),
                Arguments.of("core: no synchronized methods", Rules.coreHasNoSynchronizedMethods()),
                Arguments.of("core: no monitors", Rules.coreHasNoMonitors()),
                Arguments.of("core: no clock", Rules.coreHasNoClock()),
                Arguments.of("core: no randomness", Rules.coreHasNoRandomness()),
                Arguments.of("core: no network", Rules.coreHasNoNetwork()),
                Arguments.of("no Unsafe", Rules.nobodyUsesUnsafe()),
                Arguments.of("native access only in link-linux", Rules.nativeAccessOnlyInLinkLinux()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void holds(String name, ArchRule rule) {
        rule.check(product);
    }

    static Stream<String> modules() {
        return Modules.MAY_KNOW.keySet().stream().sorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void requiresNothingInVain(String module) throws IOException {
        assertThat(Modules.requiredInVain(module, Modules.moduleInfo(module), product))
                .as("what module-info of %s requires and no class of it knows", module).isEmpty();
    }
}
