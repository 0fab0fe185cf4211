package sluice.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A ratchet: {@code core.tcp} gets no new arrows up the order of its packages, and its largest circle of files does not
 * grow. Whoever takes one away lowers the number here.
 */
class FloorsTest {
    private static final int ARROWS_UP = 11;
    private static final int LARGEST_CIRCLE = 11;

    private static Floors tcp;

    @BeforeAll
    static void read() {
        tcp = new Floors(Modules.productClasses(), "sluice.core.tcp");
    }

    @Test
    void everyPackageHasItsFloor() {
        assertThat(tcp.withoutFloor(Floors.TCP)).as("packages to be added to Floors.TCP").isEmpty();
    }

    @Test
    void noNewArrowUp() {
        List<String> up = tcp.arrowsUp(Floors.TCP);
        say("arrows up in core.tcp", up.size(), ARROWS_UP);
        assertThat(up.size()).as("arrows up the order %s: %s", Floors.TCP, String.join("\n    ", up))
                .isLessThanOrEqualTo(ARROWS_UP);
    }

    @Test
    void theLargestCircleDoesNotGrow() {
        List<String> largest = tcp.circles().isEmpty() ? List.of() : tcp.circles().getFirst();
        say("files in the largest circle of core.tcp (of " + tcp.size() + ")", largest.size(), LARGEST_CIRCLE);
        System.out.println("    " + String.join(" ", largest));
        assertThat(largest.size()).as("files that all know each other: %s", tcp.describe(largest))
                .isLessThanOrEqualTo(LARGEST_CIRCLE);
    }

    private static void say(String what, int now, int most) {
        System.out.println(what + ": " + now + (now < most ? "; it may be " + most + ": lower the number" : ""));
    }

    // --- the rule sees what it is there to see ---

    @Test
    void seesCirclesAndArrowsUp() {
        Floors f = new Floors(new ClassFileImporter().importPackages("sluice.core.fixture.floors"),
                "sluice.core.fixture.floors");
        List<String> order = List.of("low", "high");
        assertThat(f.withoutFloor(order)).isEmpty();
        assertThat(f.withoutFloor(List.of("low"))).containsExactly("high");
        assertThat(f.arrowsUp(order)).containsExactly("low.Left -> high.Top");
        assertThat(f.circles()).containsExactly(List.of("high.Top", "low.Left", "low.Right"),
                List.of("low.Kind", "low.Sealed"));
    }
}
